"""Whether what `kalint probe --pcap` says of recorded daemons is what was true of them.

    python tests/probe/judge.py [FOLDER]        (default: ../shared/captures beside the checkout, else the few in tests)

A capture is a .pcap with a .json beside it: the nodes' configurations, and who was master when by the daemons' logs.
Each is read as `kalint probe --pcap` reads it, with the nodes' releases, but without their addresses, and then asked:

    decoded     every source's adverts, priorities and times are those that were decoded by hand
    nodes       each source is the node that it is
    masters     each time in which a daemon was master and sent is a period of it, and no other
    two         two masters, from when to when, where both daemons were in MASTER for longer than an advert interval
    explained   each priority is predicted, and explained by what was done to the node then
    findings    the codes of what is wrong, and no other; with them the exit code
    takeovers   how long nobody was heard before a node took over

What is not reached is a difference; those that are known are in EXCEPTIONS, with the reason.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kalint.pipeline.predicting import predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.probe.view import ComparedSource, View
from kalint.rules.live import ProbeResult
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import parse_version

HERE = Path(__file__).parent
SHARED = HERE.parent.parent.parent / "shared" / "captures"
OWN = HERE / "captures"
BUSY = 0.6
"""Seconds by which the log of a daemon on a busy machine may be off its adverts."""

WRONG: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"ev-advint-v2_", ("KA904",)),
    (r"ev-auth-(mismatch|type)_", ("KA907",)),
    (r"ev-collision-auth_", ("KA905", "KA907")),
    (r"ev-collision_", ("KA905",)),
    (r"ev-vip(count|list)_", ("KA905",)),
    (r"hmac-(unknown-key|vs-none)_", ("KA907",)),
    (r"v3-csum-as-v2-one-side_", ("KA906",)),
    (r"v3-unicast-never_", ("KA906",)),
    (r"v3-unicast-mixed_", ("KA906",)),  # 1.3.5 rejects the new checksum that the backup sends later
    (r"v3-unicast-peers3_", ("KA906",)),
    (r"ev-(crash|advint-v3)_", ("KA917",)),  # the better node is killed, and does not come back
    (r"v3-unicast_1\.3\.5", ("KA906",)),  # a checksum of zero to every second peer
)
"""What is wrong in a capture, beside two masters: by its name, from what its description says."""

SCRIPTS = {
    ("ev-script", "W20"): {100: {"script:chk": "ko"}, 120: {}},
    ("ev-script", "M20"): {100: {"script:chkm": "ko"}, 120: {}},
}
"""Priorities of n1 that a script explains, by capture and instance."""

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(capture, question): why the truth is not on the wire."""


class Difference(NamedTuple):
    """A question that is not answered as the truth has it."""

    capture: str
    question: str
    what: str


QUESTIONS = ("decoded", "nodes", "masters", "two", "explained", "findings", "takeovers")


def observed(truth: Mapping[str, Any], pcap: Path, folder: Path, addresses: bool = False) -> ProbeResult:
    """What kalint says of a capture."""
    nodes = []
    for name, node in truth["nodes"].items():
        if node["config"]:
            file = folder / f"{name}.conf"
            file.write_text(node["config"])
            known = {"eth0": node["ipv4"]} if addresses else {}
            nodes.append(NodeSettings(name, str(file), None, parse_version(node["keepalived"]), known))
    predicted = predict(ClusterSettings("", tuple(nodes)), Asked(), (), (), live=False)
    observation = Observation(Sources(pcap=str(pcap)), predicted)
    observation.run(lambda: False, lambda: None)
    return observation.at()


def differences(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[Difference]:
    """Every question of a capture that is not answered as the truth has it."""
    name = truth["name"]
    for question in QUESTIONS:
        for what in globals()[f"_{question}"](truth, report):
            if (name, question) not in EXCEPTIONS:
                yield Difference(name, question, what)


def _views(report: ProbeResult) -> dict[str, View]:
    """Each router by the name that the truth has for it; captures have one link."""
    return {
        f"vrid {view.key.virtual_router_id} {'IPv4' if view.key.family == 'ipv4' else 'IPv6'}": view
        for view in report.comparison.views
    }


def _compared_sources(report: ProbeResult) -> dict[tuple[str, int], ComparedSource]:
    return {
        (compared.source.address, view.key.virtual_router_id): compared
        for view in report.comparison.views
        for compared in view.compared_sources
    }


def _heard(truth: Mapping[str, Any]) -> dict[tuple[str, int], list[tuple[float, int]]]:
    """Time and priority of each advert, by source and VRID; copies to several unicast peers are one."""
    heard: dict[tuple[str, int], list[tuple[float, int]]] = {}
    for key, periods in truth["expected_adverts_per_source"].items():
        address, _, vrid, _ = key.split()
        found: dict[str, list[tuple[float, int]]] = {}
        for period in periods:
            found.setdefault(period["dst"], []).extend((time, period["priority"]) for time in period["times"])
        heard[address, int(vrid)] = sorted(max(found.values(), key=len))
    return heard


def _decoded(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    heard, compared_sources = _heard(truth), _compared_sources(report)
    if set(heard) != set(compared_sources):
        yield f"sources {sorted(compared_sources)}, not {sorted(heard)}"
        return
    for key, adverts in heard.items():
        source = compared_sources[key].source
        counts: dict[int, int] = {}
        for _, priority in adverts:
            counts[priority] = counts.get(priority, 0) + 1
        seen = {priority: run.adverts for priority, run in source.priorities.items()}
        if seen != counts:
            yield f"{key}: priorities {seen}, not {counts}"
        first, last = adverts[0][0], adverts[-1][0]
        if abs(source.run.first - first) > 0.002 or abs(source.run.last - last) > 0.002:
            yield f"{key}: from {source.run.first:.3f} to {source.run.last:.3f}, not {first} to {last}"


def _node_of(truth: Mapping[str, Any], address: str) -> str:
    for name, node in truth["nodes"].items():
        if address in (node["ipv4"], node["ipv6"], node["ipv6_link_local"], *node["extra_addresses"]):
            return str(name)
    return address


def _nodes(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    for (address, vrid), compared in _compared_sources(report).items():
        node, found = _node_of(truth, address), compared.expected.node if compared.expected else None
        if found != node or compared.others:
            yield f"VRID {vrid}: {address} is {found}, not {node}"


def _masters(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    """A daemon that is master for longer than its interval sends, and its period is the one that its log has."""
    for router, view in _views(report).items():
        times = truth["masters_from_logs"].get(router, {"master_intervals": []})["master_intervals"]
        for period in view.router.periods:
            node = _node_of(truth, period.source)
            # In 1.x the log says MASTER one advert after the first; whoever is still master ends with the capture.
            slack = BUSY + _interval(view)
            inside = [each for each in times if each[0] == node and each[1] - slack <= period.start <= each[2] + BUSY]
            if not inside:
                yield f"{router}: {node} from {period.start:.2f} to {period.end:.2f}, by its log {times}"
        for node, start, end in times:
            periods = [period for period in view.router.periods if _node_of(truth, period.source) == node]
            slack = BUSY + _interval(view)
            near = [period for period in periods if period.start <= end + BUSY and period.end >= start - slack]
            if not near:
                yield f"{router}: {node} was master from {start} to {end} by its log, and is not"


def _interval(view: View) -> float:
    return max(said.interval for compared in view.compared_sources for said in compared.source.contents)


def _two(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    for router, view in _views(report).items():
        interval = _interval(view)
        wanted = [
            (frozenset(each["nodes"]), each["frm"], each["to"])
            for each in truth["masters_from_logs"].get(router, {"two_masters": []})["two_masters"]
        ]
        found = [
            (frozenset(_node_of(truth, address) for address in overlap.sources), overlap.start, overlap.end)
            for overlap in view.router.overlaps
        ]
        for nodes, start, end in wanted:
            if end - start <= interval:
                continue
            # The first advert of 1.x comes one interval before its log says MASTER; the last one before the end.
            near = [
                each
                for each in found
                if each[0] == nodes
                and abs(each[1] - start) <= BUSY + interval * _old(truth)
                and -(BUSY + interval) <= each[2] - end <= BUSY
            ]
            if not near:
                yield f"{router}: {sorted(nodes)} were masters from {start} to {end}, found {found}"
        for nodes, start, end in found:
            slack = BUSY + interval
            if not any(each[0] == nodes and each[1] - slack <= start and end <= each[2] + 4 * slack for each in wanted):
                yield f"{router}: {sorted(nodes)} from {start:.2f} to {end:.2f} were not, by the logs {wanted}"


def _old(truth: Mapping[str, Any]) -> bool:
    return any(release.startswith("1.") for release in truth["keepalived"])


def _explained(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    for (address, vrid), compared in _compared_sources(report).items():
        instance = compared.expected.instance.name if compared.expected else ""
        scripts = SCRIPTS.get((truth["name"].split("_")[0], instance), {})
        for each in compared.priorities:
            wanted = scripts.get(each.priority, {}) if compared.expected and compared.expected.node == "n1" else {}
            if not each.predicted or [dict(found) for found in each.explanations] != [wanted]:
                yield f"VRID {vrid}: {each.priority} of {address} is explained by {each.explanations}, not {wanted}"


def _findings(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    name = truth["name"]
    wanted = {code for pattern, codes in WRONG if re.match(pattern, name) for code in codes}
    if any(view.router.overlaps for view in report.comparison.views):
        wanted.add("KA901")  # which ones there must be is asked by `two`
    informed = set()
    if any(priority == 0 for adverts in _heard(truth).values() for _, priority in adverts):
        informed.add("KA912")
    if name.startswith("ev-script_"):
        informed.add("KA911")
    if name.startswith("ev-equal_"):
        informed.add("KA913")
    if name.startswith("ev-advint-v3_"):
        informed.add("KA904")
    serious = {found.code for found in report.diagnostics if found.severity != "info"}
    infos = {found.code for found in report.diagnostics if found.severity == "info"}
    if serious != wanted:
        yield f"findings {sorted(serious)}, not {sorted(wanted)}"
    if infos != informed:
        yield f"notes {sorted(infos)}, not {sorted(informed)}"
    if report.fails != bool(wanted):
        yield f"exit code {int(report.fails)}"


def _takeovers(truth: Mapping[str, Any], report: ProbeResult) -> Iterator[str]:
    """After a crash or a shutdown the pause is what lies between the last advert of one and the first of the other."""
    if not re.match(r"ev-(crash|shutdown|advint-v3)", truth["name"]):
        return
    (view,) = report.comparison.views
    adverts = sorted((time, address) for (address, _), heard in _heard(truth).items() for time, _ in heard)
    changes = [(b[0] - a[0], b[1]) for a, b in pairwise(adverts) if a[1] != b[1]]
    found = [(period.pause, period.source) for period in view.router.periods if period.after]
    if [source for _, source in changes] != [source for _, source in found]:
        yield f"takeovers {found}, not {changes}"
    elif any(abs(mine[0] - theirs[0]) > 0.002 for mine, theirs in zip(found, changes, strict=True)):
        yield f"pauses {found}, not {changes}"


def without_files(pcap: Path) -> list[str]:
    """What the wire alone says otherwise of a capture: who was master, takeovers, and since when there were two.

    Until when is not asked: where only a file says that they reject each other, the silence of one looks like an end.
    """
    truth = json.loads(pcap.with_suffix(".json").read_text())
    observation = Observation(Sources(pcap=str(pcap)), predict(None, Asked(), (), (), live=False))
    observation.run(lambda: False, lambda: None)
    report = observation.at()
    found = [*_decoded(truth, report), *_masters(truth, report), *_takeovers(truth, report)]
    for router, view in _views(report).items():
        interval, logs = _interval(view), truth["masters_from_logs"].get(router, {"two_masters": []})["two_masters"]
        for each in logs:
            starts = [
                overlap.start
                for overlap in view.router.overlaps
                if {_node_of(truth, address) for address in overlap.sources} == set(each["nodes"])
            ]
            slack = BUSY + interval * _old(truth)
            if each["to"] - each["frm"] > interval and not any(abs(start - each["frm"]) <= slack for start in starts):
                found.append(f"{router}: two masters since {each['frm']}, found {starts}")
        if view.router.overlaps and not logs:
            found.append(f"{router}: {view.router.overlaps}, and there was one master")
    return found


def captures(folder: Path) -> list[Path]:
    """The captures of a folder that have a .json beside them."""
    return [path for path in sorted(folder.glob("*.pcap")) if path.with_suffix(".json").exists()]


def judged(pcap: Path, addresses: bool = False) -> list[Difference]:
    """What is not as the truth of a capture has it."""
    truth = json.loads(pcap.with_suffix(".json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        return list(differences(truth, observed(truth, pcap, Path(folder), addresses)))


def main() -> int:
    """Print what differs, and the tally."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED if SHARED.exists() else OWN
    found = {pcap: judged(pcap) for pcap in captures(folder)}
    for difference in (each for several in found.values() for each in several):
        print(f"{difference.capture}: {difference.question}: {difference.what}")
    for (capture, question), reason in EXCEPTIONS.items():
        print(f"exception: {capture}: {question}: {reason}")
    right = sum(not several for several in found.values())
    print(
        f"{right} of {len(found)} captures as they were, {len(QUESTIONS)} questions each, {len(EXCEPTIONS)} exceptions"
    )
    return int(right < len(found))


if __name__ == "__main__":
    sys.exit(main())
