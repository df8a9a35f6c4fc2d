"""The tables in the docs are the tables in the code."""

from tools.tables import PAGE, page


def test_the_docs_show_the_tables_that_the_program_runs_on():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.tables"
