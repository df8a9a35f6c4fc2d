"""How pages say no: a Refusal becomes words in the reader's language beside the field, or a page of its own.

Theory. Rules and actions raise `Refusal` with an English template and its values. Here, and only here for the pages, it
meets a reader: translated, with values that are themselves messages (a state, a contradiction) translated too.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from wuzha.kernel.refusals import Refusal, Refusals
from wuzha.people.rules import Can, may

View = Callable[..., HttpResponse]
NEEDS = "needs_capabilities"


def words(refusal: Refusal) -> str:
    """The refusal in the reader's language."""
    values = {
        name: gettext(value) if isinstance(value, str) and value else value for name, value in refusal.values.items()
    }
    text = gettext(refusal.template)
    return text % values if values else text


def errors_of(refused: Refusal | Refusals) -> dict[str, list[str]]:
    """Texts by field name; what belongs to no field stands under "form"."""
    errors: dict[str, list[str]] = {}
    for refusal in refused.refusals if isinstance(refused, Refusals) else [refused]:
        errors.setdefault(refusal.field or "form", []).append(words(refusal))
    return errors


def needs(*capabilities: Can) -> Callable[[View], View]:
    """View decorator: 403 unless the reader holds one of these; a password for once is changed first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(may(request.user.role, capability) for capability in capabilities):
                raise PermissionDenied
            if request.user.must_change_password:
                return redirect("password")
            refuse_nul(request)
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)  # what one officer saw stays on no disk for the next one
            return response

        setattr(guarded, NEEDS, capabilities)  # tests read it
        return guarded

    return decorate


def refuse_nul(request: HttpRequest) -> None:
    """400 for a value with a NUL character: no person types it, and no text column takes it."""
    for sent in (request.GET, request.POST):
        if any("\0" in value for values in sent.lists() for value in values[1]):
            raise BadRequest("NUL in a value")


def acted(request: HttpRequest, back: str, act: Callable[[], str]) -> HttpResponse:
    """Do one action and go back with what it says, or with why it was refused. `act` returns the words of success."""
    try:
        messages.success(request, act())
    except (Refusal, Refusals) as refused:
        for texts in errors_of(refused).values():
            for text in texts:
                messages.error(request, text)
    return HttpResponseRedirect(back)
