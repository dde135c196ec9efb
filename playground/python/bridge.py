"""What the page asks of kalint: JSON in, JSON out. The files live in the memory of the browser's worker only.

`call(name, argument)` runs one of the functions below; an error that kalint tells of comes back as {"error": "..."}.
"""

from __future__ import annotations

import json
import os
import tempfile
from io import StringIO
from typing import TYPE_CHECKING, Any

from kalint.analysis.situation import Situations, parse_thrown
from kalint.errors import KalintError
from kalint.findings.secrets import Secrets, masked_sources
from kalint.findings.sources import Sources
from kalint.pipeline.checking import check
from kalint.pipeline.clusters import clustered, of_node, without_guesses
from kalint.pipeline.diagnosing import once, place_of
from kalint.pipeline.reading import Asked
from kalint.report.board import answers, board, groups
from kalint.report.check_json import document_of
from kalint.report.ladder import ladder
from kalint.report.ladder_svg import narrow
from kalint.report.places import utf16
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import NEWEST, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.findings.diagnostic import Diagnostic


class Session:
    """The files on the page, and what was worked out of them last."""

    def __init__(self) -> None:
        self.situations: Situations | None = None
        self.nodes: tuple[NodeSettings, ...] = ()
        self.asked = Asked()
        self._folder = ""

    def load(self, files: list[dict[str, str]], ids: list[str], release: str) -> dict[str, Any]:
        """Take the files over: findings, the board, the ladders.

        Args:
            files: each with `name` and `text`; a node's name is its config id.
            ids: config ids that all read the only file, instead of its own name.
            release: such as 2.2.7; "" for the newest.
        """
        self._folder = self._folder or tempfile.mkdtemp(prefix="kalint-playground-")
        os.chdir(self._folder)
        for old in os.listdir():
            os.unlink(old)
        for each in files:
            with open(_path(each["name"]), "w", encoding="utf-8", newline="") as stream:
                stream.write(each["text"])
        names = ids if ids and len(files) == 1 else [each["name"] for each in files]
        path_of = {name: _path(files[0]["name"] if ids and len(files) == 1 else name) for name in names}
        self.nodes = tuple(NodeSettings(name, path_of[name]) for name in names)
        self.asked = Asked(version=parse_version(release) if release else None)
        self.situations = None
        refused: list[str] = []
        judged: CheckedCluster | None = None
        try:
            judged = clustered(ClusterSettings("", self.nodes), self.asked)
            self.situations = Situations(judged.cluster)
        except KalintError as error:
            refused.append(str(error))
        found = list(judged.diagnostics) if judged else []
        sources = masked_sources(judged.sources, judged.hidden) if judged else Sources()
        for node in self.nodes:
            findings, _ = check([node.file], of_node(self.asked, node))
            found += without_guesses(findings.diagnostics, judged) if judged else findings.diagnostics
            sources.merge(findings.sources)
        return {
            "release": str(self.asked.version or NEWEST),
            "refused": refused,
            "diagnostics": [_document(each, sources) for each in sorted(once(found), key=place_of)],
            "board": board(judged.cluster) if judged else None,
            "ladders": _ladders(judged) if judged else {},
        }

    def situation(self, states: list[str]) -> list[dict[str, Any]] | None:
        """What is said of each router while these hold, as in `kalint cluster --state`."""
        if self.situations is None:
            return None
        cluster = self.situations.cluster
        return answers(cluster, self.situations.of(parse_thrown(states, cluster)))

    def explain(self, code: str) -> str:
        """A rule's page, in Markdown."""
        from kalint.rules.page import page_of

        return page_of(_rule(code)).markdown()

    def fix(self) -> dict[str, Any]:
        """The texts with all safe fixes made, and how many these are."""
        from kalint.pipeline.fixing import fixed
        from kalint.pipeline.request import CheckRequest

        paths = tuple(dict.fromkeys(node.file for node in self.nodes))
        asked = self.asked if len(paths) > 1 else of_node(self.asked, self.nodes[0])
        mended = fixed(CheckRequest(paths, asked, cluster=len(paths) > 1), {}).mended
        texts = {os.path.basename(path): content.decode("utf-8") for path, content in mended.contents.items()}
        return {"files": {name.removesuffix(".conf"): text for name, text in texts.items()}, "fixed": len(mended.fixed)}

    def simulate(self, states: list[str]) -> dict[str, Any]:
        """The failures one after the other, ten seconds apart, as a timeline: the picture, the events, the scenario."""
        from kalint.pipeline.simulating import simulated
        from kalint.report import simulate_json, simulate_svg

        scenario = self._scenario(states)
        with open("scenario.toml", "w", encoding="utf-8") as stream:
            stream.write(scenario)
        cluster = ClusterSettings("", self.nodes)
        picture, document = StringIO(), StringIO()
        simulate_svg.render(simulated(cluster, self.asked, "scenario.toml"), picture)
        simulate_json.render(simulated(cluster, self.asked, "scenario.toml"), document)
        left, right, width = simulate_svg.LEFT, simulate_svg.RIGHT, simulate_svg.WIDTH
        return {
            "svg": picture.getvalue(),
            "document": json.loads(document.getvalue()),
            "scenario": scenario,
            "scale": [left / width, (width - right) / width],
        }

    def _scenario(self, states: list[str]) -> str:
        assert self.situations is not None
        thrown = parse_thrown(states, self.situations.cluster)
        lines = [f"duration = {10.0 * len(thrown) + 20.0}", "[nodes]"]
        for index, node in enumerate(
            self.situations.cluster.nodes
        ):  # an order for ties, where the files name no address
            names = dict.fromkeys(instance.interface.value for instance in node.resolved.instances)
            known = ", ".join(f'{json.dumps(name)} = "192.0.2.{index + 1}"' for name in names)
            lines.append(f"{json.dumps(node.name)} = {{ addresses = {{ {known} }} }}")
        for number, (name, thing, state) in enumerate(thrown):
            what = (
                'daemon = "kill"'
                if thing == "daemon"
                else f"thing = {json.dumps(thing)}\nstate = {_state(thing, state)}"
            )
            lines += ["[[event]]", f"time = {10.0 * (number + 1)}", f"node = {json.dumps(name)}", what]
        return "\n".join(lines) + "\n"

    def mask(self, files: list[dict[str, str]]) -> dict[str, Any]:
        """The files without passwords: equal ones get equal placeholders, of the same length."""
        placeholders: dict[str, str] = {}
        sources = {each["name"]: each["text"].split("\n") for each in files}
        secrets = Secrets(sources)
        found = []
        for each in files:
            lines = [
                _without(line, secrets.line(each["name"], number), placeholders)
                for number, line in enumerate(sources[each["name"]], 1)
            ]
            found.append({"name": each["name"], "text": "\n".join(lines)})
        return {"files": found, "masked": len(placeholders)}


def _path(name: str) -> str:
    return f"{name.replace('/', '_')}.conf"


def _state(thing: str, state: str) -> str:
    return state if thing.startswith("file:") else json.dumps(state)


def _without(line: str, masked: str, placeholders: dict[str, str]) -> str:
    """A line with a placeholder for each word that is masked in the other."""
    if line == masked or len(line) != len(masked):
        return masked
    made, start = "", 0
    while start < len(line):
        end = start
        while end < len(line) and masked[end] == "*" and line[end] not in " \t":
            end += 1
        if end > start and line[start:end] != masked[start:end]:
            word = line[start:end]
            number = f"{len(placeholders) + 1:02}"
            made += placeholders.setdefault(word, f"pw{number}".ljust(len(word), "x")[: max(len(word), 2)])
        else:
            end = start + 1
            made += line[start]
        start = end
    return made


def _document(found: Diagnostic, sources: Sources) -> dict[str, Any]:
    document = dict(document_of(found))
    (line, column), (end_line, end_column) = (found.span.line, 0), (found.span.end_line, 0)
    column, end_column = utf16(sources, found.span)
    document |= {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
    document["node"] = found.span.file.removesuffix(".conf")
    document["fixable"] = bool(found.fix and found.fix.safe)
    return document


def _ladders(judged: CheckedCluster) -> dict[str, list[str]]:
    """For each node its lanes, one for each of its routers."""
    found: dict[str, list[str]] = {}
    for members in groups(judged.cluster):
        drawing = ladder(members)
        for member, lane in zip(members, drawing.lanes, strict=True):
            found.setdefault(member.node.name, []).append(narrow(drawing, lane))
    return found


def _rule(code: str) -> Any:
    from kalint.rules import RULES, load
    from kalint.rules.cluster import documented

    rules: Iterable[Any] = (*(load(row) for row in RULES), *documented())
    return next(rule for rule in rules if rule.info.code == code)


def warm(files: str) -> None:
    """Import all that a page may ask for, by asking for it once; nothing of it stays but the modules.

    Args:
        files: as `Session.load` takes them, as JSON.
    """
    session = Session()
    session.load(json.loads(files), [], "")
    session.situation([])
    session.simulate([])
    session.mask(json.loads(files))
    session.explain("KA801")
    session.fix()
    os.chdir("/")


SESSION = Session()


def call(name: str, argument: str) -> str:
    """One call: the name of a method of `Session`, its arguments as a JSON object; the result as JSON."""
    method: Callable[..., Any] = getattr(SESSION, name)
    try:
        return json.dumps({"result": method(**json.loads(argument))})
    except KalintError as error:
        return json.dumps({"error": str(error)})
