"""The administrator: officers, partners' health, the journal's check."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.centre import filed
from wuzha.journal.models import Event
from wuzha.partners.models import Partner
from wuzha.people.models import Officer
from wuzha.people.rules import Role
from wuzha.web import journal_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(Role.ADMINISTRATOR)


def add(client, **changed):
    body = {"username": "xinren", "full_name": "新人", "role": "analyst", "unit": "CENTRE"} | changed
    return client.post(reverse("officers"), body)


@pytest.mark.row("R-801")
def test_an_officer_is_added_with_a_password_for_once(client, django_user_model):
    response = add(client)
    once = response.context["once"]
    officer = Officer.objects.get(username="xinren")
    assert officer.check_password(once)
    assert officer.must_change_password
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(kind="officer.added", by="guanli@CENTRE").exists()
    assert once not in client.get(reverse("officers")).content.decode()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"username": ""}, "用户名最多"),
        ({"username": "chakong"}, "已被使用"),
        ({"username": "<b>"}, "用户名最多"),
        ({"role": "king"}, "请从列表中选择角色"),
    ],
    ids=str,
)
def test_faults_of_a_new_officer_are_told(client, changed, text):
    response = add(client, **changed)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert "新人" in response.content.decode()


def test_an_officer_is_disabled_enabled_moved_and_given_a_new_password(client, officers):
    chakong = officers[Role.CONTROL_OFFICER]
    url = reverse("officer", args=[chakong.pk])
    client.post(url, {"do": "disable"})
    chakong.refresh_from_db()
    assert not chakong.is_active
    client.post(url, {"do": "enable"})
    client.post(url, {"do": "role", "role": "approver", "unit": "CENTRE"})
    chakong.refresh_from_db()
    assert (chakong.is_active, chakong.role) == (True, "approver")
    once = client.post(url, {"do": "reset"}).context["once"]
    chakong.refresh_from_db()
    assert chakong.check_password(once)


def test_nobody_switches_himself_off(client, officers):
    url = reverse("officer", args=[officers[Role.ADMINISTRATOR].pk])
    assert "不能停用自己" in client.post(url, {"do": "disable"}, follow=True).content.decode()
    assert Officer.objects.get(role=Role.ADMINISTRATOR).is_active


def test_a_dead_partner_shows_with_its_breaker_queue_and_error(client):
    filed(payee="6217001210024455220", bank="CCB")
    Partner.objects.filter(code="CCB").update(
        failures=7, open_until=timezone.now() + timedelta(seconds=40), last_error="connection refused"
    )
    text = client.get(reverse("partners")).content.decode()
    row = text[text.index("pCCB") :][:2_000]
    assert "暂停发送" in row
    assert "connection refused" in row
    assert ">2</td>" in row


def test_the_journal_is_checked_and_a_changed_row_is_found(client):
    filed()
    url = reverse("journal")
    assert "与写入时一致" in client.post(url).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_event SET by = 'nobody' WHERE kind = 'report.filed'")
        cursor.execute("SET session_replication_role = DEFAULT")
    text = client.post(url).content.decode()
    assert "被改动" in text
    assert "报告指挥长" in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_journal_is_checked_in_parts_that_the_page_asks_for_by_itself(desk, monkeypatch):
    monkeypatch.setattr(journal_page, "PART_S", 0)
    monkeypatch.setattr(journal_page, "ROWS_AT_ONCE", 2)
    filed()
    page = desk(Role.ADMINISTRATOR, reverse("journal"), language="en")
    parts = []
    page.on("request", lambda request: parts.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("v")
    page.locator("#journal-check [role=status]", has_text="Every row is what was written").wait_for()
    assert len(parts) > 2
