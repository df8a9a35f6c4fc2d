"""Which test proves which row of the requirements: `python -m tests.rows`, or `make rows`.

A test carries `@pytest.mark.row("R-203")`. The rows are read from the collected tests, so that what is printed is
what would run. The cases of one parametrised test count as one line.
"""

import contextlib
import io
import re
import sys
from collections import defaultdict

import pytest

ROW = re.compile(r"R-\d{3}")


class Rows:
    """A pytest plugin that notes the rows of each collected test."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)
        self.malformed: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Read the marks of every test."""
        for item in session.items:
            for mark in item.iter_markers("row"):
                for row in mark.args:
                    if ROW.fullmatch(str(row)):
                        self.tests[row].add(item.nodeid.split("[")[0])
                    else:
                        self.malformed.append(f"{item.nodeid}: {row!r} is no row; write R- and three digits")


def collect(arguments: list[str]) -> tuple[Rows, int, str]:
    """The rows, pytest's exit code and what it said."""
    rows, said = Rows(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(
            ["--collect-only", "-q", "--no-header", "-p", "no:cacheprovider", *arguments], plugins=[rows]
        )
    return rows, int(code), said.getvalue()


def main(arguments: list[str]) -> int:
    """Print the rows; 1 when the tests cannot be collected or a mark is malformed."""
    rows, code, said = collect(arguments)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said)
        return 1
    for row in sorted(rows.tests):
        print(f"{row}  {len(rows.tests[row])}")
        for test in sorted(rows.tests[row]):
            print(f"    {test}")
    print("\n".join(rows.malformed), end="\n" if rows.malformed else "")
    return 1 if rows.malformed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
