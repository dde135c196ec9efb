"""What changes between two answers of a cluster.

That is requirements, masters, failures, the fewest failures that leave no master, and useless checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.difference import Change
from kalint.analysis.timing.failover import Failovers
from kalint.report import cluster_words as words
from kalint.report import requirement_changes
from kalint.report.times import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Answer, Cluster, Failure

    Key = tuple[int, str]


def changes(old: Cluster, new: Cluster) -> Iterator[Change]:
    """The requirements that begin or cease to hold, then the changes of all routers: in the old order, then new ones.

    Routers match by VRID and family.
    """
    yield from requirement_changes.changes(old.verdicts, new.verdicts)
    before, after = Failovers(old), Failovers(new)
    news = {_key(answer): answer for answer in new.answers}
    for answer in old.answers:
        other = news.pop(_key(answer), None)
        if other is None:
            yield Change("router", _subject(answer), _members(answer), "")
        else:
            yield from _router(answer, other, before, after)
    for answer in news.values():
        yield Change("router", _subject(answer), "", _members(answer))


def _key(answer: Answer) -> Key:
    return answer.router.virtual_router_id, answer.router.family


def _subject(answer: Answer) -> str:
    family = "" if answer.router.family == "ipv4" else f" {answer.router.family}"
    return f"router {answer.router.virtual_router_id}{family}"


def _members(answer: Answer) -> str:
    return words.listed([member.node.name for member in answer.router.members])


def _router(old: Answer, new: Answer, before: Failovers, after: Failovers) -> Iterator[Change]:
    subject = _subject(old)
    facts = (
        ("nodes", _members(old), _members(new)),
        ("nothing is down", words.either(old.possible), words.either(new.possible)),
        ("no master after", _nobody(old), _nobody(new)),
        ("useless checks", _useless(old), _useless(new)),
        ("failover at most", _slowest(old, before), _slowest(new, after)),
    )
    for what, was, now in facts:
        if was != now:
            yield Change(what, subject, was, now)  # type: ignore[arg-type]
    news = {_failure(each): each for each in new.failures}
    for failure in old.failures:
        other = news.pop(_failure(failure), None)
        if other is None:
            yield Change("failure", subject, _after(failure), "no such failure", words.what_fails(failure))
        elif _after(failure) != _after(other):
            yield Change("failure", subject, _after(failure), _after(other), words.what_fails(failure))
    for failure in news.values():
        yield Change("failure", subject, "no such failure", _after(failure), words.what_fails(failure))


def _failure(failure: Failure) -> tuple[str, str, str]:
    return failure.node, failure.thing, failure.state


def _after(failure: Failure) -> str:
    return "ignored" if failure.ignored is not None else words.either(failure.possible)


def _nobody(answer: Answer) -> str:
    if answer.no_master is None:
        return "never"
    return words.witnessed(answer.no_master.witness, answer.router.shared)


def _useless(answer: Answer) -> str:
    return ", ".join(words.useless(answer)) or "none"


def _slowest(answer: Answer, failovers: Failovers) -> str:
    taken = [found for found in (failovers.of(answer, failure) for failure in answer.failures) if found is not None]
    return f"{short(max(found.delay.worst for found in taken))} s" if taken else "no failover"
