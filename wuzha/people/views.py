"""Signing in and out, the own password, and the administrator's page of officers."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.kernel.refusals import Refusal
from wuzha.people import actions, selectors
from wuzha.people.guard import acted, errors_of, needs, refuse_nul
from wuzha.people.models import Officer, Unit
from wuzha.people.rules import Can
from wuzha.people.words import role_choices

PASSWORD_LENGTH_MAX = 200


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in the demo its sample accounts are one press away."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(_next(request))
    form: dict[str, object] = {"values": {"username": request.POST.get("username", "")[:150]}, "errors": {}}
    if request.method == "POST":
        try:
            login(request, _known(request))
            return HttpResponseRedirect(_next(request))
        except Refusal as refusal:
            form["errors"] = errors_of(refusal)
    context = {"form": form, "next": _next(request), "samples": selectors.samples() if settings.DEMO else []}
    return render(request, "people/sign_in.html", context, status=422 if form["errors"] else 200)


def _known(request: HttpRequest) -> Officer:
    """Who signs in; Refusal when name and password do not fit or the name rests."""
    refuse_nul(request)
    sample = request.POST.get("sample", "")[:150]
    username = sample or request.POST.get("username", "").strip()[:150]
    now, address = timezone.now(), request.META.get("REMOTE_ADDR", "")
    actions.check_sign_in(username, now=now)
    if sample and settings.DEMO:
        officer = Officer.objects.filter(username=sample, is_sample=True, is_active=True).first()
        if officer:
            officer.backend = settings.AUTHENTICATION_BACKENDS[0]
    else:
        password = request.POST.get("password", "")[:PASSWORD_LENGTH_MAX]
        officer = authenticate(request, username=username, password=password)
    actions.note_sign_in(username, ok=officer is not None, address=address, now=now)
    if officer is None:
        # One sentence for a wrong name, a wrong password and a disabled account, so that none of them shows.
        raise Refusal("sign_in.wrong", gettext_noop("User name and password do not fit. Check both and try again."))
    return officer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        new = request.POST.get("password", "")[:PASSWORD_LENGTH_MAX]
        if not request.user.check_password(request.POST.get("old", "")[:PASSWORD_LENGTH_MAX]):
            errors["old"] = [_("This is not your present password.")]
        elif new != request.POST.get("again", ""):
            errors["again"] = [_("The two new passwords differ.")]
        else:
            try:
                actions.set_password(
                    officer=request.user, password=new, must_change=False, by=request.user.by, now=timezone.now()
                )
            except Refusal as refusal:
                errors = errors_of(refusal)
        if not errors:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password is changed."))
            return redirect("home")
    form = {"values": {}, "errors": errors}
    return render(request, "people/password.html", {"form": form}, status=422 if errors else 200)


def _form_context(form: Mapping[str, object], **more: object) -> dict[str, object]:
    choices = [("", "—"), *selectors.unit_choices()]
    ranks = [("", "—"), ("A", "A"), ("B", "B")]
    return {"form": form, "roles": role_choices(), "units": choices, "ranks": ranks, **more}


@needs(Can.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def officers(request: HttpRequest) -> HttpResponse:
    """Everybody, and a form to add somebody with a password for once."""
    form: dict[str, object] = {"values": request.POST.dict(), "errors": {}}
    if request.method == "POST":
        once = actions.one_time_password()
        try:
            officer = actions.add_officer(
                username=request.POST.get("username", "").strip(),
                password=once,
                role=request.POST.get("role", ""),
                unit=_unit(request),
                full_name=request.POST.get("full_name", "").strip(),
                badge=request.POST.get("badge", "").strip(),
                liaison_rank=request.POST.get("liaison_rank", "").strip()[:1],
                must_change=True,
                by=request.user.by,
                now=timezone.now(),
            )
            return _show_once(request, officer, once)
        except Refusal as refusal:
            form["errors"] = errors_of(refusal)
    context = _form_context(form, rows=selectors.officer_rows())
    return render(request, "people/officers.html", context, status=422 if form["errors"] else 200)


def _show_once(request: HttpRequest, officer: Officer, once: str) -> HttpResponse:
    """The one-time password is shown on the answer of the request that made it, and nowhere again."""
    return render(request, "people/once.html", {"officer": selectors.officer_row(officer), "once": once})


def _unit(request: HttpRequest) -> Unit | None:
    return Unit.objects.filter(code=request.POST.get("unit", "")).first()


def _officer(pk: int) -> Officer:
    officer = Officer.objects.select_related("unit").filter(pk=pk).first()
    if officer is None:
        raise Http404
    return officer


@needs(Can.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """One officer: change role or unit, let in or out, a new password for once."""
    found = _officer(pk)
    if request.method == "GET":
        form = {"values": selectors.officer_row(found) | {"unit": found.unit.code if found.unit else ""}, "errors": {}}
        return render(request, "people/officer.html", _form_context(form, officer=selectors.officer_row(found)))
    do, by, now = request.POST.get("do", ""), request.user.by, timezone.now()
    if do == "reset":
        once = actions.one_time_password()
        actions.set_password(officer=found, password=once, must_change=True, by=by, now=now)
        return _show_once(request, found, once)

    def act() -> str:
        if do in ("enable", "disable"):
            actions.set_active(officer=found, active=do == "enable", by=by, now=now)
            return _("Signing in is allowed again.") if do == "enable" else _("Signing in is switched off.")
        actions.change_role(officer=found, role=request.POST.get("role", ""), unit=_unit(request), by=by, now=now)
        return _("Role and unit are changed.")

    return acted(request, reverse("officer", args=[pk]), act)
