"""What is said of a keyword, of an option, and of what a configuration names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.analysis.timing.detection import script_fails, script_recovers
from kalint.analysis.timing.failover import Failovers
from kalint.findings.secrets import Secrets, values_of
from kalint.lsp.markdown import code, plain, table
from kalint.lsp.names import GROUP, INSTANCE
from kalint.model.keywords.page import facts_of, where_of
from kalint.model.keywords.purposes import purpose_of
from kalint.report import alike, cluster_words, priorities_text
from kalint.report.cleaned import cleaned
from kalint.report.cluster_text import rows_of
from kalint.report.matrix_text import cell
from kalint.report.times import short, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.results import Answer as RouterAnswer
    from kalint.analysis.given_states import Answer, Priorities
    from kalint.lsp.names import Name
    from kalint.lsp.project import Project
    from kalint.model.keywords import Keyword
    from kalint.semantics.resolved import Script

MOST_ROWS = 12
_LEGEND = "bold: is master; ?: may be master (timing, or who was master before, decides)"


def keyword(row: Keyword) -> Iterator[str]:
    """What a keyword does, and what the table knows of it."""
    yield f"**{plain(row.name)}** in {plain(where_of(row))}"
    yield purpose_of(row)
    yield "\n".join(
        f"- {label}: {_fact(label, text)}" for label, text in facts_of(row) if label not in ("does", "repeated")
    )


def _fact(label: str, text: str) -> str:
    return code(text) if label in ("arguments", "block") else plain(text)


def thing(name: Name, project: Project, root: str) -> Iterator[str]:
    """What a name stands for: its priorities and elections, or when it counts."""
    snapshot = project.snapshot(root)
    if snapshot is not None and not name.whole and snapshot.views:
        text = snapshot.views[0].text  # a password that a definition puts there
        name = name._replace(name=Secrets(text.files, values_of(text.lines)).text(name.name))
    yield f"**{plain(name.kind)} {plain(name.name)}**"
    if snapshot is None:
        return
    for view in snapshot.views:
        if view.text.template is not None:
            yield "The numbers depend on the rendered template, so nothing is calculated."
            return
        found = project.priorities(root, view)
        if found is None:
            continue
        parts = list(_of(name, found, () if view.loaded is None else cleaned(view.loaded.resolved).scripts))
        if parts and view.config_id is not None:
            yield f"config id {code(view.config_id)}"
        yield from parts
    if name.kind == INSTANCE:
        for judged in project.clusters(root):
            yield from _elections(name, judged, os.path.realpath(root))


def _plain(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [list(map(plain, row)) for row in rows]


def _of(name: Name, found: Priorities, scripts: tuple[Script, ...]) -> Iterator[str]:
    if name.kind == INSTANCE:
        for answer in found.answers:
            if answer.reach.instance.name == name.name:
                yield from _instance(answer, found)
        return
    if name.kind == GROUP:
        members = [answer for answer in found.answers if answer.reach.instance.sync_group == name.name]
        for answer in members:
            yield f"member {plain(answer.reach.instance.name)}: {plain(priorities_text.summary(answer))}"
        return
    for script in scripts:
        if (name.kind, name.name) == ("script", script.name):
            yield from _script(script, found)
    yield from _trackers(name, found)


def _instance(answer: Answer, found: Priorities) -> Iterator[str]:
    instance = answer.reach.instance
    yield f"router {instance.virtual_router_id.value} on {plain(instance.interface.value)}"
    yield plain(priorities_text.summary(answer))
    if instance.silent is not None:
        yield f"sends no adverts: {plain(instance.silent)}"
    yield table(("priority", "what must be down", "states"), _plain(priorities_text.rows(answer.reach)), MOST_ROWS)
    rows = _plain(priorities_text.tracker_rows(answer, found.profile))
    if rows:
        yield table(("tracker", "what it does", "in adverts after", "why it changes nothing"), rows, MOST_ROWS)


def _elections(name: Name, judged: CheckedCluster, real: str) -> Iterator[str]:
    """Who is master of the instance's router when what fails."""
    failovers = Failovers(judged.cluster)
    for answer in judged.cluster.answers:
        if any(
            (member.instance.name == name.name and os.path.realpath(member.instance.written.node.line.file) == real)
            or (member.instance.name == name.name and real in map(os.path.realpath, member.node.files))
            for member in answer.router.members
        ):
            title = f"cluster {plain(judged.name)}: " if judged.name else ""
            yield f"{title}{plain(cluster_words.good_day(answer))}"
            yield _matrix(answer, failovers)
    for alone in judged.cluster.alone:
        if alone.instance.name == name.name and real in map(os.path.realpath, alone.member.node.files):
            yield plain(cluster_words.alone(alone))


def _matrix(answer: RouterAnswer, failovers: Failovers) -> str:
    """The table of `kalint cluster`, the masters in bold."""
    nodes = [member.node.name for member in answer.router.members]
    failures = list(alike.shown(answer, [failovers.of(answer, failure) for failure in answer.failures]))
    rows = rows_of(answer, failures)
    cells = [
        [
            plain(row.what),
            *(_marked(cell(row.priorities[node], node, row.masters)) for node in nodes),
            plain(row.after),
            row.within,
        ]
        for row in rows
    ]
    folded = f"; {alike.LEGEND}" if any(row.others for row in failures) else ""
    heads = ["what fails", *map(plain, nodes), "master", "failover at most"]
    return f"{table(heads, cells, MOST_ROWS)}\n\n{_LEGEND}{folded}"


def _marked(text: str) -> str:
    return f"**{text[1:]}**" if text.startswith("*") else text


def _script(script: Script, found: Priorities) -> Iterator[str]:
    yield (
        f"runs {code(script.script.value)} every {short(script.interval.value)} s, "
        f"at most {short(script.timeout.value)} s long"
    )
    fails, recovers = script_fails(script, found.profile), script_recovers(script, found.profile)
    yield (
        f"counts as ko {span(fails)} after it begins to fail ({_runs(script.fall.value)}), "
        f"as ok {span(recovers)} after it recovers ({_runs(script.rise.value)})"
    )


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _trackers(name: Name, found: Priorities) -> Iterator[str]:
    """What the thing does to each instance that tracks it."""
    rows = []
    for answer in found.answers:
        trackers = answer.whole.instance.trackers
        for tracker, row in zip(trackers, priorities_text.tracker_rows(answer, found.profile), strict=True):
            if (tracker.kind, tracker.name) == (name.kind, name.name):
                rows.append((answer.reach.instance.name, *row[1:]))
    heads = ("instance", "what it does", "in adverts after", "why it changes nothing")
    yield table(heads, _plain(rows), MOST_ROWS) if rows else "no instance tracks it"
