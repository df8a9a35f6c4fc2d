"""The pages in a browser: typing a report by keyboard, keys, live fragments, the picture, nothing typed is lost."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, VICTIM, answer, filed, line, order, tell
from wuzha.control.models import Order
from wuzha.intake.models import Case
from wuzha.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def type_report(page):
    """The victim speaks, the call taker types; no mouse."""
    page.keyboard.type("王建国")
    page.keyboard.press("Enter")
    page.keyboard.type("13800138000")
    page.focus("[name=transfers-0-payee_account]")
    page.keyboard.type("6222 0202 0011 2230")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("50,000")
    page.keyboard.press("Alt+N")
    page.keyboard.type("对方自称客服，说我的快递丢了")


@pytest.mark.row("R-101", "R-102")
def test_a_report_is_typed_and_saved_by_keyboard_and_the_case_page_follows(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    type_report(page)
    hint = page.locator("[data-transfer] [data-hint]").first
    hint.filter(has_text="ICBC").wait_for()
    assert page.input_value("[name=transfers-0-payee_bank]") == "ICBC"
    assert "50,000.00" in page.inner_text("[data-total]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    assert case.number in page.inner_text("h1")
    page.locator(".flow-node").nth(1).wait_for()
    assert Order.objects.filter(case=case).count() == 2


@pytest.mark.row("R-103")
def test_more_payments_numbers_and_links_are_added_by_keys(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    type_report(page)
    page.keyboard.press("Alt+T")
    page.keyboard.type(SECOND)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("1200")
    page.keyboard.press("Alt+P")
    page.keyboard.type("13912345678")
    page.keyboard.press("Alt+U")
    page.keyboard.type("shua.example.com/a")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    assert [payment.amount_minor for payment in case.payments.order_by("n")] == [50_000_00, 1_200_00]
    assert set(case.leads.values_list("kind", flat=True)) == {"account", "phone", "url"}


@pytest.mark.row("R-104")
def test_earlier_cases_show_while_typing(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    earlier = filed()
    page.fill("[name=transfers-0-payee_account]", FIRST)
    link = page.locator("[data-earlier-list] a")
    link.wait_for()
    assert link.inner_text() == earlier.number


@pytest.mark.row("R-101")
def test_leads_of_the_narrative_are_taken_over_by_one_key_each(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    page.fill("[name=victim_name]", "王建国")
    page.focus("[name=narrative]")
    page.keyboard.type(f"我转了8万5千元到工行卡{FIRST}，对方电话13912345678")
    page.locator("[data-leads] li", has_text=FIRST).wait_for()
    for n in range(1, page.locator("[data-leads] .leads-pick kbd").count() + 1):
        page.keyboard.press(f"Alt+{n}")
    assert page.input_value("[name=transfers-0-payee_account]") == FIRST
    assert page.input_value("[name=phones-0]") == "13912345678"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    assert case.reported_minor == 85_000_00
    assert set(case.leads.values_list("kind", "value")) == {("account", FIRST), ("phone", "13912345678")}


PASTE = """(text) => { const field = document.querySelector("[name=narrative]"); field.value = text;
field.dispatchEvent(new Event("input", {bubbles: true})); }"""
TWO_PAYMENTS = (
    "有人加我微信，让我在群里做任务先垫付再返佣金。昨天下午3点我用农行卡6228480012345678911转了5万元到工商银行卡"
    "6222020200112230，户名李四，今天又转了3万元到建行卡6217001210024455220。对方电话13912345678"
)


@pytest.mark.row("R-101", "R-102", "R-502")
def test_a_told_story_becomes_orders_by_keys_alone(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.keyboard.type("王建国")
    page.keyboard.press("Alt+N")
    page.keyboard.insert_text(TWO_PAYMENTS)
    page.locator("[data-leads] li[data-kind=payment]").nth(1).wait_for()
    page.locator("[data-kinds] button").nth(2).wait_for()
    said = page.locator("[data-leads] li[data-kind=payment]").all_inner_texts()
    assert "50,000 CNY" in said[0]
    assert "李四" in said[0]
    assert SECOND in said[1]
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Alt+J")
    assert page.input_value("[name=fraud_kind]") == "brushing"
    assert page.locator("[data-kinds] [aria-pressed=true]").count() == 1
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    case = Case.objects.get()
    paid = [(one.payer_account, one.payee_account, one.amount_minor) for one in case.payments.order_by("n")]
    assert paid == [("6228480012345678911", FIRST, 50_000_00), ("6228480012345678911", SECOND, 30_000_00)]
    assert (case.payments.get(n=0).payee_name, case.payments.get(n=1).payee_name) == ("李四", "")
    yesterday = timezone.localtime() - timedelta(days=1)
    assert timezone.localtime(case.payments.get(n=0).at).date() == yesterday.date()
    assert case.leads.filter(kind="phone", value="13912345678").exists()
    assert (case.fraud_kind.kind, case.fraud_kind.decided_by) == ("brushing", "jiejing@CENTRE")
    accounts = Order.objects.filter(case=case, kind="stop").values_list("account", flat=True)
    assert set(accounts) == {FIRST, SECOND}


@pytest.mark.row("R-101")
def test_an_accepted_payment_fills_its_half_row_and_never_what_was_typed(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=transfers-0-payee_account]", SECOND)
    page.fill("[name=transfers-0-payee_name]", "王五")
    page.fill("[name=transfers-0-at]", "2026-01-02T03:04")
    page.fill("[name=narrative]", TWO_PAYMENTS)
    page.locator("[data-leads] li[data-kind=payment]").nth(1).wait_for()
    page.locator("[data-leads] li[data-kind=payment] .leads-pick", has_text="30,000").click()
    assert page.locator("[data-transfer]").count() == 1
    assert page.input_value("[name=transfers-0-amount]") == "30000"
    assert page.input_value("[name=transfers-0-payee_name]") == "王五"
    assert page.input_value("[name=transfers-0-at]") == "2026-01-02T03:04"
    page.locator("[data-leads] li[data-kind=payment] .leads-pick", has_text="50,000").click()
    assert page.locator("[data-transfer]").count() == 2
    assert page.locator("[data-leads] li[data-kind=payment]").count() == 0
    page.wait_for_timeout(600)  # the draft is kept when the hand rests
    page.reload()
    page.locator("[data-leads] li").first.wait_for()
    assert page.locator("[data-leads] li[data-kind=payment]").count() == 0


@pytest.mark.row("R-101")
def test_a_rejected_payment_leaves_its_parts_and_is_forgotten_with_its_words(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=narrative]", f"我用农行卡{VICTIM}转了5万元到{SECOND}")
    payment = page.locator("[data-leads] li[data-kind=payment]")
    payment.wait_for()
    page.keyboard.press("Alt+Shift+1")
    page.locator("[data-leads] li[data-kind=card]").nth(1).wait_for()
    assert payment.count() == 0
    assert page.input_value("[name=transfers-0-amount]") == ""
    page.fill("[name=narrative]", "没有了")
    page.locator("[data-leads] .faint").wait_for()
    page.fill("[name=narrative]", f"我用农行卡{VICTIM}转了5万元到{SECOND}")
    payment.wait_for()


@pytest.mark.row("R-101")
def test_the_victims_own_account_goes_to_the_victims_side(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=transfers-0-amount]", "50000")
    page.fill("[name=transfers-0-payee_account]", SECOND)
    page.fill("[name=narrative]", f"我用农行卡{VICTIM}转了5万元到{SECOND}")
    own = page.locator("[data-leads] .leads-pick", has_text=VICTIM)
    own.wait_for()
    own.click()
    assert page.input_value("[name=transfers-0-payer_account]") == VICTIM
    assert page.locator("[data-transfer]").count() == 1


def test_a_million_characters_stay_and_are_refused_before_they_are_sent(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"), language="en")
    page.fill("[name=victim_name]", "王建国")
    text = "09:41 小丽: 今天有空吗，我们聊聊投资的事情好不好\n" * 36_000
    page.evaluate(PASTE, text)
    page.locator("[data-too-long]:visible").wait_for()
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.name") == "narrative"
    assert page.evaluate("document.activeElement.value.length") == len(text)
    assert Case.objects.count() == 0
    page.evaluate(PASTE, "要点")
    page.locator("[data-too-long]").wait_for(state="hidden")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")


def test_the_first_letter_finds_its_field_though_the_browser_has_set_no_focus_yet(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    again = """() => new Promise((done) => {
      document.activeElement.blur();
      const script = document.createElement("script");
      script.src = document.querySelector("script[src*=keys]").src;
      script.onload = done;
      document.head.append(script); })"""
    page.evaluate(again)
    assert page.evaluate("document.activeElement.name") == "victim_name"


def test_faults_are_marked_in_place_and_every_value_stays(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    type_report(page)
    page.fill("[name=transfers-0-amount]", "-3")
    page.keyboard.press("Control+Enter")
    page.locator("[aria-invalid]").first.wait_for()
    assert page.evaluate("document.activeElement.name") == "transfers-0-amount"
    assert page.input_value("[name=victim_name]") == "王建国"
    assert "快递" in page.input_value("[name=narrative]")
    page.fill("[name=transfers-0-amount]", "300")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    assert Case.objects.get().reported_minor == 300_00


def test_a_lost_connection_loses_nothing(desk):
    page = desk(Role.CALL_TAKER, reverse("intake"))
    type_report(page)
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.locator("[data-kept]", has_text="没有丢").wait_for()
    assert page.input_value("[name=victim_name]") == "王建国"
    page.context.set_offline(False)
    page.reload()
    page.locator("[data-kept]", has_text="已恢复").wait_for()
    assert page.input_value("[name=transfers-0-amount]") == "50,000"
    assert "快递" in page.input_value("[name=narrative]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases/*")
    assert Case.objects.count() == 1
    page.goto(page.url.split("/cases")[0] + reverse("intake"))
    assert page.input_value("[name=victim_name]") == ""


def test_keys_lead_from_desk_to_desk_and_a_list_tells_them(desk):
    page = desk(Role.CONTROL_OFFICER, reverse("board"))
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases*")
    page.keyboard.press("?")
    page.locator("#keys-help[open]").wait_for()
    assert "g" in page.inner_text("#keys-help")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("gb")
    assert page.input_value("[name=q]") == "gb"


@pytest.mark.row("R-203")
def test_an_approver_approves_row_by_row_with_one_key(desk):
    case = filed("900000")
    page = desk(Role.APPROVER, reverse("approvals"))
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    page.locator("[data-row]").first.wait_for()
    assert sorted(Order.objects.filter(case=case).values_list("state", flat=True)) != ["proposed", "proposed"]
    with page.expect_navigation():
        page.keyboard.press("y")
    assert not Order.objects.filter(case=case, state="proposed").exists()


def test_a_live_fragment_changes_under_the_reader_and_keeps_what_is_typed(desk):
    filed("900000")
    page = desk(Role.APPROVER, reverse("approvals"))
    page.fill("[id^=r][name=reason]", "已电话核实")
    page.focus("[name=layers_max]")
    later = filed("950000", payee=SECOND, bank="CCB")
    page.evaluate("document.getElementById('queue').dispatchEvent(new CustomEvent('live'))")
    page.locator("a.case-number", has_text=later.number).wait_for()
    assert "已电话核实" in page.evaluate("[...document.querySelectorAll('[name=reason]')].map((one) => one.value)")
    assert page.evaluate("document.activeElement.name") == "layers_max"


def test_countdowns_tick_and_turn_late(desk):
    now = timezone.now()
    case = filed(now=now, payee=SECOND, bank="CCB")
    Order.objects.filter(case=case).update(due_at=now + timedelta(seconds=3))
    page = desk(Role.CONTROL_OFFICER, reverse("board"))
    page.locator(".clock[data-level=late]").first.wait_for(timeout=15_000)
    assert page.locator("tr.late").count() >= 1
    assert page.inner_text(".clock [data-digits]").startswith("+")


def test_colours_follow_the_switch_and_stay(desk):
    page = desk(Role.COMMANDER, reverse("situation"))
    ground = "getComputedStyle(document.body).backgroundColor"
    page.click(".menu summary")
    page.click("[data-theme-switch]")
    light = page.evaluate(ground)
    page.click("[data-theme-switch]")
    dark = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == dark


def crowd(n):
    """A graph of about n accounts in four layers, as flow.json gives it."""
    sizes = {0: 1, 1: 6, 2: n // 10, 3: n // 3}
    sizes[4] = n - sum(sizes.values())
    nodes, edges = [], []
    states = ("held", "gone", "asking", "unknown")
    for layer, size in sizes.items():
        for i in range(size):
            stolen = 9_000_000 // size + i
            nodes.append(
                {
                    "id": f"a{layer}-{i}", "label": f"6222****{i:04}", "bank": "工商银行", "layer": layer,
                    "state": states[i % 4] if layer else "victim", "state_text": "x", "icon": "lock",
                    "stolen_in": stolen, "stolen_now": 0, "held": stolen // 2, "gone": 0, "unknown": 0,
                    "facts": [["k", "v"]],
                }
            )  # fmt: skip
            if layer:
                payer = f"a{layer - 1}-{i % sizes[layer - 1]}"
                edges.append(
                    {"from": payer, "to": f"a{layer}-{i}", "amount": stolen, "stolen": stolen, "at_text": "14:05"}
                )
    edges.append({"from": "a2-1", "to": "a1-0", "amount": 5, "stolen": 5, "at_text": "14:06"})
    return {"currency": "CNY", "digits": 2, "nodes": nodes, "edges": edges}


@pytest.mark.row("R-501")
def test_the_picture_folds_300_accounts_into_readable_columns_and_keeps_its_view(desk):
    case = filed()
    page = desk(Role.ANALYST, "/search")
    graph = crowd(300)
    page.route("**/flow.json*", lambda route: route.fulfill(body=json.dumps(graph), content_type="application/json"))
    page.goto(page.url.split("/search")[0] + reverse("case", args=[case.id]))
    page.locator(".flow-node").first.wait_for()
    columns = "[...document.querySelector('[data-flow]').flow.plan.columns].map((c) => c.cards.length)"
    assert max(page.evaluate(columns)) <= 12
    counted = "document.querySelector('[data-flow]').flow.plan.cards.reduce((n, c) => n + c.count, 0)"
    assert page.evaluate(counted) == 300
    spans = "document.querySelector('[data-flow]').flow.plan.columns.map((c) => c.cards.map((a) => [a.y, a.y + a.h]))"
    boxes = page.evaluate(spans)
    for column in boxes:
        for above, below in pairwise(column):
            assert above[1] <= below[0]
    page.click("[data-zoom=in]")
    view = "document.querySelector('[data-flow]').flow.view.k"
    zoomed = page.evaluate(view)
    graph["nodes"].append(graph["nodes"][-1] | {"id": "new", "stolen_in": 8_000_000})
    page.evaluate("document.querySelector('[data-flow]').dispatchEvent(new CustomEvent('live'))")
    page.locator(".flow-node[data-id=new]").wait_for()
    assert page.evaluate(view) == zoomed
    page.locator(".flow-node.is-crowd").first.dispatch_event("click")
    assert max(page.evaluate(columns)) > 12
    page.locator("[data-fold]").dispatch_event("click")
    assert max(page.evaluate(columns)) <= 12


@pytest.mark.row("R-501")
def test_the_picture_is_walked_by_keys_and_each_card_speaks(desk):
    case = filed()
    lines = [
        line("a", "in", 50_000_00, to="6228480012345678911", bank="ABC"),
        line("b", "out", 20_000_00, s=9, to=SECOND),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines))
    tell(answer(order(case, "stop"), held_minor=30_000_00, balance_minor=30_000_00))
    page = desk(Role.ANALYST, reverse("case", args=[case.id]))
    page.locator(".flow-node").nth(2).wait_for()
    page.locator(".flow-node[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    spoken = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "6217****5220" in spoken
    assert "¥20,000" in spoken
    assert page.locator("[data-hover]").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('tr[data-account]')")
    assert page.locator(".flow-node[data-state=held] use[href$='#lock']").count() == 1
