"""Every text of the program is there in both languages."""

from wuzha import messages


def test_every_text_is_translated():
    assert messages.check() == []
