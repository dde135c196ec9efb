"""From a line of text to a requirement, by grammars/requirements.lark.

Imports lark, which takes long: `kalint check` imports this only where there are requirements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer, Token

from kalint.requirements.errors import RequirementError
from kalint.requirements.model import EVENTFUL, NOWHERE, Place, Requirement
from kalint.requirements.tree import requirement
from kalint.requirements.words import LABEL, Word, cut

_OTHERS = frozenset(("NAME", "NUMBER", "DURATION", "LPAR", "RPAR"))
_KINDS = {"NAME": "a name", "NUMBER": "a number", "DURATION": "a time such as 5 s", "LPAR": "(", "RPAR": ")"}
_CLAIMS = (
    "a claim is: NODE is master, NODE is never master, someone is master, nobody is master, exactly one master, "
    "never two masters, the master stays, priority of NODE is above N"
)
MOST_BYTES = 4000
"""So many characters a line may have."""


class _Ready(Lexer):
    """Takes what is tokens already."""

    def __init__(self, *_: Any) -> None:
        """Nothing to configure."""

    def lex(self, *arguments: Any, **_: Any) -> Iterator[Token]:
        yield from arguments[0]


@lru_cache(maxsize=1)
def _lark() -> Lark:
    try:
        text = resources.files("kalint.grammars").joinpath("requirements.lark").read_text("utf-8")
    except ModuleNotFoundError:
        text = (Path(__file__).parents[2] / "grammars" / "requirements.lark").read_text("utf-8")
    return Lark(text, parser="lalr", lexer=_Ready, start="requirement")


@lru_cache(maxsize=1)
def keywords() -> frozenset[str]:
    """Every keyword of the language, in lower case: a name that is one of them must be quoted."""
    names = {symbol.name for rule in _lark().rules for symbol in rule.expansion if symbol.is_term}
    return frozenset(name.lower() for name in names - _OTHERS)


_CLAIM_FIRST = "write the claim first: 'lb2 is master when lb1 stops'"
_BEGUN = {
    "there": "write 'someone is master' or 'exactly one master'",
    "no": "write 'nobody is master' or 'never two masters'",
    **dict.fromkeys(("if", "when", "while", "after", "whatever", "unless", "always"), _CLAIM_FIRST),
}
"""Words that no claim begins with, and what was meant."""
_SAID_FOR = {
    **dict.fromkeys(("must", "should", "shall", "will"), "is"),
    "if": "when",
    "once": "when",
    "becomes": "is",
    "dies": "crashes",
    "breaks": "fails",
    "dead": "down",
    "broken": "down",
    "failed": "down",
    "even": "whatever",
    "except": "unless",
}
"""Words that people write, and those of the language that they mean."""


def parse(line: str, place: Place = NOWHERE) -> Requirement:
    """One requirement.

    Args:
        line: its text, with the name in front, if it has one.
        place: where it is written.

    Raises:
        RequirementError: it says nothing; with the place in the line, and what could stand there.
    """
    if len(line) > MOST_BYTES:
        raise RequirementError(f"this line is longer than {MOST_BYTES:,} characters", line[:80], 1, 80)
    if keywords().isdisjoint(line.lower().split()):  # as a line of any other file
        raise RequirementError("no word of this line belongs to a requirement", "", 1, 1, _CLAIMS)
    found = cut(line, keywords())
    label = LABEL.match(line)
    if not found:
        raise RequirementError("there is no claim", line, len(line) + 1, 1, _CLAIMS)
    tokens = [
        Token(word.kind, word.value, column=word.column, end_column=word.column + len(word.text)) for word in found
    ]
    try:
        tree = _lark().parse(tokens)
    except UnexpectedToken as error:
        raise _unexpected(error, line, found) from None
    made = requirement(tree, line)
    _check(made, line, found)
    return made._replace(name=label[1] if label is not None else "", place=place)


def _check(made: Requirement, line: str, words: Sequence[Word]) -> None:
    """What the grammar does not say: some claims and a time need something that happens."""
    eventful = made.condition.kind in EVENTFUL
    if made.claim.kind in ("stays", "changes") and not eventful:
        verb = "stays" if made.claim.kind == "stays" else "changes"
        at = next(word for word in words if word.kind == verb.upper())
        text = f"the master {verb} needs an event"
        raise RequirementError(
            text, line, at.column, len(at.text), "write: when ... fails, or: whatever one thing fails"
        )
    if made.within is not None and not eventful:
        at = next(word for word in words if word.kind == "WITHIN")
        text = "'within' needs an event from which the time counts"
        raise RequirementError(text, line, at.column, len(at.text), "write: when ... fails, within 5 s")


def _unexpected(error: UnexpectedToken, line: str, words: Sequence[Word]) -> RequirementError:
    token = error.token
    state: Any = error.interactive_parser
    accepts = sorted(state.accepts()) if state is not None else []
    expected = [name for name in accepts if name != "$END"]
    could = _could(expected, "$END" in accepts)
    if token.type == "$END":
        end = words[-1].column + len(words[-1].text) if words else len(line) + 1
        help_ = f"expected {could}"
        if expected == ["AND"] and any(word.kind == "AFTER" for word in words):
            help_ = "write 'when' in place of 'after', or add 'and recovers'"
        return RequirementError("the requirement is incomplete", line, end + 1, 1, help_)
    word = next(each for each in words if each.column == token.column)
    message = f"'{word.text}' is not expected here"
    return RequirementError(message, line, word.column, len(word.text), _help(word, expected, could, words))


def _help(word: Word, expected: Sequence[str], could: str, words: Sequence[Word]) -> str:
    known = [name.lower() for name in expected if name not in _OTHERS]
    first = word is words[0]
    meant = _meant(word, expected, words)
    if meant:
        return meant
    close = get_close_matches(word.text.lower(), known, 1, 0.7)
    if close and close[0] != word.text.lower():
        return f"did you mean '{close[0]}'?"
    if word.kind == "DOWN" and "RELOADED" in expected:
        return "write 'fails' for an event, or 'while' in place of 'when'"
    if word.kind in ("FAILS", "FAIL", "STOPS", "CRASHES") and {"IS", "ARE"} & set(expected):
        return "write 'is down' for a state, or 'when' in place of 'while'"
    if word.kind not in _OTHERS and "NAME" in expected and not first:
        return f'to use a keyword as a name, quote it: "{word.text}"; expected {could}'
    previous = words[words.index(word) - 1] if not first else None
    if previous is not None and previous.kind == "NAME":
        mistyped = get_close_matches(previous.text.lower(), sorted(keywords()), 1, 0.75)
        if mistyped:
            return f"did you mean '{mistyped[0]}' for '{previous.text}'? expected {could}"
    return f"expected {could}"


def _meant(word: Word, expected: Sequence[str], words: Sequence[Word]) -> str:
    """What to write for a word that people say and the language has not; empty: nothing is known."""
    said = word.text.lower()
    begun = words[0].text.lower()
    if begun in _BEGUN:
        return _BEGUN[begun]
    if said == "not" and "NEVER" in expected:
        return "write 'never'"
    if said in ("has", "owns", "gets") and "IS" in expected:
        priority = words[-1].kind == "NUMBER"
        return f"write 'priority of {words[0].text} is {words[-1].text}'" if priority else "write 'is master'"
    if said in ("takes", "stays", "remains") and "IS" in expected:
        return "write 'is master'"
    if word.kind in ("FAILS", "FAIL") and "ONE" in expected:
        return "write 'one thing fails', or how many"
    meant = _SAID_FOR.get(said)
    if meant is not None and meant.upper() in expected:
        return f"write '{meant}'"
    at = words.index(word)
    if word.kind == "ON" and at and words[at - 1].kind == "NAME":
        return f"write 'script {words[at - 1].text} on', or interface, process, bfd or file in front of the name"
    return ""


def _could(expected: Sequence[str], end: bool) -> str:
    """What could stand there, in words."""
    shown = [_KINDS[name] for name in _KINDS if name in expected]
    shown += [f"'{name.lower()}'" for name in expected if name not in _KINDS]
    if end:
        shown.append("the end")
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def parse_all(text: str, file: str = "", first: int = 1, shift: int = 0) -> tuple[Requirement, ...]:
    """The requirements of a text, one a line; lines without any are passed over.

    Args:
        text: the lines.
        file: where they are written.
        first: the number of the first line there.
        shift: how many characters of that first line stand in front of the text.

    Raises:
        RequirementError: see `parse`; or two requirements of one name.
    """
    found: list[Requirement] = []
    names: dict[str, int] = {}
    for number, raw in enumerate(text.split("\n"), first):
        line = raw.rstrip("\r")
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        before = (shift if number == first else 0) + len(line) - len(line.lstrip())
        place = Place(file, number, before + 1, before + len(stripped) + 1, stripped)
        try:
            made = parse(stripped, place)
            if made.name and names.setdefault(made.name, number) != number:
                other = f"line {names[made.name]} already has the name {made.name}"
                raise RequirementError(other, stripped, 1, len(made.name), "give each requirement a name of its own")
        except RequirementError as error:
            raise error.at(file, number, before) from None
        found.append(made)
    return tuple(found)
