"""Requirements are read as docs/requirements.md says, and what is none is refused with a caret and advice."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kalint.requirements.errors import RequirementError
from kalint.requirements.normal import normal
from kalint.requirements.parser import parse, parse_all

SAME = {
    "lb2 is master of web when script chk on lb1 fails, within 5 s": None,
    "LB IS MASTER WHILE NOTHING IS DOWN": "LB is master while nothing is down",
    "lb1 is master": "lb1 is master while nothing is down",
    "lb1 is master again.": "lb1 is master while nothing is down",
    "lb1 or lb2 is master of VRID 51 ipv6 always": None,
    "lb3 is never master": "lb3 is never master always",
    "lb3 is never master unless lb1 and lb2 are out": None,
    "someone is master whatever one thing fails": None,
    "nobody is master while lb1 and lb2 are down": None,
    "exactly one master of 10.0.0.9 whatever 2 things fail": "exactly one master of 10.0.0.9 whatever two things fail",
    "never two masters, whatever 3 things or links fail": "never two masters whatever three things or links fail",
    "never two masters": "never two masters always",
    "the master of web stays when lb1 is reloaded": None,
    "the master stays of web when the master stalls for 2s": "the master of web stays when the master stalls for 2 s",
    "the master changes to lb2 when the master crashes within 500ms": (
        "the master changes to lb2 when the master crashes, within 500 ms"
    ),
    "lb2 is master within 2 min when lb1 stops": "lb2 is master when lb1 stops, within 2 min",
    "web and db have the same masters": "web and db have the same master while nothing is down",
    "web and db have different masters always": None,
    "lb1 is in FAULT while interface eth0 on lb1 is down": None,
    "lb1 never in fault of web": "lb1 is never in FAULT of web always",
    "priority of lb1 in web is 100": "priority of lb1 in web is 100 while nothing is down",
    "priority of lb1 stays above 100 unless interface eth0 on lb1 is down": (
        "priority of lb1 is above 100 unless interface eth0 on lb1 is down"
    ),
    "priority of lb1 is at least that of lb2 by 10": "priority of lb1 is at least that of lb2 by 10 always",
    "lb1 is master after script chk on lb1 fails and file f on lb1 is 5 and recovers": None,
    "lb1 is master when link between lb1 and lb2 is cut": None,
    "lb1 is master when script chk on the master fails": None,
    "lb1 is master while not (lb2 is down or only together gw is down) and not lb3 is out": None,
    "lb1 is master while lb2 is not down": "lb1 is master while not lb2 is down",
    'lb1 is master of "my web" always': None,
    '"master" is master of "12" always # the node is named so': '"master" is master of "12" always',
    "whatever: someone is master whatever one thing fails on lb1": "someone is master whatever one thing fails on lb1",
}


@pytest.mark.parametrize("text", SAME)
def test_normal_form(text: str) -> None:
    """What can be said two ways has one normal form, which is read as the same again."""
    found = parse(text)
    form = normal(found)
    assert form == (SAME[text] or text)
    assert normal(parse(form)) == form


def test_precedence() -> None:
    """`not` binds before `and` before `or`."""
    state = parse("lb1 is master while not a is down and b is down or c is down").condition.state
    assert state is not None
    assert [state.kind, state.parts[0].kind, state.parts[0].parts[0].kind] == ["or", "and", "not"]


ERRORS = {
    "lb2 is mastr when lb1 fails": ("'mastr' is not expected here", 8, "did you mean 'master'?"),
    "lb2 is master when lb1 is down": (
        "'down' is not expected here",
        27,
        "write 'fails' for an event, or 'while' in place of 'when'",
    ),
    "lb2 is master while lb1 fails": (
        "'fails' is not expected here",
        25,
        "write 'is down' for a state, or 'when' in place of 'while'",
    ),
    "lb1 is master when": (
        "the requirement is incomplete",
        20,
        "expected a name, 'bfd', 'file', 'interface', 'link', 'process', 'script', 'the' or 'together'",
    ),
    "the master stays": ("the master stays needs an event", 12, "write: when ... fails, or: whatever one thing fails"),
    "lb1 is master, within 5 s": (
        "'within' needs an event from which the time counts",
        16,
        "write: when ... fails, within 5 s",
    ),
    "lb1 is master of VRID 300": ("300 is not a VRID", 23, "a VRID is 1 to 255"),
    "priority of lb1 is 300": ("300 is not a priority", 20, "a priority is 1 to 254, of an address owner 255"),
    "lb1 is master when script chk on lb1 stops": ("only a node stops, not a script", 20, "write: fails"),
    "lb1 is master while script chk on lb1 is out": ("only a node can be out, not a script", 21, "write: is down"),
    "lb1 is master while script x on lb1 is 5": ("only a file has a number", 40, "write: file NAME on NODE is 5"),
    "lb1 is master while the master is down": (
        "'the master' is only possible in an event",
        21,
        "write: when the master stops, or name the node",
    ),
    'lb1 is master of "web': ("the closing quotation mark is missing", 18, ""),
    "a or b is never master": ("this claim names one node only", 6, "write a requirement for each node"),
    "lb1 is master when lb1 stalls for 2 s and lb2 stops": (
        "'stalls' stands alone",
        20,
        "write: when NODE stalls for 2 s",
    ),
    "a is master when link between a and a is cut": ("a link is between two nodes", 37, ""),
    "someone is master whatever 0 things fail": ("0 is not a number of things", 28, "write a number from 1 to 99"),
}


@pytest.mark.parametrize("text", ERRORS)
def test_errors(text: str) -> None:
    """Each says what is wrong, where, and what to write."""
    with pytest.raises(RequirementError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.column, caught.value.advice) == ERRORS[text]


def test_error_with_line_and_caret() -> None:
    """The text of an error has the place in the file, the line, a caret below the word, and the advice."""
    with pytest.raises(RequirementError) as caught:
        parse_all("# first\n\n   lb2 is mastr\n", "web.require")
    assert str(caught.value) == (
        "web.require:3:11: 'mastr' is not expected here\n  lb2 is mastr\n         ^^^^^\n  help: did you mean 'master'?"
    )


def test_lines() -> None:
    """One a line, with names and places; a first line may have characters in front of it."""
    found = parse_all("lb1 is master\n # none\n\n  up: someone is master # always\n", "k.toml", 4, 11)
    assert [(each.name, each.place.line, each.place.column) for each in found] == [("", 4, 12), ("up", 7, 3)]


def test_one_name_twice() -> None:
    """Two requirements of one name would be one in a report."""
    with pytest.raises(RequirementError, match="line 1 already has the name up"):
        parse_all("up: someone is master\nup: lb1 is master")


@pytest.mark.parametrize(
    "text", ["(" * 3000, '"', "\x00", "é is master when ☃ fails", "a" * 5000, "is is is", "," * 50]
)
def test_nonsense_is_an_error_or_a_requirement(text: str) -> None:
    """Nothing but a requirement or a RequirementError comes out of any text."""
    with suppress(RequirementError):
        assert parse(text).claim.kind


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("lb2 is master if lb1 crashes", "write 'when'"),
        ("lb2 becomes master", "write 'is'"),
        ("lb1 is not master when lb1 stops", "write 'never'"),
        ("lb2 must be master when lb1 stops", "write 'is'"),
        ("lb1 has priority 100", "write 'priority of lb1 is 100'"),
        ("lb1 has the address", "write 'is master'"),
        ("no two masters", "write 'nobody is master' or 'never two masters'"),
        ("when lb1 stops, lb2 is master", "write the claim first: 'lb2 is master when lb1 stops'"),
        ("if lb1 fails then lb2 is master", "write the claim first: 'lb2 is master when lb1 stops'"),
        ("lb2 stays master when lb1 stops", "write 'is master'"),
        ("the master stays whatever fails on lb2", "write 'one thing fails', or how many"),
        ("lb2 is master after lb1 stops", "write 'when' in place of 'after', or add 'and recovers'"),
        ("lb2 takes over when lb1 stops", "write 'is master'"),
        ("there is always a master", "write 'someone is master' or 'exactly one master'"),
        ("lb2 is master when lb1 dies", "write 'crashes'"),
        ("lb1 is master while lb2 is dead", "write 'down'"),
        (
            "lb1 is master unless chk on lb1 is down",
            "write 'script chk on', or interface, process, bfd or file in front of the name",
        ),
    ],
)
def test_words_that_people_say(text: str, advice: str) -> None:
    """What a newcomer writes first is answered by the word that the language has."""
    with pytest.raises(RequirementError) as error:
        parse(text)
    assert error.value.advice == advice
