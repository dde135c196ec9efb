"""`kalint probe` strung together: the wire or a capture to an observation, with a prediction to a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import UsageError
from kalint.pipeline.diagnosing import as_settled_by
from kalint.probe.compare import compare, rejecting
from kalint.probe.watch import Watch
from kalint.rules.live import ProbeResult, judged
from kalint.wire import (
    Advert,
    CaptureWriter,
    Decoder,
    Foreign,
    Frame,
    Listener,
    Malformed,
    Notice,
    SkippedFrame,
    read_capture,
)
from kalint.writing import opened

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.predicting import Predicted
    from kalint.probe.compare import Comparison
    from kalint.probe.counting import Told
    from kalint.probe.facts import Rejects, RouterKey, Seen

WAIT = 0.1


class Sources(NamedTuple):
    """Where adverts come from (interfaces or a capture file) and when to stop (a number of adverts or of seconds)."""

    interfaces: tuple[str, ...] = ()
    pcap: str | None = None
    duration: float | None = None
    most: int | None = None
    promiscuous: bool = False
    write_pcap: str | None = None

    @property
    def place(self) -> str:
        """What findings without a file are about."""
        return self.pcap or ", ".join(self.interfaces)


class Observation:
    """An observation that goes on: `at()` is what it has come to.

    `told` is called for each change with (time since 1970, router, kind, source, other).
    """

    def __init__(self, wanted: Sources, predicted: Predicted, told: Told | None = None) -> None:
        self.wanted = wanted
        self.predicted = predicted
        self.ended: float | None = None
        self._told = told
        self._watch: Watch | None = None
        self._links: dict[str, str] = {}
        self._due = 0.0

    @property
    def begun(self) -> bool:
        """Whether it has begun to listen, or has read a frame."""
        return self._watch is not None

    def run(self, stopped: Callable[[], bool], tick: Callable[[], None]) -> None:
        """Observe until the end of the file or the time, or until it is told to stop; `tick` is called often.

        Raises:
            CaptureError: an interface cannot be listened on.
            InputError: the capture file cannot be read, or the one to write cannot be written.
        """
        wanted = self.wanted
        with ExitStack() as stack:
            writer = (
                stack.enter_context(CaptureWriter(wanted.write_pcap, opened)) if wanted.write_pcap is not None else None
            )
            if wanted.pcap is not None:
                items: Iterable[Frame | Notice | None] = read_capture(wanted.pcap, stopped)
            else:
                began = time.time()  # the first interface is heard while the others are opened
                listener = stack.enter_context(
                    Listener(wanted.interfaces, groups=self._groups(), promiscuous=wanted.promiscuous)
                )
                self._begin(began)
                items = self._listen(listener)
            self._take(items, writer, stopped, tick)
        if wanted.pcap is None:
            self.ended = time.time()

    def _groups(self) -> tuple[str, ...]:
        groups = {each.group for each in self.predicted.prediction.expected if each.group is not None}
        return tuple(sorted(groups - {"224.0.0.18", "ff02::12"}))

    def _begin(self, epoch: float) -> Watch:
        expected = self.predicted.prediction.expected
        self._watch = Watch(epoch, *self._prediction(), self._tell if self._told else None)
        if self.wanted.pcap is None and expected:
            self._links = self._link_states()
        return self._watch

    def _prediction(self) -> tuple[Rejects, dict[tuple[str, int], int], list[str]]:
        """What a `Watch` is told of the files."""
        expected = self.predicted.prediction.expected
        factors: dict[tuple[str, int], int] = {}
        for each in expected:
            factors[each.place] = max(factors.get(each.place, 0), each.instance.down_timer_adverts)
        return rejecting(expected), factors, [address for each in expected for address in each.sources]

    def _tell(self, since: float, key: RouterKey, kind: str, source: str, other: str) -> None:
        if self._told is not None and self._watch is not None:
            self._told(self._watch.epoch + since, key, kind, source, other)

    def _link_states(self) -> dict[str, str]:
        from kalint.host import link_state

        things = {thing.key for each in self.predicted.prediction.expected for thing in each.reach.things}
        names = (key.partition(":")[2] for key in things if key.startswith("interface:"))
        return {f"interface:{name}": link_state(name) for name in names}

    def _listen(self, listener: Listener) -> Iterator[Frame | Notice | None]:
        """Frames for as long as it was asked for; None now and then, so that the caller can look up."""
        end = None if self.wanted.duration is None else time.monotonic() + self.wanted.duration
        while end is None or time.monotonic() < end:
            left = WAIT if end is None else max(0.0, min(WAIT, end - time.monotonic()))
            yield from listener.read(left)
            yield None

    def _take(
        self,
        items: Iterable[Frame | Notice | None],
        writer: CaptureWriter | None,
        stopped: Callable[[], bool],
        tick: Callable[[], None],
    ) -> None:
        decode = Decoder(tuple(group for group in self._groups() if ":" not in group)).decode
        for number, item in enumerate(items):
            if item is None or number % 1000 == 0 or (self._told is not None and item.time >= self._due):
                self._idle(tick)
                self._due = (item.time if item is not None else 0.0) + 1
                if stopped():
                    return
            if item is None:
                continue
            watch = self._watch or self._begin(item.time)
            self.ended = item.time if self.wanted.pcap is not None else None
            if isinstance(item, Notice):
                watch.notice(item)
                continue
            packet = decode(item)
            if writer is not None:
                writer.write(item)
            if isinstance(packet, Advert):
                watch.advert(packet)
            elif isinstance(packet, Malformed):
                watch.malformed(packet)
            elif isinstance(packet, Foreign):
                watch.foreign(packet)
            elif isinstance(packet, SkippedFrame):
                watch.passed_over(packet)
            if self._enough(item.time - watch.epoch, watch.adverts):
                return

    def _idle(self, tick: Callable[[], None]) -> None:
        """What happens from time to time."""
        if self._told is not None and self._watch is not None:
            self._watch.look(self.now())
        tick()

    def _enough(self, seconds: float, adverts: int) -> bool:
        wanted = self.wanted
        if wanted.most is not None and adverts >= wanted.most:
            return True
        return wanted.pcap is not None and wanted.duration is not None and seconds >= wanted.duration

    def at(self) -> ProbeResult:
        """What was seen up to now, compared and judged."""
        now = self.now()
        watch = self._watch or self._begin(now)
        comparison = self.compared(watch.seen(now))
        return judged(comparison, self.predicted.sources, self.settled)

    def now(self) -> float:
        """What time it is: that of the clock, or of the last frame of a capture; seconds since 1970."""
        return self.ended if self.ended is not None else time.time()

    def settled(self, found: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
        """Findings as the settings have them: with other severities, or none."""
        return as_settled_by(found, self.predicted.readings)

    def seen(self) -> Seen:
        """What was seen up to now."""
        now = self.now()
        return (self._watch or self._begin(now)).seen(now)

    def forget(self, seconds: float) -> None:
        """Forget what was not heard for so long."""
        if self._watch is not None:
            self._watch.forget(self.now() - self._watch.epoch - seconds)

    def reread(self, predicted: Predicted) -> None:
        """Go on with other files."""
        self.predicted = predicted
        if self._watch is not None:
            self._watch.reconfigure(*self._prediction())
            if self.wanted.pcap is None and predicted.prediction.expected:
                self._links = self._link_states()

    def compared(self, seen: Seen) -> Comparison:
        """What was seen, compared with the files."""
        prediction = self.predicted.prediction
        if self._links:
            after = self._link_states()
            links = {key: state for key, state in self._links.items() if after.get(key) == state}
            prediction = prediction._replace(links=links)
        wanted = self.wanted
        return compare(seen, prediction, wanted.interfaces, wanted.place, wanted.pcap is None, wanted.promiscuous)


def named_interfaces(names: Sequence[str]) -> tuple[str, ...]:
    """The interfaces; `any` stands for all that are up, but for the loopback.

    Raises:
        UsageError: `any`, and none is up.
    """
    if "any" not in names:
        return tuple(names)
    import socket

    from kalint.wire.device import Device

    devices = [Device(name) for _, name in socket.if_nameindex()]
    up = [device.name for device in devices if device.state() == "up" and not device.is_loopback()]
    if not up:
        raise UsageError("any: no interface of this host is up except the loopback")
    return tuple(up)


def refuse_odd(wanted: Sources) -> None:
    """Refuse what does not fit together, before anything is opened.

    Raises:
        UsageError: neither an interface nor a capture, or both.
    """
    if wanted.pcap is not None and wanted.interfaces:
        raise UsageError("either interfaces or --pcap FILE, not both")
    if wanted.pcap is None and not wanted.interfaces:
        import socket

        names = ", ".join(name for _, name in socket.if_nameindex())
        raise UsageError(f"name the interfaces to listen on ({names}), or a capture: --pcap FILE")
