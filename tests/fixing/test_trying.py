"""Which fixes go together, which are refused, and that nothing is written over what has changed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from kalint.errors import UsageError
from kalint.findings.diagnostic import Diagnostic, Findings
from kalint.findings.fix import Edit, Fix
from kalint.findings.secrets import masked_sources
from kalint.fixing.trying import RUN, Block, Contents, FixResult, Judge, mend, write
from kalint.source import Span
from kalint.version import Version


def judging(text: str, bad: dict[str, str], alters: Collection[str] = ()) -> tuple[Judge, Contents]:
    """A file of words, one a line; a bad word is a finding, and its fix another word (which `alters`, or should not).

    What resolves to a block are words in capitals, and it knows the first word of the file.
    """
    given = {str(Path("a.conf").resolve()): text.encode()}

    def findings(contents: Contents) -> Findings:
        (content,) = contents.values()
        lines = content.decode().split("\n")
        found = tuple(
            Diagnostic(
                "KA999",
                "bad",
                "error",
                "proven",
                f"{word} is bad",
                Span("a.conf", number, 1, number, len(word) + 1),
                fix=Fix(
                    f"write {bad[word]}",
                    (Edit(Span("a.conf", number, 1, number, len(word) + 1), bad[word]),),
                    alters=word in alters,
                ),
            )
            for number, word in enumerate(lines, 1)
            if word in bad
        )
        return Findings(Version(2, 2, 7), ("a.conf",), found, masked_sources({"a.conf": lines}))

    def resolved(contents: Contents) -> dict[Block, dict[str, object]]:
        (content,) = contents.values()
        words = content.decode().split()
        return {("a.conf", "instances", word): {"first": words[0]} for word in words if word.isupper()}

    return Judge(findings, resolved), given


def result(mended: FixResult, before: str) -> str:
    return next(iter(mended.contents.values()), before.encode()).decode()


def everything(_found: Diagnostic) -> bool:
    return True


def test_all_that_go_together_are_made() -> None:
    text = "bad\ngood\nworse\n"
    mended = mend(*judging(text, {"bad": "good", "worse": "better"}), everything)
    assert result(mended, text) == "good\ngood\nbetter\n"
    assert len(mended.fixed) == 2


def test_fixes_of_fixes_are_made() -> None:
    """Again and again, until there is nothing more: here one finding gives way to a smaller number of others."""
    text = "bad\nbad\n"
    mended = mend(*judging(text, {"bad": "good"}), everything)
    assert result(mended, text) == "good\ngood\n"


def test_a_new_finding_refuses_one_and_keeps_the_others() -> None:
    text = "one\ntwo\nthree\nfour\n"
    bad = {"one": "1", "two": "new", "three": "3", "four": "4", "new": "newer"}
    mended = mend(*judging(text, bad), everything)
    assert result(mended, text) == "1\ntwo\n3\n4\n"
    ((found, why),) = mended.refused
    assert (found.message, why) == ("two is bad", "the fix would cause a new finding: KA999 new is bad")


def test_a_fix_must_end_its_finding() -> None:
    """Else it could be made for ever."""
    mended = mend(*judging("bad\n", {"bad": "bad"}), everything)
    assert not mended.contents
    assert mended.refused[0][1] == "the finding would remain"


def test_a_fix_changes_no_block() -> None:
    text = "bad\nWEB\n"
    mended = mend(*judging(text, {"bad": "good"}), everything)
    assert not mended.contents
    assert mended.refused[0][1] == "the fix would also change instances WEB"


def test_an_altering_fix_changes_the_blocks_it_is_about_only() -> None:
    assert mend(*judging("bad\n", {"bad": "WEB"}, alters={"bad"}), everything).refused
    mended = mend(*judging("x\nWEB\n", {"WEB": "web"}, alters={"WEB"}), everything)
    assert result(mended, "") == "x\nweb\n"


def test_an_altering_fix_hides_no_other_change() -> None:
    """Made together, the change of one would pass for that of the other, which is about the same block."""
    bad = {"bad": "good", "tune WEB": "tuned WEB"}
    mended = mend(*judging("bad\ntune WEB\n", bad, alters={"tune WEB"}), everything)
    assert result(mended, "") == "bad\ntuned WEB\n"
    assert [why for _, why in mended.refused] == ["the fix would also change instances WEB"]


def test_what_is_not_wanted_stays() -> None:
    mended = mend(*judging("bad\n", {"bad": "good"}), lambda _found: False)
    assert (mended.contents, mended.fixed, mended.refused) == ({}, (), ())


def test_a_file_that_has_changed_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_bytes(b"of somebody else")
    with pytest.raises(UsageError, match="has changed since it was read"):
        write(FixResult({str(path): b"old"}, {str(path): b"new"}))
    assert path.read_bytes() == b"of somebody else"


def test_a_safe_fix_makes_no_command_run() -> None:
    """What is in no block counts too."""

    def resolved(contents: Contents) -> dict[Block, dict[str, object]]:
        (content,) = contents.values()
        run = {"notify": frozenset(("/bin/n",))} if b"two" in content else {}
        return {("a.conf", RUN, ""): run}

    judge, given = judging("one\nteo", {"teo": "two"})
    mended = mend(judge._replace(resolved=resolved), given, everything)
    assert [why for _, why in mended.refused] == ["keepalived would run notify that it does not run now"]
    assert not mended.contents
