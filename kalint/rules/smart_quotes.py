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
from kalint.rules.support.commands import COMMANDS
from kalint.rules.support.mending import replaced
from kalint.syntax.tree import Node

INFO = RuleInfo(
    "KA019", "smart-quotes", "warning", "proven", "typographic or full-width punctuation in a value", folds=True
)

# Each character, what it is called, and what was meant.
MEANT = {
    "\u201c": ("a typographic quote", '"'),
    "\u201d": ("a typographic quote", '"'),
    "\u201e": ("a typographic quote", '"'),
    "\u00ab": ("a typographic quote", '"'),
    "\u00bb": ("a typographic quote", '"'),
    "\u2018": ("a typographic quote", "'"),
    "\u2019": ("a typographic quote", "'"),
    "\u201a": ("a typographic quote", "'"),
    "\u00b4": ("an acute accent", "'"),
    **{chr(code): ("a full-width character", chr(code - 0xFEE0)) for code in range(0xFF01, 0xFF5F)},
    **{chr(0xFF10 + digit): ("a full-width digit", str(digit)) for digit in range(10)},
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
    "\u2007": ("a figure space", "a blank"),
    "\u2009": ("a thin space", "a blank"),
    "\u202f": ("a narrow no-break space", "a blank"),
    "\u2028": ("a line separator", "a blank"),
    "\u00ad": ("a soft hyphen", "nothing"),
    "\u200b": ("a zero-width space", "nothing"),
    "\u200c": ("a zero-width non-joiner", "nothing"),
    "\u200d": ("a zero-width joiner", "nothing"),
    "\u200e": ("a left-to-right mark", "nothing"),
    "\u200f": ("a right-to-left mark", "nothing"),
    "\u2060": ("a word joiner", "nothing"),
    "\ufeff": ("a byte-order mark", "nothing"),
}
DASHES = {
    "\u2010": "a typographic hyphen",
    "\u2011": "a no-break hyphen",
    "\u2012": "a figure dash",
    "\u2013": "an en dash",
    "\u2014": "an em dash",
    "\u2015": "a horizontal bar",
    "\u2212": "a mathematical minus sign",
}
"""Where these begin a word, a hyphen was meant: what a word processor makes of `-` and `--`."""
QUOTES = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e")
"""What no shell knows as a quote."""
BLANKS = frozenset(character for character, (_, meant) in MEANT.items() if len(meant) > 1)
"""What looks like a blank or like nothing."""
_LONG = "\u2014\u2015"
FOREIGN = re.compile(f"[{''.join(MEANT)}]|(?<![^\\s'\"=])[{''.join(DASHES)}](?=[\\w{''.join(DASHES)}-])")
FOREIGN_COMMENT = re.compile(r"(?:^|\s)(?://|/\*|;|--)")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.text.isascii() and not context.may_have(()):
        return
    for node in context.statements():
        line = node.line
        if line.text.isascii() or _prose(node.words[0].text):
            continue
        found = next((each for each in FOREIGN.finditer(line.text) if _counts(node, each)), None)
        if found is None or FOREIGN_COMMENT.search(line.text, 0, found.start()):
            continue
        dash = found.group() in DASHES
        called, meant = _meant(line.text, found)
        message = f"keepalived reads {called} as part of the word, like a letter"
        if found.group() == "\ufeff" and not found.start():
            word = node.words[0].text.lstrip("\ufeff")
            message = f"a byte-order mark makes '{word}' an unknown keyword: keepalived ignores it and its block"
        if dash:
            message = f"{called} is not a hyphen: keepalived reads it as part of the word"
        quoted = "a plain '" if meant == "'" else meant if len(meant) > 1 else f"'{meant}'"
        advice = "remove it" if meant == "nothing" else f"write {quoted} instead"
        span = line.span(found.start(), found.end())
        yield INFO.at(span, message, help=advice, fix=_fix(context, node))


def _counts(node: Node, found: re.Match[str]) -> bool:
    """Whether a character is a mistake where it stands: in quotes a text may have it, but hardly a command."""
    if found.group() in DASHES or not any(word.quoted and word.start < found.start() < word.end for word in node.words):
        return True
    if node.keyword not in COMMANDS:
        return False
    return found.group() in BLANKS or (found.group() in QUOTES and _holds_words(node.line.text, found.group()))


def _holds_words(text: str, quote: str) -> bool:
    """Whether quotes of a command are to make one argument of several words, which only plain ones do."""
    kinds = "\u2018\u2019\u201a" if MEANT[quote][1] == "'" else "\u201c\u201d\u201e"
    return re.search(rf"(?<!\S)[{kinds}][^\s{kinds}]*\s[^{kinds}]*[{kinds}](?!\w)", text) is not None


def _meant(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What a character is called, and what was meant: two hyphens where a long dash begins a word of letters."""
    character, behind = found.group(), text[found.end() : found.end() + 2]
    if character in MEANT:
        called, meant = MEANT[character]
        # A double quote inside double quotes would end them.
        return called, "'" if meant == '"' and text.count('"', 0, found.start()) % 2 else meant
    long = character in _LONG and behind.isalpha() and len(behind) > 1
    return DASHES[character], "--" if long else "-"


def _prose(keyword: str) -> bool:
    """Whether it is no keyword with an odd character, but a line of a comment in another language."""
    return any(character.isalpha() and not character.isascii() for character in keyword)


def _fix(context: Context, node: Node) -> Fix | None:
    """Plain characters for all of a line: one quote alone would be worse than two odd ones."""
    edits: list[Edit] = []
    line = node.line
    for found in FOREIGN.finditer(line.text):
        if not _counts(node, found):
            continue
        meant = _meant(line.text, found)[1]
        text = {"a blank": " ", "nothing": ""}.get(meant, meant)
        fix = replaced(context, line.span(found.start(), found.end()), found.group(), text)
        if fix is None:
            return None
        edits += fix.edits
    return Fix("write plain characters", tuple(edits), safe=False)


RULE = Rule(INFO, check)
