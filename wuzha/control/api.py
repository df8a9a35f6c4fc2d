"""Answers from partners: POST /api/v1/partner/answers."""

from datetime import datetime

from wuzha.control.answers import Told, record_answers
from wuzha.partners.inbox import Sender
from wuzha.partners.protocol import AnswerReceiptsMessage, AnswersMessage


def take_answers(sender: Sender, message: AnswersMessage, *, now: datetime) -> AnswerReceiptsMessage:
    """Record a partner's answers; each gets its own receipt."""
    told = [Told(sender.code, sender.dialect, answer) for answer in message.answers]
    receipts = record_answers(told, by=f"partner:{sender.code}", now=now)
    return AnswerReceiptsMessage(message_id=message.message_id, receipts=receipts)
