"""The rules that look at the wire, one a module, listed in order of code. Only `kalint probe` imports them."""

from __future__ import annotations

from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.rules.rule import Rule, RuleInfo


MOST_OF_A_RULE = 100
"""At most this many findings of one rule are told one by one, where the files do not have more routers."""


class LiveRule(NamedTuple):
    """A rule: `check` yields its findings on what was seen and what the files say of it."""

    info: RuleInfo
    check: Callable[[Comparison], Iterator[Diagnostic]]


MODULES: tuple[tuple[str, str], ...] = (
    ("KA901", "two_masters"),
    ("KA902", "unknown_router_on_the_link"),
    ("KA903", "priority_not_predicted"),
    ("KA904", "interval_mismatch"),
    ("KA905", "addresses_mismatch"),
    ("KA906", "ttl_or_checksum"),
    ("KA907", "auth_mismatch"),
    ("KA908", "no_adverts"),
    ("KA909", "flapping"),
    ("KA910", "version_mismatch"),
    ("KA911", "priority_explained"),
    ("KA912", "shutdown_seen"),
    ("KA913", "tie"),
    ("KA914", "interface_lost"),
    ("KA915", "malformed_adverts"),
    ("KA916", "running_differs"),
    ("KA917", "better_node_silent"),
    ("KA918", "address_on_two_routers"),
    ("KA919", "one_source_two_machines"),
    ("KA920", "slow_takeover"),
)


def load(module: str) -> LiveRule:
    """The rule of a module."""
    return cast("LiveRule", import_module(f"kalint.rules.live.{module}").RULE)


def documented() -> tuple[Rule, ...]:
    """All of them for pages and lists, which look at a rule's `info` and at the docstring of its module only."""
    return tuple(cast("Rule", load(module)) for _, module in MODULES)


def judge(comparison: Comparison) -> Iterator[Diagnostic]:
    """The findings of every rule, in order of code; of a flood of one kind the first, and how many more there are."""
    most = max(MOST_OF_A_RULE, 4 * len(comparison.expected))
    for _, module in MODULES:
        rule = load(module)
        found = rule.check(comparison)
        yield from islice(found, most)
        rest = list(found)
        if rest:
            severity = min((each.severity for each in rest), key=("error", "warning", "info").index)
            more = rule.info.at(
                Span(comparison.place, 0, 0, 0, 0), f"{len(rest)} more findings of this kind on other virtual routers"
            )
            yield more._replace(severity=severity)


class ProbeResult(NamedTuple):
    """What `kalint probe` prints: what was seen and compared, and what the rules say of it.

    `verdicts` has that of each view: match, mismatch, or unknown where no file knows the router. `sources` has the
    lines of every file that was read, `hidden` the secret words that these alone do not tell.
    """

    comparison: Comparison
    diagnostics: tuple[Diagnostic, ...]
    verdicts: tuple[str, ...]
    sources: Mapping[str, list[str]] = {}
    hidden: frozenset[str] = frozenset()

    @property
    def fails(self) -> bool:
        """Whether something was not as predicted."""
        return any(found.severity != "info" for found in self.diagnostics)


def judged(
    comparison: Comparison,
    sources: Mapping[str, list[str]] = {},
    settled: Callable[[Iterator[Diagnostic]], Iterable[Diagnostic]] = iter,
) -> ProbeResult:
    """Everything that the rules say, and of each router whether it is as predicted.

    `settled` makes of findings what the settings say of them: other severities, or nothing.
    """
    verdicts = []
    bare = comparison.seen._replace(malformed={}, notices=(), foreign=())
    for view in comparison.views:
        if not view.members:
            verdicts.append("unknown")
            continue
        alone = comparison._replace(views=(view,), missing=(), departures=(), seen=bare)
        bad = any(found.severity != "info" for found in settled(judge(alone)))
        verdicts.append("mismatch" if bad else "match")
    return ProbeResult(comparison, tuple(settled(judge(comparison))), tuple(verdicts), sources)
