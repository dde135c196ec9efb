"""The TextMate grammar of keepalived.conf, from the keyword table: what editors colour before a server says more.

`python -m kalint.model.keywords.colours > editors/vscode/syntaxes/keepalived.tmLanguage.json` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from kalint.model.keywords import CONTEXTS, Keyword, keywords
from kalint.model.keywords.forms import BOOLEANS, slots
from kalint.model.keywords.languages import LANGUAGES

SCOPE = "source.keepalived"
_START = r"(?:^|(?<=[{}]))[ \t]*(?:(@\^?[^\s{}]+)[ \t]+)?"
"""Where a statement begins: at the start of a line, after a brace, after an `@id`, which is the first group."""
_END = r"(?=[\s{}]|$)"
_NAMED = (
    *("vrrp_instance", "vrrp_sync_group", "vrrp_script", "track_file", "vrrp_track_file", "vrrp_track_process"),
    *("bfd_instance", "track_group", "virtual_server_group"),
)
"""Blocks whose first word is a name."""


def grammar() -> dict[str, object]:
    """The grammar as a document of TextMate."""
    rows = [row for context in CONTEXTS for row in keywords(context).values()]
    blocks = {row.name for row in rows if row.block or row.entries}
    deprecated = {row.name for row in rows} - {row.name for row in rows if not row.deprecated}
    plain = {row.name for row in rows} - blocks - deprecated
    patterns = [
        *_templates(),
        {"name": "comment.line.keepalived", "match": r"(?<!\\)[#!].*$"},
        {
            "name": "string.quoted.double.keepalived",
            "begin": '"',
            "end": '"|$',
            "patterns": [{"include": "#variable"}, {"name": "constant.character.escape.keepalived", "match": r"\\."}],
        },
        _statement(r"(\$[A-Za-z_]\w*)(=)", "variable.other.definition", "keyword.operator.assignment"),
        {"include": "#variable"},
        {"name": "keyword.control.sequence.keepalived", "match": r"~(?:SEQx?|LST)\b"},
        _statement(r"(include[rmwba]?)[ \t]+(\S+)", "keyword.control.include", "string.unquoted.path"),
        _statement(rf"({'|'.join(_NAMED)})[ \t]+([^\s{{}}#!\"]+)", "storage.type.block", "entity.name.type"),
        _statement(rf"({_either(blocks - deprecated)}){_END}", "storage.type.block"),
        _statement(rf"({_either(plain)}){_END}", "keyword.other.setting"),
        _statement(rf"({_either(deprecated)}){_END}", "invalid.deprecated"),
        {"match": r"^[ \t]*(@\^?[^\s{}]+)", "captures": {"1": {"name": "entity.name.tag.id.keepalived"}}},
        _word("constant.language", _either({*BOOLEANS, *_choices(rows)})),
        _word("support.type.option", _either(_options())),
        _word(
            "constant.other.address",
            r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]+)?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:/[0-9]+)?",
        ),
        _word("constant.numeric", r"[+-]?[0-9]+(?:\.[0-9]+)?|0x[0-9A-Fa-f]+"),
    ]
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "keepalived",
        "scopeName": SCOPE,
        "fileTypes": ["keepalived.conf"],
        "patterns": patterns,
        "repository": {
            "variable": {"name": "variable.other.keepalived", "match": r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_][\w \t]*\})"}
        },
    }


def _templates() -> Iterator[dict[str, object]]:
    """Tags of templates, whatever is in them."""
    for name, begin, end in (
        ("comment.block.template", r"\{#", r"#\}"),
        ("meta.template.control", r"\{%", r"%\}"),
        ("meta.template.value", r"\{\{", r"\}\}"),
        ("meta.template.value", r"<%", r"%>"),
    ):
        yield {"name": f"{name}.keepalived", "begin": begin, "end": end}


def _statement(pattern: str, *names: str) -> dict[str, object]:
    """What a statement begins with; `names` are those of the groups of the pattern."""
    groups = enumerate(("entity.name.tag.id", *names), 1)
    captures = {str(number): {"name": f"{name}.keepalived"} for number, name in groups}
    return {"match": f"{_START}{pattern}", "captures": captures}


def _word(name: str, pattern: str) -> dict[str, object]:
    return {"name": f"{name}.keepalived", "match": rf"(?<![^\s{{}}])(?:{pattern}){_END}"}


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))


def _choices(rows: Iterable[Keyword]) -> Iterator[str]:
    """Every word that a keyword offers for a choice."""
    for row in rows:
        for slot in slots(row.arguments):
            if slot.kind.startswith(("(", "anycase(")):
                for each in slot.kind.partition("(")[2].partition(")")[0].split("|"):
                    if not each.lstrip("-").isdecimal():
                        yield each


def _options() -> set[str]:
    """The options of entries, with those of a tracked thing."""
    return {option for language in LANGUAGES.values() for option in language.values} | {
        "weight",
        "reverse",
        "noreverse",
    }


if __name__ == "__main__":
    import sys

    json.dump(grammar(), sys.stdout, indent=2)
    sys.stdout.write("\n")
