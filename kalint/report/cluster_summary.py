"""A cluster in one line: for `kalint cluster --all`, as a document and as a row of a table."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint.analysis.timing.failover import Failovers
from kalint.findings.diagnostic import SEVERITIES
from kalint.report.columns import WIDTH, folded, left, named, pieces, right, width
from kalint.report.terminal import printable
from kalint.report.times import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.results import Answer
    from kalint.findings.diagnostic import Diagnostic

SCHEMA = "kalint/cluster-summary/1"
HEADS = ("cluster", "master", "no master after", "useless checks", "failover at most")
FINDINGS = tuple(f"{one}s" for one in SEVERITIES)
LEGEND = (
    "master: while nothing is down. no master after: the fewest failures that leave a router without a master; 'never' "
    "where no set of failures does. useless checks: trackers that never change who is master. The worst comes first."
)
SHORT = " Node names are shown without what all nodes of their cluster have in common."


def document_of(judged: CheckedCluster, found: Iterable[Diagnostic]) -> dict[str, Any]:
    """What there is to know of a cluster at a glance; `found` are all findings on its files."""
    failovers = Failovers(judged.cluster)
    routers = [_router(answer, failovers) for answer in judged.cluster.answers]
    counts = dict.fromkeys(SEVERITIES, 0)
    for each in found:
        counts[each.severity] += 1
    return {
        "schema": SCHEMA,
        "cluster": judged.name,
        "nodes": [node.name for node in judged.cluster.nodes],
        "keepalived_versions": {node.name: node.version and str(node.version) for node in judged.cluster.nodes},
        "routers": routers,
        "unmatched": len(judged.cluster.alone),
        "nobody": min((each["nobody"] for each in routers if each["nobody"] is not None), default=None),
        "useless": sum(len(each["useless"]) for each in routers),
        "worst_failover": max((each["worst_failover"] for each in routers if each["worst_failover"]), default=None),
        "findings": counts,
    }


def refusal_of(name: str, reason: str) -> dict[str, Any]:
    """What stands for a cluster that could not be judged."""
    return {"schema": SCHEMA, "cluster": name, "error": reason}


def _router(answer: Answer, failovers: Failovers) -> dict[str, Any]:
    router, nobody = answer.router, answer.no_master
    taken = [found for found in (failovers.of(answer, failure) for failure in answer.failures) if found is not None]
    return {
        "virtual_router_id": router.virtual_router_id,
        "family": router.family,
        "instances": {member.node.name: member.instance.name for member in router.members},
        "masters": list(answer.possible[0]) if answer.possible else [],
        "possible_masters": [list(names) for names in answer.possible],
        "nobody": None if nobody is None else nobody.failures,
        "nobody_witness": None if nobody is None else {node: dict(each) for node, each in nobody.witness.items()},
        "useless": [{"node": node or None, "thing": thing} for node, thing in answer.useless],
        "worst_failover": max((found.delay.worst for found in taken), default=None),
    }


def badness(document: dict[str, Any]) -> tuple[object, ...]:
    """What puts the worst first: what cannot be read, no master or several, one of several, errors, few failures."""
    if "error" in document:
        return (0, document["cluster"])
    trouble = min(map(_trouble, document["routers"]), default=1)
    nobody = document["nobody"]
    counts = [-document["findings"][severity] for severity in SEVERITIES]
    return (
        trouble,
        counts[0],
        float("inf") if nobody is None else nobody,
        *counts[1:],
        -document["useless"],
        -(document["worst_failover"] or 0),
        document["cluster"],
    )


def _trouble(router: dict[str, Any]) -> int:
    """1: the likeliest outcome has no master, or several at once. 2: another node may be master. 3: neither."""
    if len(router["masters"]) != 1:
        return 1
    return 2 if len(router["possible_masters"]) != 1 else 3


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a row a cluster, and what the columns mean."""
    documents = cast("Sequence[dict[str, Any]]", result)
    rows = [tuple(map(printable, _row(document))) for document in documents if "error" not in document]
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    if rows:
        heads = (*HEADS, *FINDINGS)
        widths = _widths(heads, rows)
        for line in _lines(heads, widths, bottom=True):
            print(f"{bold}{line}{plain}", file=stream)
        print(_line(["-" * cells for cells in widths], widths), file=stream)
        for row in rows:
            for line in _lines(row, widths):
                print(line, file=stream)
        short = any(named(document["nodes"]).common for document in documents if "error" not in document)
        print("\n" + "\n".join(wrap(LEGEND + SHORT if short else LEGEND, WIDTH)), file=stream)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The cells of each column: of numbers what a word of the head needs, of the two columns of names what is left."""
    words = [max(width(word) for word in head.split()) for head in heads]
    widths = [max(cells, *(width(row[at]) for row in rows)) for at, cells in enumerate(words)]
    floors = [max(width(piece.rstrip()) for row in rows for piece in pieces(row[at])) for at in range(2)]
    if sum(widths) + 2 * (len(widths) - 1) <= WIDTH - (width("no master") - widths[2]):
        widths[2] = width("no master")
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        able = [at for at, least in enumerate(floors) if widths[at] > max(least, words[at])]
        if not able:
            break
        widths[max(able, key=widths.__getitem__)] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int], bottom: bool = False) -> Iterator[str]:
    """A row in as many lines as its longest cell needs; the shorter cells at the top, or at the bottom."""
    parts = [folded(cell, room) for cell, room in zip(cells, widths, strict=True)]
    deep = max(map(len, parts))
    for at in range(deep):
        numbers = (at - (deep - len(part)) if bottom else at for part in parts)
        yield _line(
            [part[number] if 0 <= number < len(part) else "" for part, number in zip(parts, numbers, strict=True)],
            widths,
        )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    names = [left(cell, room) for cell, room in zip(cells[:2], widths[:2], strict=True)]
    numbers = [right(cell, room) for cell, room in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join((*names, *numbers)).rstrip()


def _row(document: dict[str, Any]) -> tuple[str, ...]:
    routers = document["routers"]
    nobody, worst = document["nobody"], document["worst_failover"]
    return (
        document["cluster"],
        named(document["nodes"]).short(_masters(routers)),
        "-" if not routers else "never" if nobody is None else str(nobody),
        str(document["useless"]),
        "-" if worst is None else f"{short(worst)} s",
        *(str(document["findings"][severity]) for severity in SEVERITIES),
    )


def _masters(routers: Sequence[dict[str, Any]]) -> str:
    """`lb1`, or of several routers with different masters how many each has: `lb1 (2), lb2 (1)`."""
    said: dict[str, int] = {}
    for router in routers:
        possible = [" and ".join(names) or "none" for names in router["possible_masters"]]
        name = " or ".join(possible) or "none"
        said[name] = said.get(name, 0) + 1
    if len(said) < 2:
        return next(iter(said), "no shared router")
    return ", ".join(f"{name} ({count})" for name, count in said.items())
