"""What each keyword does, in a sentence."""

from __future__ import annotations

import pytest

from kalint.model.keywords import CONTEXTS, keywords
from kalint.model.keywords.purposes import ANYWHERE, IN_CONTEXT, purpose_of

ROWS = [row for context in CONTEXTS for row in keywords(context).values()]


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_keyword_says_what_it_does(context: str) -> None:
    """One sentence of ordinary length, in the present tense."""
    for row in keywords(context).values():
        sentence = purpose_of(row)
        assert sentence, row.name
        assert sentence.endswith("."), sentence
        assert len(sentence) <= 130, sentence
        assert sentence.split()[0].endswith("s"), sentence


def test_no_sentence_is_for_nothing() -> None:
    """Each is that of a keyword of the table."""
    assert set(ANYWHERE) <= {row.name for row in ROWS}
    assert set(IN_CONTEXT) <= {(row.context, row.name) for row in ROWS}


def test_the_place_decides() -> None:
    """The weight of a script is added to a priority, that of a real server is a share."""
    assert "priority" in purpose_of(keywords("vrrp_script")["weight"])
    assert "share of new connections" in purpose_of(keywords("real_server")["weight"])
