"""The links between nodes, and which instances meet on them."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from kalint.analysis.cluster.links import match

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.members import Node, Router

CUT = 1.0


class Link:
    """The way from one node to another. `lost` is the share of adverts that do not arrive: 0 none, 1 all.

    Which of them is a matter of chance that is the same in every run and on every machine.
    """

    def __init__(self, sender: str, receiver: str, seed: int) -> None:
        self.lost = 0.0
        self._chance = _chance(f"{seed} {sender} {receiver}")

    def passes(self) -> bool:
        """Whether the next advert arrives."""
        if self.lost <= 0.0:
            return True
        return self.lost < CUT and next(self._chance) >= self.lost


def _chance(seed: str) -> Iterator[float]:
    """Numbers from 0 up to 1 in no order that one could see."""
    for number in count():
        digest = hashlib.sha256(f"{seed} {number}".encode()).digest()
        for at in range(0, len(digest), 4):
            yield int.from_bytes(digest[at : at + 4], "big") / 2**32


def shared(nodes: Sequence[Node]) -> tuple[Router, ...]:
    """The virtual routers of a cluster: those that nodes share, then each instance that stands alone."""
    from kalint.analysis.cluster.members import Router

    routers, alone = match(nodes, good=True)
    single = [Router(each.instance.virtual_router_id.value, each.instance.family, (each.member,)) for each in alone]
    return (*routers, *single)
