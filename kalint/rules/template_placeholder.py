"""A template placeholder that was not filled in.

## What it does
Finds `__VIP__`, `<your address>`, `[virtual_ip]`, `{{ value }}`, `${VIP:-value}`, `@VIP@`, `%VIP%` and `x.x.x.x` in
place of a value. Each placeholder is reported once, with its other places, and these lines have no other findings. A
file with the markup of a template engine has no other findings at all.

## Why it is bad
keepalived uses the placeholder as a value: an interface that does not exist, an invalid address, or a line that ends
at its braces.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        __VIP__
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
Seen in 42 of 449 published configurations; vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (parse_ipaddress).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.source import Span

INFO = RuleInfo("KA015", "template-placeholder", "error", "proven", "an unfilled template placeholder", folds=True)

IN_WORDS = re.compile(
    r"__[A-Za-z0-9]\w*?__"
    r"|%%?[A-Za-z_][A-Za-z0-9_]+%%?"
    r"|<-*\w[\w.:/|-]*(?: [\w.:/|-]+)*>"
    r"|(?<!\S)\[\[?[A-Za-z]+(?:[_ ][A-Za-z_ ]+)?\]?\](?=[/\s]|$)"
    r"|\[[A-Za-z]+[_ ][A-Za-z_ ]+\]"
    r"|(?<!\S)(?:\$\([^()\s]+\)|\$\[\w+\])"
    r"|(?<![\w$-])(?:(?:[A-Z]+_)+HERE|YOUR(?:_[A-Z]+)+|CHANGE_?ME|REPLACE_?ME)(?![\w-])"
    r"|(?<![\w.])(?=[\d.]*[xX])(?:\d{1,3}|[xX]{1,3})(?:\.(?:\d{1,3}|[xX]{1,3})){3}(?![\w.])"
)
IN_LINES = re.compile(
    r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|<%.*?(?:%>|$)|\$\{\w+(?:\.\w+)*:?[-=?+.][^}]*\}"
    # At the start of a line keepalived takes it for a config id.
    r"|(?<!\S)@[A-Za-z_][A-Za-z0-9_]*@(?=[/\s]|$)"
)
_BRACED = re.compile(r"(?<!\S)%?\{[A-Za-z_]\w*\}(?=[/\s]|$)")
WORD_SIGNS = ("%", "$(", "$[", "<", "[", "__", "HERE", "YOUR", "CHANGE", "REPLACE", "x.", "X.", ".x", ".X")
"""What everything of IN_WORDS has one of, and few lines have."""
SIGN = re.compile("|".join(map(re.escape, WORD_SIGNS)))
MARKUP = ("{{", "{%", "<%", "${")
SIGNS = (*MARKUP, "@")
"""With what everything of IN_LINES begins."""
MARKED = "template markup"
COMMENT = re.compile(r"[#!]")
COMMANDS = ("script", "notify", "misc_path", "alpha", "smtp")


def places(context: Context) -> Iterator[tuple[str, Span]]:
    """Every placeholder and where it stands."""
    yield from _in_braces(context)
    if any(sign in context.text for sign in SIGNS):
        for name, lines in context.files.items():
            for number, line in enumerate(lines, 1):
                for found in IN_LINES.finditer(line):
                    if not COMMENT.search(line, 0, found.start()):
                        yield found.group(), Span(name, number, found.start() + 1, number, found.end() + 1)
    search = SIGN.search
    if not context.may_have(WORD_SIGNS):
        return
    for node in context.statements():
        first = node.words[0]
        if search(first.line.text) is not None and not first.text.startswith(COMMANDS):
            for found in IN_WORDS.finditer(first.line.text):
                yield found.group(), first.line.span(found.start(), found.end())


def _in_braces(context: Context) -> Iterator[tuple[str, Span]]:
    """`priority {PRIORITY}`: braces where none belong, around a single name."""
    for problem in context.found("brace-unexpected"):
        lines = context.files.get(problem.span.file, [])
        text = lines[problem.span.line - 1] if problem.span.line <= len(lines) else ""
        start = problem.span.column - 1
        found = _BRACED.match(text, start - 1) or _BRACED.match(text, start)
        if found is not None:
            start, end = found.span()
            place = problem.span._replace(column=start + 1, end_line=problem.span.line, end_column=end + 1)
            yield found.group(), place


def check(context: Context) -> Iterator[Diagnostic]:
    seen: dict[str, list[Span]] = {}
    for text, span in places(context):
        seen.setdefault(MARKED if text[:2] in MARKUP else text, []).append(span)
    for text, spans in seen.items():
        others = (Related(span, "also here") for span in spans[1:])
        secret = any(context.secret(span) for span in spans)
        shown = "" if secret or text == MARKED else f" '{text}'"
        message = f"unfilled {MARKED}" if text == MARKED else f"unfilled template placeholder{shown}"
        advice = "render the template, then check the result"
        if text != MARKED:
            advice = "write the real value; if a tool fills it in, check the file that the tool writes"
        yield INFO.at(spans[0], message, *others, help=advice)


def templates(context: Context, found: Iterable[Diagnostic]) -> frozenset[str]:
    """The files that are templates through and through, so that nothing else can be said of them."""
    return frozenset(finding.span.file for finding in found if marked(finding, context.files))


def marked(finding: Diagnostic, files: Mapping[str, Sequence[str]]) -> bool:
    """Whether a finding of this rule is on markup, not on a single placeholder; `files` have the lines of each file."""
    span = finding.span
    if finding.code != INFO.code or span.file not in files:
        return False
    return files[span.file][span.line - 1].startswith(MARKUP, span.column - 1)


RULE = Rule(INFO, check)
