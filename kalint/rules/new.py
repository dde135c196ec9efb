"""The skeleton of a rule: `python -m kalint.rules.new NAME --after KA515`, from the top of a checkout.

It writes the module, the folder of cases and the row in `RULES`, so that only what the rule says is left to write. Its
tests fail until its cases are true.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kalint.rules import RULES, codes

MODULE = '''"""{title}.

## What it does
Reports FILL-IN.

## Why it is bad
FILL-IN: what keepalived does, and what that means for the operator.

## Bad
```
vrrp_instance VI_1 {{
    FILL-IN
}}
```

## Good
```
vrrp_instance VI_1 {{
    FILL-IN
}}
```

## Source
FILL-IN: the function and the file of keepalived, and the release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("{code}", "{name}", "warning", "proven", "FILL-IN: what is wrong, in one line")


def check(context: Context) -> Iterator[Diagnostic]:
    """Each FILL-IN."""
    for instance in context.resolved.instances:
        node = instance.written.settings.get("FILL-IN")
        if node is not None:
            yield INFO.at(node.words[0].span, "FILL-IN: the subject and what it does", help="FILL-IN: one thing to do")


RULE = Rule(INFO, check, on=("FILL-IN",))
'''
CASE = "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 17\n    priority 100\n}\n"
NEXT = "next: fill each FILL-IN, then python -m kalint.rules.listing and python -m kalint.rules.page docs/rules"
LISTED = Path("kalint/rules/__init__.py")


class NewRuleError(Exception):
    """The rule cannot be made; the text says why."""


def code_after(after: str) -> str:
    """The first code after `after` in its own hundred that no rule has.

    Raises:
        NewRuleError: no rule has the code, or the hundred is full.
    """
    if after not in codes():
        raise NewRuleError(f"no rule has the code {after}")
    number = int(after[2:])
    for candidate in range(number + 1, (number // 100 + 1) * 100):
        if f"KA{candidate:03}" not in codes():
            return f"KA{candidate:03}"
    raise NewRuleError(f"every code after {after} is taken")


def listed(text: str, code: str, module: str) -> str:
    """The text of kalint/rules/__init__.py with the new row, in order of code."""
    row = f'    Row("{code}", "{module}"),\n'
    later = [each.code for each in RULES if each.code > code]
    if later:
        return text.replace(f'    Row("{later[0]}",', f'{row}    Row("{later[0]}",', 1)
    last = re.search(rf'    Row\("{RULES[-1].code}", "\w+"\),\n', text)
    assert last is not None
    return text[: last.end()] + row + text[last.end() :]


def make(name: str, code: str) -> tuple[Path, ...]:
    """Write the files of a rule below the current directory.

    Args:
        name: lower case words joined by hyphens, such as `label-too-long`.
        code: a code that no rule has.

    Returns:
        What was written.

    Raises:
        NewRuleError: the name or the code will not do, or this is not the top of a checkout.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise NewRuleError(f"a rule's name is lower case words joined by hyphens, not '{name}'")
    if not re.fullmatch(r"KA\d{3}", code) or code in codes():
        raise NewRuleError(f"{code} is not a free code")
    if not LISTED.is_file():
        raise NewRuleError("run this from the top of a checkout of kalint")
    stem = name.replace("-", "_")
    module, cases = Path(f"kalint/rules/{stem}.py"), Path("tests/rules") / name
    if module.exists() or cases.exists():
        raise NewRuleError(f"there is a rule '{name}' already")
    title = name.replace("-", " ").capitalize()
    cases.mkdir(parents=True)
    contents = {
        module: MODULE.format(title=title, code=code, name=name),
        cases / "bad.conf": CASE,
        cases / "bad.txt": f"4:5: {code} FILL-IN: the subject and what it does\n",
        cases / "good.conf": CASE,
        LISTED: listed(LISTED.read_text(encoding="utf-8"), code, stem),
    }
    for path, content in contents.items():
        path.write_text(content, encoding="utf-8")
    return tuple(contents)


def main(arguments: list[str]) -> int:
    """`NAME --after CODE` or `NAME --code CODE`; 0, or 2 with the reason on standard error."""
    try:
        if len(arguments) != 3 or arguments[1] not in ("--after", "--code"):
            raise NewRuleError("usage: python -m kalint.rules.new NAME --after CODE (or --code CODE)")
        name, option, given = arguments
        written = make(name, code_after(given) if option == "--after" else given)
    except NewRuleError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(map(str, written)) + f"\n{NEXT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
