"""Reports from the 110 room's system: POST /api/v1/reports, signed like every partner message."""

from datetime import datetime
from uuid import UUID, uuid5

from wuzha.intake.actions import file_report
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.inbox import Sender
from wuzha.partners.protocol import ReportMessage, ReportReceipt

NAMESPACE = UUID("6f2c3a0e-2f5e-5f43-9a55-0a6f6f1f7a10")


def take_report(sender: Sender, message: ReportMessage, *, now: datetime) -> ReportReceipt:
    """File a report that another system sends; its case id follows from sender and external id."""
    if sender.kind not in ("police", "centre"):
        raise Refusal("forbidden", _("This partner may not file reports."))
    key = message.report.external_id or str(message.message_id)
    case, made = file_report(
        case_id=uuid5(NAMESPACE, f"{sender.code}|{key}"),
        report=message.report,
        by=f"partner:{sender.code}",
        now=now,
        source="api",
    )
    return ReportReceipt(
        message_id=message.message_id, status="recorded" if made else "duplicate", case_number=case.number
    )
