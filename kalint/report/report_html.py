"""`kalint report`: one page to look at, with nothing to fetch: requirements, the failure board, ladders, and findings.

The page is laid out by `templates/report.html` with jinja2, which escapes whatever comes from a file. Its policy allows
its own script and style by their hashes, and nothing else.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from kalint import __version__
from kalint.analysis.situation import Situations
from kalint.report import alike
from kalint.report.board import board, precomputed
from kalint.report.columns import named
from kalint.report.report_names import renamed
from kalint.report.report_requirements import requirements
from kalint.report.report_routers import views
from kalint.report.report_sources import sources
from kalint.report.require_text import total
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Findings
    from kalint.report.report_routers import View

STYLES = ("palette.css", "board.css", "ladder.css", "report.css")
SCRIPTS = ("board.js", "report.js")


class Report(NamedTuple):
    """What the page shows: what is known of the nodes together (one node is a cluster too), and every finding.

    `names` are what files are called on the page, by path. `date` is when this was said, and `revision` the git
    revision that was checked out where the files are, "" where there is none.
    """

    title: str
    judged: CheckedCluster
    findings: Findings
    names: Mapping[str, str] = {}
    date: str = ""
    revision: str = ""


def render(result: Report, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - the page has its own colours
    """Write the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("kalint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["printable"] = printable
    findings = renamed(result.findings, result.names)
    counts = [(severity, findings.count(severity)) for severity in ("error", "warning", "info")]
    cluster = result.judged.cluster
    routers, elsewhere = views(cluster, result.findings, findings, result.names)
    style, script = _text(STYLES), _text(SCRIPTS)
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}"
    page = environment.get_template("report.html").stream(
        title=printable(result.title),
        version=__version__,
        release=str(result.judged.version or ""),
        date=result.date,
        revision=result.revision,
        nodes=[node.name for node in cluster.nodes],
        legend=named(node.name for node in cluster.nodes).legend() if routers else "",
        requirements=requirements(cluster.verdicts),
        total=total(cluster.verdicts),
        views=routers,
        elsewhere=elsewhere,
        sources=list(sources(result.findings, findings, result.names)),
        alike=alike.LEGEND,
        counts=[(severity, count) for severity, count in counts if count],
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        policy=f"{policy}; base-uri 'none'; form-action 'none'",
        board=Markup(_board(cluster, routers)) if routers else "",  # noqa: S704 - JSON without a "<"
    )
    page.enable_buffering(64)
    for part in page:
        stream.write(part)


def _text(names: Sequence[str]) -> str:
    folder = files("kalint.report") / "templates"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def _hash(text: str) -> str:
    """As a Content-Security-Policy names the text of an element."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _board(cluster: Cluster, routers: Sequence[View]) -> str:
    """The document that the page's script reads: the switches, all answers, and where each router is on the page."""
    places = {view.place: view.anchor for view in routers}
    document = {
        "board": board(cluster),
        "answers": precomputed(Situations(cluster)),
        "anchors": [places[place] for place in sorted(places)],
    }
    return json.dumps(document, separators=(",", ":")).replace("<", "\\u003c")
