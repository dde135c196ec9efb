"""Templates for which variables are given: rendered for each node, and read as what keepalived gets."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.errors import InputError, UsageError
from kalint.pipeline.texts import Texts
from kalint.text import is_carrier
from kalint.text.files import MAX_FILE, UnreadableError, decode
from kalint.text.reading import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kalint.text import Options

    Variables = Mapping[str, tuple[str, ...]]

JINJA = (".j2", ".jinja", ".jinja2")
ALL = ""
"""The node of variables that are for all nodes, or for the only one."""


def nodes_of(path: str, options: Options, variables: Variables) -> tuple[str, ...]:
    """The nodes for which a template is rendered: that of the config id, or all; none for any other file.

    A template of YAML is not rendered: it is checked as it stands.
    """
    if not variables or options.placed is not None or options.template is False or is_carrier(path):
        return ()
    if not options.template and not path.lower().endswith(JINJA):
        return ()
    every = tuple(node for node in variables if node != ALL) or (ALL,)
    return (options.config_id,) if options.config_id in every else every


def rendering(
    path: str,
    content: bytes | None,
    options: Options,
    variables: Variables,
    node: str | None = None,
    texts: Texts | None = None,
) -> Options:
    """The options with which what a template renders to is read; the same options for any other file.

    Args:
        path: the template.
        content: its bytes, where they are in no file.
        options: how it is read.
        variables: the files of variables of each node.
        node: whose variables count; None: those of the config id, or of the only node.
        texts: what keeps renderings during a run.

    Raises:
        InputError: the template cannot be rendered, or has several nodes and none is chosen.
    """
    nodes = nodes_of(path, options, variables)
    if not nodes:
        return options
    if node is None and len(nodes) > 1:
        raise InputError(f"{path}: is rendered for {len(nodes)} nodes: choose one with -i, of {', '.join(nodes)}")
    node = nodes[0] if node is None else node
    from kalint.rendering.parent import rendered

    common = variables.get(ALL, ())
    files = {each: (*common, *own) for each, own in variables.items() if each != ALL} or {ALL: common}
    content, _ = opened(path, content, options)
    root = options.include_root if options.untrusted else None
    key = path, content, node, tuple(sorted(files.items())), root
    placed = (texts or Texts()).rendered(key, lambda: rendered(path, decode(content), node, files, root))
    for file in dict.fromkeys((*(file for own in files.values() for file in own), *placed.others)):
        with suppress(UnreadableError):  # whoever keeps answers must know what the rendering hangs on
            options.disk.load(file, MAX_FILE)
    return options._replace(placed=placed, config_id=node or options.config_id)


def given(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What `--vars [NODE=]FILE` says, by node; files without a node are for all.

    Raises:
        UsageError: a file has no name.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        node, equals, path = word.partition("=")
        if not equals or "/" in node:
            node, path = ALL, word
        if not path:
            raise UsageError(f"--vars {word}: name a file, as in --vars {node or 'lb1'}=host_vars/{node or 'lb1'}.yml")
        found[node] = (*found.get(node, ()), path)
    return found
