"""The LALR(1) table of grammars/keepalived.lark. Made by `python -m kalint.syntax.compile`: do not edit.

RULES: name, what it makes, how many symbols it takes. STATES: for each state what a symbol asks for: a state to go to,
or `~rule` to reduce by that rule first.
"""

from __future__ import annotations

RULES: tuple[tuple[str, str, int], ...] = (
    ("nothing", "items", 0),
    ("start", "start", 1),
    ("statement", "item", 1),
    ("more", "items", 2),
    ("block", "item", 4),
)
STATES: tuple[dict[str, int], ...] = (
    {"$END": ~0, "STATEMENT": ~0, "items": 1, "start": 2},
    {"$END": ~1, "STATEMENT": 3, "item": 4},
    {},
    {"$END": ~2, "CLOSE": ~2, "OPEN": 5, "STATEMENT": ~2},
    {"$END": ~3, "CLOSE": ~3, "STATEMENT": ~3},
    {"CLOSE": ~0, "STATEMENT": ~0, "items": 6},
    {"CLOSE": 7, "STATEMENT": 3, "item": 4},
    {"$END": ~4, "CLOSE": ~4, "STATEMENT": ~4},
)
