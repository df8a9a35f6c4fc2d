"""Who may do what: roles and capabilities as one table.

Theory. A person has one role; a role is a set of capabilities; a view or an action asks for a capability, never for a
role. Row-level sight is a second question: liaisons see what is addressed to their own organisation, station officers
the cases of their own jurisdiction, the centre's people see the centre's cases. Nothing is granted by default.
"""

from enum import StrEnum

from wuzha.kernel.refusals import Refusal, _


class Role(StrEnum):
    """The nine roles of a centre."""

    CALL_TAKER = "call_taker"  # 接警员
    CONTROL_OFFICER = "control_officer"  # 查控员
    APPROVER = "approver"  # 审批人
    BANK_LIAISON = "bank_liaison"  # 银行联络员
    OPERATOR_LIAISON = "operator_liaison"  # 运营商联络员
    STATION_OFFICER = "station_officer"  # 派出所民警
    ANALYST = "analyst"  # 研判员
    COMMANDER = "commander"  # 指挥长
    ADMINISTRATOR = "administrator"  # 管理员


class Can(StrEnum):
    """Capabilities."""

    TAKE_REPORT = "take_report"
    SEE_CASES = "see_cases"  # all cases of the centre
    SEE_OWN_CASES = "see_own_cases"  # cases of the own jurisdiction
    SEE_ORDERS = "see_orders"
    ORDER = "order"  # make orders by hand within the authorisation
    RELEASE = "release"
    APPROVE = "approve"  # authorise a case, approve or decline single orders
    ANSWER = "answer"  # answer the own organisation's orders
    DECIDE_KIND = "decide_kind"  # say which kind of fraud a case is
    UNMASK = "unmask"  # see personal data in full, with a reason
    IMPORT = "import"  # lay statement files into a case's ledger
    SEARCH = "search"  # accounts, numbers and URLs across cases
    SEE_FIGURES = "see_figures"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PARTNERS = "manage_partners"
    VERIFY_JOURNAL = "verify_journal"


CAPABILITIES: dict[Role, frozenset[Can]] = {
    Role.CALL_TAKER: frozenset({Can.TAKE_REPORT, Can.DECIDE_KIND, Can.SEE_CASES, Can.SEARCH, Can.UNMASK}),
    Role.CONTROL_OFFICER: frozenset(
        {
            Can.TAKE_REPORT,
            Can.DECIDE_KIND,
            Can.SEE_CASES,
            Can.SEE_ORDERS,
            Can.ORDER,
            Can.RELEASE,
            Can.IMPORT,
            Can.SEARCH,
            Can.UNMASK,
        }
    ),
    Role.APPROVER: frozenset(
        {Can.SEE_CASES, Can.SEE_ORDERS, Can.ORDER, Can.RELEASE, Can.APPROVE, Can.SEARCH, Can.UNMASK}
    ),
    Role.BANK_LIAISON: frozenset({Can.ANSWER}),
    Role.OPERATOR_LIAISON: frozenset({Can.ANSWER}),
    Role.STATION_OFFICER: frozenset({Can.SEE_OWN_CASES, Can.UNMASK}),
    Role.ANALYST: frozenset(
        {Can.DECIDE_KIND, Can.SEE_CASES, Can.SEE_ORDERS, Can.IMPORT, Can.SEARCH, Can.SEE_FIGURES, Can.UNMASK}
    ),
    Role.COMMANDER: frozenset({Can.SEE_CASES, Can.SEE_ORDERS, Can.SEARCH, Can.SEE_FIGURES, Can.APPROVE, Can.UNMASK}),
    Role.ADMINISTRATOR: frozenset({Can.MANAGE_PEOPLE, Can.MANAGE_PARTNERS, Can.VERIFY_JOURNAL}),
}

# The one who asks and the one who approves are two people; the system standing in for the first is not a person.
SYSTEM = "system"


def may(role: str, capability: Can) -> bool:
    """Whether a role holds a capability; an unknown role holds none."""
    return role in CAPABILITIES and capability in CAPABILITIES[Role(role)]


def require(role: str, capability: Can) -> None:
    """Refusal "forbidden" unless the role holds the capability."""
    if not may(role, capability):
        raise Refusal("forbidden", _("Your role does not allow this. Ask your administrator if you need it."))


SIGN_IN_FAILURES_MAX = 5
SIGN_IN_WINDOW_S = 900


def locked_out(failures_in_window: int) -> bool:
    """Whether sign-in rests: SIGN_IN_FAILURES_MAX failures within SIGN_IN_WINDOW_S."""
    return failures_in_window >= SIGN_IN_FAILURES_MAX
