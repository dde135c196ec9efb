"""What removes a suppression that is of no use, and what the comments say that programs read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.pipeline.diagnosing import diagnose, suppressing
from kalint.pipeline.reading import Request, load
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


MANY = """\
$VRID=51
vrrp_script chk {
    script "/bin/true '# x'"
    interval 0
}
vrrp_sync_group G { group { A } }
vrrp_instance A
{
    state SLAVE
    interface eth0
    virtual_router_id $VRID ! the default
    priority 300 nopreempt
    @left priority 3

    virtual_ipaddress { 192.0.2.300 }
    track_script {
        chk weight 0
        nothing
    }
}
~SEQ(n, 1, 2) vrrp_instance B$n { interface eth$n
nopreempt
}
"""
CODES = (
    "KA",
    "KA0",
    "KA4",
    "KA403",
    "KA101",
    "KA305",
    "KA5",
    "KA018",
    "ka601",
    "KA1, KA2",
    "",
    "KA999",
    "XX",
    "KA4 KA5",
)
REMARKS = st.builds(
    "{0} kalint: {1}[{2}] {3}".format,
    st.sampled_from("#!"),
    st.sampled_from(("ignore", "ignore-file", "ignores")),
    st.sampled_from(CODES),
    st.sampled_from(("", "why", "# kalint: ignore[KA305]", "[KA4] \\ {")),
)
INSERTS = st.lists(st.tuples(st.integers(0, MANY.count("\n") - 1), st.booleans(), REMARKS), min_size=1, max_size=4)


@settings(deadline=None, max_examples=60)
@given(INSERTS, st.booleans())
def test_suppressions_only_sort(inserts: list[tuple[int, bool, str]], for_others: bool) -> None:
    """Wherever they stand: nothing is lost or comes to it, and without what is unused the same is suppressed."""
    lines = MANY.splitlines()
    for index, own_line, remark in inserts:
        lines[index] = f"{remark}\n{lines[index]}" if own_line else f"{lines[index]} {remark}"
    text = "\n".join(lines if for_others else [line for line in lines if "@left" not in line]) + "\n"
    loaded = load("a.conf", text.encode(), REQUEST)
    everything = diagnose(loaded, REQUEST._replace(ignores=False))
    suppressions = suppressing()
    kept = diagnose(loaded, REQUEST, suppressions)
    assert sorted([*kept, *(each.diagnostic for each in suppressions.suppressed)]) == sorted(everything)
    cleaned = fixed(text)
    if cleaned is not None:
        again = diagnose(load("a.conf", cleaned.encode(), REQUEST), REQUEST)
        assert all(found.fix is None for found in again if found.code == "KA018")
        assert [each.code for each in again if each.code != "KA018"] == [each.code for each in kept]
