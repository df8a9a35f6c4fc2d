"""Pages of batches: a list pasted or given as a file, its progress, its answers, and the workbook to take away."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tests.centre import FIRST, NOW, SECOND, filed, tell
from wuzha.control.models import Batch, Order
from wuzha.journal.models import Event
from wuzha.partners.protocol import Answer, Holder
from wuzha.people.rules import Role
from wuzha.web.sheets import safe_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officers):
    return filed()


def give(client, case, **more):
    values = {"batch_id": str(uuid4()), "case": case.number, "kind": "query-holder", "reason": "名单"} | more
    return client.post(reverse("new-batch"), values)


def book(*rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = BytesIO()
    workbook.save(stream)
    return SimpleUploadedFile("list.xlsx", stream.getvalue())


@pytest.mark.row("R-206")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_pasted_list_is_asked_and_its_page_follows(client_of, case, language):
    client = client_of(Role.CONTROL_OFFICER, language)
    response = give(client, case, list=f"{FIRST}\n{SECOND}\n{FIRST}\nx1")
    made = Batch.objects.get()
    assert response["Location"] == reverse("batch", args=[made.id])
    page = client.get(response["Location"]).content.decode()
    assert "6222****2230" in page
    assert FIRST not in page
    assert "0 / 2" in page
    assert "<code>x1</code>" in page
    progress = client.get(response["Location"], {"part": "progress"}).content.decode()
    assert 'max="2"' in progress
    assert "<html" not in progress
    assert "名单" in client.get(reverse("batches")).content.decode()


@pytest.mark.row("R-206")
@pytest.mark.parametrize(
    "file",
    [
        lambda: book(["账号", "银行"], [FIRST, "工商银行"], [SECOND, ""]),
        lambda: SimpleUploadedFile("list.csv", f"账号,银行\n{FIRST},工商银行\n{SECOND},\n".encode("gb18030")),
    ],
    ids=["xlsx", "csv in GB18030"],
)
def test_a_file_is_a_list_too(client_of, case, file):
    give(client_of(Role.CONTROL_OFFICER), case, file=file())
    assert {o.account for o in Order.objects.filter(batch_items__batch=Batch.objects.get())} == {FIRST, SECOND}


@pytest.mark.parametrize(
    "file",
    [b"", b"\x89PNG", b"PK\x03\x04 broken", bytes(range(128, 256)) * 9],
    ids=["empty", "picture", "broken", "no text"],
)
def test_a_file_that_is_no_list_is_refused_beside_its_field(client_of, case, file):
    response = give(client_of(Role.CONTROL_OFFICER), case, file=SimpleUploadedFile("a.csv", file), list="")
    assert response.status_code in (400, 422)
    assert not Batch.objects.exists()


def test_the_form_keeps_what_was_typed_when_it_is_refused(client_of, case):
    response = give(client_of(Role.CONTROL_OFFICER), case, list="<b>1</b>", reason="")
    assert response.status_code == 422
    page = response.content.decode()
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert case.number in page


@pytest.mark.row("R-206")
def test_the_workbook_has_every_answer_and_runs_nothing(client_of, case):
    control = client_of(Role.CONTROL_OFFICER, "en")
    give(control, case, list=f"{FIRST}\n{SECOND}\n=HYPERLINK(1)")
    made = Batch.objects.get()
    asked = Order.objects.get(batch_items__batch=made, account=FIRST)
    holder = Holder(name="=cmd|' /C calc'!A0", kind="personal", opened_at=NOW)
    tell(Answer(answer_id=uuid4(), order_id=asked.id, seq=1, at=NOW, code="done", balance_minor=12_345, holder=holder))
    response = control.get(reverse("batch-export", args=[made.id]))
    assert "no-store" in response["Cache-Control"]
    rows = list(load_workbook(BytesIO(response.content)).worksheets[0].iter_rows())
    assert [cell.value for cell in rows[1]][:2] == [1, FIRST]
    assert rows[1][4].value == "'=cmd|' /C calc'!A0"
    assert rows[1][8].value == 123.45
    assert all(
        cell.data_type != "f" for sheet in load_workbook(BytesIO(response.content)) for row in sheet for cell in row
    )
    assert Event.objects.get(kind="batch.exported").by == "chakong@CENTRE"


@pytest.mark.row("R-801")
def test_who_may_not_order_gives_no_list_and_who_sees_no_orders_sees_none(client_of, case):
    give(client_of(Role.CONTROL_OFFICER), case, list=FIRST)
    made = Batch.objects.get()
    assert give(client_of(Role.ANALYST), case, list=SECOND).status_code == 403
    assert client_of(Role.ANALYST).get(reverse("batch", args=[made.id])).status_code == 200
    for role in (Role.BANK_LIAISON, Role.CALL_TAKER, Role.STATION_OFFICER):
        for name in ("batch", "batch-export"):
            assert client_of(role).get(reverse(name, args=[made.id])).status_code == 403
    assert Batch.objects.count() == 1


def test_the_desk_of_lists_stands_in_the_bar_of_who_may_give_one(client_of):
    for role, there in ((Role.CONTROL_OFFICER, True), (Role.ANALYST, False), (Role.CALL_TAKER, False)):
        home = client_of(role).get("/", follow=True)
        assert (f'href="{reverse("batches")}"'.encode() in home.content) is there


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("张三", "张三"),
        ("a\x00b", "ab"),
    ],
)
def test_text_of_a_cell_is_never_run(text, safe):
    assert safe_text(text) == safe


@pytest.mark.row("R-206")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_progress_and_answers_follow_by_themselves(desk):
    case = filed()
    page = desk(Role.CONTROL_OFFICER, reverse("new-batch") + f"?case={case.number}", language="en")
    page.fill("[name=list]", f"{FIRST}\n{SECOND}")
    page.fill("[name=reason]", "名单")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/batches/*-*")
    assert "0 / 2" in page.inner_text("#progress")
    asked = Order.objects.get(batch_items__batch__case=case, account=FIRST)
    holder = Holder(name="李四", kind="personal", opened_at=NOW)
    tell(Answer(answer_id=uuid4(), order_id=asked.id, seq=1, at=NOW, code="done", balance_minor=12_345, holder=holder))
    page.evaluate(
        "document.querySelectorAll('[data-live-on*=case]').forEach((one) => one.dispatchEvent(new CustomEvent('live')))"
    )
    page.locator("#progress b", has_text="1 / 2").wait_for()
    page.locator("#rows", has_text="¥123.45").wait_for()
