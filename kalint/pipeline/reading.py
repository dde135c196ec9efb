"""From a path to a resolved configuration: the settings that apply, the text, the tree, the model, its meaning."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError, UnrenderedError
from kalint.pipeline.texts import Texts
from kalint.rules import codes, names
from kalint.settings.model import Settings, find, required_beside
from kalint.text import Options, Text
from kalint.text.files import within
from kalint.version import NEWEST, Version

if TYPE_CHECKING:
    from kalint.host import Host
    from kalint.problem import Problem
    from kalint.semantics.resolved import Resolved
    from kalint.settings.model import ClusterSettings
    from kalint.source import Span
    from kalint.syntax.tree import Node

STANDARD_INPUT = "-"
RENDER = "pass them with --vars FILE, or check the file that it makes"
_BLOCKS = ("vrrp_", "virtual_server", "global_defs")
"""A file whose only blocks are misspelt ones of these is a configuration all the same."""
_STRUCTURE = frozenset(("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing", "unterminated-quote"))
"""Kinds of problems with which a daemon may have another configuration than was meant."""


class Request(NamedTuple):
    """How every command reads: the text options, and the release whose meaning counts.

    `select` and `ignore` are prefixes of rule codes; an empty `select` is all of them. `host` is the machine whose
    files, interfaces and users rules may look at. `severity` has the severities of rules that the settings change, and
    `fail_on` the severity that the settings give for the exit code. `included` makes the request for an included file,
    if the settings have rules for single files. `ignores`: files may suppress findings. `variables` has the files of
    variables with which a template is rendered, for each node ("": for the only one). Of one kind there are `most`
    findings, and one for the rest (`kalint.findings.counting`); None: all. `texts` are those that the run has read.
    """

    text: Options = Options()
    version: Version = NEWEST
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    host: Host | None = None
    severity: Mapping[str, str] = {}
    fail_on: str | None = None
    included: Callable[[str], Request] | None = None
    ignores: bool = True
    variables: Mapping[str, tuple[str, ...]] = {}
    most: int | None = None
    texts: Texts | None = None

    def read(self, path: str, content: bytes | None) -> Text:
        """The text of a file; `content` stands for its bytes.

        Raises:
            InputError: the file cannot be read.
        """
        return (self.texts or Texts()).read(path, content, self.text)

    def counts(self, code: str) -> bool:
        """Whether a rule is selected, and not ignored."""
        return code.startswith(self.select or "") and not code.startswith(self.ignore)


class Memory:
    """Settings files that were looked for and read, and texts: once in a run, however often somebody asks."""

    def __init__(self) -> None:
        self.found: dict[str, str | None] = {}
        self.read: dict[str, Settings] = {}
        self.texts = Texts()
        self.rendered: dict[str, dict[str, ClusterSettings]] = {}

    def of_one_cluster(self) -> Memory:
        """The same, with all that is read of the files of a cluster, for as long as that is judged."""
        memory = Memory()
        memory.found, memory.read, memory.rendered = self.found, self.read, self.rendered
        memory.texts = self.texts.for_one_cluster()
        return memory

    def renders(self, found: str, settings: Settings) -> dict[str, ClusterSettings]:
        """The clusters of a settings file whose nodes have variables, by the real paths of the templates."""
        if found not in self.rendered:
            known = self.rendered[found] = {}
            for cluster in settings.clusters.values():
                for node in cluster.nodes:
                    if node.variables:
                        known.setdefault(os.path.realpath(node.file), cluster)
        return self.rendered[found]


class Asked(NamedTuple):
    """What a command line says of reading and of rules; None or empty where it leaves it to the settings.

    `untrusted`: the files are somebody else's. Nothing outside the working tree is read, and no environment.
    `most`: findings of one kind in a file that are told one by one, where no baseline needs all of them; None: all.
    `skip_empty`: a file that could carry a configuration, and does not, is passed over.
    `memory` knows the settings that were read in this run; without one, each question reads them again. `watch` is
    what each request goes through that listens to what reading asks of the machine.
    `variables` has files of variables for each node, as in Request.
    """

    config_id: str | None = None
    version: Version | None = None
    include_root: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settings: str | None = None
    host: bool = False
    ignores: bool = True
    max_failover: float | None = None
    overlay: Mapping[str, bytes] = {}
    untrusted: bool = False
    skip_empty: bool = False
    most: int | None = None
    memory: Memory | None = None
    watch: Callable[[Request], Request] | None = None
    variables: Mapping[str, tuple[str, ...]] = {}


def for_one_cluster(asked: Asked) -> Asked:
    """The same, so that each file of one cluster is read and resolved once."""
    return asked._replace(memory=(asked.memory or Memory()).of_one_cluster())


class SettingsResolver:
    """Requests for many paths, each by its own settings: the command line first, then those asked for, or found above.

    What paths share is looked for, read and worked out once.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._memory = asked.memory or Memory()
        self._used: dict[str, Settings] = {}
        self._settled: dict[str, tuple[Request, Settings]] = {}
        self._made: dict[tuple[str, tuple[int, ...]], tuple[Request, Settings]] = {}
        self._folders: dict[str, str] = {}
        self._alike: dict[str, tuple[Request, Settings]] = {}

    def __call__(self, path: str) -> tuple[Request, Settings]:
        """The request for a path, and the settings that apply to it.

        Raises:
            SettingsError: the settings cannot be read or are wrong.
        """
        if path not in self._settled:
            self._settled[path] = self._by(self._found("." if path == STANDARD_INPUT else path), path)
        return self._settled[path]

    def settle(self, files: Iterable[str], bare: Collection[str]) -> None:
        """Look for the settings of many files: once for each folder.

        `bare` are folders of which somebody has seen that they have no settings of their own.

        Raises:
            SettingsError: the settings cannot be read or are wrong.
        """
        for file in files:
            folder = file[: file.rfind("/") + 1] or "."
            if folder not in self._folders:
                self._folders[folder] = self._found(folder, bare)
            found = self._folders[folder]
            self._settled[file] = self._alike.get(found) or self._by(found, file)

    def _found(self, path: str, bare: Collection[str] = ()) -> str:
        """The settings file that counts for a path, "" where there is none."""
        found = self.asked.settings or find(path, self._memory.found, bare)
        if found is not None and self.asked.untrusted and not within(found, working_tree(self.asked)):
            found = None
        return found or ""

    @property
    def clusters(self) -> list[ClusterSettings]:
        """Those of all settings that have been asked for."""
        return [cluster for settings in self._used.values() for cluster in settings.clusters.values()]

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say of all settings that have been asked for."""
        return tuple(note for settings in self._used.values() for note in settings.notes)

    @property
    def baselines(self) -> tuple[str, ...]:
        """Those of all settings that have been asked for."""
        found = dict.fromkeys(each.baseline for each in self._used.values() if each.baseline)
        if self.asked.untrusted:
            return tuple(path for path in found if within(path, working_tree(self.asked)))
        return tuple(found)

    def _by(self, found: str, path: str) -> tuple[Request, Settings]:
        """The request for a path by a settings file ("": without any)."""
        settings = Settings()
        globs: tuple[int, ...] = ()
        if found:
            from kalint.settings.reader import laid_over, matching, read_settings

            if found not in self._memory.read:
                self._memory.read[found] = read_settings(found, codes(), names())
                for cluster in self._memory.read[found].clusters.values():
                    if (beside := required_beside(cluster)) is not None:
                        confine(self.asked, beside)
            settings = self._used[found] = self._memory.read[found]
            globs = matching(settings, path) if settings.files else ()
            settings = laid_over(settings, globs)
        key = found, globs
        if key not in self._made:
            self._made[key] = self._request(found, settings), settings
        request, settings = self._made[key]
        if rendered := self._memory.renders(found, settings):
            return _with_nodes(path, request, rendered), settings
        if not settings.files:
            self._alike[found] = request, settings
        return request, settings

    def _request(self, found: str, settings: Settings) -> Request:
        asked = self.asked
        options = Options(
            asked.config_id or settings.config_id,
            working_tree(asked) if asked.untrusted else asked.include_root or settings.include_root,
            {} if asked.untrusted else os.environ,
            asked.overlay,
            asked.untrusted,
            settings.template,
        )
        version = asked.version or settings.keepalived_version or NEWEST
        ignore = asked.ignore or tuple(code for code in settings.ignore if not _named(code, asked.select))
        severity: Mapping[str, str] = {}
        if settings.severity:
            from kalint.settings.reader import OFF, levels

            severity = levels(settings, codes(), asked.select)
            ignore += tuple(code for code, level in severity.items() if level == OFF)
        host = None
        if asked.host:
            from kalint.host import Host

            host = Host()
        included = (lambda path: self._by(found, path)[0]) if settings.files else None
        select = asked.select or settings.select
        variables = asked.variables or settings.render
        most = None if settings.baseline else asked.most
        request = Request(
            options,
            version,
            select,
            ignore,
            host,
            severity,
            settings.fail_on,
            included,
            asked.ignores,
            variables,
            most,
            self._memory.texts,
        )
        return request if asked.watch is None else asked.watch(request)


def _with_nodes(path: str, request: Request, rendered: Mapping[str, ClusterSettings]) -> Request:
    """The request for a template that nodes of a cluster share, with the variables of each of them."""
    if request.variables:
        return request
    cluster = rendered.get(os.path.realpath(path))
    return request if cluster is None else request._replace(variables=cluster.variables)


def working_tree(asked: Asked, start: str = ".") -> str:
    """The folder that --untrusted stays in: --include-root, or the nearest with a .git from `start` up, or `start`."""
    if asked.include_root is not None:
        return asked.include_root
    here = folder = os.path.realpath(start)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return here
        folder = parent
    return folder


def confine(asked: Asked, path: str) -> None:
    """Refuse a file that is no configuration and that --untrusted does not read: a link may lead anywhere.

    Raises:
        InputError: it is outside the working tree.
    """
    if asked.untrusted and path != STANDARD_INPUT and not within(path, root := working_tree(asked)):
        raise InputError(f"{path}: is outside {root}, where --untrusted reads only")


def _named(prefix: str, selected: tuple[str, ...]) -> bool:
    """Whether the command line selects something as narrow as what a prefix stands for."""
    return any(code.startswith(prefix) for code in selected)


def settle(asked: Asked, path: str) -> tuple[Request, Settings]:
    """The request for a single path, and the settings that apply to it.

    Raises:
        SettingsError: the settings cannot be read or are wrong.
    """
    return SettingsResolver(asked)(path)


class Loaded(NamedTuple):
    """One configuration through all the layers that only state facts.

    `resolved` is what the daemon has. `meant` is what the file was meant to be, which rules judge, so that one mistake
    does not hide the next; `lost` has each line of it (file and number) that the daemon does not have there, and the
    place of the mistake. `problems` are those of what was meant.
    """

    text: Text
    resolved: Resolved
    problems: tuple[Problem, ...]
    version: Version
    meant: Resolved
    lost: Mapping[tuple[str, int], Span] = {}


def load(path: str, content: bytes | None, request: Request) -> Loaded:
    """Read a file and resolve it under the request's release.

    Raises:
        UnrenderedError: the file is a template, and its variables are not known.
        InputError: the file cannot be read, or is no configuration of keepalived.
    """
    if request.variables:
        from kalint.pipeline.rendered import rendering

        request = request._replace(text=rendering(path, content, request.text, request.variables, None, request.texts))
    text = request.read(path, content)
    settled_by_itself(path, text)
    return resolved_text(path, text, request)


def settled_by_itself(path: str, text: Text) -> None:
    """Make sure that a text hangs on no rendering.

    Raises:
        UnrenderedError: it does.
    """
    if text.template is None:
        return
    from kalint.text.templates import UNKNOWN

    mask = text.template.mask
    if mask.control or UNKNOWN in mask.text:
        raise UnrenderedError(f"{path}: is a template whose variables decide the answer: {RENDER}")


def _without_placeholders(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    from kalint.text.templates import UNKNOWN

    return tuple(node for node in nodes if UNKNOWN not in node.words[0].text)


def resolved_text(path: str, text: Text, request: Request) -> Loaded:
    """A text resolved under the request's release.

    Raises:
        InputError: it is no configuration of keepalived.
    """
    if request.texts is None:
        return _resolved(path, text, request)
    return request.texts.resolved(text, request.version, lambda: _resolved(path, text, request))


def _resolved(path: str, text: Text, request: Request) -> Loaded:
    from kalint.model.builder import build
    from kalint.semantics.resolve import resolve
    from kalint.syntax import parse

    nodes, problems = parse(text.lines)
    config = build(nodes, request.version)
    if not nodes and not text.problems and text.template is None:
        raise InputError(f"{path}: nothing to check: the file has no statement")
    unknown = [problem for problem in config.problems if problem.kind == "keyword-unknown"]
    plain = nodes if text.template is None else _without_placeholders(nodes)
    misspelt = not plain or plain[0].words[0].text.removeprefix("\ufeff").isascii()
    misspelt = misspelt and any(each.detail.startswith(_BLOCKS) for each in unknown)
    waiting = iter(unknown)  # in the order of the file, as the statements are
    if plain and not misspelt and all(any(each.place is node.words[0] for each in waiting) for node in plain):
        first = plain[0].words[0].text
        wide = "; it looks like UTF-16" if first.startswith(("\udcff\udcfe", "\udcfe\udcff")) else ""
        why = "no line begins with a known keyword"
        raise InputError(f"{path}: not a configuration of keepalived: {why}{wide}")
    meant = resolve(config, request.version)
    found = (*text.problems, *problems, *config.problems, *meant.problems)
    wrong = _STRUCTURE.intersection(problem.kind for problem in found)
    if wrong == {"brace-unclosed"} and any(problem.kind == "expansion-too-large" for problem in text.problems):
        wrong = frozenset()  # it is closed in what was not read
    broken = config.unknown_block or text.braces_left or wrong
    if request.version == NEWEST and not broken:
        return Loaded(text, meant, found, request.version, meant)
    from kalint.pipeline.as_run import as_run, may_differ

    if not broken and not may_differ(text, request.version):
        return Loaded(text, meant, found, request.version, meant)
    resolved, lost = as_run(text, found, config, request.version)
    return Loaded(text, resolved, lost.problems, request.version, meant, lost.lines)
