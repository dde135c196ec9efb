"""Several nodes' configurations together: what is worked out of the virtual routers that they share.

`kalint.analysis.cluster.links` finds the routers, `kalint.analysis.cluster.answers` the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.masters import anyone, the_one

if TYPE_CHECKING:
    from kalint.analysis.cluster.hearing import Graph
    from kalint.analysis.cluster.independent import Move, NoMaster, Power, Split, Tie
    from kalint.analysis.cluster.masters import Masters, Possible, Together
    from kalint.analysis.cluster.members import Member, Node, Router
    from kalint.analysis.cluster.verdict import Verdict
    from kalint.semantics.resolved import Instance


class Failure(NamedTuple):
    """One thing of one node fails and nothing else: the priorities (None: FAULT), and who may be master.

    `possible` are the sets of masters then, `possible_before` those of that day. `ignored` says why the failure of a
    tracker that keepalived drops changes nothing, None: it counts. `states` is what is not good then, by node and
    thing. Of things that fail as one, `node` is empty and `thing` is `together:NAME`.
    """

    node: str
    thing: str
    state: str
    priorities: Mapping[str, int | None]
    possible: Possible
    possible_before: Possible
    states: Mapping[str, Mapping[str, str]] = {}
    ignored: str | None = None

    @property
    def masters(self) -> Masters:
        """Who may be master then, alone or beside another."""
        return anyone(self.possible)

    @property
    def before(self) -> Masters:
        """Who may be master while nothing is down."""
        return anyone(self.possible_before)


class Pair(NamedTuple):
    """Two failures at once, as `Failure` has one. `news`: the masters are those of neither failure alone."""

    first: Failure
    second: Failure
    priorities: Mapping[str, int | None]
    possible: Possible

    @property
    def masters(self) -> Masters:
        """Who may be master then, alone or beside another."""
        return anyone(self.possible)

    @property
    def news(self) -> bool:
        return self.possible not in (self.first.possible, self.second.possible)


class Answer(NamedTuple):
    """All that is worked out of one router.

    `possible` are the sets of masters while nothing is down, and `decided_by` says how: `priority`, `owner`, `address`,
    `sync_group` (a group keeps the better node away), `unheard` (nodes that do not hear each other), or `undetermined`
    (the order of starting, or timers). `graph` says who hears whom; `mended` is the answer
    as if everybody heard everybody, None where that is so. `powers` has what each thing can do, by node and
    thing (of what fails as one: an empty node and `together:NAME`). `complete` is False where sync groups bind so many
    routers together that outcomes may be missing. `unanswered` says why what is asked over all combinations has no
    exact answer; it is empty where it has. `pairs` are there on demand, `pairs_left_out` of them were too many.
    """

    router: Router
    possible: Possible
    decided_by: str
    failures: tuple[Failure, ...]
    ties: tuple[Tie, ...]
    never_masters: tuple[str, ...]
    no_master: NoMaster | None
    move: Move | None
    powers: Mapping[tuple[str, str], Power]
    complete: bool = True
    splits: tuple[Split, ...] = ()
    unanswered: str = ""
    pairs: tuple[Pair, ...] | None = None
    pairs_left_out: int = 0
    graph: Graph | None = None
    mended: Answer | None = None

    @property
    def if_heard(self) -> Answer:
        """The answer as if every node accepted the adverts of every other: what remains once that is mended."""
        return self.mended or self

    @property
    def masters(self) -> Masters:
        """Who may be master while nothing is down, alone or beside another."""
        return anyone(self.possible)

    @property
    def master(self) -> str | None:
        """The master in the likeliest outcome, None where that has none or several."""
        return the_one(self.possible)

    @property
    def split(self) -> Together:
        """The nodes that are master at once in the likeliest outcome; empty where these are not several."""
        return self.possible[0] if self.possible and len(self.possible[0]) > 1 else ()

    @property
    def useless(self) -> tuple[tuple[str, str], ...]:
        """The things, as node and thing, that never change who is master."""
        dropped = [(failure.node, failure.thing) for failure in self.failures if failure.ignored is not None]
        moving = {(each.node, each.thing) for each in self.failures if each.possible != each.possible_before}
        idle = (key for key, power in self.powers.items() if not power.loses and not power.gains and key not in moving)
        return (*idle, *dropped)


class UnsharedInstance(NamedTuple):
    """An instance without a counterpart on another node, and why."""

    member: Member
    reason: str

    @property
    def node(self) -> str:
        """The node's name."""
        return self.member.node.name

    @property
    def instance(self) -> Instance:
        """The instance itself."""
        return self.member.instance


class Cluster(NamedTuple):
    """The result of `kalint cluster`. `max_failover` is how many seconds a failover may take, None: it is not asked.

    `verdicts` are those on the requirements of the cluster.
    """

    nodes: tuple[Node, ...]
    answers: tuple[Answer, ...]
    alone: tuple[UnsharedInstance, ...]
    max_failover: float | None = None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def routers(self) -> tuple[Answer | UnsharedInstance, ...]:
        """The shared routers, then those that one node alone has."""
        return *self.answers, *self.alone

    @property
    def members(self) -> Iterator[Member]:
        """Every instance of every node."""
        for answer in self.answers:
            yield from answer.router.members
        for alone in self.alone:
            yield alone.member
