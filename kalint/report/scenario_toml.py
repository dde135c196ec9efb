"""A scenario that shows a counterexample, as `kalint simulate --scenario` reads it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from kalint.report.terminal import printable
from kalint.requirements.normal import normal, seconds
from kalint.rules.support.verdicts import masters, router_name, summary
from kalint.semantics.timers import SECOND
from kalint.simulation.scenario import Change, LinkEvent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.verdict import Verdict
    from kalint.simulation.scenario import Action
    from kalint.simulation.showing import Entry, Shown

_WIDTH = 110


def text_of(shown: Shown, verdict: Verdict, run: str, versions: Mapping[str, str]) -> str:
    """The scenario with comments that tell the counterexample.

    Args:
        shown: the scenario.
        verdict: the one that it shows.
        run: the command that runs it.
        versions: the release of each node, where the command line named one.
    """
    return "\n".join(_lines(shown, verdict, run, versions)) + "\n"


def _lines(shown: Shown, verdict: Verdict, run: str, versions: Mapping[str, str]) -> Iterator[str]:
    example = verdict.counterexample
    assert example is not None
    yield from _comment(f"Counterexample of: {normal(verdict.requirement, with_name=True)}")
    yield from _comment(f"Why: {summary(verdict)}")
    yield from _comment(f"Run: {run}")
    if shown.order:
        first, *others = shown.order
        yield from _comment(
            f"The order matters: {first} starts first, then {' and '.join(others)}; all settles in between."
        )
    if shown.seconds is not None and example.seconds is not None:
        yield from _comment(
            f"The moment matters: in this run the master changes after {_rounded(shown.seconds)}, at worst after "
            f"{_rounded(example.seconds)}."
        )
    yield f"duration = {_number(shown.duration)}"
    for name, version in versions.items():
        yield ""
        yield f"[nodes.{quoted(name)}]"
        yield f"keepalived_version = {quoted(version)}"
    stops = {entry.time: entry for entry in shown.entries}
    for entry in stops.values():
        yield from _entry([each for each in shown.entries if each.time == entry.time])
    yield ""
    if verdict.requirement.claim.kind in ("priority", "in fault", "never in fault"):
        yield from _comment(f"At the end {example.reason}.")
    elif example.events and example.events[0].verb == "stalls":
        yield from _comment(f"During the stall {masters(shown.masters)} of {router_name(example.router)}.")
    else:
        yield from _comment(f"At the end {masters(shown.masters)} of {router_name(example.router)}.")


def _entry(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield ""
        yield from _comment(entry.said)
        for action in entry.actions:
            yield "[[event]]"
            yield f"time = {_number(entry.time)}"
            yield from _action(action)


def _action(action: Action) -> Iterator[str]:
    if isinstance(action, Change):
        yield f"node = {quoted(action.node)}"
        yield f"thing = {quoted(action.thing)}"
        yield f"state = {action.state if isinstance(action.state, int) else quoted(str(action.state))}"
    elif isinstance(action, LinkEvent):
        yield f"link = [{', '.join(map(quoted, action.nodes))}]"
        yield f'state = "{"cut" if action.lost else "healed"}"'
    else:
        yield f"node = {quoted(action.node)}"
        yield f'daemon = "{action.daemon}"'


def _comment(text: str) -> list[str]:
    return wrap(printable(text), _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False)


def _number(time: int) -> str:
    """A time in seconds, exact to the microsecond."""
    return f"{time / SECOND:.6f}".rstrip("0").rstrip(".") + (".0" if time % SECOND == 0 else "")


def _rounded(value: float) -> str:
    return seconds(round(value, 2))


def quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in escaped) + '"'
