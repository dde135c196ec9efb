"""`$NAME`, multi-line definitions, `~SEQ` and `~LST`: what is read, and which two places a finding names."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kalint.source import Span
from kalint.syntax import words
from kalint.text import Text

Read = Callable[..., Text]

LINES = {
    "a name": ("$A=1\na $A, $A) ${A}b $A\n", ["a 1, 1) 1b 1"]),
    "names that are not replaced": (
        "$A=1\n$AB. $A/ $Ab ${A ${A.} $\n",
        ["$AB. $A/ $Ab $", "{", "A $", "{", "A.", "}", "$"],
    ),
    "an undefined name keeps its braces": ("a ${B} {\n}\n", ["a ${B}", "{", "}"]),
    "a redefinition": ("$A=1\na $A\n$A=2\na $A\n", ["a 1", "a 2"]),
    "late": ("$A=$B x\n$B=1\na $A\n", ["a 1 x"]),
    "nothing": ("$A=\n$A\na${A}b\n", ["ab"]),
    "a predefined name may be defined": ("$_HASH=1\n${_HASH}\n", ["1"]),
    "braces come in": ("$A=b { c }\na $A\n", ["a b", "{", "c", "}"]),
    "several lines": ("$A=\\\n a \\\n b {\\\n}\nx $A\n", ["x a", "b", "{", "}"]),
    "several lines not at the end": ("$A=a\\\nb\n$A c\n", ["$A c"]),
    "one line after all": ("$A=\\\na\nx $A y\n", ["x a y"]),
    "a sequence": ("~SEQ(i,1,3) a ${i} $i\n", ["a 1 1", "a 2 2", "a 3 3"]),
    "a sequence of nothing": ("~SEQ(i,1,3)\n", []),
    "up to 0 and below": ("~SEQ(i,0) a $i\n~SEQ(i,-2) b $i\n", ["a 1", "a 0", "b -1", "b -2"]),
    "hexadecimal": ("~SEQx(i,9,0x1f,0x28) $i\n", ["9", "28"]),
    "a list": ("~LST(i, a, b ,) x $i y\n", ["x a y", "x b y", "x  y"]),
    "a list of sets": ("~LST({i,j}, {a,b},{c}) $i-${j}.\n", ["$i-b.", "$i-."]),
    "a product": ("~LST(i,a,b) ~SEQ(j,2) ${i}${j}\n", ["a1", "a2", "b1", "b2"]),
    "a sequence that came in": ("$A=~SEQ(i,2) x $i\n$A\n", ["x 1", "x 2"]),
    "blocks": ("~SEQ(i,2) a $i { b\n", ["a 1", "{", "b", "a 2", "{", "b"]),
    "the name stays": ("~SEQ(i,2) a\nb $i\n", ["a", "a", "b 2"]),
    "a body is read before the next number": ("$A=b $i\\\nc $i\n~SEQ(i,2) $A\n", ["b 1", "c 1", "b 2", "c 2"]),
}


@pytest.mark.parametrize("case", LINES)
def test_lines(read_text: Read, case: str) -> None:
    """Each of these texts is exactly these logical lines."""
    text, lines = LINES[case]
    assert [line.text for line in read_text(text).lines] == lines


def test_place_inside_a_definition_names_the_use(read_text: Read) -> None:
    """Characters of a body point to the body; `via` is the use."""
    line = read_text("$A=one two\na $A b\n").lines[0]
    use = Span("k.conf", 2, 3, 2, 5)
    assert [(word.text, word.span) for word in words(line)] == [
        ("a", Span("k.conf", 2, 1, 2, 2)),
        ("one", Span("k.conf", 1, 4, 1, 7, use)),
        ("two", Span("k.conf", 1, 8, 1, 11, use)),
        ("b", Span("k.conf", 2, 6, 2, 7)),
    ]


def test_place_inside_nested_definitions_names_all_uses(read_text: Read) -> None:
    """From the body outwards."""
    line = read_text("$A=x\n$B=y ${A}\na $B\n").lines[0]
    outer = Span("k.conf", 3, 3, 3, 5)
    inner = Span("k.conf", 2, 6, 2, 10, outer)
    assert [word.span for word in words(line)[1:]] == [
        Span("k.conf", 2, 4, 2, 5, outer),
        Span("k.conf", 1, 4, 1, 5, inner),
    ]


def test_place_in_a_line_of_a_multi_line_definition(read_text: Read) -> None:
    """The second line knows the use as the first does."""
    lines = read_text("$A=a\\\n  b \\\nc\nx $A\n").lines
    use = Span("k.conf", 4, 3, 4, 5)
    assert [(line.text, words(line)[-1].span) for line in lines] == [
        ("x a", Span("k.conf", 1, 4, 1, 5, use)),
        ("b", Span("k.conf", 2, 3, 2, 4, use)),
        ("c", Span("k.conf", 3, 1, 3, 2, use)),
    ]


def test_place_of_a_number_is_its_use(read_text: Read) -> None:
    """A number that ~SEQ makes stands nowhere; a value of ~LST does."""
    (number,) = read_text("~SEQ(i,7,7) a $i\n").lines
    assert words(number)[1].span == Span("k.conf", 1, 15, 1, 17)
    (value,) = read_text("~LST(i,xy) a $i\n").lines
    assert words(value)[1].span == Span("k.conf", 1, 8, 1, 10, Span("k.conf", 1, 14, 1, 16))


def test_word_of_two_origins_begins_at_its_first(read_text: Read) -> None:
    """VI_ is of the line, 1 of the definition: the finding points to where the word begins."""
    line = read_text("$N=1\na VI_${N}\n").lines[0]
    assert words(line)[1].span == Span("k.conf", 2, 3, 2, 6)


KINDS = {
    "undefined": ("a $B\n", [("definition-undefined", "B", 1, 3)]),
    "undefined, once": ("a $B\nb ${B}\n", [("definition-undefined", "B", 1, 3)]),
    "undefined in quotes is the command's business": ('a "x $B ${C}"\n', []),
    "no name": ("a $1 $ $$ $-\n", []),
    "not replaced before a dot": ("$A=1\na $A.b\n", [("definition-malformed", "$A", 2, 3)]),
    "not replaced before a quote": ('$A=1\na "$A"\n', [("definition-malformed", "$A", 2, 4)]),
    "several lines not at the end": ("$A=a\\\nb\n$A c\n", [("definition-malformed", "$A", 3, 1)]),
    "a blank before =": ("$A =1\na $A\n", [("definition-malformed", "$A =", 1, 1)]),
    "a comment between": ("$A=a\\\n# b\nc\\\nd\n", [("definition-malformed", "", 2, 1)]),
    "a blank line that ends": ("$A=a\\\n\nc\n", []),
    "a cycle": ("$A=x $A\na $A\n", [("definition-cycle", "A", 1, 6)]),
    "a long cycle": ("$A=$B\n$B=$C\n$C=$A\na $A\n", [("definition-cycle", "B", 1, 4)]),
    "a cycle of lines": ("$A=x\\\n$A\na $A\n", [("definition-cycle", "A", 2, 1)]),
    "a line that grows too long": ("$A=" + "x" * 600 + "\na $A $A\n", [("expansion-too-large", "$A", 2, 6)]),
    "a sequence without bounds": ("~SEQ(i) a\n", [("sequence-malformed", "~SEQ(i) a", 1, 1)]),
    "a sequence to nowhere": ("~SEQ(i,1,0,2) a\n", [("sequence-malformed", "~SEQ(i,1,0,2) a", 1, 1)]),
    "a bound that is no number": ("~SEQ(i,08) a\n", [("sequence-malformed", "~SEQ(i,08) a", 1, 1)]),
    "a sequence without an end": ("~SEQ(i,1\n", [("sequence-malformed", "~SEQ(i,1", 1, 1)]),
    "negative in hexadecimal": ("~SEQx(i,-1,2) a\n", [("sequence-malformed", "~SEQx(i,-1,2) a", 1, 1)]),
    "a list without values": ("~LST(i) a\n", [("sequence-malformed", "~LST(i) a", 1, 1)]),
    "a set of too many": ("~LST({i},{a,b}) a\n", [("sequence-malformed", "~LST({i},{a,b}) a", 1, 1)]),
}


@pytest.mark.parametrize("case", KINDS)
def test_problems(read_text: Read, case: str) -> None:
    """Each mistake is one problem, at its characters."""
    text, expected = KINDS[case]
    found = [
        (problem.kind, problem.subject, problem.span.line, problem.span.column) for problem in read_text(text).problems
    ]
    assert found == expected


BOMBS = {
    "a sequence": "~SEQ(a,0,999999999) x $a\n",
    "a sequence of nothing": "~SEQ(a,0,999999999)\n",
    "sequences in sequences": "~SEQ(a,9999) ~SEQ(b,9999) ~SEQ(c,9999) x\n",
    "doubling names": "$A0=\n" + "".join(f"$A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 60)) + "$A59\n",
    "doubling words": "$A0=x\n" + "".join(f"$A{n}=$A{n - 1} $A{n - 1}\n" for n in range(1, 60)) + "$A59\n",
    "doubling lines": "$A0=x\n" + "".join(f"$A{n}=$A{n - 1}\\\n$A{n - 1}\n" for n in range(1, 60)) + "$A59\n",
    "a definition that defines itself": "$A=\\\n$A=\\\n$B=1\\\n$A\n" + "$A\n" * 2000,
    "a name that names itself in turns": "$A=${\n$B=A}$B\n$A$B\n$A$B $A$B\n",
    "deep definitions": "$A0=x\n" + "".join(f"$A{n}=$A{n - 1}\n" for n in range(1, 20000)) + "$A19999\n",
    "many doublings": (
        "$A0=\n" + "".join(f"$A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 60)) + "$A59\n" * 20000
    ),
    "a long line": "a " * 1_000_000,
    "a long comment": "#" * 2_000_000,
    "long quotes": '"' * 500_000,
    "backslashes": "\\" * 500_000,
    "braces": "{" * 200_000,
    "dollars": "$" * 500_000,
    "uses": "$A=\n" + "${A}" * 100_000,
    "NULs": "\0" * 1_000_000,
}


@pytest.mark.long
@pytest.mark.parametrize("case", BOMBS)
def test_bomb_ends(read_text: Read, case: str) -> None:
    """Hostile input is read in bounded time, and whoever wrote a bomb is told."""
    start = time.process_time()
    text = read_text(BOMBS[case])
    assert time.process_time() - start < 15
    assert len(text.lines) <= 300_000
    assert len(text.problems) <= 100_000


@pytest.mark.long
@pytest.mark.parametrize("case", ["a sequence", "a sequence of nothing", "sequences in sequences", "doubling names"])
def test_bomb_is_one_problem(read_text: Read, case: str) -> None:
    """However often it goes off."""
    assert [problem.kind for problem in read_text(BOMBS[case]).problems] == ["expansion-too-large"]


SEQUENCES = {
    "numbers": ("~SEQ(a,1,4,41) x $a\n", 11),
    "downwards": ("~SEQ(a,41,-4,1) x $a\n", 11),
    "down to below zero": ("~SEQ(a,-11) x $a\n", 11),
    "values": ("~LST(a,1,2,3,4,5,6,7,8,9,10,11) x $a\n", 11),
    "one in another": ("~SEQ(a,2) ~LST(b,1,2,3,4,5,6) x\n", 12),
    "lines in each": ("$A=x \\\ny \\\nz\n\n~SEQ(a,3) $A\n", 9),
}


@pytest.mark.parametrize("case", SEQUENCES)
def test_the_bound_is_seen_before_the_work(read_text: Read, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """A sequence with more lines than are left is not begun; what follows it is read."""
    text, count = SEQUENCES[case]
    assert len(read_text(text).lines) == count
    monkeypatch.setattr("kalint.text.definitions.MAX_LINES", 10 if count > 10 else 8)
    found = read_text(text + "next\n")
    assert [line.text for line in found.lines] == ["next"]
    assert [problem.kind for problem in found.problems] == ["expansion-too-large"]


def test_a_sequence_within_the_bound_is_read(read_text: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that hang on the value of another sequence are not guessed."""
    monkeypatch.setattr("kalint.text.definitions.MAX_LINES", 20)
    assert len(read_text("~SEQ(b,9)\n~SEQ(a,3) ~SEQ(b,$a) x\n").lines) == 6
    assert read_text("~SEQ(b,9)\n~SEQ(a,3) ~SEQ(b,$a) x\n").problems == ()


def test_predefined_names(read_text: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """_PWD is the directory of the file that is read; a random number is the least that may come."""
    monkeypatch.chdir(str(tmp_path))
    lines = read_text('"${_PWD}" ${_INSTANCE} ${_RANDOM} ${_RANDOM 7} ${_RANDOM 8 9} "${_HASH}" "${_BANG}"\n').lines
    assert [word.text for word in words(lines[0])] == [str(tmp_path), "me", "0", "7", "8", "#", "!"]


def test_environment_is_never_shown(read_text: Read) -> None:
    """A value of the environment is read, but no problem, no file and nothing that is meant for messages holds it."""
    text = read_text(
        "a ${_ENV KEY}\ninclude ${_ENV KEY}\n~SEQ(i,${_ENV KEY}) b\nc ${_ENV OTHER}d\n",
        environment={"KEY": "hush#hush"},
    )
    assert [line.text for line in text.lines] == ["a hush", "c d"]
    assert words(text.lines[0])[1].shown == "${_ENV}"
    assert "hush" not in repr(text.problems)
    assert "hush" not in repr(text.files)
    assert [problem.kind for problem in text.problems] == [
        "comment-cuts-word",
        "comment-cuts-word",
        "include-missing",
        "sequence-malformed",
    ]
