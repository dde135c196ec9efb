"""The index of what wakes each rule: `python -m kalint.rules.listing` writes `waking.py` from the rules themselves.

Reading it costs a check nothing, where importing every rule to ask it would.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from kalint.rules import RULES

HEAD = '''"""What each rule listens to, by code.

Generated: `python -m kalint.rules.listing` writes it from the rules' own `on`.
"""

from __future__ import annotations

ON: dict[str, tuple[str, ...]] = {
'''
WAKING = Path(__file__).parent / "waking.py"


def listing() -> str:
    """The text of `waking.py` as it should be; rules that always run have no row."""
    rows = []
    for row in RULES:
        on = import_module(f"kalint.rules.{row.module}").RULE.on
        if on:
            words = "".join(f'\n        "{each}",' for each in on) + "\n    " if len(on) > 1 else f'"{on[0]}",'
            rows.append(f'    "{row.code}": ({words}),\n')
    return HEAD + "".join(rows) + "}\n"


if __name__ == "__main__":
    WAKING.write_text(listing())
