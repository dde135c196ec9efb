"""What `kalint watch` tells Prometheus. prometheus_client, an extra, writes the formats and answers the scrapes.

Every series of a virtual router has the labels vrid, family and interface; no label has a value that changes over time
(who is master is a series for each source, not a label).
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from kalint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.pipeline.following import Snapshot
    from kalint.probe.changes import Change
    from kalint.probe.facts import RouterKey
    from kalint.probe.view import View

ROUTER = ["vrid", "family", "interface"]
TEXTFILE = "kalint.prom"


class Metrics:
    """The numbers of a watch, worked out anew for each scrape from its last look.

    Args:
        version: of kalint.
    """

    def __init__(self, version: str) -> None:
        try:
            import prometheus_client
            from prometheus_client import core
        except ImportError:
            raise UsageError("metrics need prometheus_client: pip install 'kalint[watch]'") from None
        self._client: Any = prometheus_client
        self._core: Any = core
        self._version = version
        self._snapshot: Snapshot | None = None
        self._changed: dict[RouterKey, float] = {}
        self._events: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[str] = Counter()
        self.reloaded: tuple[bool, float] | None = None
        self.registry: Any = prometheus_client.CollectorRegistry()
        self.registry.register(self)

    def said(self, change: Change) -> None:
        """Count a change, and note when a router last had one of its masters."""
        self._events[change.event.replace(" ", "_"), change.severity] += 1
        masters = ("master", "two masters", "two masters over", "shutdown", "silent", "silence")
        if change.router is not None and change.event in masters:
            self._changed[change.router] = change.time

    def dropped(self, what: str) -> None:
        """Count an event that a hook did not get."""
        self._dropped[what] += 1

    def looked(self, snapshot: Snapshot) -> None:
        """Take what a look has come to; scrapes of another thread see the one before or this one."""
        known = {view.key for view in snapshot.comparison.views}
        self._changed = {key: time for key, time in self._changed.items() if key in known}
        self._snapshot = snapshot

    def serve(self, address: str) -> None:
        """Answer scrapes at `:9650`, `127.0.0.1:9650` or `[::1]:9650`, in a thread of its own.

        Raises:
            UsageError: no such address, or somebody else has the port.
        """
        host, _, port = address.rpartition(":")
        host = host.strip("[]")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise UsageError(f"--metrics {address}: write it as :9650, 127.0.0.1:9650 or [::1]:9650")
        try:
            self._client.start_http_server(int(port), host or "0.0.0.0", self.registry)  # noqa: S104 (scraped from elsewhere)
        except OSError as error:
            raise UsageError(f"--metrics {address}: {error.strerror or error}") from None

    def write(self, folder: str) -> None:
        """Write kalint.prom for the textfile collector of node_exporter, at once or not at all.

        Raises:
            UsageError: the folder is not there, or cannot be written.
        """
        try:
            self._client.write_to_textfile(os.path.join(folder, TEXTFILE), self.registry)
        except OSError as error:
            raise UsageError(f"--textfile {folder}: {error.strerror or error}") from None

    def describe(self) -> list[Any]:
        """Nothing beforehand: prometheus_client would collect to find the names."""
        return []

    def collect(self) -> Iterator[Any]:
        """Every metric, from the last look."""
        gauge, counter = self._core.GaugeMetricFamily, self._core.CounterMetricFamily
        info = gauge("kalint_build_info", "Release of kalint; always 1.", labels=["version"])
        info.add_metric([self._version], 1)
        yield info
        events = counter("kalint_events", "Changes reported, by kind and severity.", labels=["event", "severity"])
        for (event, severity), count in sorted(self._events.items()):
            events.add_metric([event, severity], count)
        yield events
        hooks = counter("kalint_hook_events_dropped", "Events not passed to the hook.", labels=["hook"])
        for hook, count in sorted(self._dropped.items()):
            hooks.add_metric([hook], count)
        yield hooks
        if self.reloaded is not None:
            yield gauge("kalint_reload_success", "1 if the last SIGHUP found readable files, else 0.", self.reloaded[0])
            yield gauge("kalint_reload_timestamp_seconds", "Time at which the files were last read.", self.reloaded[1])
        snapshot = self._snapshot
        if snapshot is not None:
            yield from self._capture(snapshot)
            yield from self._findings(snapshot)
            yield from self._routers(snapshot)

    def _capture(self, snapshot: Snapshot) -> Iterator[Any]:
        gauge, counter = self._core.GaugeMetricFamily, self._core.CounterMetricFamily
        seen = snapshot.comparison.seen
        up = gauge("kalint_interface_up", "1 if the interface is up and readable, else 0.", labels=["interface"])
        for name in snapshot.interfaces:
            up.add_metric([name], seen.listening.get(name, 0.0) is not None)
        yield up
        malformed = counter("kalint_vrrp_malformed_packets", "Malformed VRRP packets.", labels=["reason"])
        for reason, count in seen.malformed.items():
            malformed.add_metric([reason], count)
        yield malformed
        other = counter(
            "kalint_other_protocol_packets",
            "Packets of CARP, HSRP and GLBP.",
            labels=["protocol", "interface", "source"],
        )
        for found in seen.foreign:
            other.add_metric([found.protocol, found.link, found.source], found.run.adverts)
        yield other
        yield counter("kalint_capture_lost_frames", "Frames that the kernel dropped.", seen.lost)
        yield counter(
            "kalint_vrrp_dropped_adverts", "Adverts dropped because of too many sources or routers.", seen.dropped
        )
        yield gauge("kalint_watch_start_timestamp_seconds", "Start of listening.", seen.epoch)

    def _findings(self, snapshot: Snapshot) -> Iterator[Any]:
        gauge, counter = self._core.GaugeMetricFamily, self._core.CounterMetricFamily
        now = gauge("kalint_findings", "Present findings, by rule.", labels=["code", "severity", *ROUTER])
        count: Counter[tuple[str, ...]] = Counter()
        for key, found in snapshot.findings:
            where = _labels(key) if key is not None else ["", "", ""]
            labels = (found.code, found.severity, *where)
            count[labels] += 1
        for values, number in sorted(count.items()):
            now.add_metric(list(values), number)
        yield now
        raised = counter("kalint_findings_raised", "New findings, by rule.", labels=["code"])
        for code, number in sorted(snapshot.raised.items()):
            raised.add_metric([code], number)
        yield raised

    def _routers(self, snapshot: Snapshot) -> Iterator[Any]:
        """The series of each virtual router; those of the files that were never heard have no master."""
        gauge, counter = self._core.GaugeMetricFamily, self._core.CounterMetricFamily
        comparison = snapshot.comparison
        families = {
            "masters": gauge("kalint_vrrp_masters", "Number of present masters.", labels=ROUTER),
            "priority": gauge("kalint_vrrp_master_priority", "Priority of the master.", labels=ROUTER),
            "predicted": gauge(
                "kalint_vrrp_predicted", "1 if the router is as its files predict, else 0.", labels=ROUTER
            ),
            "changes": counter("kalint_vrrp_master_changes", "Changes of the master.", labels=ROUTER),
            "doubles": counter(
                "kalint_vrrp_two_masters", "Number of times that two nodes were master at once.", labels=ROUTER
            ),
            "without": counter("kalint_vrrp_without_master_seconds", "Seconds without a master.", labels=ROUTER),
            "changed": gauge(
                "kalint_vrrp_last_change_timestamp_seconds", "Time of the last change of master.", labels=ROUTER
            ),
            "age": gauge("kalint_vrrp_last_advert_age_seconds", "Seconds since the last advert.", labels=ROUTER),
            "is_master": gauge(
                "kalint_vrrp_source_is_master", "1 if the source is master, else 0.", labels=[*ROUTER, "source"]
            ),
            "adverts": counter("kalint_vrrp_adverts", "Adverts by source.", labels=[*ROUTER, "source"]),
        }
        bad = {key for key, found in snapshot.findings if key is not None and found.severity != "info"}
        for view in comparison.views:
            self._router(families, view, snapshot, view.key in bad)
        for missing in comparison.missing:
            instance = missing.members[0].instance
            labels = [str(instance.virtual_router_id.value), instance.family, instance.interface.value]
            families["masters"].add_metric(labels, 0)
            families["predicted"].add_metric(labels, not missing.enough or missing.elsewhere)
            families["without"].add_metric(labels, missing.seconds)
        yield from families.values()

    def _router(self, families: dict[str, Any], view: View, snapshot: Snapshot, is_bad: bool) -> None:
        labels, router, seen = _labels(view.key), view.router, snapshot.comparison.seen
        masters = {period.source for period in router.periods if period.ended == "seen"}
        known = seen.listening.get(view.key.interface, 0.0) is not None
        if known:
            families["masters"].add_metric(labels, len(masters))
        priorities = [source.latest for source in router.sources if source.address in masters]
        if priorities:
            families["priority"].add_metric(labels, max(priorities))
        if view.members and known:
            families["predicted"].add_metric(labels, not is_bad)
        families["changes"].add_metric(labels, router.changes)
        families["doubles"].add_metric(labels, router.doubles)
        families["without"].add_metric(labels, router.without)
        if view.key in self._changed:
            families["changed"].add_metric(labels, self._changed[view.key])
        if router.sources:
            last = max(source.run.last for source in router.sources)
            families["age"].add_metric(labels, max(0.0, _now() - seen.epoch - last))
        for source in router.sources:
            families["is_master"].add_metric([*labels, source.address], source.address in masters)
            families["adverts"].add_metric([*labels, source.address], source.run.adverts)


def _labels(key: RouterKey) -> list[str]:
    return [str(key.virtual_router_id), key.family, key.link]


def _now() -> float:
    import time

    return time.time()
