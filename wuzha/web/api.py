"""The HTTP API for partners and for the 110 room; OpenAPI at /api/v1/openapi.json.

Every request is signed (RFC 9421, see docs/protocol.md). The order of checks: size, signature, nonce, form, message id.
A message with an id that came before gets the response it got then; the effect and its response are stored in one
transaction, so a partner that lost our response can always ask again. A question (GET) has no effect and no id: whose
orders are told follows from the key that signed it, and nothing in it can name others.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import ValidationError
from pydantic import BaseModel
from pydantic import ValidationError as PydanticError

from wuzha.control.api import take_answers
from wuzha.intake.api import take_report
from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.partners import inbox
from wuzha.partners.protocol import (
    BODY_BYTES_MAX,
    AnswerReceiptsMessage,
    AnswersMessage,
    ReportMessage,
    ReportReceipt,
    Worklist,
)
from wuzha.tracing.worklist import worklist_of

FAULTS_TOLD_MAX = 50
STATUS_OF = {
    "signature": 401,
    "forbidden": 403,
    "message.conflict": 409,
    "report.conflict": 409,
    "body.size": 413,
}

api = NinjaAPI(
    title="Wuzha centre API",
    version="1",
    description="Signed messages between an anti-fraud centre and its partners; see docs/protocol.md.",
    urls_namespace="api-1",
    docs_url=None,  # its page would need inline scripts; openapi.json and docs/protocol.md say the same
)
Message = TypeVar("Message", bound=BaseModel)


class Problem(BaseModel):
    """A refusal: `code` is stable, `message` tells what to do, `faults` names the fields of a form."""

    code: str
    message: str
    faults: list[dict[str, str]] = []


def _problem(refusal: Refusal, faults: list[Refusal] | None = None) -> HttpResponse:
    status = STATUS_OF.get(refusal.code) or STATUS_OF.get(refusal.code.partition(".")[0], 422)
    told = [{"field": f.field, "code": f.code, "message": str(f)} for f in (faults or [])[:FAULTS_TOLD_MAX]]
    problem = Problem(code=refusal.code, message=str(refusal), faults=told)
    return HttpResponse(problem.model_dump_json(), status=status, content_type="application/json")


def _signed(request: HttpRequest, now: datetime) -> tuple[inbox.Sender, bytes]:
    """Who signed a request, and its body."""
    length = int(request.headers.get("content-length") or 0)
    if length > BODY_BYTES_MAX:
        raise Refusal("body.size", "The message is larger than %(max)s bytes; split it.", max=BODY_BYTES_MAX)
    body = request.body
    return inbox.authenticate(request.method or "", request.path, dict(request.headers), body, now=now), body


def _exchange(
    request: HttpRequest,
    kind: type[Message],
    take: Callable[[inbox.Sender, Message, datetime], BaseModel],
) -> HttpResponse:
    """Check a signed message, let `take` act on it once, and answer."""
    now = timezone.now()
    try:
        sender, body = _signed(request, now)
        if b"\\u0000" in body or b"\0" in body:  # PostgreSQL keeps no such character in a text
            raise Refusal("body.form", "The message has a NUL character; take it out.")
        message = kind.model_validate_json(body)
        message_id, digest = message.message_id, inbox.digest(body)  # type: ignore[attr-defined]
        known = inbox.known_response(sender, message_id, digest)
        if known is None:
            with transaction.atomic():
                response = take(sender, message, now).model_dump(mode="json")
                inbox.remember(sender, message_id, digest, response, now=now)
        else:
            response = known
        return HttpResponse(json.dumps(response), content_type="application/json")
    except PydanticError as error:
        faults = [
            Refusal("body.form", "%(what)s", field=".".join(str(part) for part in fault["loc"]), what=fault["msg"])
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        return _problem(Refusal("body.form", "The message has not the form of the protocol."), faults)
    except Refusals as refusals:
        return _problem(Refusal("report.form", "The report has faults; mend the fields named."), refusals.refusals)
    except Refusal as refusal:
        return _problem(refusal)
    except IntegrityError:
        # Two copies of one message at the same time: the other one wins, the sender asks again.
        return _problem(Refusal("message.busy", "The same message is being taken right now; send it again."))


def _documented(kind: type[BaseModel]) -> dict[str, Any]:
    """The request body for the OpenAPI page (the body is read raw, since its signature covers the bytes)."""
    schema = {"schema": kind.model_json_schema(ref_template="#/components/schemas/{model}")}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


@api.post(
    "/partner/answers",
    response={200: AnswerReceiptsMessage, 401: Problem, 409: Problem, 413: Problem, 422: Problem},
    summary="Answers to orders",
    openapi_extra=_documented(AnswersMessage),
)
def answers(request: HttpRequest) -> HttpResponse:
    """A partner's answers, up to 100 in a message; each gets its own receipt."""
    return _exchange(request, AnswersMessage, lambda sender, message, now: take_answers(sender, message, now=now))


@api.post(
    "/reports",
    response={200: ReportReceipt, 401: Problem, 403: Problem, 409: Problem, 413: Problem, 422: Problem},
    summary="A victim's report from the 110 room",
    openapi_extra=_documented(ReportMessage),
)
def reports(request: HttpRequest) -> HttpResponse:
    """A report becomes a case; its first orders are queued before the response is sent."""
    return _exchange(request, ReportMessage, lambda sender, message, now: take_report(sender, message, now=now))


@api.get(
    "/partner/worklist",
    response={200: Worklist, 401: Problem, 413: Problem},
    summary="Own open orders, the most worth doing first",
)
def worklist(request: HttpRequest) -> HttpResponse:
    """Ids of the partner's own open orders by what each is expected to save now, for whoever is free to take the next.

    The request is signed like a message, with an empty body.
    """
    now = timezone.now()
    try:
        sender, _body = _signed(request, now)
        return HttpResponse(worklist_of(sender.code, now=now).model_dump_json(), content_type="application/json")
    except Refusal as refusal:
        return _problem(refusal)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _problem(Refusal("body.form", "The message has not the form of the protocol."))


def public_urls() -> tuple[Any, str, str]:
    """The API's addresses, open without a session: every message carries its own signature."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback.login_required = False
    return patterns, app, namespace
