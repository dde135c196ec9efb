"""Jinja2 as Ansible's template module runs it: its sandbox, its filters, strict about what is undefined."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from kalint.errors import InputError
from kalint.findings.secrets import quoted
from kalint.rendering import addresses, filters
from kalint.rendering.marking import Marking, Run, Source, rows, unmarked
from kalint.text.files import MAX_FILE, UnreadableError, load, within

MAX_OUTPUT = 4 << 20
"""Characters of a rendering; the same for a text that an operator or a filter makes."""
MAX_DEPTH = 20
"""How deep variables may name variables."""
_HEADER = re.compile(r"#jinja2:[ \t]*(.*)\n")
_OVERRIDES = frozenset(("trim_blocks", "lstrip_blocks", "keep_trailing_newline", "newline_sequence"))
_TEMPLATED = re.compile(r"\{\{|\{%")
_WHOLE = re.compile(r"\s*\{\{((?:(?!\{\{|\}\}).)*)\}\}\s*", re.DOTALL)
_ONLY_ANSIBLE = ("lookup", "query", "q", "now", "url_lookup")
_PREFIXES = ("ansible.builtin.", "ansible.utils.", "ansible.netcommon.", "ansible.legacy.", "community.general.")


class _Undefined(StrictUndefined):
    """As Ansible's: what is in something undefined is undefined, which `default` and `is defined` may catch."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, _key: Any) -> Any:
        return self


class _Environment(SandboxedEnvironment):
    """The sandbox, with bounds on what operators make of texts and lists."""

    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator, where the result is small."""
        long = max(len(each) if isinstance(each, str | list | tuple) else 0 for each in (left, right))
        times = max((each for each in (left, right) if isinstance(each, int)), default=0)
        if operator == "*" and long * times > MAX_OUTPUT:
            raise SecurityError("a text or a list is made too long")
        if operator == "**" and (abs(left) > 1 << 64 or abs(right) > 64):
            raise SecurityError("a number is made too large")
        if operator == "%" and isinstance(left, str) and re.search(r"[0-9*]{5,}", left):
            raise SecurityError("a text is made too long")
        return super().call_binop(context, operator, left, right)


class _Variables(Context):
    """Variables whose own texts are templates, as Ansible reads them."""

    def resolve_or_missing(self, key: str) -> Any:
        """A variable, its template filled in."""
        value = super().resolve_or_missing(key)
        if value is missing or key in self.vars:
            return value
        host: Host | None = self.parent.get("\0host")
        return value if host is None or key not in host.raw else host.value(key)


class Host:
    """The variables of one node, templates in them filled in when they are used, and once."""

    def __init__(self, environment: _Environment, raw: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        self.raw = raw
        self._environment = environment
        self._more = more
        self._known: dict[str, Any] = {}
        self._open: list[str] = []

    def context(self) -> dict[str, Any]:
        """What a template sees."""
        return {**self._more, **self.raw, "vars": _Lazy(self), "\0host": self}

    def value(self, key: str) -> Any:
        """A variable without templates in it.

        Raises:
            TemplateRuntimeError: it names itself.
        """
        if key not in self._known:
            if key in self._open or len(self._open) > MAX_DEPTH:
                raise TemplateRuntimeError(f"variable '{key}' names itself")
            self._open.append(key)
            self._known[key] = self._filled(self.raw[key])
            self._open.pop()
        return self._known[key]

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str) and _TEMPLATED.search(value):
            whole = _WHOLE.fullmatch(value)
            if whole is not None:
                return self._environment.compile_expression(whole[1], undefined_to_none=False)(self.context())
            return self._environment.from_string(value).render(self.context())
        if type(value) is dict:
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        return value


class _Lazy(Mapping[str, Any]):
    """A node's variables as `vars` and `hostvars[NODE]` show them."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __getitem__(self, key: str) -> Any:
        return self._host.value(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._host.raw)

    def __len__(self) -> int:
        return len(self._host.raw)


class _Groups(dict[str, list[str]]):
    """The groups of an inventory that nobody has given: each has all nodes, since these share a template."""

    def __missing__(self, _name: str) -> list[str]:
        return self["all"]


def _refused(name: str) -> Callable[..., NoReturn]:
    def refuse(*_arguments: Any, **_more: Any) -> NoReturn:
        raise TemplateRuntimeError(f"{name}() reads what only Ansible has: pass the value as a variable")

    return refuse


def _environment(path: str, root: str | None, overrides: Mapping[str, Any], marked: bool) -> _Environment:
    folder = os.path.dirname(os.path.abspath(path))
    folders = [folder, os.path.dirname(folder), os.path.join(os.path.dirname(folder), "templates")]
    environment = _Environment(
        loader=_Loader(folders, root or os.path.dirname(folder)),
        undefined=_Undefined,
        trim_blocks=bool(overrides.get("trim_blocks", True)),
        lstrip_blocks=bool(overrides.get("lstrip_blocks", False)),
        keep_trailing_newline=bool(overrides.get("keep_trailing_newline", False)),
        extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do", *([Marking] if marked else [])],
        finalize=lambda value: "" if value is None else value,
        autoescape=False,
    )
    environment.context_class = _Variables
    environment.sources = {}  # type: ignore[attr-defined]
    environment.parts = []  # type: ignore[attr-defined]
    for name, each in (*filters.FILTERS.items(), *addresses.FILTERS.items()):
        environment.filters[name] = each
        for prefix in _PREFIXES:
            environment.filters[f"{prefix}{name}"] = each
    for name, each in filters.TESTS.items():
        environment.tests[name] = each
        environment.tests[f"ansible.builtin.{name}"] = each
    for name in tuple(environment.filters):
        if "." not in name:
            environment.filters.setdefault(f"ansible.builtin.{name}", environment.filters[name])
    environment.globals.update({name: _refused(name) for name in _ONLY_ANSIBLE})
    return environment


class _Loader(FileSystemLoader):
    """Included templates: beside the template, or in its role; never from outside a folder."""

    def __init__(self, folders: list[str], root: str) -> None:
        super().__init__(folders, followlinks=False)
        self._root = root

    def get_source(self, _environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        """An included template."""
        for folder in self.searchpath:
            path = os.path.normpath(os.path.join(folder, template))
            if os.path.isfile(path) and within(path, self._root):
                try:
                    content, _ = load(path, MAX_FILE)
                except UnreadableError:
                    continue
                return content.decode("utf-8", "surrogateescape"), os.path.relpath(path), lambda: True
        raise TemplateNotFound(template)


def render(
    path: str, text: str, node: str, variables: Mapping[str, Mapping[str, Any]], root: str | None = None
) -> tuple[list[str], list[list[Run]], dict[str, list[str]]]:
    """A template rendered for one node.

    Args:
        path: the template.
        text: what it holds.
        node: whose variables count: a key of `variables`.
        variables: those of each node, by its name.
        root: the folder that includes must be in.

    Returns:
        The lines, what each one is made of, and the lines of all templates that were read, by file.

    Raises:
        InputError: it is no template, or something in it is not known; with the line of the template.
    """
    header = _HEADER.match(text)
    overrides = {} if header is None else _overrides(path, header[1])
    before = 0 if header is None else 1
    body = text if header is None else text[header.end() :]
    plain, _ = _rendered(path, body, before, node, variables, _environment(path, root, overrides, marked=False))
    environment = _environment(path, root, overrides, marked=True)
    marked, sources = _rendered(path, body, before, node, variables, environment)
    parts = environment.parts  # type: ignore[attr-defined]
    lacking = "\n" * (_ends(body) - _ends(plain))  # Ansible keeps the line ends after the last line
    plain, marked = plain + lacking, marked + lacking
    lines = plain.split("\n")
    found = rows(marked, parts)
    if unmarked(marked) != plain:
        found = _matched(lines, unmarked(marked).split("\n"), found, path)
    return lines, found, sources


def _ends(text: str) -> int:
    """How many line ends a text ends with."""
    return len(text) - len(text.rstrip("\n"))


def _rendered(
    path: str,
    body: str,
    before: int,
    node: str,
    variables: Mapping[str, Mapping[str, Any]],
    environment: _Environment,
) -> tuple[str, dict[str, list[str]]]:
    sources: dict[str, Source] = environment.sources  # type: ignore[attr-defined]

    def masked(said: str) -> str:
        return quoted(said, [line for source in sources.values() for line in source.text.split("\n")])

    sources["\0main"] = Source(path, "\n".join(re.split(r"\r\n|\r|\n", body)), before)
    try:
        code = environment.compile(body, "\0main", path)
        template = environment.template_class.from_code(environment, code, environment.globals, None)
        written, size = [], 0
        for piece in template.generate(_context(environment, node, variables)):
            written.append(piece)
            size += len(piece)
            if size > MAX_OUTPUT:
                raise InputError(f"{path}: renders to more than {MAX_OUTPUT >> 20} MiB")
    except TemplateNotFound as error:
        written_out = error.name is not None and any(str(error.name) in source.text for source in sources.values())
        name = f"is named '{error.name}'" if written_out else "has the name that a variable gives"  # maybe a password
        raise InputError(f"{path}{_line(path, before, error)}: no template {masked(name)}") from None
    except TemplateSyntaxError as error:
        number = error.lineno + (before if error.filename == path else 0)
        raise InputError(f"{error.filename or path}:{number}: {masked(_told(error))}") from None
    except (TemplateError, OverflowError) as error:
        raise InputError(f"{path}{_line(path, before, error)}: {masked(_told(error))}") from None
    except RecursionError:
        raise InputError(f"{path}: includes or calls itself without end") from None
    except InputError:
        raise
    except Exception as error:  # a filter's own; what it says may hold a value
        raise InputError(f"{path}{_line(path, before, error)}: cannot be rendered: {type(error).__name__}") from None
    return "".join(written), {each.file: each.text.split("\n") for each in sources.values()}


def _context(environment: _Environment, node: str, variables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    nodes = [name for name in variables if name] or [node]
    hosts: dict[str, Host] = {}
    hostvars: dict[str, Any] = {}
    for name, raw in variables.items():
        more = {
            "inventory_hostname": name,
            "inventory_hostname_short": name.split(".")[0],
            "ansible_hostname": name.split(".")[0],
            "ansible_managed": "Ansible managed",
            "omit": "__omit_place_holder__",
            "ansible_play_hosts": nodes,
            "ansible_play_hosts_all": nodes,
            "play_hosts": nodes,
            "groups": _Groups(all=nodes, ungrouped=[]),
            "hostvars": hostvars,
        }
        hosts[name] = Host(environment, {**{key: each for key, each in more.items() if key not in raw}, **raw}, {})
        hostvars[name] = _Lazy(hosts[name])
    return hosts[node].context()


def _overrides(path: str, text: str) -> dict[str, Any]:
    """The header that Ansible reads: `#jinja2: trim_blocks: False, lstrip_blocks: True`."""
    found = {}
    for pair in text.split(","):
        key, _, value = pair.partition(":")
        try:
            found[key.strip()] = ast.literal_eval(value.strip())
        except (SyntaxError, ValueError):
            raise InputError(f"{path}:1: '#jinja2:' needs pairs such as lstrip_blocks: True") from None
        if key.strip() not in _OVERRIDES:
            raise InputError(
                f"{path}:1: '#jinja2:' knows no '{key.strip()}' here; known are {', '.join(sorted(_OVERRIDES))}"
            )
    return found


def _line(path: str, before: int, error: BaseException) -> str:
    """The line of the template on which an error arose: `:12`."""
    number = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            number = trace.tb_lineno + before
        trace = trace.tb_next
    return f":{number}" if number else ""


def _told(error: BaseException) -> str:
    """What Jinja says, in plain words."""
    text = str(error) if isinstance(error, TemplateError | OverflowError) else type(error).__name__
    if isinstance(error, OverflowError):
        text = "a range is too long"
    unknown = re.match(r"No (filter|test) named '?([^' ]+?)'?(?: found)?\.?$", text)
    if unknown is not None:
        return f"unknown {unknown[1]} '{unknown[2]}'"
    if isinstance(error, UndefinedError):
        return text.replace("'dict object' has no attribute", "a dictionary has no key")
    return text[:1].lower() + text[1:].rstrip(".") if text[:1].isupper() and text[1:2].islower() else text


def _matched(lines: list[str], marked: list[str], found: list[list[Run]], path: str) -> list[list[Run]]:
    """The origins of lines where a filter has seen the marks: those of equal lines, or of the one above."""
    from difflib import SequenceMatcher

    origins: list[list[Run]] = [[] for _ in lines]
    for start, other, size in SequenceMatcher(None, lines, marked, autojunk=False).get_matching_blocks():
        origins[start : start + size] = found[other : other + size]
    last: Run = (1, path, 1, 1, 2, False)
    for index, line in enumerate(lines):
        if sum(run[0] for run in origins[index]) != len(line):
            origins[index] = [(len(line), *last[1:5], False)] if line else []
        elif origins[index]:
            last = origins[index][0]
    return origins
