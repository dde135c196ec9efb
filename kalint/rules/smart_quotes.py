"""Typographic or full-width punctuation.

## What it does
Finds typographic quotes, full-width punctuation, no-break spaces and byte-order marks outside comments. It also finds
dashes of a word processor where an option or a number needs a hyphen.

## Why it is bad
keepalived knows only ASCII quotes, braces and blanks. Any other character becomes part of the word:
`“/usr/bin/check”` is a program with that name, and `priority` followed by a no-break space is an unknown keyword.
`killall -0 haproxy` with such a dash does not test haproxy but kills it at every run.

## Bad
```
vrrp_script chk {
    script “/usr/local/bin/check”
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
lib/parser.c of keepalived 2.2.7 (alloc_strvec): blanks and quotes are those of ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.findings.fix import Edit, Fix
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import replaced
from kalint.source import Line

INFO = RuleInfo(
    "KA019", "smart-quotes", "warning", "proven", "typographic or full-width punctuation in a value", folds=True
)

# Each character, what it is called, and what was meant.
MEANT = {
    "\u201c": ("a typographic quote", '"'),
    "\u201d": ("a typographic quote", '"'),
    "\u201e": ("a typographic quote", '"'),
    "\u2018": ("a typographic quote", "'"),
    "\u2019": ("a typographic quote", "'"),
    "\uff0c": ("a full-width comma", ","),
    "\uff1a": ("a full-width colon", ":"),
    "\uff1b": ("a full-width semicolon", ";"),
    "\uff08": ("a full-width parenthesis", "("),
    "\uff09": ("a full-width parenthesis", ")"),
    "\uff5b": ("a full-width brace", "{"),
    "\uff5d": ("a full-width brace", "}"),
    "\uff03": ("a full-width number sign", "#"),
    "\uff01": ("a full-width exclamation mark", "!"),
    "\u3000": ("a full-width space", "a blank"),
    "\u00a0": ("a no-break space", "a blank"),
    "\u200b": ("a zero-width space", "nothing"),
    "\ufeff": ("a byte-order mark", "nothing"),
}
DASHES = {
    "\u2010": "a typographic hyphen",
    "\u2011": "a no-break hyphen",
    "\u2012": "a figure dash",
    "\u2013": "an en dash",
    "\u2014": "an em dash",
    "\u2015": "a horizontal bar",
    "\u2212": "a minus sign",
}
"""Where these begin a word, a hyphen was meant: what a word processor makes of `-` and `--`."""
_LONG = "\u2014\u2015"
FOREIGN = re.compile(f"[{''.join(MEANT)}]|(?<![^\\s'\"=])[{''.join(DASHES)}](?=[\\w{''.join(DASHES)}-])")
FOREIGN_COMMENT = re.compile(r"(?:^|\s)(?://|/\*|;|--)")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.text.isascii() and not context.may_have(()):
        return
    for node in context.statements():
        line = node.line
        found = None if line.text.isascii() else FOREIGN.search(line.text)
        if found is None or FOREIGN_COMMENT.search(line.text, 0, found.start()):
            continue
        if _prose(node.words[0].text):
            continue
        dash = found.group() in DASHES
        if not dash and any(word.quoted and word.start < found.start() < word.end for word in node.words):
            continue
        called, meant = _meant(found.group(), line.text[found.end() : found.end() + 2])
        message = f"keepalived reads {called} as part of the word, like a letter"
        if found.group() == "\ufeff" and not found.start():
            word = node.words[0].text.lstrip("\ufeff")
            message = f"a byte-order mark makes '{word}' an unknown keyword: keepalived ignores it and its block"
        if dash:
            message = f"{called} is not a minus sign: keepalived reads it as part of the word"
        quoted = meant if len(meant) > 1 else f"'{meant}'"
        span = line.span(found.start(), found.end())
        yield INFO.at(span, message, help=f"write {quoted} instead", fix=_fix(context, line))


def _meant(character: str, behind: str) -> tuple[str, str]:
    """What a character is called, and what was meant: two hyphens where a long dash begins a word of letters."""
    if character in MEANT:
        return MEANT[character]
    long = character in _LONG and behind.isalpha() and len(behind) > 1
    return DASHES[character], "--" if long else "-"


def _prose(keyword: str) -> bool:
    """Whether it is no keyword with an odd character, but a line of a comment in another language."""
    return any(character.isalpha() and not character.isascii() for character in keyword)


def _fix(context: Context, line: Line) -> Fix | None:
    """Plain characters for all of a line: one quote alone would be worse than two odd ones."""
    edits: list[Edit] = []
    for found in FOREIGN.finditer(line.text):
        meant = _meant(found.group(), line.text[found.end() : found.end() + 2])[1]
        text = {"a blank": " ", "nothing": ""}.get(meant, meant)
        fix = replaced(context, line.span(found.start(), found.end()), found.group(), text)
        if fix is None:
            return None
        edits += fix.edits
    return Fix("write plain characters", tuple(edits), safe=False)


RULE = Rule(INFO, check)
