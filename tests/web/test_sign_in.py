"""Signing in and out, lock-out, the demo's sample accounts, passwords, language and colours."""

import pytest
from django.urls import reverse

from tests.web.people import password_of
from wuzha.journal.models import Event
from wuzha.people.models import Officer
from wuzha.people.rules import SIGN_IN_FAILURES_MAX, Role

URL = "/sign-in"


def sign_in(client, username, password, **more):
    return client.post(URL, {"username": username, "password": password, **more})


def test_signing_in_leads_to_the_page_that_was_wanted(officers, client):
    response = sign_in(client, "chakong", password_of("chakong"), next="/cases")
    assert (response.status_code, response["Location"]) == (302, "/cases")
    assert Event.objects.filter(kind="sign_in.done", subject="officer:chakong").exists()


def test_it_never_leads_to_another_host(officers, client):
    for trap in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = sign_in(client, "chakong", password_of("chakong"), next=trap)
        assert response["Location"] == "/", trap
        client.logout()


@pytest.mark.parametrize(
    ("username", "password"),
    [("chakong", "wrong"), ("nobody", "wrong"), ("", ""), ("switched-off", "switched-off" * 2)],
)
def test_wrong_name_wrong_password_and_disabled_account_look_the_same(officers, client, username, password):
    Officer.objects.create_user("switched-off", password="switched-off" * 2, role="analyst", is_active=False)
    response = sign_in(client, username, password)
    assert response.status_code == 422
    assert "用户名或密码不对" in response.content.decode()


def test_a_name_rests_after_too_many_failures(officers, client):
    for _try in range(SIGN_IN_FAILURES_MAX):
        sign_in(client, "chakong", "wrong")
    response = sign_in(client, "chakong", password_of("chakong"))
    assert response.status_code == 422
    assert "失败次数过多" in response.content.decode()
    assert sign_in(client, "shenpi", password_of("shenpi")).status_code == 302


def test_sample_accounts_are_one_press_away_in_the_demo_only(officers, client, settings):
    Officer.objects.filter(username="zhihui").update(is_sample=True)
    settings.DEMO = False
    assert "zhihui" not in client.get(URL).content.decode()
    assert client.post(URL, {"sample": "zhihui"}).status_code == 422
    settings.DEMO = True
    assert "zhihui" in client.get(URL).content.decode()
    assert client.post(URL, {"sample": "zhihui"}).status_code == 302


def test_a_real_account_is_never_one_press_away(officers, client, settings):
    settings.DEMO = True
    assert client.post(URL, {"sample": "guanli"}).status_code == 422


def test_signing_out_needs_a_press_not_a_link(client_of):
    client = client_of(Role.ANALYST)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == URL
    assert client.get("/")["Location"].startswith(URL)


def test_a_password_for_once_must_be_changed_before_anything_else(officers, client_of):
    Officer.objects.filter(username="chakong").update(must_change_password=True)
    client = client_of(Role.CONTROL_OFFICER)
    assert client.get(reverse("board"))["Location"] == reverse("password")
    old = password_of("chakong")
    weak = client.post(reverse("password"), {"old": old, "password": "123", "again": "123"})
    assert weak.status_code == 422
    differ = client.post(reverse("password"), {"old": old, "password": "long-enough-1", "again": "long-enough-2"})
    assert "两次新密码不一致" in differ.content.decode()
    wrong = client.post(reverse("password"), {"old": "x", "password": "long-enough-1", "again": "long-enough-1"})
    assert "不是您当前的密码" in wrong.content.decode()
    done = client.post(reverse("password"), {"old": old, "password": "long-enough-1", "again": "long-enough-1"})
    assert done.status_code == 302
    assert client.get(reverse("board")).status_code == 200


def test_language_is_chinese_first_and_switches_to_english_and_back(client_of):
    client = client_of(Role.COMMANDER)
    assert "态势" in client.get(reverse("situation")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/situation"})
    page = client.get(reverse("situation")).content.decode()
    assert "Situation" in page
    assert '<html lang="en">' in page


@pytest.mark.parametrize(
    ("cookie", "media"), [("dark", 'media="all"'), ("light", 'media="not all"'), ("<x>", "prefers-color-scheme: dark")]
)
def test_the_theme_of_the_cookie_is_served(client_of, cookie, media):
    client = client_of(Role.COMMANDER)
    client.cookies["wuzha_theme"] = cookie
    assert media in client.get(reverse("situation")).content.decode()
