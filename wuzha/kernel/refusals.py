"""Refusals: the one way in which the program says no to a person or to a partner.

Theory. A rule never prints and never translates. It raises `Refusal` with a stable *code* (for machines,
tests and the partner protocol), an English *template* (the gettext message id) and the template's values.
The page or the API that meets the refusal puts it into the reader's language. The template always says what
to do next, not only what is wrong. `field` names the input at fault, so that the page can mark it.
"""

from collections.abc import Mapping


def _(message: str) -> str:
    """Mark `message` for translation and return it unchanged (gettext_noop without a framework)."""
    return message


class Refusal(Exception):
    """A request that cannot be granted, with its reason.

    code: stable dotted name, e.g. "card.checksum". template: English text with %(name)s places.
    values: what fills the places. field: the name of the input at fault, or "" when it is none.
    """

    def __init__(self, code: str, template: str, /, *, field: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.field = field
        self.values: Mapping[str, object] = values

    def at(self, field: str) -> "Refusal":
        """The same refusal, pointing at the input named `field`."""
        return Refusal(self.code, self.template, field=field, **dict(self.values))

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


class Refusals(Exception):
    """Several refusals of one form, so that a person mends all of them at once."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("; ".join(str(refusal) for refusal in refusals))
        self.refusals = refusals
