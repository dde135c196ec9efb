"""`kalint probe`: the wire against the prediction. It listens, and never sends."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.output import opened
from kalint.cli.overwriting import Command

if TYPE_CHECKING:
    from types import FrameType

    from kalint.pipeline.probing import Observation, Sources
    from kalint.probe.changes import Change

REDRAW = 0.5
AT_ONCE = 1.0
"""Seconds within which a second signal is the first one's twin, such as Ctrl-C and what it makes others send."""
LINES = 20
"""At most this many lines of --follow are written a second: a flood is counted, not shown."""


def seconds_of(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """A time such as 5s, 500ms or 2m."""
    from kalint.settings.model import NO_DURATION, duration

    seconds = None if value is None else duration(value)
    if value is not None and seconds is None:
        raise click.BadParameter(f"{NO_DURATION}, not '{value}'")
    return seconds


@click.command("probe", cls=Command)
@click.argument("interfaces", nargs=-1, metavar="[IFACE...]")
@click.option(
    "--config",
    "configs",
    multiple=True,
    metavar="[NAME=]FILE",
    help="Configuration of a node; NAME is the node and its config id. Repeatable.",
)
@click.option("--cluster-name", "name", metavar="NAME", help="Cluster of kalint.toml whose nodes to compare with.")
@click.option("--pcap", metavar="FILE", help="Capture to read: pcap or pcapng, also gzipped; - is standard input.")
@click.option(
    "--duration",
    callback=seconds_of,
    metavar="TIME",
    help="Time to listen: 5s (default: what the longest advert interval of the files needs, at least 5s).",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="Number of adverts after which to stop.")
@click.option("--follow", is_flag=True, help="Print one line for each change until stopped.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="KIND:NAME=STATE",
    help="Known state of a tracker: script:chk=ko, interface:eth1=up; of one node: NODE:script:chk=ko. Repeatable.",
)
@click.option(
    "--state-from",
    "dumps",
    multiple=True,
    metavar="[NODE=]FILE",
    help="JSON that keepalived on a node writes on SIGJSON. Repeatable.",
)
@click.option("--write-pcap", metavar="FILE", help="Write the packets seen to a capture (*.pcapng: pcapng, else pcap).")
@click.option("--promiscuous", is_flag=True, help="Include frames for other hosts (on a mirror port).")
@reads
@writes("probe")
def command(
    interfaces: tuple[str, ...],
    configs: tuple[str, ...],
    name: str | None,
    pcap: str | None,
    duration: float | None,
    count: int | None,
    follow: bool,
    states: tuple[str, ...],
    dumps: tuple[str, ...],
    write_pcap: str | None,
    promiscuous: bool,
    writing: Writing,
    **read: Any,
) -> int:
    """Compare the adverts on the wire with the files.

    The nodes are given by --config or by a cluster of kalint.toml; without nodes, kalint only lists the adverts.
    Listening needs root or CAP_NET_RAW; --pcap does not. kalint sends no packet, and runs no program but
    'keepalived --version' on a node without a given release. IFACE 'any' stands for all interfaces that are up.
    """
    from kalint.pipeline.nodes import observed
    from kalint.pipeline.predicting import listening, long_enough, predict
    from kalint.pipeline.probing import Observation, Sources, named_interfaces, refuse_odd

    wanted = Sources(named_interfaces(interfaces), pcap, duration, count, promiscuous, write_pcap)
    refuse_odd(wanted)
    asked = asked_of(**read)
    predicted = predict(observed(configs, name, asked), asked, states, dumps, live=pcap is None)
    if pcap is None and duration is None and not follow and count is None:
        wanted = wanted._replace(duration=long_enough(predicted.prediction.expected))
        announced = listening(predicted.prediction.expected)
    else:
        announced = ""
    with _ending() as ended, opened(writing.output, writing.format) if follow else _nowhere() as stream:
        followed = _Following(stream, writing.format) if follow else None
        observation = Observation(wanted, predicted, followed.follower.told if followed else None)
        shown = _Table(observation, wanted, writing) if followed is None else None
        if followed is not None:
            followed.follower.observation = observation
        tick = followed.tick if followed else shown.tick if shown else _nothing
        observation.run(lambda: bool(ended), _announcing(announced, tick) if announced else tick)
        report = observation.at()
        if shown is not None:
            shown.clear()
            write("probe", report, writing)
            sys.stdout.flush()
        elif followed is not None:
            followed.end(report)
    return int(report.fails)


def _announcing(said: str, tick: Callable[[], None]) -> Callable[[], None]:
    """The same, but the first time it says on standard error how long this takes."""
    waiting = [said]

    def announce() -> None:
        if waiting:
            print(f"kalint: {waiting.pop()}", file=sys.stderr)
        tick()

    return announce


def _nothing() -> None:
    """Nothing to do now and then."""


@contextmanager
def _nowhere() -> Iterator[TextIO]:
    yield sys.stdout


@contextmanager
def _ending() -> Iterator[list[float]]:
    """SIGINT and SIGTERM end the observation, with its report so far: the list is no longer empty then.

    Who asks again later wants no report.
    """
    ended: list[float] = []

    def end(_number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if ended and now - ended[0] > AT_ONCE:
            raise KeyboardInterrupt
        ended.append(now)

    before = [(number, signal.signal(number, end)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield ended
    finally:
        for number, handler in before:
            signal.signal(number, handler)


class _Table:
    """The report so far, drawn again and again where standard output is a terminal."""

    def __init__(self, observation: Observation, wanted: Sources, writing: Writing) -> None:
        self.observation = observation
        self.on = writing.format == "text" and writing.output is None and wanted.pcap is None and sys.stdout.isatty()
        self.color = writing.color
        self._lines = 0
        self._next = time.monotonic() + REDRAW

    def tick(self) -> None:
        """Draw, if it is time."""
        if not self.on or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + REDRAW
        from shutil import get_terminal_size

        from kalint.cli.output import wants_color
        from kalint.report.probe_text import summary

        size = get_terminal_size()
        lines = [part for line in summary(self.observation.at()) for part in line.split("\n")]
        lines = [line[: size.columns - 1] for line in lines[: size.lines - 2]]
        self.clear()
        dim, plain = ("\x1b[2m", "\x1b[0m") if wants_color(self.color, sys.stdout) else ("", "")
        sys.stdout.write("\n".join([*lines, f"{dim}listening; Ctrl-C ends with the report{plain}"]) + "\n")
        sys.stdout.flush()
        self._lines = len(lines) + 1

    def clear(self) -> None:
        """Take the last drawing away."""
        if self._lines:
            sys.stdout.write(f"\x1b[{self._lines}A\x1b[J")
            self._lines = 0


class _Following:
    """Changes, written as lines; beyond a few a second they are counted."""

    def __init__(self, stream: TextIO, format: str) -> None:
        from kalint.pipeline.following import Follower

        self.stream = stream
        self.json = format == "json"
        self.follower = Follower(self.said)
        self._left, self._skipped, self._second = LINES, 0, 0

    def said(self, change: Change) -> None:
        """Write a change, or count it in a flood."""
        if int(change.time) != self._second:
            self._tell_skipped()
            self._second, self._left = int(change.time), LINES
        if not self._left and change.severity == "info":
            self._skipped += 1
            return
        self._left = max(0, self._left - 1)
        from kalint.report.probe_follow import document, line

        self.stream.write(f"{document(change) if self.json else line(change)}\n")

    def _tell_skipped(self) -> None:
        if self._skipped and not self.json:
            self.stream.write(f"and {self._skipped} more changes\n")
        self._skipped = 0

    def tick(self) -> None:
        """Write the changes since the last one."""
        self.follower.tick()
        self.stream.flush()

    def end(self, report: object) -> None:
        """Write what is left, and the report."""
        self.follower.look()
        self._tell_skipped()
        if self.json:
            from kalint.report.probe_json import render

            render(report, self.stream, line=True)
        else:
            from kalint.report.probe_text import render as text

            self.stream.write("\n")
            text(report, self.stream)
