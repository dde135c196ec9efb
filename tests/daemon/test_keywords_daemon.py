"""The keyword table against the real parser: what it knows, and which values it takes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator

import pytest
from harness import RELEASE, ROOM, Lab

from kalint.model.keywords import CONTEXTS, Keyword, arguments_of, keywords, present
from kalint.model.keywords.forms import slots
from kalint.version import parse_version

VERSION = parse_version(RELEASE)

NOT_BUILT_IN = {"vrrp_ipsets": "Debian builds without iptables, which the ipsets belong to"}
"""Keywords of 2.2.7 that its Debian package does not have."""

STOPS_THE_TEST = {"net_namespace", "net_namespace_ipvs", "tmp_config_directory", "config_save_dir"}
"""Keywords that make `keepalived -t` leave the namespace or write to the disk."""

VALUE_MESSAGE = re.compile(
    r"nvalid|number '|must be|nknown|too long|alformed|not (link-local )?multicast|is not IPv|not valid|outside|missing"
    r"|m[ai][xn]imum|an't parse|should be \d|nable to interpret"
)
"""What keepalived says of a value, as against of a deprecated or a missing neighbour statement."""

DIFFERENCES = {
    ("global_defs", "default_interface"): "keepalived looks for it only when it needs it",
    ("global_defs", "smtp_server"): "a name that cannot be looked up here",
    ("virtual_server", "ip_family"): "it must fit the address",
    ("virtual_server", "persistence_granularity"): "a netmask or a length, as the address is",
    ("virtual_server", "sorry_server_lvs_method"): "it must follow a sorry_server",
    ("bfd_instance", "neighbor_ip"): "keepalived leaves the block at a bad address, and so the other statements",
    ("bfd_instance", "neighbour_ip"): "the same",
    ("garp_group", "interface"): "keepalived says that it does not exist",
    ("vrrp_instance", "lvs_sync_daemon_interface"): "keepalived only says that it is deprecated",
    ("vrrp_instance", "version"): "it must fit the statements before",
    ("FILE_CHECK", "track_file"): "no file of this name",
    **{
        (context, name): "keepalived says it without the line"
        for context in ("HTTP_GET url", "SSL_GET url")
        for name in ("regex_min_offset", "regex_max_offset", "regex_stack")
    },
    **{
        (context, "regex_options"): "keepalived passes over an option that it does not know"
        for context in ("HTTP_GET url", "SSL_GET url")
    },
}
"""Keywords for which the daemon does not take and refuse what the table does, and why."""

FIRST_UNSEEN = {
    ("global_defs", "vrrp_iptables"): "Debian's package takes nftables instead",
    ("garp_group", "interface"): "the same interface twice",
    ("vrrp_instance", "vrf"): "it cannot stand beside an interface",
    ("BFD_CHECK", "name"): "no bfd_instance of this name",
}
"""Keywords of which the sample does not show whether the first statement counts."""

SAMPLES = {
    "command": "/bin/true",
    "user": "root",
    "group": "root",
    "chain": "INPUT",
    "hex": "0123",
    "masked": "01x3",
    "options(garps)": "5",
    "options(group6)": "ff02::7",
    "netmask": "255.255.255.0",
    "md5": "0123456789abcdef0123456789abcdef",
    "codes": "200-299",
    "secret": "secret",
    "path": f"{ROOM}/path",
    "options": "0",
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
    name, _, rest = kind.partition("(")
    if name in ("int", "decimal"):
        return rest.partition("..")[0]
    if name in ("", "anycase"):
        return rest.rstrip(")").split("|")[0]
    fixed = {
        "bool": "true",
        "interface": "eth0",
        "ip": "10.9.0.1",
        "multicast4": "224.0.0.7",
        "multicast6": "ff02::7",
        "multicast": "224.0.0.7",
        "multicast-local": "224.0.0.7",
    }
    known = {"server": "10.9.0.9", **fixed, **SAMPLES}
    return known.get(kind, known.get(name, "word"))


def statement(row: Keyword) -> str:
    """A statement with the fewest arguments that the table wants, and empty braces for a block."""
    fields = slots(arguments_of(row, VERSION))
    words = [row.name, *(sample(field.kind) for field in fields if not field.optional)]
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
    """Keepalived reads every keyword of its release, and no keyword of a newer or older one, in each kind of block."""
    rows = [row for row in keywords(context).values() if row.name not in STOPS_THE_TEST]
    lines = [statement(row) if present(row, VERSION) else row.name for row in rows]
    expected = {row.name for row in rows if not present(row, VERSION) or row.name in NOT_BUILT_IN}

    assert unknown(ask(inside(context, [*lines, "end_of_block"]))) == {*expected, "end_of_block"}


EDGES = {
    "bool": ("true on yes false off no", "TRUE 1"),
    "interface": ("eth0", "abcdefghijklmnop"),
    "ip": ("10.9.0.1", "bogus 1.2.3"),
    "server": ("10.9.0.9", "bogus 1.2.3"),
    "multicast": ("224.0.0.7", "10.9.0.1 bogus"),
    "multicast4": ("224.0.0.7", "10.9.0.1 bogus"),
    "multicast6": ("ff02::7", "10.9.0.1 bogus fe80::1"),
    "multicast-local": ("224.0.0.7", "10.9.0.1 bogus ff05::7"),
    "hex": ("0 0aF", "0x1 x g"),
    "md5": ("0123456789abcdefABCDEF9876543210", "0123 " + "x" * 32),
    "codes": ("100-599 404", "600 99-200 300-200"),
}
"""For the kinds of slots without a range: what the table takes, and what it does not."""


def edges(kind: str) -> Iterator[tuple[str, bool]]:
    """Values at and beyond the ends of what a slot takes, and whether the table says that it takes them."""
    name, _, rest = kind.partition("(")
    if ")/" in kind:
        one, _, other = kind.partition(")/")
        yield from (edge for edge in edges(f"{one})") if edge[0].isdigit())
        yield from ((text, accepted) for text, accepted in edges(other) if accepted)
    elif name in ("int", "decimal"):
        yield from _number_edges(name, *rest.rstrip(")abcdefghijklmnopqrstuvwxyz").split(".."))
    elif name in ("", "anycase"):
        yield from ((choice, True) for choice in rest.rstrip(")").split("|"))
        yield from ((choice.lower(), True) for choice in rest.rstrip(")").split("|") if name)
        yield "bogus", False
    elif name in EDGES:
        good, bad = EDGES[name]
        yield from ((text, True) for text in good.split())
        yield from ((text, False) for text in bad.split())


def _number_edges(name: str, lower: str, upper: str) -> Iterator[tuple[str, bool]]:
    number = int if name == "int" else float
    yield from (("7x", False), ("words", False), (lower, True))
    if name == "int":
        yield from ((f"{lower}.5", False), (str(int(lower) - 1), False))
    elif float(lower) > 0.000001:
        yield f"{float(lower) / 10:.7f}".rstrip("0"), False
    if upper:
        yield from ((upper, True), (str(int(number(upper)) + 1), False))


def trials(row: Keyword) -> Iterator[tuple[str, bool]]:
    """Statements that try the edges of each slot, with samples in the others."""
    fields = slots(arguments_of(row, VERSION))
    for index, slot in enumerate(fields):
        before = [sample(field.kind) for field in fields[:index]]
        after = [sample(field.kind) for field in fields[index + 1 :] if not field.optional]
        for value, accepted in edges(slot.kind):
            yield " ".join([row.name, *before, value, *after]), accepted


@pytest.mark.parametrize("context", [context for context in CONTEXTS if context and path_to(context)])
def test_the_daemon_takes_the_values_that_the_table_says(ask: Callable[[str], Said], context: str) -> None:
    """Keepalived refuses a value outside its range, its choices or its type, and takes those at the ends."""
    rounds: list[list[tuple[str, bool]]] = []
    for row in keywords(context).values():
        left_out = row.name in STOPS_THE_TEST or row.name in NOT_BUILT_IN or (context, row.name) in DIFFERENCES
        if present(row, VERSION) and not left_out and not row.block:
            for index, trial in enumerate(trials(row)):
                rounds += [[]] if index == len(rounds) else []
                rounds[index].append(trial)
    first = inside(context, []).count("\n") - len(path_to(context)) + 1
    wrong = []
    for statements in rounds:
        said = ask(inside(context, [text for text, _ in statements]))
        for line, (text, accepted) in enumerate(statements, first):
            message = said.get(line, "")
            if accepted == bool(VALUE_MESSAGE.search(message)):
                wrong.append((text, "the table takes it" if accepted else "the table refuses it", message))

    assert wrong == []


@pytest.mark.parametrize("context", [context for context in CONTEXTS if context and path_to(context)])
def test_the_daemon_keeps_the_statement_that_the_table_says(ask: Callable[[str], Said], context: str) -> None:
    """Of a keyword that is written twice, keepalived ignores the second where the table says that the first counts."""
    rows = [
        row
        for row in keywords(context).values()
        if present(row, VERSION) and row.arguments and not row.block and row.name not in STOPS_THE_TEST
    ]
    lines = [line for row in rows for line in (statement(row), statement(row))]
    first = inside(context, []).count("\n") - len(path_to(context)) + 1
    said = ask(inside(context, lines))
    refused = {
        row.name
        for index, row in enumerate(rows)
        if re.search(r"(?i)(already|duplicate)(?!.*replacing)", said.get(first + 2 * index + 1, ""))
    }
    unseen = {name for where, name in FIRST_UNSEEN if where == context}

    assert refused - unseen == {row.name for row in rows if row.repeated == "first"} - unseen
