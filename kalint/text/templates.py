"""Templates as they lie in repositories: what a rendering decides becomes unknown characters, in the same places.

Every placeholder is replaced by as many UNKNOWN characters, so that lines and columns stay those of the template.
Control tags (`{% if %}`, `{{ range }}`, `<% end %>`) become blanks: both branches of a condition are read. Known are
Jinja, Go, Mustache, ERB, EPP, Mako, Terraform, and the `${NAME}` of envsubst; a file need not say which of them it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

UNKNOWN = "\ue000"
"""A character of a word that only a rendering knows; it is private to programs in Unicode, so no file has it."""
SUFFIXES = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".erb",
    ".epp",
    ".tmpl",
    ".tpl",
    ".gotmpl",
    ".mustache",
    ".mako",
    ".envsubst",
    ".template",
)
"""The ends of the names of templates."""

_TAG = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{\{.*?\}\}\}|\{\{.*?\}\}|<%.*?%>|%\{.*?\}|\$\$?\{[^}\n]*\}|@@?[A-Za-z_]\w*@(?=[/\s]|$)",
    re.DOTALL,
)
_BLOCK_WORDS = r"if|else|elsif|elseif|elif|end|endif|endfor|range|with|define|block|for|foreach|unless|each"
_CONTROL = re.compile(
    r"\{#|\{%|<%[#!]|%\{"
    rf"|\{{\{{[-~]?\s*(?:[#/^!>&]|(?:{_BLOCK_WORDS})\b|\$?\w+\s*:?=(?!=))"
    r"|<%-?\s*(?![=\s])(?!-?=)"
)
_ENDS = re.compile(r"end\w*\b|/|\}")
_MIDDLES = re.compile(r"(?:\}\s*)?(?:else|elsif|elseif|elif)\b")
_OPENS = re.compile(r"(?:if|for|foreach|range|with|define|block|unless|each|macro|call|filter)\b")
_COMMENT_LINE = re.compile(r"^[ \t]*(?:##|%(?!\w+%)).*$", re.MULTILINE)


class Mask(NamedTuple):
    """A template without what a rendering decides.

    `text` has the lines and columns of the template. `control` are the lines (counted from 1) that have a control tag,
    `alone` those that are nothing but a placeholder: any statements may come from them. `balanced`: each branch of a
    condition closes as many braces as it opens, so that the blocks around a statement do not hang on conditions.
    `depths`: how many conditions and loops are open where each line begins.
    """

    text: str
    control: frozenset[int]
    alone: frozenset[int]
    balanced: bool
    depths: tuple[int, ...] = ()


class Template(NamedTuple):
    """A template that was read: its name, its own lines, and what is left of it without a rendering."""

    path: str
    lines: list[str]
    mask: Mask


def is_template(path: str) -> bool:
    """Whether a file's name is that of a template."""
    return path.lower().endswith(SUFFIXES)


def masked(text: str, mako: bool = False) -> Mask:
    """A template's text with unknown characters for placeholders and blanks for control tags.

    Args:
        text: the template; line ends are kept.
        mako: lines that begin with `%` or `##` are control lines.
    """
    control: set[int] = set()
    parts: list[str] = []
    branches = _Branches()
    done, line = 0, 1
    depths: list[int] = []
    for found in _TAG.finditer(text):
        before = text[done : found.start()]
        parts.append(before)
        line += before.count("\n")
        branches.depth += before.count("{") - before.count("}")
        tag = found.group()
        if _CONTROL.match(tag):
            lines = tag.count("\n")
            control.update(range(line, line + lines + 1))
            parts.append(re.sub(r"[^\n]", " ", tag))
            depths += [branches.open] * (line + lines - len(depths))
            branches.take(tag)
            line += lines
        else:
            parts.append(re.sub(r"[^\n]", UNKNOWN, tag))
            line += tag.count("\n")
        done = found.end()
    parts.append(text[done:])
    whole = "".join(parts)
    if mako:
        for found in _COMMENT_LINE.finditer(whole):
            control.add(whole.count("\n", 0, found.start()) + 1)
        whole = _COMMENT_LINE.sub(lambda found: " " * len(found.group()), whole)
    old, new = text.split("\n"), whole.split("\n")
    for number in control:
        new[number - 1] = _one_statement(old[number - 1], new[number - 1])
    alone = frozenset(
        number for number, each in enumerate(new, 1) if each.strip() and not each.strip(f" \t\r{UNKNOWN}")
    )
    depths += [branches.open] * (len(new) - len(depths))
    return Mask("\n".join(new), frozenset(control), alone, branches.balanced, tuple(depths))


class _Branches:
    """Whether each branch of each condition closes as many braces as it opens."""

    def __init__(self) -> None:
        self.depth = 0
        self.balanced = True
        self._starts: list[int] = []

    @property
    def open(self) -> int:
        """How many conditions and loops have begun and not ended."""
        return len(self._starts)

    def take(self, tag: str) -> None:
        """A control tag: what begins, goes on or ends there."""
        words = tag.strip("{}%<>#-~= \t\r\n")
        closes = bool(_ENDS.match(words)) or tag.startswith("{{/") or re.match(r"<%-?\s*\}", tag) is not None
        goes_on = bool(_MIDDLES.match(words))
        opens = (
            bool(_OPENS.match(words)) or tag[2:3] in "#^" or re.search(r"\{\s*-?%>$|\bdo\b[^%]*%>$", tag) is not None
        )
        if tag.startswith(("{#", "{{/*", "{{!", "{{- /*")):
            return
        if (closes or goes_on) and self._starts:
            self.balanced &= self.depth == self._starts[-1]
            self.depth = self._starts.pop()
        if goes_on or (opens and not _ENDS.match(words)):
            self._starts.append(self.depth)


def _one_statement(old: str, new: str) -> str:
    """A line in which control tags choose between words: all behind the first tag is unknown then, but for braces."""
    segments = [each for each in re.split(_TAG, old) if each.strip(" \t\r{}")]
    tags = [found for found in _TAG.finditer(old) if _CONTROL.match(found.group())]
    if len(segments) < 2 or not tags:
        return new
    start = tags[0].start()
    return new[:start] + re.sub(r"[^\s{}]", UNKNOWN, new[start:]) if old[start:].strip() else new
