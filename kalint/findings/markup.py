"""Secrets in the markup of templates: texts that a variable gets, or has in place of none, that leads to a password.

`{% set pw = "X" %}`, `{{ password | default("X") }}`, `<% x = 'X' %>`, `{{- $x := "X" }}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalint.findings.commands import Range

MARKUP = "{{", "{%", "<%"
_TAG = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|<%.*?(?:%>|\Z)")
_LITERAL = r"""(?:"((?:[^"\\]|\\.)*)"?|'((?:[^'\\]|\\.)*)'?|(?<![\w.])([0-9]{4,})(?![\w.]))"""
_TEXT = re.compile(_LITERAL)
_VARIABLE = re.compile(r"(?<![\w|'\"-])(?<!\|[ \t])[.$]?([A-Za-z_]\w*(?:\.\w+)*)(?![\w(]|[ \t]*\()")
_GIVEN = re.compile(
    r"[.$]?([A-Za-z_]\w*(?:\.\w+)*)(?:\[[^\]]*\])?[\"']?\]?[ \t]*"
    rf"(?::?=(?!=)|:|=>|\|\|?[ \t]*(?:default|d)?|\bor\b)[ \t]*\(?[ \t]*{_LITERAL}"
)
"""A name, and the text that it gets."""
_DEFAULT = re.compile(rf"\bdefault[ \t]+{_LITERAL}[ \t]+[.$]?([A-Za-z_]\w*(?:\.\w+)*)")
"""`default "X" .Values.password`, of Helm."""
_ASSIGNED = re.compile(r"(?:\bset[ \t]+|[$<%-][ \t]*)([A-Za-z_]\w*)[ \t]*:?=(?!=)(.*)")
WORDS = frozenset(
    (
        *("and", "block", "default", "do", "else", "elsif", "end", "endfor", "endif", "false", "for", "if", "import"),
        *("in", "include", "is", "lookup", "macro", "no", "none", "not", "or", "quote", "range", "set", "true"),
        *("unless", "when", "with", "yes"),
    )
)
"""Words of templates, which are no variables."""
_LANGUAGE = re.compile(rf"(?<![\w.\"'-])(?:{'|'.join(sorted(WORDS))})(?![\w.\"'-])\(?")
_HARMLESS = frozenset(("", "PASS", "AH", "NONE", "MASTER", "BACKUP", "yes", "no", "true", "false"))


def literals(text: str, names: frozenset[str], telling: re.Pattern[str]) -> Iterator[Range]:
    """Where the secret texts of a line's markup are: of variables in `names`, and of those whose name is `telling`."""
    for tag in _tags(text) if has_literal(text) else ():
        if not names.isdisjoint(variables(tag.group())):
            for found in _TEXT.finditer(text, *tag.span()):
                yield from _bare(found, 1)
        for pattern, name, first in ((_GIVEN, 1, 2), (_DEFAULT, 4, 1)):
            for found in pattern.finditer(text, *tag.span()):
                if telling.search(found.group(name)):
                    yield from _bare(found, first)


def has_literal(text: str) -> bool:
    """Whether a line has markup, and a text in it or beside it: nearly no line of a template has."""
    return any(mark in text for mark in MARKUP) and _TEXT.search(text) is not None


def without_braces(text: str) -> str:
    """The text with others for the braces of its markup, which open and close nothing in keepalived."""
    return _TAG.sub(lambda tag: tag.group().replace("{", "(").replace("}", ")"), text)


def without_words(line: str, start: int, end: int) -> str:
    """A part of a line without the words of templates, if it has markup."""
    part = line[start:end]
    return _LANGUAGE.sub(" ", part) if any(mark in line for mark in MARKUP) else part


def variables(text: str) -> Iterator[str]:
    """The variables in the markup of a text."""
    for tag in _tags(text):
        bare = _TEXT.sub(lambda found: " " * len(found.group()), tag.group())
        yield from (name for name in _VARIABLE.findall(bare) if name not in WORDS)


def assigned(text: str) -> Iterator[tuple[str, list[str]]]:
    """The variables that a line's markup sets, each with those of which it is made."""
    for tag in _tags(text) if "=" in text else ():
        found = _ASSIGNED.search(tag.group())
        if found is not None:
            yield found.group(1), list(variables(f"{{{{ {found.group(2)}"))


def _tags(text: str) -> Iterator[re.Match[str]]:
    if any(mark in text for mark in MARKUP):
        yield from _TAG.finditer(text)


def _bare(found: re.Match[str], first: int) -> Iterator[Range]:
    """The text in one of three groups."""
    for group in range(first, first + 3):
        if found.group(group) is not None and found.group(group) not in _HARMLESS:
            yield found.span(group)
