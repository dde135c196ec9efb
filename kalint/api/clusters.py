"""What `kalint.api` answers about a cluster: who is master, and what is proved of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kalint.api.proofs import failure, requirement_of, verdicts_on
from kalint.api.results import Document, Finding, Verdict
from kalint.errors import UsageError

if TYPE_CHECKING:
    from kalint.analysis.cluster.results import Cluster


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What becomes of a virtual router when one thing fails.

    `node` is None for things that fail together. `priorities` has None for a node in FAULT or without a daemon.
    `masters` are all that are master at once in the likeliest outcome, `possible_masters` every such set.
    """

    node: str | None
    thing: str
    state: str
    priorities: Mapping[str, int | None]
    masters: tuple[str, ...]
    possible_masters: tuple[tuple[str, ...], ...]
    document: Document = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Router:
    """A virtual router: who is master while nothing is down, and after each single failure.

    `members` has the name of each node's instance. `masters` and `possible_masters`: see `Failure`.
    """

    virtual_router_id: int
    family: str
    members: Mapping[str, str]
    masters: tuple[str, ...]
    possible_masters: tuple[tuple[str, ...], ...]
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]
    document: Document = field(repr=False)

    def failure(self, node: str, thing: str) -> Failure:
        """The row of a thing of a node, such as `failure("lb1", "script:chk_web")`.

        Raises:
            KeyError: the router has no such row.
        """
        for found in self.failures:
            if (found.node, found.thing) == (node, thing):
                return found
        raise KeyError(f"{node}:{thing}")


@dataclass(frozen=True, kw_only=True)
class ClusterResult:
    """The virtual routers of several nodes, and the findings of the rules on clusters."""

    nodes: tuple[str, ...]
    routers: tuple[Router, ...]
    findings: tuple[Finding, ...]
    document: Document = field(repr=False)
    _analysed: Cluster = field(repr=False, compare=False)

    def router(self, virtual_router_id: int, family: str = "ipv4") -> Router:
        """One router.

        Raises:
            KeyError: there is no such router.
        """
        for found in self.routers:
            if (found.virtual_router_id, found.family) == (virtual_router_id, family):
                return found
        raise KeyError(f"{virtual_router_id} {family}")

    def prove(self, *requirements: str) -> tuple[Verdict, ...]:
        """A verdict on each requirement, over every state of every tracker, every node and every order of failures.

        Args:
            requirements: texts such as "someone is master whatever one thing fails" (docs/requirements.md).

        Raises:
            RequirementError: a text is no requirement, or names what is not there.
        """
        return verdicts_on(self._analysed, requirements)

    def assert_always(
        self,
        requirement: str | None = None,
        *,
        master: str | Sequence[str] | None = None,
        of: str | int | None = None,
        when: str | None = None,
        after: str | None = None,
        while_: str | None = None,
        whatever: str | None = None,
        unless: str | None = None,
        within: float | None = None,
    ) -> None:
        """Fail unless something holds in every situation: a requirement, or that a node is the only master.

        `assert_always(master="lb2", of="web", when="script chk on lb1 fails", within=10)` is the requirement
        "lb2 is master of web when script chk on lb1 fails, within 10 s". Without a condition the node must be master
        in all situations.

        Args:
            requirement: a text (docs/requirements.md); it stands alone.
            master: a node, or several of which one must be the only master.
            of: an instance's name, a virtual address or a VRID (1..255); None: every virtual router of the node.
            when: an event, such as "script chk on lb1 fails" or "lb1 stops".
            after: events that end again, such as "lb1 stops and recovers".
            while_: what is down, such as "nothing is down"; anything else may be down too.
            whatever: how much may fail, such as "one thing fails".
            unless: what is excluded, such as "lb1 is out".
            within: seconds from the event to the new master at worst; needs an event.

        Raises:
            AssertionError: it fails, is undecided, or tests nothing; the text has the smallest counterexample.
            RequirementError: a text says nothing, or names what is not there.
            UsageError: neither a requirement nor a master, both, or several conditions.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        conditions = {"when": when, "after": after, "while": while_, "whatever": whatever, "unless": unless}
        if master is not None and requirement is None:
            requirement = requirement_of(master, of, conditions, within)
        elif requirement is None:
            raise UsageError("assert_always needs a requirement or master=NODE")
        elif master is not None or of is not None or within is not None or any(conditions.values()):
            raise UsageError("a requirement has all in its text: give no other argument beside it")
        said = failure(self.prove(requirement))
        if said:
            raise AssertionError(said)
