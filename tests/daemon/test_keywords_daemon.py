"""The keyword table against the real parser: what it knows, and which values it takes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator

import pytest
from harness import RELEASE, ROOM, Lab

from kalint.model.keywords import CONTEXTS, Keyword, arguments_of, keywords, present
from kalint.model.keywords.arguments import slots
from kalint.version import parse_version

VERSION = parse_version(RELEASE)

NOT_BUILT_IN = {"vrrp_ipsets": "Debian builds without iptables, which the ipsets belong to"}
"""Keywords of 2.2.7 that its Debian package does not have."""

STOPS_THE_TEST = {"net_namespace", "net_namespace_ipvs", "tmp_config_directory", "config_save_dir"}
"""Keywords that make `keepalived -t` leave the namespace or write to the disk."""

SAMPLES = {
    "command": "/bin/true",
    "user": "root",
    "group": "root",
    "chain": "INPUT",
    "email": "root@example.org",
    "hex": "0123",
    "netmask": "255.255.255.0",
    "digest": "0123456789abcdef0123456789abcdef",
    "code": "200-299",
    "secret": "secret",
    "path": f"{ROOM}/path",
}


def path_to(context: str) -> list[Keyword]:
    """The blocks from the top level down to a context."""
    if not context:
        return []
    for outer in CONTEXTS:
        for row in keywords(outer).values():
            if row.block == context and present(row, VERSION):
                return [*path_to(outer), row]
    return []


def sample(kind: str) -> str:
    """A value that every form takes which has a slot of this kind."""
    kind = kind.strip("[]").removesuffix("...").removesuffix("...]").split(":")[-1]
    name, _, rest = kind.partition("(")
    if name in ("int", "decimal"):
        return rest.partition("..")[0]
    if name in ("", "anycase"):
        return rest.rstrip(")").split("|")[0]
    fixed = {"bool": "true", "interface": "eth0", "ip": "10.9.0.1", "ip4": "224.0.0.7", "ip6": "ff02::7"}
    return {"server": "10.9.0.9", **fixed, **SAMPLES}.get(name, "word")


def statement(row: Keyword) -> str:
    """A statement with the fewest arguments that the table wants, and empty braces for a block."""
    form = arguments_of(row, VERSION).split()
    words = [row.name, *(sample(slot) for slot, field in zip(form, slots(" ".join(form))) if not field.optional)]
    return " ".join(words) + (" {\n}" if row.block or row.entries else "")


def inside(context: str, lines: Iterable[str]) -> str:
    """A configuration with these lines in the context."""
    blocks = path_to(context)
    heads = "".join(statement(block).removesuffix("\n}") + "\n" for block in blocks)
    return heads + "".join(f"{line}\n" for line in lines) + "}\n" * len(blocks)


Said = dict[int, str]


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], Said]]:
    """What `keepalived -t` says about each line of a configuration."""
    with Lab({"eth0": ["10.9.0.1/24"]}) as lab:

        def run(config: str) -> Said:
            lab.node.path(f"{ROOM}/keepalived.conf").write_text(config)
            command = ["timeout", "20", "keepalived", "-t", "-l", "-f", f"{ROOM}/keepalived.conf"]
            done = subprocess.run(lab.node.enter(*command), capture_output=True, text=True, timeout=60)
            said: Said = {}
            for number, message in re.findall(r"Line (\d+)\) (.*)", done.stderr + done.stdout):
                said[int(number)] = f"{said.get(int(number), '')}{message}\n"
            return said

        yield run


def unknown(said: Said) -> set[str]:
    """The keywords that the daemon does not know."""
    return set(re.findall(r"Unknown keyword '(.*)'", "".join(said.values())))


@pytest.mark.parametrize("context", [context for context in CONTEXTS if not context or path_to(context)])
def test_the_daemon_knows_what_the_table_says(ask: Callable[[str], Said], context: str) -> None:
    """keepalived reads every keyword of its release, and no keyword of a newer or older one, in each kind of block."""
    rows = [row for row in keywords(context).values() if row.name not in STOPS_THE_TEST]
    lines = [statement(row) if present(row, VERSION) else row.name for row in rows]
    expected = {row.name for row in rows if not present(row, VERSION) or row.name in NOT_BUILT_IN}

    assert unknown(ask(inside(context, [*lines, "end_of_block"]))) == {*expected, "end_of_block"}
