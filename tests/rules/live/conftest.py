"""Run the rules on the wire over configurations and adverts that are written as lines.

    0.0-5.0 10.0.0.1 priority 110            one advert a second (the interval), from 0.0 to 5.0 s
    0.0-6.0/2 10.0.0.1 priority 110          one every 2 s
    2.5 10.0.0.1 priority 0                  one
    3.5 malformed too short for a header
    0.0-5.0 carp 10.0.0.3 vhid 51            CARP
    3.5 eth0 gone                            what happened to the capture
    running VI_1 base_priority 90            keepalived's own dump of the first node
    require b is master when a crashes, within 4 s     a requirement of the cluster

An advert is of VRID 51, version 2, interval 1 s, address 10.0.0.9, TTL 255, to 224.0.0.18, without authentication,
unless `vrid`, `version`, `interval`, `addresses A,B`, `ttl`, `to`, `checksum`, `mac` or `pass WORD` says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.requirements.promises import promises
from kalint.analysis.requirements.proving import Prover
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.reading import Request, load
from kalint.probe.compare import Comparison, Prediction, compare, rejecting
from kalint.probe.expected import expect
from kalint.probe.running import departures, read_dump
from kalint.probe.watch import Watch
from kalint.requirements.parser import parse
from kalint.rules.live import judge
from kalint.text import Options
from kalint.wire import Advert, Foreign, Malformed, Notice, Secret

Findings = Callable[[Mapping[str, str], str], "list[Diagnostic]"]
ADVERTS_END = 0.9
"""Seconds after the last line at which the observation ends."""


def advert(time: float, source: str, words: list[str]) -> Advert:
    """One advert of a line."""
    said = dict(zip(words[::2], words[1::2], strict=True))
    secret = Secret("pass", said["pass"].encode()[:8].ljust(8, b"\0")) if "pass" in said else None
    version = int(said.get("version", "2"))
    return Advert(
        time, None, None, None, secret, "eth0", (), "ipv4", source, said.get("to", "224.0.0.18"),
        said.get("mac", "02:00:00:00:00:01"),
        int(said.get("ttl", "255")), version, int(said.get("vrid", "51")), int(said["priority"]),
        tuple(said.get("addresses", "10.0.0.9").split(",")), float(said.get("interval", "1")),
        "pass" if secret else "none", said.get("checksum", "plain" if version == 2 else "pseudo"),
    )  # fmt: skip


def items(wire: str) -> Iterator[Advert | Foreign | Malformed | Notice]:
    """What the lines say, in order of time."""
    found: list[Advert | Foreign | Malformed | Notice] = []
    for line in wire.splitlines():
        when, *words = line.split()
        if not words or when in ("running", "require"):
            continue
        span, _, step = when.partition("/")
        start, _, end = span.partition("-")
        if words[0] == "malformed":
            found.append(Malformed(float(start), " ".join(words[1:])))
        elif words[0] == "carp":
            count = 1 + int(float(end or start) - float(start))
            about = ("CARP", "eth0", (), "ipv4", words[1], int(words[3]))
            found += [Foreign(float(start) + number, *about) for number in range(count)]
        elif words[0] == "eth0":
            found.append(Notice(float(start), "eth0", " ".join(words[1:])))
        else:
            interval = float(step or dict(zip(words[1::2], words[2::2], strict=True)).get("interval", "1"))
            count = 1 + int((float(end or start) - float(start)) / interval + 1e-6)
            found += [advert(float(start) + number * interval, words[0], words[1:]) for number in range(count)]
    yield from sorted(found, key=lambda item: item.time)


def compared(texts: Mapping[str, str], wire: str, folder: Path) -> Comparison:
    """The comparison of some nodes' configurations with the wire; without nodes there is nothing to compare with."""
    nodes = [
        Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)
        for name, text in texts.items()
    ]
    expected = expect(nodes)
    watch = Watch(0.0, rejecting(expected), {each.place: 3 for each in expected})
    end = 0.0
    for item in items(wire):
        end = item.time
        if isinstance(item, Advert):
            watch.advert(item)
        elif isinstance(item, Malformed):
            watch.malformed(item)
        elif isinstance(item, Foreign):
            watch.foreign(item)
        else:
            watch.notice(item)
    found = []
    for line in wire.splitlines():
        if line.startswith("running "):
            _, name, *words = line.split()
            data = {"iname": name, "state": 2, "track_ifp": ["eth0"], "track_script": ["/usr/bin/true"]}
            data.update({key: int(value) for key, value in zip(words[::2], words[1::2], strict=True)})
            (folder / "keepalived.json").write_text(json.dumps([{"data": data}]))
            found += departures(read_dump(str(folder / "keepalived.json")), expected)
    required = [line.removeprefix("require ") for line in wire.splitlines() if line.startswith("require ")]
    promised = promises(Prover(analyse(nodes)), map(parse, required)) if required else ()
    prediction = Prediction(expected, {}, tuple(found), promises=promised)
    return compare(watch.seen(end + ADVERTS_END), prediction, ("eth0",), place="eth0", live=True)


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    """`findings({"a": text, "b": text}, wire)`: every finding of every rule on the wire."""

    def run(texts: Mapping[str, str], wire: str) -> list[Diagnostic]:
        return list(judge(compared(texts, wire, tmp_path)))

    return run
