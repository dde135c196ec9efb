"""Templates as they lie in repositories: what a rendering decides becomes unknown characters, in the same places.

Every placeholder is replaced by as many UNKNOWN characters, so that lines and columns stay those of the template.
Control tags (`{% if %}`, `{{ range }}`, `<% end %>`) become blanks: both branches of a condition are read. Known are
Jinja, Go, Mustache, ERB, EPP, Mako, Terraform, and the `${NAME}` of envsubst; a file need not say which of them it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kalint.text.branches import Branches

UNKNOWN = "\ue000"
"""A character of a word that only a rendering knows; it is private to programs in Unicode, so no file has it."""
_OPENING = re.compile(r"\{[#%{]|<%|%\{|\$\$?\{|@@?[A-Za-z_]\w*@(?=[/\s]|$)")
_PAIRS = (("{#", "#}"), ("{%", "%}"), ("{{{", "}}}"), ("{{", "}}"), ("<%", "%>"), ("%{", "}"), ("$", "}"))
_TAGS = tuple((*pair, re.compile(".*?".join(map(re.escape, pair)), re.DOTALL)) for pair in _PAIRS)
"""How tags begin and end; that which begins with a $ ends on its line."""
_BLOCK_WORDS = r"if|else|elsif|elseif|elif|end|endif|endfor|range|with|define|block|for|foreach|unless|each"
_CONTROL = re.compile(
    r"\{#|\{%|<%[#!]|%\{"
    rf"|\{{\{{[-~]?\s*(?:[#/^!>&]|(?:{_BLOCK_WORDS})\b|\$?\w+\s*:?=(?!=))"
    r"|<%-?\s*(?![=\s])(?!-?=)"
)
_INCLUDES = re.compile(
    r"\{%[-+]?\s*(?:include|import|from|extends)\b|\{\{-?\s*(?:template|include|block)\b"
    r"|<%=?-?\s*(?:render|include|scope\.function_template|epp)\b"
)
_RAW = re.compile(r"\{\{(-?\s*)`|`(\s*-?)\}\}")
_COMMENT_LINE = re.compile(r"^[ \t]*(?:##|%(?!\w+%)).*$", re.MULTILINE)


class Mask(NamedTuple):
    """A template without what a rendering decides.

    `text` has the lines and columns of the template. `control` are the lines (counted from 1) that have a control tag,
    `alone` those that are nothing but a placeholder: any statements may come from them. `balanced`: each branch of a
    condition closes as many braces as it opens, so that the blocks around a statement do not hang on conditions.
    `depths`: how many conditions and loops are open where each line begins. `includes`: another template comes in.
    `branches`: how many branches the condition with the most of them has; 1 without any `else`.
    `missing`: how many braces are missing (or too many, below 0) in every rendering; 0 where that hangs on conditions.
    """

    text: str
    control: frozenset[int]
    alone: frozenset[int]
    balanced: bool
    depths: tuple[int, ...] = ()
    includes: bool = False
    missing: int = 0
    branches: int = 1


class Template(NamedTuple):
    """A template that was read: its name, its own lines, and what is left of it without a rendering."""

    path: str
    lines: list[str]
    mask: Mask


def masked(text: str, mako: bool = False, branch: int | None = None) -> Mask:
    """A template's text with unknown characters for placeholders and blanks for control tags.

    Args:
        text: the template; line ends are kept.
        mako: lines that begin with `%` or `##` are control lines.
        branch: which branch of each condition is read, from 0 (the last one where it has fewer); None: all of them.
    """
    if "{{" in text and "`" in text:  # raw text of Go, which may be another template
        text = _RAW.sub(lambda found: " " * len(found.group()), text)
    tags = list(_tags(text))
    ruling = [found for found in tags if _CONTROL.match(found.group())]
    control: set[int] = set()
    parts: list[str] = []
    done = line = 0
    for found in tags:
        before, tag = text[done : found.start()], found.group()
        line += before.count("\n")
        rules = _CONTROL.match(tag) is not None
        if rules:
            control.update(range(line + 1, line + tag.count("\n") + 2))
        parts += [before, re.sub(r"[^\n]", " " if rules else UNKNOWN, tag)]
        line += tag.count("\n")
        done = found.end()
    whole = "".join((*parts, text[done:]))
    if mako:
        for found in _COMMENT_LINE.finditer(whole):
            control.add(whole.count("\n", 0, found.start()) + 1)
        whole = _COMMENT_LINE.sub(lambda found: " " * len(found.group()), whole)
    branches = Branches(whole, ruling)
    if branch is not None:
        whole = _branch(whole, branches.chains, branch)
    old, new = text.split("\n"), whole.split("\n")
    for number in control:
        if new[number - 1].strip():
            new[number - 1] = _one_statement(old[number - 1], new[number - 1])
    alone = frozenset(
        number for number, each in enumerate(new, 1) if each.strip() and not each.strip(f" \t\r{UNKNOWN}")
    )
    includes = _INCLUDES.search(text) is not None
    most = max((len(chain) - 1 for chain in branches.chains), default=1)
    return Mask(
        "\n".join(new),
        frozenset(control),
        alone,
        branches.balanced,
        branches.depths,
        includes,
        branches.missing,
        most,
    )


def _tags(text: str) -> Iterator[re.Match[str]]:
    """Every placeholder and control tag; each that is never closed costs no look at all that follows it."""
    nearest: dict[str, int] = {}

    def next_of(mark: str, start: int) -> int:
        if nearest.get(mark, -1) < start:
            found = text.find(mark, start)
            nearest[mark] = len(text) if found < 0 else found
        return nearest[mark]

    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        start = opening.start()
        tag = opening if text[start] == "@" else None
        for begin, end, pattern in _TAGS:
            if tag is None and text.startswith(begin, start):
                behind = start + len(begin)
                within = next_of("\n", behind) if begin == "$" else len(text)
                tag = pattern.match(text, start) if next_of(end, behind) < within else None
        at = start + 1 if tag is None else tag.end()
        if tag is not None:
            yield tag


def _branch(text: str, chains: Sequence[tuple[int, ...]], branch: int) -> str:
    """The text with blanks for all branches of each condition but one."""
    characters = list(text)
    for chain in chains:
        for index in range(len(chain) - 1):
            if index != min(branch, len(chain) - 2):
                for at in range(chain[index], chain[index + 1]):
                    if characters[at] != "\n":
                        characters[at] = " "
    return "".join(characters)


def _one_statement(old: str, new: str) -> str:
    """A line in which control tags choose between words: all after the first tag is unknown then, but for braces."""
    every = list(_tags(old))
    tags = [found for found in every if _CONTROL.match(found.group())]
    ends, starts = [0, *(found.end() for found in every)], [*(found.start() for found in every), len(old)]
    segments = [old[end:start] for end, start in zip(ends, starts, strict=True) if old[end:start].strip(" \t\r{}")]
    if len(segments) < 2 or not tags or not old[tags[0].start() :].strip():
        return new
    start, end = tags[0].start(), tags[-1].end()
    between = "".join(each if each in "{}" else UNKNOWN for each in new[start:end])
    return new[:start] + between + re.sub(r"[^\s{}]", UNKNOWN, new[end:])
