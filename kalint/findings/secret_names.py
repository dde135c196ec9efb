"""The $definitions of a file, and the variables of a template, that lead to a secret through others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kalint.findings.markup import assigned, variables
from kalint.spelling import FAR, distance

DEFINITION = re.compile(r"\s*(?:@\S+[ \t]+)?\$([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*")
SEQUENCE = re.compile(r"\s*~(?:LST|SEQx?)[ \t]*\(")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
MOST_COMPARED = 1000
"""Pairs of names: of more, only those that are the same but for their case are found."""


def add_uses(lines: Sequence[str], uses: dict[str, set[str]]) -> None:
    """Take in which names the values of the $definitions and sequences of a file use, as `Scanner` reads them."""
    name = ""
    for text in lines:
        for variable, others in assigned(text):
            uses.setdefault(variable, set()).update(others)
        if "$" not in text and not name:
            continue
        defined = DEFINITION.match(text)
        sequence = SEQUENCE.match(text)
        if defined is not None:
            name, value = defined.group(1), text[defined.end() :]
        elif sequence is not None and not name:
            value = text[sequence.end() : text.find(")", sequence.end()) + 1 or len(text)]
            for each in NAME.findall(value):
                uses.setdefault(each, set()).update(names_in(value))
            continue
        else:
            value = text
        if name:
            uses.setdefault(name, set()).update(names_in(value))
        if not text.rstrip().endswith("\\"):
            name = ""


def names_in(text: str) -> list[str]:
    """The $definitions, and the variables of templates, that a text uses."""
    return [*_USED.findall(text), *variables(text)]


def defined(sources: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The names of all $definitions."""
    names = (DEFINITION.match(line) for lines in sources.values() for line in lines if "$" in line)
    return frozenset(found.group(1) for found in names if found is not None)


def meant(names: set[str], known: frozenset[str]) -> set[str]:
    """The $definitions that names without one may be meant as: `$pw_` for `$PW`."""
    without = names - known
    if not without:
        return set()
    plain = {_bare(name) for name in without}
    found = {each for each in known if _bare(each) in plain}
    if len(without) * len(known) <= MOST_COMPARED:
        found.update(each for each in known if len(each) > FAR and any(distance(each, name) == 1 for name in without))
    return found


def _bare(name: str) -> str:
    return name.strip("_").lower()
