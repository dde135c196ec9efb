"""The real keepalived and kalint read the same quirks of the language in the same way.

Each case is a small configuration with what comes out of it: instance, VRID, priority and addresses. The daemon must
say so (so the expectation is true), and the tree that kalint reads must say so too.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address

import pytest
from harness import Lab
from reading import Facts, Reader, instance, kalint_reads


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Lab({"eth0": ["10.9.0.1/24"]}) as lab:
        yield Reader(lab)


VIP = "virtual_ipaddress {\n10.9.0.7/24\n}"
SEVEN = ("10.9.0.7/24",)

CASES: dict[str, tuple[str, Facts] | tuple[str, Facts, dict[str, str]]] = {
    # characters
    "CRLF ends a line": (instance("priority 101\n" + VIP).replace("\n", "\r\n"), {"V": (5, 101, SEVEN)}),
    "a CR inside a line is a blank": (instance("priority\r101"), {"V": (5, 101, ())}),
    "form feeds and vertical tabs are blanks": (instance("\fpriority\v101"), {"V": (5, 101, ())}),
    "a no-break space is no blank": (instance("priority 101", "V\u00a0x"), {"V\u00a0x": (5, 101, ())}),
    "an ideographic space is no blank": (instance("priority 101", "V\u3000x"), {"V\u3000x": (5, 101, ())}),
    "bytes that are not UTF-8 are characters": (instance("priority 101", "V\udce9"), {"V\udce9": (5, 101, ())}),
    "no line end at the end of the file": (instance("priority 101").rstrip("\n"), {"V": (5, 101, ())}),
    "a NUL ends its line": (instance("priority 101\0 nothing\npriority 102"), {"V": (5, 102, ())}),
    "a line of 1023 bytes is whole": (instance("priority" + " " * 1012 + "101"), {"V": (5, 101, ())}),
    "a longer line is cut in two": (instance("priority 101" + " " * 1011 + "priority 102"), {"V": (5, 102, ())}),
    "a long comment leaks into the configuration": (instance("#" + "x" * 1022 + "priority 102"), {"V": (5, 102, ())}),
    # comments
    "a comment inside a word": (instance("priority 10#1"), {"V": (5, 10, ())}),
    "an exclamation mark is a comment too": (instance("priority 10!1"), {"V": (5, 10, ())}),
    "no comment inside double quotes": (instance("priority 101", '"V#!1"'), {"V#!1": (5, 101, ())}),
    "single quotes protect nothing": (instance("priority 101 '#' 5\npriority 10'#'2"), {"V": (5, 100, ())}),
    "an escaped hash is still a comment": (instance(r"priority 101\#1"), {"V": (5, 101, ())}),
    "an escaped bang is still a comment": (instance(r"priority 101\!1"), {"V": (5, 101, ())}),
    "a double backslash does not escape": (instance(r"priority 101 \\#"), {"V": (5, 101, ())}),
    "a comment hides a brace": ("vrrp_instance V # {\n{\n" + instance("priority 101")[17:], {"V": (5, 101, ())}),
    "a quote in a comment is none": (instance('priority 101 # say "hi\n' + VIP), {"V": (5, 101, SEVEN)}),
    # words and braces
    "braces anywhere": ("vrrp_instance V{interface eth0\nvirtual_router_id 5\npriority 101}", {"V": (5, 101, ())}),
    "a block on one line": (instance("virtual_ipaddress { 10.9.0.7/24 }"), {"V": (5, 100, SEVEN)}),
    "a brace on the next line": (instance("virtual_ipaddress\n\n{\n10.9.0.7/24\n}"), {"V": (5, 100, SEVEN)}),
    "two closing braces on a line": (instance("virtual_ipaddress { 10.9.0.7/24 }}")[:-2], {"V": (5, 100, SEVEN)}),
    "a brace in quotes is a character": (instance("priority 101", '"V{}"'), {"V{}": (5, 101, ())}),
    "a quote begins a word": (instance('priority"101"102'), {"V": (5, 101, ())}),
    "a quote ends a word": (instance('"priority"101'), {"V": (5, 101, ())}),
    "quoted blanks": (instance("priority 101", '"V  1"'), {"V  1": (5, 101, ())}),
    "a quote without its partner": (instance('priority 101 "x\n' + VIP), {"V": (5, 101, SEVEN)}),
    "two statements on a line": (instance("priority 101 advert_int 2"), {"V": (5, 101, ())}),
    "a backslash at the end is a character": (instance("priority 101 \\\n" + VIP), {"V": (5, 100, SEVEN)}),
    # @id
    "@id": (instance("@me priority 101\n@you priority 102"), {"V": (5, 101, ())}),
    "@^id": (instance("@^me priority 101\n@^you priority 102"), {"V": (5, 102, ())}),
    "@id and nothing else": (instance("priority 101\n@me\n@^you"), {"V": (5, 101, ())}),
    "@id before a tab": (instance("@me\tpriority 101"), {"V": (5, 101, ())}),
    "@id is no prefix": (instance("@m priority 101\n@mee priority 102"), {"V": (5, 100, ())}),
    "@id twice": (instance("@me @me priority 101\npriority 102"), {"V": (5, 102, ())}),
    "@id before a block": ("@you " + instance("priority 101"), {}),
    "@id behind a brace": (instance("virtual_ipaddress { @me 10.9.0.7/24\n}"), {"V": (5, 100, SEVEN)}),
    "@id brought in": ("$LONGER=@me\n" + instance("$LONGER priority 101"), {"V": (5, 101, ())}),
    "@id before a definition": ("@me $A=101\n@you $A=102\n" + instance("priority $A"), {"V": (5, 101, ())}),
    # definitions
    "$NAME": ("$A=101\n" + instance("priority $A"), {"V": (5, 101, ())}),
    "${NAME}": ("$A=10\n" + instance("priority ${A}1"), {"V": (5, 101, ())}),
    "$NAME only before a blank, comma, ) or the end": (
        "$A=9\n" + instance("priority 101", "V$A,$A)$A.$A"),
        {"V9,9)$A.9": (5, 101, ())},
    ),
    "$NAME in quotes wants braces": ("$A=9\n" + instance("priority 101", '"V$A"'), {"V$A": (5, 101, ())}),
    "${NAME} in quotes": ("$A=9\n" + instance("priority 101", '"V${A}"'), {"V9": (5, 101, ())}),
    "an undefined $NAME stays": (instance("priority 101", "V$A"), {"V$A": (5, 101, ())}),
    "the last definition counts": ("$A=101\n$A=102\n" + instance("priority $A"), {"V": (5, 102, ())}),
    "a definition is read when it is used": ("$A=$B\n$B=102\n" + instance("priority $A"), {"V": (5, 102, ())}),
    "definitions within definitions": ("$A=1\n$B=${A}0$C\n$C=$A\n" + instance("priority $B"), {"V": (5, 101, ())}),
    "a name made of names": ("$A=B\n$B=101\n$D=$\n" + instance("priority ${D}$A"), {"V": (5, 101, ())}),
    "a statement in a definition": ("$A=priority 101\n" + instance("$A"), {"V": (5, 101, ())}),
    "a block in a definition": ("$A=virtual_ipaddress { 10.9.0.7/24 }\n" + instance("$A"), {"V": (5, 100, SEVEN)}),
    "blanks around =": ("$A=   101  \n" + instance("priority $A"), {"V": (5, 101, ())}),
    "a definition without a value": ("$A=\n" + instance("priority ${A}101"), {"V": (5, 101, ())}),
    "a comment behind a definition": ("$A=101 # no\n" + instance("priority $A"), {"V": (5, 101, ())}),
    "a definition in a block": (instance("$A=101\npriority $A"), {"V": (5, 101, ())}),
    "a definition behind a brace": (
        "vrrp_instance V { $A=101\ninterface eth0\nvirtual_router_id 5\npriority $A\n}",
        {"V": (5, 101, ())},
    ),
    # multi-line definitions
    "a multi-line definition": (
        "$A=\\\npriority 101 \\\nvirtual_ipaddress { \\\n10.9.0.7/24\\\n}\n" + instance("$A"),
        {"V": (5, 101, SEVEN)},
    ),
    "its first line beside the =": (
        "$A=priority 101\\\n" + VIP.replace("\n", "\\\n") + "\n" + instance("$A"),
        {"V": (5, 101, SEVEN)},
    ),
    "one of one line is an ordinary one": ("$A=\\\n101\n" + instance("priority $A"), {"V": (5, 101, ())}),
    "what stands before its use": (
        "$A=101 \\\n" + VIP.replace("\n", "\\\n") + "\n" + instance("priority $A"),
        {"V": (5, 101, SEVEN)},
    ),
    "nothing may stand behind its use": (
        "$A=priority 101\\\n" + VIP.replace("\n", "\\\n") + "\n" + instance("$A 5"),
        {"V": (5, 100, ())},
    ),
    "nested multi-line definitions": (
        "$A=10.9.0.7/24\\\n10.9.0.8/24\n$B=virtual_ipaddress {\\\n$A\\\n10.9.0.9/24\\\n}\n" + instance("$B"),
        {"V": (5, 100, ("10.9.0.7/24", "10.9.0.8/24", "10.9.0.9/24"))},
    ),
    "definitions in a multi-line definition": (
        "$A=\\\n$P=101\\\npriority $P\\\n$P=102\n" + instance("$A\n@me priority $P"),
        {"V": (5, 102, ())},
    ),
    "@id in a multi-line definition": (
        "$A=\\\n$B=101\\\n@me priority $B\\\n@you priority 102\n" + instance("$A"),
        {"V": (5, 101, ())},
    ),
    "a comment at its line's end": (
        "$A=virtual_ipaddress { # see \\\n10.9.0.7/24 # there \\\n}\n" + instance("$A"),
        {"V": (5, 100, SEVEN)},
    ),
    "a blank line ends it": ("$A=priority 101\\\n\n" + instance("$A\n" + VIP), {"V": (5, 101, SEVEN)}),
    # sequences
    "~SEQ with braces": (
        instance("virtual_ipaddress {\n~SEQ(i, 7, 9) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, ("10.9.0.7/24", "10.9.0.8/24", "10.9.0.9/24"))},
    ),
    "~SEQ from 1": (
        instance("virtual_ipaddress {\n~SEQ(i,2) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, ("10.9.0.1/24", "10.9.0.2/24"))},
    ),
    "~SEQ downwards": (
        instance("virtual_ipaddress {\n~SEQ(i,8,7) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, ("10.9.0.8/24", *SEVEN))},
    ),
    "~SEQ with a step": (
        instance("virtual_ipaddress {\n~SEQ(i,7,5,16) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, (*SEVEN, "10.9.0.12/24"))},
    ),
    "~SEQ in octal and hexadecimal": (
        instance("virtual_ipaddress {\n~SEQ(i,010,0x9) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, ("10.9.0.8/24", "10.9.0.9/24"))},
    ),
    "~SEQx": (
        instance("virtual_ipaddress {\n~SEQx(i,9,11) fe80::${i}/64\n}"),
        {"V": (5, 100, ("fe80::9/64", "fe80::a/64", "fe80::b/64"))},
    ),
    "~SEQ with definitions as bounds": (
        "$N=8\n" + instance("virtual_ipaddress {\n~SEQ(i,7,$N) 10.9.0.${i}/24\n}"),
        {"V": (5, 100, (*SEVEN, "10.9.0.8/24"))},
    ),
    "~SEQ in ~SEQ": (
        instance("virtual_ipaddress {\n~SEQ(i,8,9) ~SEQ(j,1,2) 10.9.${i}.${j}/24\n}"),
        {"V": (5, 100, ("10.9.8.1/24", "10.9.8.2/24", "10.9.9.1/24", "10.9.9.2/24"))},
    ),
    "~SEQ of whole blocks": (
        "$B=interface eth0\\\nvirtual_router_id $i\\\npriority 10${i}\\\n}\n~SEQ(i,1,2) vrrp_instance V$i { $B\n",
        {"V1": (1, 101, ()), "V2": (2, 102, ())},
    ),
    "~SEQ in a multi-line definition": (
        "$B=virtual_ipaddress {\\\n~SEQ(i,7,8) 10.9.0.${i}/24\\\n}\n" + instance("$B"),
        {"V": (5, 100, (*SEVEN, "10.9.0.8/24"))},
    ),
    "a malformed ~SEQ is dropped": (instance("priority 101\n~SEQ(i,1,x) priority 102"), {"V": (5, 101, ())}),
    "a step to nowhere is dropped": (instance("priority 101\n~SEQ(i,1,-1,5) priority 102"), {"V": (5, 101, ())}),
    "~LST": (instance("virtual_ipaddress {\n~LST(i,7,9) 10.9.0.${i}/24\n}"), {"V": (5, 100, (*SEVEN, "10.9.0.9/24"))}),
    "~LST of sets": (
        instance("virtual_ipaddress {\n~LST({i,j},{7},{8,1}, { 9 , 2 }) 10.9.${j}0.${i}/24\n}"),
        {"V": (5, 100, ("10.9.0.7/24", "10.9.10.8/24", "10.9.20.9/24"))},
    ),
    # includes
    "include": ("include a.conf\n", {"V": (5, 101, ())}, {"a.conf": instance("priority 101")}),
    "include in a block": (instance("include a.conf"), {"V": (5, 101, ())}, {"a.conf": "priority 101"}),
    "include of a glob, sorted": (
        instance("include c*.d/*.conf"),
        {"V": (5, 103, ())},
        {"c1.d/z.conf": "priority 101", "c2.d/b.conf": "priority 103", "c2.d/a.conf": "priority 102"},
    ),
    "include of braces, in order": (
        instance("include {b,a}.conf"),
        {"V": (5, 101, ())},
        {"a.conf": "priority 101", "b.conf": "priority 102"},
    ),
    "include relative to the includer": (
        "include d/a.conf\n",
        {"V": (5, 101, ())},
        {"d/a.conf": "include b.conf", "d/b.conf": instance("priority 101"), "b.conf": instance("priority 102")},
    ),
    "include of hidden files": (
        instance("priority 101\ninclude *.inc"),
        {"V": (5, 101, ())},
        {".a.inc": "priority 102"},
    ),
    "include of nothing": (instance("priority 101\ninclude x.conf\ninclude y*.conf"), {"V": (5, 101, ())}),
    "includer": (instance("includer a.conf"), {"V": (5, 101, ())}, {"a.conf": "priority 101"}),
    "include reads what there is": (
        instance("priority 101\ninclude {a,b}.conf"),
        {"V": (5, 102, ())},
        {"a.conf": "priority 102"},
    ),
    "definitions of an included file stay": (
        "include a.conf\n" + instance("priority $A"),
        {"V": (5, 101, ())},
        {"a.conf": "$A=101"},
    ),
    "a block may end in another file": (
        "vrrp_instance V {\ninterface eth0\ninclude a.conf\n",
        {"V": (5, 101, ())},
        {"a.conf": "virtual_router_id 5\npriority 101\n}"},
    ),
    "a directory is skipped": (instance("priority 101\ninclude d*"), {"V": (5, 101, ())}, {"d/a.conf": "priority 102"}),
    # predefined names
    "${_INSTANCE}": (instance("priority 101", "V${_INSTANCE}"), {"Vme": (5, 101, ())}),
    "$_INSTANCE": (instance("priority 101", "V$_INSTANCE"), {"Vme": (5, 101, ())}),
    "${_HASH} begins a comment": (instance("priority 101${_HASH}1"), {"V": (5, 101, ())}),
    "${_HASH} in quotes": (instance("priority 101", '"V${_HASH}1"'), {"V#1": (5, 101, ())}),
    "${_BANG} in quotes": (instance("priority 101", '"V${_BANG}1"'), {"V!1": (5, 101, ())}),
    "${_RANDOM} of one number": (instance("priority ${_RANDOM 101 101}"), {"V": (5, 101, ())}),
}


@pytest.mark.parametrize("case", CASES)
def test_kalint_and_keepalived_read_alike(reader: Reader, case: str) -> None:
    config, facts, *files = CASES[case]
    folder = reader.folder(config, *files or [{}])
    said = reader.daemon(folder, "me")
    assert said.facts == facts, said.log
    assert kalint_reads(folder, "me")[0] == facts


# What keepalived 2.2.7 cannot read, and the problem that kalint sees in it.
HANGS = {
    "a definition of itself": ("$A=$A\n" + instance("priority $A"), "definition-cycle"),
    "the same with braces": ("$A=${A}\n" + instance("priority $A"), "definition-cycle"),
    "two definitions of each other": ("$A=$B\n$B=$A\n" + instance("priority $A"), "definition-cycle"),
    "a multi-line definition of itself": ("$A=\\\npriority 101\\\n$A\n" + instance("$A"), "definition-cycle"),
    "a doubling": (
        "$A0=\n" + "".join(f"$A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 50)) + instance("priority $A49 101"),
        "expansion-too-large",
    ),
    "a sequence without end": (
        instance("virtual_ipaddress {\n~SEQ(i,1,2000000000) # nothing\n}"),
        "expansion-too-large",
    ),
}


@pytest.mark.parametrize("case", HANGS)
def test_kalint_reads_on_where_keepalived_hangs(reader: Reader, case: str) -> None:
    """The daemon says nothing of any instance within 2 s; kalint reports the cause."""
    config, kind = HANGS[case]
    folder = reader.folder(config, {})
    done = subprocess.run(reader.command(folder, "me", 2), capture_output=True, text=True, check=False)
    assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert "VRRP Instance =" not in done.stdout
    facts, problems = kalint_reads(folder, "me")
    assert list(facts) == ["V"]
    assert problems == [kind]


def test_include_by_substitution_is_read_twice(reader: Reader) -> None:
    """The daemon's parent follows the include and copies the file; its children read that, and follow it again."""
    folder = reader.folder("$F=a\ninclude ${F}.conf\n" + instance("priority 101", "W", "6"), {"a.conf": instance(VIP)})
    assert "vrrp instance V already defined" not in reader.daemon(folder, "me").log
    folder = reader.folder("$I=include a.conf\n$I\n", {"a.conf": instance("priority 101")})
    assert "vrrp instance V already defined" in reader.daemon(folder, "me").log
    assert kalint_reads(folder, "me") == ({"V": (5, 101, ())}, [])


def test_missing_alternative_of_includeb_stops_keepalived(reader: Reader) -> None:
    """Where includeb misses one of its alternatives, keepalived does not start; kalint says what is missing."""
    folder = reader.folder(instance("priority 101\nincludeb {a,b}.conf"), {"a.conf": "priority 102"})
    said = reader.daemon(folder, "me")
    assert said.facts == {}
    assert 'Some config files missing: "{a,b}.conf"' in said.log
    assert kalint_reads(folder, "me") == ({"V": (5, 101, ())}, ["include-missing"])


def test_missing_brace_of_a_block_is_read_as_if_it_were_there(reader: Reader) -> None:
    """The daemon says "Missing '{'" and reads the block; so does kalint, with one problem."""
    folder = reader.folder("vrrp_instance V\n" + instance("priority 101")[17:], {})
    said = reader.daemon(folder, "me")
    assert said.facts == {"V": (5, 101, ())}
    assert "Missing '{' at beginning of configuration block" in said.log
    assert kalint_reads(folder, "me") == (said.facts, ["brace-missing"])


PARTS = {
    "value": (
        *("7", "8", "0.7", "1.", "10.9.1.6", "x", "", "$B", "${C}", "1${B}", "$B ${C}", "@me", "10.9.2.", "# c", '"7"'),
        *("7 # c", "7\\# c", "dev eth0", "{", "}", "10.9.4.1/24 }", "10.9.4.2 { 10.9.4.3", "~SEQ(z,3,4) 10.9.3.${z}"),
    ),
    "body": (
        *(
            "10.9.5.1",
            "10.9.6.${B}",
            "@me 10.9.7.1",
            "@you 10.9.7.2",
            "$B",
            "10.9.8.${i}",
            "$M",
            "   ",
            "10.9.10.1 # c",
        ),
        *("~SEQ(y,1,2) 10.9.9.${y}", "$B=5", "} virtual_ipaddress {", "", "priority 103"),
    ),
    "line": (
        *(
            "10.9.0.$A",
            "10.9.0.${A}",
            "$A",
            "${A}",
            "10.9.${A}0.1",
            "$M",
            "10.9.12.$M",
            "@me 10.9.13.1",
            "@you 10.9.13.2",
        ),
        *("@^me 10.9.13.3", "@^you 10.9.13.4", "@me $A", "~SEQ(i,3) 10.9.14.${i}", "~SEQ(i,1,2) $M", "10.9.19.1!c"),
        *("~SEQ(i,1,2) 10.9.15.${i} }\n virtual_ipaddress { 10.9.16.${i}", "~LST(i,3,4) 10.9.17.${i}", "10.9.19.2 #c"),
        *(
            "~LST({i,j},{3,4},{5}) 10.9.18.${i}${j}",
            "~SEQ(i,1,2) ~LST(j,1,2) 10.9.${i}.${j}",
            '"10.9.19.3"',
            '10.9.19.4"x"',
        ),
        *(
            '"10.9.19.5',
            "} virtual_ipaddress { 10.9.20.1",
            "10.9.20.2 }\nvirtual_ipaddress\n{",
            "10.9.0.$A $B",
            "$Z 10.9.21.1",
        ),
        *("10.9.22.1\\", "10.9.22.2 \\", "$A${B}", "${A}${B}", "$A $M", "10.9.23.${_HASH}1", "10.9.24.${_RANDOM 5 5}"),
        *("include a.conf", "include {b,a}.conf", "10.9.25.1\t", "\t10.9.25.2 x"),
    ),
}
INCLUDED = {"a.conf": "10.9.30.1\n# c\n10.9.30.$A\n", "b.conf": "$A=9\n10.9.31.1"}


def _random_config(chance: random.Random) -> str:
    """Definitions, and an instance whose addresses come about in ways that nobody would choose."""

    def definition(name: str) -> str:
        if name != "M":
            return f"${name}={chance.choice(PARTS['value'])}\n"
        lines = [chance.choice(PARTS["body"]) for _ in range(chance.randint(1, 3))]
        ends = [chance.choice(["\\", " \\", " # c \\"]) for _ in lines[1:]]
        return "$M=\\\n" + "".join(map("{}{}\n".format, lines, [*ends, ""]))

    definitions = "".join(definition(name) for name in chance.sample("ABCM", 3))
    inside = (
        definition(chance.choice("ABM")) if chance.random() < 0.2 else chance.choice(PARTS["line"]) + "\n"
        for _ in range(chance.randint(1, 5))
    )
    return definitions + instance("virtual_ipaddress {\n" + "".join(inside) + "}\npriority 101")


def _addresses(words: Iterable[str]) -> set[str]:
    """Those of the words that are addresses, without their prefix lengths."""
    found = set()
    for word in words:
        with suppress(ValueError):
            found.add(str(IPv4Address(word.partition("/")[0])))
    return found


@pytest.mark.parametrize("seed", range(30))
def test_random_text_is_read_alike(reader: Reader, seed: int) -> None:
    """The same addresses come out, where nothing hangs or crashes keepalived and no brace is odd."""
    chance = random.Random(seed)
    while True:
        config = _random_config(chance)
        folder = reader.folder(config, INCLUDED)
        facts, kinds = kalint_reads(folder, "me")
        if (
            any(kind.startswith(("brace", "definition")) for kind in kinds)
            or config.count("@me") + config.count("$M") > 2
        ):
            continue
        said = reader.daemon(folder, "me")
        if said.facts and "already defined" not in said.log:
            break
    dumped = re.findall(r"^ {5}([\d.]+(?:/\d+)?) ", said.log, re.MULTILINE)
    assert _addresses(facts["V"][2]) == _addresses(dumped), config
    assert facts["V"][1] == said.facts["V"][1], config
