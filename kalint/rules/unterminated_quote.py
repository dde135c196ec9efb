"""A quote that is never closed.

## What it does
Finds a double quote that is not closed on the same line, and a single quote (such as an apostrophe) that is not closed
in a command.

## Why it is bad
In `script` and `misc_path` it crashes keepalived from 2.0.6 on, unless double quotes are around it: then keepalived
ignores the command. Elsewhere keepalived loses the rest of the line: the value is cut short or missing, and a brace
after the quote does not count.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check
    interval 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
    interval 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (alloc_strvec_quoted_escaped, alloc_strvec_r); measured on 2.2.7. The handlers of
`script` and `misc_path` look at no missing words from 2.0.6 to 2.4.3. Up to 1.4.5 a shell reads the command.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, commands, quotes

INFO = RuleInfo("KA007", "unterminated-quote", "error", "proven", "a quote that is never closed")

_UNCHECKED = (["script"], ["misc_path"])
"""Keywords that use the words of their line though there are none; a quote inside a word only cuts it."""
_CRASHES = "keepalived crashes when it starts"


def check(context: Context) -> Iterator[Diagnostic]:
    shell = context.resolved.profile.shell_runs_scripts
    split = quotes(context.resolved) and not shell
    lines = set()
    for problem in context.found("unterminated-quote"):
        span = problem.span
        lines.add((span.file, span.line))
        before = context.files.get(span.file, [""] * span.line)[span.line - 1][: span.column - 1]
        crashes = split and before[-1:].isspace() and before.split()[:1] in _UNCHECKED
        message = f"this quote is never closed: {_CRASHES if crashes else 'keepalived loses the rest of the line'}"
        yield INFO.at(span, message, help="add the closing quote")
    for command in context.once(commands) if split or shell else ():
        known = (command.span.file, command.span.line) in lines
        if not known and _open(command.text, command.quoted and not shell):
            effect = "keepalived ignores the command"
            if shell:
                effect = "the shell refuses the command, which fails every time"
            elif not command.quoted and [command.keyword] in _UNCHECKED:
                effect = _CRASHES
            message = f"this command has a single quote that is never closed: {effect}"
            yield INFO.at(command.span, message, help="add the closing quote, or put the commands in a script")


def _open(text: str, quoted: bool) -> bool:
    """Whether a command ends inside single quotes; inside double quotes they are characters."""
    if "'" not in text:
        return False
    mark, skip = "", False
    for character in text:
        if skip:
            skip = False
        elif character == "\\" and not quoted:
            skip = True
        elif character in ("'", '"') and mark in ("", character):
            mark = "" if mark else character
    return mark == "'"


RULE = Rule(INFO, check, on=("unterminated-quote", *COMMANDS))
