"""A comment in the style of another language.

## What it does
Finds `//`, `/*`, `;` and `--` where a comment was meant.

## Why it is bad
Comments of keepalived begin with `#` or `!`. keepalived reads the text after any other sign as a keyword, as a value,
or as an entry of the block.

## Bad
```
// the first router
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
# the first router
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (decomment_string).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.source import Span

INFO = RuleInfo("KA020", "non-comment", "warning", "proven", "a comment that begins with neither # nor !", folds=True)

MARKS = ("//", "/*", "*/", ";", "--")


def _mark(words: str) -> str | None:
    """The mark at the beginning of a comment of another language; `--fast` is an option of a command."""
    if not words.startswith(MARKS):
        return None
    found = next(mark for mark in MARKS if words.startswith(mark))
    return None if found == "--" and words[2:3].isalnum() else found


def foreign_comment(words: str) -> bool:
    """Whether words that keepalived cannot use were meant as a comment."""
    return _mark(words) is not None


def _ends(context: Context, span: Span) -> bool:
    """Whether nothing follows on the line, but for a comment: then it ends a statement (KA024)."""
    lines = context.files.get(span.file, [])
    rest = lines[span.line - 1][span.end_column - 1 :].strip() if span.line <= len(lines) else ""
    return not rest or rest[0] in "#!}"


def check(context: Context) -> Iterator[Diagnostic]:
    seen = set()
    for problem in context.found("keyword-unknown", "argument-extra", "value-invalid"):
        mark = _mark(problem.subject)
        if (
            mark
            and not (problem.subject == ";" and _ends(context, problem.span))
            and (problem.span.file, problem.span.line) not in seen
        ):
            seen.add((problem.span.file, problem.span.line))
            message = f"'{mark}' does not begin a comment: keepalived reads the words after it"
            yield INFO.at(problem.span, message, help="write # before the comment instead")


RULE = Rule(INFO, check, on=("keyword-unknown", "argument-extra", "value-invalid"))
