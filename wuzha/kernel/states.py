"""One table-driven state machine for everything that has states.

Theory. A machine is data: (state, event) -> state. Rules ask `step`; actions then write the new state by
compare-and-set (`filter(pk=..., state=old).update(state=new)`). The docs draw the machine from the same table,
and a test walks it: each state is reachable, each state that is not final can be left.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wuzha.kernel.refusals import Refusal, _


@dataclass(frozen=True)
class Machine:
    """`transitions` maps (state, event) to the next state; `finals` are states that nothing leaves."""

    name: str
    initial: frozenset[str]
    transitions: Mapping[tuple[str, str], str]

    @property
    def states(self) -> frozenset[str]:
        """Every state that the table names."""
        named = {state for state, _event in self.transitions} | set(self.transitions.values())
        return frozenset(named) | self.initial

    @property
    def finals(self) -> frozenset[str]:
        """States that nothing leaves."""
        return self.states - {state for state, _event in self.transitions}

    def step(self, state: str, event: str) -> str:
        """The state after `event`; Refusal "state.<name>" when the table has no such step."""
        try:
            return self.transitions[(state, event)]
        except KeyError:
            raise Refusal(
                f"state.{self.name}",
                _("This cannot be done now: it is already “%(state)s”. Reload the page to see what happened."),
                state=state,
                event=event,
            ) from None

    def can(self, state: str, event: str) -> bool:
        """Whether the table has this step."""
        return (state, event) in self.transitions

    def reachable(self) -> frozenset[str]:
        """States that some chain of events reaches from the initial ones."""
        seen = set(self.initial)
        while True:
            more = {after for (before, _event), after in self.transitions.items() if before in seen} - seen
            if not more:
                return frozenset(seen)
            seen |= more

    def mermaid(self) -> str:
        """A Mermaid state diagram of the table, for the docs."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in sorted(self.initial)]
        lines += [f"    {before} --> {after}: {event}" for (before, event), after in self.transitions.items()]
        lines += [f"    {state} --> [*]" for state in sorted(self.finals)]
        return "\n".join(lines)
