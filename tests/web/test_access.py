"""Who may open which page: every address, every role."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.centre import filed, order
from wuzha.people.guard import NEEDS
from wuzha.people.rules import Role, may

PUBLIC = {"sign-in", "health", "set_language"}
FOR_ALL = {"home", "desks", "password", "sign-out"}


def patterns(found=None):
    """Every named address of the pages (the signed API has its own tests)."""
    for entry in found if found is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            if not str(entry.pattern).startswith("api/"):
                yield from patterns(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            yield entry


def address(entry, case):
    """The address of a pattern with the ids of one case."""
    ids = {"case_id": case.id, "order_id": order(case, "stop").id, "pk": 1, "draft_id": uuid4(), "batch_id": uuid4()}
    return reverse(entry.name, kwargs={name: ids[name] for name in entry.pattern.converters})


@pytest.mark.row("R-801")
def test_every_address_is_public_for_all_or_asks_for_a_capability():
    bare = {
        entry.name
        for entry in patterns()
        if entry.name not in PUBLIC | FOR_ALL and not getattr(entry.callback, NEEDS, ())
    }
    assert bare == set()


def test_nobody_sees_anything_without_signing_in(officers, client):
    case = filed()
    for entry in patterns():
        response = client.get(address(entry, case))
        if entry.name in PUBLIC:
            assert response.status_code in (200, 302, 405), entry.name
        else:
            assert response.status_code == 302, entry.name
            assert response["Location"].startswith("/sign-in"), entry.name


@pytest.mark.row("R-801")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_holds_a_capability_for_and_nothing_else(client_of, role):
    case = filed(jurisdiction="城西派出所")
    client = client_of(role)
    for entry in patterns():
        needed = getattr(entry.callback, NEEDS, ())
        if not needed:
            continue
        response = client.get(address(entry, case))
        if any(may(role, capability) for capability in needed):
            assert response.status_code in (200, 404, 405), f"{entry.name}: {response.status_code}"
        else:
            assert response.status_code == 403, f"{entry.name}: {response.status_code}"


@pytest.mark.parametrize("role", list(Role))
def test_home_leads_to_a_desk_that_the_role_may_use(client_of, role):
    response = client_of(role).get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain


def test_a_page_that_is_not_there_says_so_kindly(client_of):
    response = client_of(Role.COMMANDER).get("/no-such-page")
    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_a_role_without_right_is_told_so_in_its_language(client_of):
    response = client_of(Role.ADMINISTRATOR, "en").get(reverse("board"))
    assert response.status_code == 403
    assert "Not for your role" in response.content.decode()


def test_pages_carry_a_strict_policy_and_no_inline_code(client_of):
    case = filed()
    client = client_of(Role.CONTROL_OFFICER)
    for url in (reverse("board"), reverse("case", args=[case.id]), reverse("intake")):
        response = client.get(url)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        text = response.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_what_an_officer_saw_is_not_kept_by_the_browser(client_of):
    case = filed()
    response = client_of(Role.ANALYST).get(reverse("case", args=[case.id]))
    assert "no-store" in response["Cache-Control"]


def test_a_form_from_elsewhere_is_refused_with_a_page_that_says_what_to_do(officers):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in", {"username": "chakong", "password": "x"})
    assert response.status_code == 403
    assert "重新提交" in response.content.decode()


def test_a_failure_shows_a_plain_page_and_not_its_inside(client_of, monkeypatch):
    client = client_of(Role.CONTROL_OFFICER)
    client.raise_request_exception = False

    def fail(**_kwargs):
        raise RuntimeError("the inside")

    monkeypatch.setattr("wuzha.control.selectors.board", fail)
    response = client.get(reverse("board"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "系统出错" in text
    assert "the inside" not in text
