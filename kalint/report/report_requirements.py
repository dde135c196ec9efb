"""The requirements on the page of `kalint report`: what fails first, with a link that shows it on the failure board."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from kalint.analysis.cluster.members import DAEMON, STOPPED
from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED
from kalint.report.board import written
from kalint.requirements.normal import normal
from kalint.rules.support.verdicts import SAID, story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.cluster.verdict import Counterexample, Verdict

_ORDER = (FAILS, EMPTY, UNDECIDED, HOLDS)
_SEVERITY = {FAILS: "error", EMPTY: "warning", UNDECIDED: "warning", HOLDS: "holds"}


class Required(NamedTuple):
    """A requirement on the page.

    `outcome` is as reports say it, `severity` the class of its mark, `text` its normal form with its name. `lines` tell
    the counterexample, or why it is undecided, or how many situations it covers. `state` is what the failure board's
    address has for the counterexample, empty: the board has no switches for it.
    """

    outcome: str
    severity: str
    text: str
    lines: tuple[str, ...]
    state: str


def requirements(verdicts: Sequence[Verdict]) -> list[Required]:
    """All requirements of a cluster: what fails, what tests nothing, what is undecided, what holds."""
    return [_required(each) for each in sorted(verdicts, key=lambda each: _ORDER.index(each.outcome))]


def _required(verdict: Verdict) -> Required:
    lines = list(story(verdict))
    if verdict.outcome == HOLDS:
        links = "; cut links not considered" if verdict.without_links else ""
        lines.append(f"in {verdict.situations:,} situation{'s' * (verdict.situations != 1)}{links}")
    elif verdict.counterexample is None:
        lines.append(verdict.why)
    if verdict.hint:
        lines.append(verdict.hint)
    example = verdict.counterexample
    return Required(
        SAID[verdict.outcome],
        _SEVERITY[verdict.outcome],
        normal(verdict.requirement, with_name=True),
        tuple(lines),
        "" if example is None else _state(example),
    )


def _state(example: Counterexample) -> str:
    """The switches of what is down: none of a link, a stall or a reload, for which the board has none."""
    states = [(node, thing, state) for node, some in example.down.items() for thing, state in some.items()]
    happened = (*example.history, *example.events)
    if any(each.link or each.verb in ("stalls", "is reloaded") for each in happened):
        return ""
    if any(thing == DAEMON and state != STOPPED for _, thing, state in states):
        return ""
    return "&".join(quote(written(each), safe="") for each in states)
