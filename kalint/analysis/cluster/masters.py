"""Who is master: the sets of nodes that may be it at once."""

from __future__ import annotations

Masters = tuple["str | None", ...]
"""Who may be master, the likeliest first; None: nobody."""

Together = tuple[str, ...]
"""All nodes that are master of a router at once, in their order; empty: nobody."""

Possible = tuple[Together, ...]
"""Every set of nodes that may be master at once, the likeliest first."""


def anyone(possible: Possible) -> Masters:
    """Who may be master, alone or beside another."""
    return tuple(dict.fromkeys(name for together in possible for name in together or (None,)))


def the_one(possible: Possible) -> str | None:
    """The master in the likeliest outcome, None where that has none or several."""
    return possible[0][0] if possible and len(possible[0]) == 1 else None
