"""What keepalived -t says of real files kalint says too, and what it says beyond that is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from known_misses import KNOWN_MISSES
from parity import CORPUS, EXCEPTED, MISSED, File, judge, read_corpus, report, unread

from kalint.cli import guarded
from kalint.cli.check import run
from kalint.errors import KalintError
from kalint.pipeline.request import CheckRequest

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus, ../shared/corpus, is not here"),
]

PAGE = Path(__file__).parents[2] / "docs" / "parity.md"


@pytest.fixture(scope="module")
def files() -> list[File]:
    return read_corpus(CORPUS)


def test_all_that_the_daemon_says_is_found(files):
    """Every message that does not hang on the host has a finding on the same cause, or a reason why not."""
    judged = [one for file in files for one in judge(file)]
    assert [one for one in judged if one.fate == MISSED] == []
    assert {(one.file, one.message.kind.name) for one in judged if one.fate == EXCEPTED} == KNOWN_MISSES.keys()


def test_errors_of_which_the_daemon_says_nothing_are_true(files):
    """Each was read by hand in its file; no row of the table is left over."""
    assert unread(files) == (set(), set())


def test_page_is_not_stale(files):
    """docs/parity.md has the numbers of this kalint."""
    assert PAGE.read_text("utf-8") == report(files)


def test_every_file_is_judged(capsys):
    """The command ends with 0 or 1, or with 2 and a reason, whatever the file holds."""
    for path in sorted((CORPUS / "files").glob("*.conf")):
        status = guarded(lambda path=path: run(CheckRequest(paths=(str(path),))))
        said = capsys.readouterr()
        assert status in (0, 1) or (status == KalintError.exit_code and said.err), path
