"""`kalint priorities` for people: what each instance can reach, what must be down for it, what each tracker does."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.reachable import counted
from kalint.analysis.timing.detection import PRIORITY, SILENCE, ZERO
from kalint.report.columns import WIDTH, Names, folded, named, width
from kalint.report.show_text import REASONS
from kalint.report.terminal import printable
from kalint.report.times import lines, span
from kalint.semantics.effect import states
from kalint.semantics.states import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from kalint.analysis.given_states import Answer, Priorities
    from kalint.analysis.reach.reachable import Reach, Reached, Thing
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Tracker

_CELL = 4  # priorities that one character of the bar stands for: 64 characters for 1 to 254
_MOST_THINGS, _NAMED = 4, 2  # up to the first number all are named; of more, the second number
_NARROWEST = 16  # cells that a column keeps, if it has as many, where the row is too wide
_WIDEST = {"what must be down": 62, "combination": 80, "what it does": 44, "why it changes nothing": 34}
DEAD = {
    **REASONS,
    "saturated": "the sum is beyond 1 or 254 with and without it",
    "cancelled": "its trackers cancel each other",
    "fault": "the instance is in FAULT anyway",
    "silent": "the instance sends no adverts",
}
_NOT_COUNTED = "not counted"
_WHY_NOT_COUNTED = "  not counted: too many states for an exact number; the priorities and what must be down are exact"
_SIGNALS = {PRIORITY: "another priority", ZERO: "priority 0", SILENCE: "the first advert is missing"}
_HISTORY = {
    "shared-interface-fault": "keepalived bug: the first of the unweighted interfaces {} to recover clears the FAULT",
    "group-fault-counter": "keepalived bug: after two faults at once, the group miscounts its faults until a reload",
    "stale-file-sum": "keepalived bug: after a FAULT, the sum keeps the old value of file {}",
    "deleted-file-stale": "keepalived bug: after file {} is deleted, its last value still counts",
    "reload-forgets-reverse": "keepalived bug: a reload counts script {} without its reverse",
}


class _Sheet(NamedTuple):
    """How it is written: the short names of the trackers, the bar's two signs, colours."""

    names: Names
    bar: str
    color: bool


def render(result: Priorities, stream: TextIO, *, color: bool = False) -> None:
    """Write one block for each instance; the bar is plain ASCII where the stream cannot write blocks."""
    bar = "\u2588\u00b7" if _writes(stream, "\u2588\u00b7") else "#."
    names = named(key.partition(":")[2] for key in _things_of(result))
    sheet = _Sheet(names, bar, color)
    blocks = ["\n".join(_block(answer, result, sheet)) for answer in result.answers]
    if names.common:
        blocks.append(printable(names.legend("tracker")))
    stream.write("\n\n".join(blocks or ["no vrrp_instance"]) + "\n")


def _things_of(result: Priorities) -> dict[str, None]:
    """What the trackers of all instances name, but interfaces: their names are not made of words."""
    things = (thing.key for answer in result.answers for thing in answer.whole.things)
    trackers = (tracker.key for answer in result.answers for tracker in answer.whole.instance.trackers)
    return dict.fromkeys(key for key in (*things, *trackers) if not key.startswith("interface:"))


def _writes(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _block(answer: Answer, result: Priorities, sheet: _Sheet) -> Iterator[str]:
    instance, reach, names = answer.reach.instance, answer.reach, sheet.names
    name = printable(instance.name)
    yield (
        f"{f'{chr(27)}[1m{name}{chr(27)}[0m' if sheet.color else name}  "
        f"router {instance.virtual_router_id.value} on {printable(instance.interface.value)}"
    )
    yield from wrap(summary(answer), WIDTH, initial_indent="  ", subsequent_indent="    ")
    if instance.silent is not None:
        yield f"  sends no adverts: {printable(instance.silent)}"
    if reach.reachable and not instance.owner:
        yield from _bar(answer, sheet)
    yield ""
    outcomes = list(rows(reach))
    yield from _table(("priority", "what must be down", "states"), outcomes, ("right", "left", "right"), sheet)
    if any(count == _NOT_COUNTED for _, _, count in outcomes):
        yield _WHY_NOT_COUNTED
    if answer.combinations is not None:
        listed = [(_priority(one.priority), _things(one.states, len(one.states))) for one in answer.combinations]
        yield ""
        yield from _table(("priority", "combination"), listed, ("right", "left"), sheet)
    trackers = [*tracker_rows(answer, result.profile), *_member_faults(answer.whole)]
    if trackers:
        yield ""
        heads = ("tracker", "what it does", "in adverts after", "why it changes nothing")
        yield from _table(heads, trackers, ("left",) * 4, sheet)
    if result.times:
        yield from map(names.short, _times(answer))
    for kind, subject in instance.history:
        yield names.short(f"  history matters: {_HISTORY[kind].format(printable(subject))}")


def summary(answer: Answer) -> str:
    instance, reach = answer.reach.instance, answer.reach
    base = f"base {instance.base_priority.value}{' (address owner)' if instance.owner else ''}"
    found = [str(reached.priority) for reached in reach.reachable]
    reached = f"{found[0]} to {found[-1]}" if len(found) > 1 else "".join(found)
    can = " or ".join([text for text in (reached, "FAULT" if reach.fault else "") if text])
    return f"{base}, {_priority(answer.whole.nominal)} while nothing is down, can be {can}"


def _bar(answer: Answer, sheet: _Sheet) -> Iterator[str]:
    """One character for four priorities; a mark under the one while nothing is down."""
    full, empty = sheet.bar[0], sheet.bar[1]
    cells = {((reached.priority or 0) - 1) // _CELL for reached in answer.reach.reachable}
    yield "  1 " + "".join(full if at in cells else empty for at in range(253 // _CELL + 1)) + " 254"
    if answer.whole.nominal is not None:
        yield " " * (4 + (answer.whole.nominal - 1) // _CELL) + f"^ {answer.whole.nominal}"


def rows(reach: Reach) -> Iterator[tuple[str, str, str]]:
    """From the highest priority down, FAULT last; a file's many values are one row."""
    counts = counted(reach)
    for run in _runs(reach, counts):
        first, last = run[0], run[-1]
        priority = f"{first.priority} to {last.priority}" if len(run) > 1 else _priority(first.priority)
        count = _count(counts[first.priority])
        if len(run) > 1 and count != _NOT_COUNTED:
            count += " each"
        yield priority, _things(_ranges(first.witness, last.witness)) or "nothing is down", count
    if reach.fault is not None:
        yield "FAULT", _things(reach.fault.witness) or _always(reach.instance), _count(counts[None])


def _always(instance: Instance) -> str:
    return "the instance sends no adverts" if instance.silent is not None else "nothing is down"


def _runs(reach: Reach, counts: Mapping[int | None, int | None]) -> list[list[Reached]]:
    """Outcomes side by side that the same things explain, as often, are one run; two are not worth it."""
    runs: list[list[Reached]] = []
    for reached in reversed(reach.reachable):
        before = runs[-1][-1] if runs else None
        if (
            before is not None
            and (before.priority or 0) - (reached.priority or 0) == 1
            and counts[before.priority] == counts[reached.priority]
            and before.witness.keys() == reached.witness.keys()
        ):
            runs[-1].append(reached)
        else:
            runs.append([reached])
    return [part for run in runs for part in ([run] if len(run) > 2 else [[reached] for reached in run])]


def _ranges(first: Mapping[str, str], last: Mapping[str, str]) -> dict[str, str]:
    return {key: state if last[key] == state else f"{state} to {last[key]}" for key, state in first.items()}


def _things(witness: Mapping[str, str], most: int = _MOST_THINGS) -> str:
    """`script chk ko, file f 3`; many are counted rather than named."""
    named = [f"{printable(key.replace(':', ' ', 1))} {state}" for key, state in witness.items()]
    if len(named) > most:
        return f"{len(named)} failures: {', '.join(named[:_NAMED])} and {len(named) - _NAMED} more"
    return ", ".join(named)


def _priority(priority: int | None) -> str:
    return "FAULT" if priority is None else str(priority)


def _count(count: int | None) -> str:
    if count is None:
        return _NOT_COUNTED
    if count < 10**15:
        return f"{count:,}"
    from decimal import Decimal

    return f"{Decimal(count):.2e}"


def tracker_rows(answer: Answer, profile: Profile) -> Iterator[tuple[str, str, str, str]]:
    dead = {id(found.tracker): DEAD[found.reason] for found in answer.whole.dead}
    for tracker, times in zip(answer.whole.instance.trackers, answer.detections, strict=True):
        effect = f"weight {tracker.weight.value}" if tracker.ignored else _effect(tracker, profile)
        if tracker.requested is not None and tracker.requested.value != tracker.weight.value:
            effect += f" (not weight {tracker.requested.value})"
        heard = span(times.advert) if times and times.advert and id(tracker) not in dead else ""
        yield f"{tracker.kind} {printable(tracker.name)}", effect, heard, dead.get(id(tracker), "")


def _times(answer: Answer) -> Iterator[str]:
    """How long each tracker's failure and its end take until the others can know, term by term."""
    dead = {id(found.tracker) for found in answer.whole.dead}
    for tracker, times in zip(answer.whole.instance.trackers, answer.detections, strict=True):
        if id(tracker) in dead or times is None or times.advert is None:
            continue
        end, bad = NAMES[tracker.kind] or ("changed back", "changed")
        back = (
            (f"{end}: {_SIGNALS[PRIORITY]}", times.recovered)
            if times.recovered
            else (f"{end}: the FAULT ends", times.ok)
        )
        for what, delay in ((f"{bad}: {_SIGNALS[times.signal or '']}", times.advert), back):
            yield ""
            yield f"  {tracker.kind} {printable(tracker.name)} {what} after {span(delay)}"
            yield from lines(delay, "    ")


def _effect(tracker: Tracker, profile: Profile) -> str:
    found = states(tracker, profile)
    if tracker.kind != "file":
        return ", ".join(
            f"{state} {'FAULT' if fault else f'{delta:+d}' if delta else '0'}" for state, delta, fault in found
        )
    faults = [int(state) for state, _, fault in found if fault]
    if tracker.weight.value == 0:
        return "FAULT while 0" if faults == [0] else "FAULT while not 0"
    weight = -tracker.weight.value if tracker.reverse else tracker.weight.value
    return f"{weight:+d} x its value, FAULT from {faults[0]} {'down' if faults[0] < 0 else 'up'}"


def _member_faults(reach: Reach) -> Iterator[tuple[str, str, str, str]]:
    """Things that only another member of the sync group hangs on."""
    for thing in reach.things:
        if not thing.trackers:
            yield printable(thing.key.replace(":", " ", 1)), f"{_fault(thing)} FAULT (sync group)", "", ""


def _fault(thing: Thing) -> str:
    states = ", ".join(choice.state for choice in thing.choices if choice.fault)
    return f"a value such as {states}:" if thing.key.startswith("file:") else states


def _rooms(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The cells of each column: as many as it needs and may have; where a row has fewer, the widest gives way."""
    least = [width(head) + 2 for head in heads]  # tabulate makes a column wider than its head
    needed = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    rooms = [min(cells, _WIDEST.get(head, cells)) for head, cells in zip(heads, needed, strict=True)]
    while 2 * len(rooms) + sum(map(max, rooms, least)) > WIDTH:
        able = [at for at in range(len(rooms)) if rooms[at] > max(_NARROWEST, least[at])]
        if not able:
            break
        rooms[max(able, key=rooms.__getitem__)] -= 1
    return rooms


def _table(
    heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], alignment: tuple[str, ...], sheet: _Sheet
) -> Iterator[str]:
    from tabulate import tabulate

    rows = [tuple(map(sheet.names.short, row)) for row in rows]
    used = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    heads, alignment = tuple([heads[at] for at in used]), tuple([alignment[at] for at in used])
    rows = [tuple([row[at] for at in used]) for row in rows]
    rooms = _rooms(heads, rows)
    # Folded here: tabulate does it itself from 0.9 on only, and Debian 12 has 0.8.9.
    rows = [tuple(["\n".join(folded(text, cells)) for text, cells in zip(row, rooms, strict=True)]) for row in rows]
    table = tabulate(rows, headers=heads, tablefmt="simple", disable_numparse=True, colalign=alignment)
    for line in table.splitlines():
        yield f"  {line}".rstrip()
