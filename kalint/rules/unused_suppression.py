"""A suppression that suppresses nothing.

## What it does
Finds a `# kalint: ignore[CODE]` that suppresses nothing, because there is no such finding or because it is not
written correctly: an unknown code, no code at all, or a misspelt word. It reports nothing about rules that did not
run: with --select or --ignore, without --cluster or --host, and in files with `@id` lines.

## Why it is bad
The mistake that it excused is gone, and the next one of its kind would be overlooked. Or the suppression never
worked, and the finding is still reported.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17  # kalint: ignore[KA403] the lab has only one router
    virtual_ipaddress {
        192.0.2.1/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51  # kalint: ignore[KA403] the lab has only one router
    virtual_ipaddress {
        192.0.2.1/24
    }
}
```

## Source
docs/suppressions.md. For keepalived it is a comment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kalint.findings.covering import beginnings
from kalint.findings.diagnostic import Diagnostic
from kalint.findings.fix import Edit, Fix
from kalint.findings.remarks import CODE, FILE, LINE, Remark, meant_word
from kalint.findings.suppressions import Suppressions
from kalint.rules.rule import SUPPRESSION, Context, Rule, RuleInfo
from kalint.source import Span

MOST = 100
"""Wrong codes for which a right one is looked for; more are hardly ever shown (`kalint.findings.counting`)."""
INFO = RuleInfo("KA018", "unused-suppression", "warning", "proven", "a suppression that suppresses nothing")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.suppressions is not None:
        yield from findings(context.suppressions)


def findings(
    suppressions: Suppressions, malformed: bool = True, untold: Callable[[str], bool] = lambda _: False
) -> Iterator[Diagnostic]:
    """What is to say of all suppressions, after all rules; `malformed`: also of those that can never work.

    `untold` tells of which files nothing more is shown but how many findings there are: these are not written out.
    """
    known = frozenset(name for code in suppressions.codes for name in beginnings(code))
    meant: dict[str, str] = {}
    for file, remarks in suppressions.remarks.items():
        for remark in remarks:
            for tell in _faults(remark, suppressions, malformed, known):
                yield INFO.counted(remark.span) if untold(file) else tell(meant)


def _faults(
    remark: Remark, suppressions: Suppressions, malformed: bool, known: frozenset[str]
) -> Iterator[Callable[[dict[str, str]], Diagnostic]]:
    """What writes out each fault of a suppression, given what was meant by the words and codes before it."""
    if not remark.works:
        if malformed:
            yield partial(_not_understood, remark, suppressions)
        return
    if malformed and not remark.offered:
        yield partial(_without_code, remark, suppressions)
    for name in remark.offered if malformed else ():
        if name not in known:
            yield partial(_unknown, remark, name, suppressions)
    unused = [name for name in suppressions.needless(remark) if name in known and not INFO.code.startswith(name)]
    if unused:
        yield partial(_unused, remark, unused)


def _not_understood(remark: Remark, suppressions: Suppressions, meant: dict[str, str]) -> Diagnostic:
    """A comment that is no suppression."""
    word = meant.get(remark.word)
    if word is None:
        word = meant[remark.word] = meant_word(remark.word)
    if remark.word not in (LINE, FILE):
        hint = f"; did you mean '{word}'?" if word else ""
        message = f"'{remark.word}' is not a kalint instruction, so this suppresses nothing{hint}"
    elif remark.list_at is None:
        message = "this names no code, so it suppresses nothing"
    else:
        message = "the ] after the codes is missing, so this suppresses nothing"
    named = [code for name in remark.offered for code in CODE.findall(name)] or suppressions.missed(remark)
    codes = ", ".join(named) or "CODE"
    return INFO.at(remark.span, message, help=f"write '# kalint: {word or LINE}[{codes}] reason'")


def _without_code(remark: Remark, suppressions: Suppressions, _: dict[str, str]) -> Diagnostic:
    start, end = remark.list_at or (remark.column, remark.end)
    span = Span(remark.file, remark.line, start - 1, remark.line, end + 1)
    seen = ", ".join(suppressions.missed(remark)) or "CODE"
    return INFO.at(span, "this names no code, so it suppresses nothing", help=f"write [{seen}]")


def _unknown(remark: Remark, name: str, suppressions: Suppressions, meant: dict[str, str]) -> Diagnostic:
    """A code that no rule has."""
    start, end = remark.offered[name]
    span = Span(remark.file, remark.line, start, remark.line, end)
    written = remark.text[start - 1 : end - 1]
    if name not in meant and len(meant) < MOST:
        meant[name] = _meant(name, suppressions.codes)
    message = f"no rule has the code '{written}'{meant.get(name, '')}"
    return INFO.at(span, message, help="write the code of a rule, or remove it")


def _meant(name: str, codes: Sequence[str]) -> str:
    from kalint.rules import RULES
    from kalint.rules.cluster import MODULES as CLUSTER
    from kalint.settings.reader import meant_code

    modules = {**{row.module: row.code for row in RULES}, **{module: code for code, module in CLUSTER}}
    digits = name.replace("O", "0")
    code = digits if digits in codes else modules.get(name.replace("-", "_").lower())
    return f"; did you mean '{code}'?" if code else meant_code(name, codes)


def _unused(remark: Remark, unused: list[str], _: dict[str, str]) -> Diagnostic:
    """Codes of which every rule was asked and had nothing to say."""
    if remark.whole:
        where = "the file has no such finding"
    elif not remark.last:
        where = "no statement follows"
    elif remark.first == remark.last:
        where = f"no such finding begins in line {remark.first}"
    else:
        where = f"no such finding begins in lines {remark.first} to {remark.last}"
    start, end = remark.offered[unused[0]][0], max(remark.offered[name][1] for name in unused)
    span = Span(remark.file, remark.line, start, remark.line, end)
    verb = "suppress" if len(unused) > 1 else "suppresses"
    found = INFO.at(span, f"{' and '.join(unused)} {verb} nothing: {where}", help="remove the suppression")
    return found._replace(fix=_fix(remark, unused))


def _fix(remark: Remark, unused: list[str]) -> Fix | None:
    r"""Remove the unused codes, or the whole comment where nothing is left of it.

    None where a `\` ends the line: there the comment is part of what goes on in the next line.
    """
    text = remark.text
    if text.rstrip().endswith("\\"):
        return None
    left = [name for name in remark.offered if name not in unused]
    if left and remark.list_at is not None:
        start, end = remark.list_at
        span = Span(remark.file, remark.line, start, remark.line, end)
        return Fix("remove what suppresses nothing", (Edit(span, ", ".join(left)),))
    before, after = text[: remark.column - 1], text[remark.stop - 1 :]
    if before.strip() or after:
        start = remark.column if after else len(before.rstrip()) + 1
        span = Span(remark.file, remark.line, start, remark.line, remark.stop)
    else:
        span = Span(remark.file, remark.line, 1, remark.line + 1, 1)
    return Fix("remove the suppression", (Edit(span, ""),))


RULE = Rule(INFO, check, on=(SUPPRESSION,))
