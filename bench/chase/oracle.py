"""The clairvoyant bound: what could have been held by someone who knew every account at the moment of the report.

Theory. A unit of stolen money counts when, on some account of its path, the bank's own latency after the report ends
before the money leaves there; or when it arrives, a second after the report or later, at a bank that is connected to
the watch. Money with honest sellers does not count, nor what could only be held more than 48 hours after the report.
Banks' clerks are free for the oracle, nothing goes wrong, and launderers are not alarmed: whatever a strategy holds at
an account, the oracle holds there too, so no strategy can exceed it. Exact to the fen: each leaf of the tree is a path.

The clairvoyant knows accounts that nobody could tell of yet. So beside that bound there is a second one, of the best
informed: an account is known when the money is there and somebody can have told of it - the clearing house or a
watching bank at once, else the payer's bank after its own latency, each of them only about a payer that is known
itself. Clerks are free and orders take no time here, too. What lies between the two bounds could be held by guessing
alone; what lies between a strategy and the second one is what it can learn to do better.
"""

from bench.chase.world import Case, Node, Scenario

WATCH_S = 1.0
HELD_WITHIN_S = 48 * 3_600.0


def holdable_fen(case: Case, scenario: Scenario) -> int:
    """What the clairvoyant holds of one theft."""
    return sum(_of(node, case.report_at, scenario) for node in case.nodes if node.parent is None)


def _of(first: Node, report_at: float, scenario: Scenario) -> int:
    total, waiting = 0, [first]
    while waiting:
        node = waiting.pop()
        if can_hold(node, report_at, scenario):
            total += node.stolen
        else:
            waiting += node.children
    return total


def can_hold(node: Node, report_at: float, scenario: Scenario) -> bool:
    """Whether what passes this account can be held there by someone who knew of it at the moment of the report."""
    if node.honest:
        return False
    watched = scenario.modes[node.bank] == "api" and node.arrive >= report_at + WATCH_S
    ready_at = report_at + node.hold_s
    held_at = node.arrive if watched else max(ready_at, node.arrive)
    return (watched or ready_at < node.leave) and held_at <= report_at + HELD_WITHIN_S


def knowable_fen(case: Case, scenario: Scenario) -> int:
    """What the best informed holds of one theft."""
    total = 0
    waiting = [(node, case.report_at, False) for node in case.nodes if node.parent is None]
    while waiting:
        node, known_at, delayed = waiting.pop()
        in_time = delayed or known_at + node.hold_s < node.leave
        if in_time and can_hold(node, case.report_at, scenario):
            total += node.stolen
            continue
        for child in node.children:
            connected = scenario.modes[child.bank] == "api"
            told_s = 0.0 if child.covered or connected else node.query_s
            watched = connected and known_at <= child.arrive
            waiting.append((child, max(known_at + told_s, child.arrive), watched))
    return total
