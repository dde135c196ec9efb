"""What the rules on clusters share: where a member's value stands, and what the member is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized

    from kalint.analysis.cluster.members import Member
    from kalint.source import Span


def called(member: Member) -> str:
    """`VI_1 of lb1`."""
    return f"{member.instance.name} of {member.node.name}"


def place(member: Member, *keywords: str) -> Span:
    """The statement of the first of the keywords that the instance has, else the instance's own first line."""
    settings = member.instance.written.settings
    for keyword in keywords:
        if keyword in settings:
            words = settings[keyword].words
            return words[min(1, len(words) - 1)].span
    words = member.instance.written.node.words
    return words[min(1, len(words) - 1)].span


def others(members: Iterable[Member], message: str, *keywords: str) -> tuple[Related, ...]:
    """The same of other members; `message` has `{}` for what each is called."""
    return tuple(Related(place(member, *keywords), message.format(called(member))) for member in members)


def listed(names: Iterable[str]) -> str:
    """`a, b and c`."""
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def both(things: Sized) -> str:
    """`both` of two things, `all` of more."""
    return "both" if len(things) == 2 else "all"
