"""The pages of statements, batches and the picture's bar in the browser: no serious fault, nothing runs off a phone."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, filed, partner
from tests.tracing.test_importing import ROWS, THIRD, icbc
from tests.web.test_axe import PHONE, faults, overflow
from wuzha.control.batches import make_batch
from wuzha.people.rules import Role
from wuzha.tracing import drafts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNNAMED = "甲,乙,丙,丁\n2026-11-20 18:00:00,支,30000.00,6217001210024455220\n".encode()


@pytest.fixture
def busy(desk):
    """desk, with a case that has imported files, files that wait, and a batch."""
    partner("ABC")
    now = timezone.now()
    case = filed(now=now)
    gap = (ROWS[0], ROWS[1], (190, "借", "10000.00", "5000.00", THIRD, "赵六", "农行"))
    given = {"case_id": case.id, "bank": "", "account": "", "template_id": None, "by": "yanpan@CENTRE", "now": now}
    drafts.take(files=[("工行.csv", icbc(*gap))], **given)
    drafts.claim(case.id)
    drafts.import_claimed(case_id=case.id, by="yanpan@CENTRE", now=now)
    drafts.take(files=[("再次.csv", icbc(*ROWS)), ("未知.csv", UNNAMED), ("图.png", b"\x89PNG")], **given)
    desk.case = case
    desk.batch = make_batch(
        batch_id=uuid4(), case_number=case.number, kind="query-holder", lines=[FIRST, SECOND, "x1", FIRST],
        reason="名单", since=None, by="chakong@CENTRE", now=now,
    )  # fmt: skip
    return desk


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("zh-hans", "dark"), ("en", "dark")])
def test_new_pages_have_no_serious_fault(busy, language, theme):
    page = busy(Role.CONTROL_OFFICER, language=language)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    base = "/".join(page.url.split("/")[:3])
    case, batch = [busy.case.id], [busy.batch.id]
    for name, ids in (("statements", case), ("batches", []), ("new-batch", []), ("batch", batch), ("case", case)):
        page.goto(base + reverse(name, args=ids))
        page.wait_for_load_state("load")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        assert faults(page) == [], name
        page.set_viewport_size(PHONE)
        assert overflow(page) <= 0, f"{name} runs off a phone"
        page.set_viewport_size({"width": 1280, "height": 800})
