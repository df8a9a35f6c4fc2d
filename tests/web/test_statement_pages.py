"""The page of a case's statements: giving, seeing, correcting, importing; who may; what harm is kept out."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.centre import FIRST, SECOND, filed, partner
from tests.tracing.test_importing import ROWS, WAY, icbc, movements
from wuzha.control.models import Order
from wuzha.people.rules import Role
from wuzha.tracing import drafts
from wuzha.tracing.models import StatementDraft, StatementFile, StatementTemplate

pytestmark = pytest.mark.django_db

UNTITLED = (
    "甲,乙,丙,丁\n2026-11-20 18:00:00,支,30000.00,6217001210024455220\n"
    "2026-11-20 18:01:00,支,200.00,6217001210024455220\n"
)


@pytest.fixture
def case(officers):
    partner("ABC")
    return filed()


def page(client, case, part=""):
    return client.get(reverse("statements", args=[case.id]), {"part": part} if part else {}).content.decode()


def give(client, case, *files, **more):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("statements", args=[case.id]), {"files": uploads, **more})


def load(client, case):
    return client.post(reverse("import-drafts", args=[case.id]), follow=True)


@pytest.mark.row("R-505")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_files_are_shown_as_understood_and_then_imported(client_of, case, language):
    client = client_of(Role.ANALYST, language)
    assert give(client, case, ("icbc.csv", icbc(*ROWS))).status_code == 302
    assert len(movements(case)) == 1
    text = page(client, case)
    assert "icbc.csv" in text
    assert "6222****2230" in text
    answer = load(client, case)
    assert movements(case) == WAY
    assert "icbc.csv" in answer.content.decode()
    assert not StatementDraft.objects.exists()
    assert StatementFile.objects.get().by == "yanpan@CENTRE"


@pytest.mark.row("R-505")
def test_a_zip_of_several_banks_is_one_import(client_of, case):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("工行.csv", icbc(*ROWS))
        archive.writestr("说明.txt", "no table here")
    client = client_of(Role.CONTROL_OFFICER)
    give(client, case, ("all.zip", stream.getvalue()))
    load(client, case)
    assert movements(case) == WAY


@pytest.mark.row("R-505")
def test_a_person_names_the_columns_and_keeps_them_as_a_template(client_of, case):
    client = client_of(Role.ANALYST)
    give(client, case, ("x.csv", UNTITLED.encode()))
    draft = StatementDraft.objects.get()
    assert draft.state == "refused"
    assert draft.refusal["code"] == "statement.no_header"
    assert 'name="col-3"' in page(client, case)
    named = {"col-0": "time", "col-1": "mark", "col-2": "amount", "col-3": "peer_account", "account": FIRST,
             "bank": "ICBC", "save_as": "县行"}  # fmt: skip
    client.post(reverse("statement-draft", args=[case.id, draft.id]), named)
    draft.refresh_from_db()
    assert draft.state == "read"
    load(client, case)
    assert {(a, b) for a, b, _c, _d in movements(case)[1:]} == {(f"ICBC:{FIRST}", f"CCB:{SECOND}")}
    kept = StatementTemplate.objects.get(name="县行")
    give(client, case, ("y.csv", UNTITLED.replace("200.00", "300.00").encode()), template=kept.pk, account=FIRST)
    assert StatementDraft.objects.get().state == "read"
    moved = UNTITLED.replace("甲,乙,丙,丁", "甲,乙,丙,丁,戊")
    give(client, case, ("w.csv", moved.encode()), template=kept.pk, account=FIRST)
    assert StatementDraft.objects.get(name="w.csv").state == "read"
    drift = client_of(Role.ANALYST, "en").get(reverse("statements", args=[case.id])).content.decode()
    assert "Layout has changed" in drift
    give(client, case, ("z.csv", UNTITLED.replace("丙", "戊").encode()), template=kept.pk)
    drifted = StatementDraft.objects.get(name="z.csv")
    assert drifted.refusal["code"] == "statement.template_drift"


@pytest.mark.row("R-505")
def test_a_statement_that_does_not_say_whose_it_is_asks_for_the_account(client_of, case):
    client = client_of(Role.ANALYST, "en")
    data = "交易时间,借贷标志,交易金额,对方账号\n2026-11-20 18:00:00,借,30000.00,6217001210024455220\n".encode()
    give(client, case, ("x.csv", data))
    text = load(client, case).content.decode()
    assert "does not say whose statement it is" in text or "没有写明" in text
    assert len(movements(case)) == 1
    draft = StatementDraft.objects.get()
    client.post(reverse("statement-draft", args=[case.id, draft.id]), {"account": FIRST})
    load(client, case)
    assert len(movements(case)) == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n", bytes(range(128, 256)) * 50, b"PK\x03\x04 broken"],
    ids=["nothing", "a picture", "no text", "a broken zip"],
)
def test_what_can_never_be_read_leaves_no_bytes(client_of, case, data):
    client = client_of(Role.ANALYST)
    give(client, case, ("x.csv", data))
    draft = StatementDraft.objects.get()
    assert (draft.state, bytes(draft.data)) == ("refused", b"")
    load(client, case)
    assert len(movements(case)) == 1
    client.post(reverse("statement-draft", args=[case.id, draft.id]), {"do": "remove"})
    assert not StatementDraft.objects.exists()


def test_a_bomb_is_refused_at_once(client_of, case):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (12 * 2**20))
    client = client_of(Role.ANALYST)
    give(client, case, ("bomb.zip", stream.getvalue()))
    assert StatementDraft.objects.get().refusal["code"] == "statement.archive_too_large"


@pytest.mark.parametrize(
    "data",
    [
        icbc(*ROWS).decode("gb18030").replace("王五", "王\0五").encode(),
        "\0甲,乙\0\n1,2\n".encode(),
        "甲,\ud800\n1,2\n".encode("utf-16-le", "surrogatepass"),
        icbc(*ROWS).decode("gb18030").replace("10000.00,10000.00", "10000.00,99999999999999999999.00").encode(),
        icbc(*ROWS).decode("gb18030").replace("30000.00,20000.00", "99999999999999999999.00,20000.00").encode(),
        ("6222" * 60 + ",").encode() * 40,
        b"\xff\xfe" + b"\0" * 64,
    ],
    ids=["NUL in a name", "NUL in titles", "half a character", "a huge balance", "a huge sum", "wide", "only NUL"],
)
def test_strange_bytes_are_read_or_refused_and_break_nothing(client_of, case, data):
    client = client_of(Role.ANALYST, "en")
    assert give(client, case, ("strange.csv", data)).status_code == 302
    assert client.get(reverse("statements", args=[case.id])).status_code == 200
    assert load(client, case).status_code == 200
    assert all(amount < 10**15 for _a, _b, amount, _s in movements(case))


def test_files_that_nobody_imports_are_forgotten_after_a_day(client_of, case):
    give(client_of(Role.ANALYST), case, ("a.csv", icbc(*ROWS)))
    drafts.forget_old(now=StatementDraft.objects.get().at + timedelta(hours=23))
    assert StatementDraft.objects.exists()
    drafts.forget_old(now=StatementDraft.objects.get().at + timedelta(hours=25))
    assert not StatementDraft.objects.exists()


def test_html_in_names_and_cells_is_shown_as_text(client_of, case):
    client = client_of(Role.ANALYST)
    data = icbc(*ROWS).decode("gb18030").replace("王五", "<img src=x onerror=alert(1)>").encode()
    give(client, case, ("<script>alert(1)</script>.csv", data))
    text = page(client, case)
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "&lt;img" in text


def test_too_large_a_body_is_not_even_read(client_of, case, monkeypatch):
    monkeypatch.setattr("wuzha.web.statement_views.BODY_BYTES_MAX", 100)
    response = give(client_of(Role.ANALYST), case, ("a.csv", icbc(*ROWS)))
    assert response.status_code == 413
    assert not StatementDraft.objects.exists()


def test_giving_files_is_protected_against_forgery(officers, case):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officers[Role.ANALYST])
    assert give(client, case, ("a.csv", icbc(*ROWS))).status_code == 403
    assert not StatementDraft.objects.exists()


@pytest.mark.row("R-801")
@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.BANK_LIAISON, Role.STATION_OFFICER, Role.COMMANDER])
def test_others_give_no_files_and_see_none(client_of, case, role):
    client = client_of(role)
    assert client.get(reverse("statements", args=[case.id])).status_code == 403
    assert give(client, case, ("a.csv", icbc(*ROWS))).status_code == 403
    assert client.post(reverse("import-drafts", args=[case.id])).status_code == 403


def test_a_draft_of_another_case_is_not_touched(client_of, case):
    other = filed()
    client = client_of(Role.ANALYST)
    give(client, case, ("a.csv", icbc(*ROWS)))
    draft = StatementDraft.objects.get()
    client.post(reverse("statement-draft", args=[other.id, draft.id]), {"do": "remove"})
    assert StatementDraft.objects.filter(pk=draft.pk).exists()


@pytest.mark.row("R-505")
def test_a_long_file_is_read_and_imported_by_a_worker_and_shows_how_far_it_is(client_of, case, monkeypatch):
    from wuzha.tasks import import_statement_drafts, read_statement

    monkeypatch.setattr(drafts, "AT_ONCE_BYTES_MAX", 10)
    client = client_of(Role.ANALYST, "en")
    give(client, case, ("long.csv", icbc(*ROWS)))
    draft = StatementDraft.objects.get()
    assert draft.state == "waiting"
    assert "<progress" in page(client, case, "drafts")
    read_statement(str(draft.id))
    draft.refresh_from_db()
    assert draft.state == "read"
    client.post(reverse("import-drafts", args=[case.id]))
    draft.refresh_from_db()
    assert draft.state == "importing"
    assert len(movements(case)) == 1
    import_statement_drafts(str(case.id), "yanpan@CENTRE")
    assert movements(case) == WAY


@pytest.mark.row("R-505")
def test_a_gap_becomes_a_question_to_the_bank(client_of, case):
    rows = (ROWS[0], (190, "借", "10000.00", "5000.00", SECOND, "赵六", "建设银行"))
    analyst, control = client_of(Role.ANALYST, "en"), client_of(Role.CONTROL_OFFICER, "en")
    give(analyst, case, ("icbc.csv", icbc(*rows)))
    load(analyst, case)
    file = StatementFile.objects.get()
    asked = Order.objects.filter(case=case, kind="query-transactions", account=FIRST)
    asked.update(state="done")
    before = asked.count()
    question = {"file": file.pk, "gap": 0}
    assert analyst.post(reverse("statement-ask", args=[case.id]), question).status_code == 403
    control.post(reverse("statement-ask", args=[case.id]), question)
    assert asked.count() == before + 1
    control.post(reverse("statement-ask", args=[case.id]), {"file": "9" * 9, "gap": 5})
    assert asked.count() == before + 1
