"""What removes a suppression that is of no use, and what the comments say that programs read."""

from __future__ import annotations

import pytest

from kalint.pipeline import Request, diagnose, load, suppressing
from kalint.text import Options

REQUEST = Request(Options(config_id="node"))
HEAD = "vrrp_instance VI_1 {\n    interface eth0\n"
TAIL = "    virtual_router_id 51\n    virtual_ipaddress {\n        192.0.2.1/24\n    }\n}\n"


def fixed(text: str) -> str | None:
    """A file after the fixes of its unused suppressions; None where one has no fix."""
    lines = text.split("\n")
    for found in reversed(diagnose(load("a.conf", text.encode(), REQUEST), REQUEST)):
        if found.code != "KA018":
            continue
        if found.fix is None:
            return None
        assert found.fix.safe
        for (_, line, column, end_line, end_column, _), new in found.fix.edits:
            lines[line - 1 : end_line] = [lines[line - 1][: column - 1] + new + lines[end_line - 1][end_column - 1 :]]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("    state BACKUP  # kalint: ignore[KA402] why\n", "    state BACKUP\n"),
        ("    state BACKUP  # a # kalint: ignore[KA402] why\n", "    state BACKUP  # a\n"),
        ("    # kalint: ignore[KA402] why # kalint: ignore[KA403]\n", "    # kalint: ignore[KA403]\n"),
        ("    # kalint: ignore[KA402] why\n", ""),
        ("    # kalint: ignore[KA402, KA403,KA401] why\n", "    # kalint: ignore[KA403] why\n"),
        ("    # kalint: ignore[KA4, KA5] why\n", "    # kalint: ignore[KA4] why\n"),
    ],
)
def test_the_fix_removes_what_is_of_no_use(line: str, left: str) -> None:
    """The code, the comment with its reason, or the whole line; other comments stay."""
    assert fixed(HEAD + line + TAIL) == HEAD + left + TAIL


def test_a_line_that_goes_on_keeps_its_comment() -> None:
    r"""The `\\` behind the comment is part of a definition: removing it would end that."""
    assert fixed("$A= \\\n state BACKUP # kalint: ignore[KA402] \\\n\n" + HEAD + TAIL) is None


def test_what_was_suppressed_is_kept_with_its_reason() -> None:
    """For formats that show it; the place is that of the comment."""
    text = HEAD + TAIL.replace("51", "51 ! kalint: ignore[KA403]: one router, in a lab")
    loaded = load("a.conf", text.encode(), REQUEST)
    suppressions = suppressing()
    assert diagnose(loaded, REQUEST, suppressions) == []
    (suppressed,) = suppressions.suppressed
    assert (suppressed.diagnostic.code, suppressed.reason) == ("KA403", "one router, in a lab")
    assert suppressed.span is not None
    assert suppressed.span[:5] == ("a.conf", 3, 26, 3, 49)


def test_files_without_the_word_are_not_searched() -> None:
    """The bytes are asked once; of the files of a reading only those that have the word are looked through."""
    assert load("a.conf", (HEAD + TAIL).encode(), REQUEST).text.remarks == ()
    assert load("a.conf", (HEAD + TAIL + "# kalint:").encode(), REQUEST).text.remarks == ("a.conf",)


def test_bytes_that_are_no_utf8() -> None:
    """A reason in Latin-1 is a reason."""
    text = HEAD.encode() + TAIL.encode().replace(b"51", b"51 # kalint: ignore[KA403] f\xfcr das Labor")
    assert diagnose(load("a.conf", text, REQUEST), REQUEST) == []


def test_line_ends_of_windows() -> None:
    """The CR is no part of the reason."""
    text = (HEAD + TAIL.replace("51", "51 # kalint: ignore[KA403] why")).replace("\n", "\r\n")
    suppressions = suppressing()
    assert diagnose(load("a.conf", text.encode(), REQUEST), REQUEST, suppressions) == []
    assert suppressions.suppressed[0].reason == "why"
