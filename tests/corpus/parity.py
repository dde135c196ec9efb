"""How much of what `keepalived -t` 2.2.7 says of real files kalint says too.

    python tests/corpus/parity.py [--corpus DIR] [--write PAGE]

The corpus (437 files, and what the daemon printed for each) is not part of the project: by default it is looked for in
../shared/corpus beside the checkout.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from known_misses import KNOWN_MISSES
from message_kinds import BUILD, KINDS, READING, TEXT, Message, messages

from kalint.errors import InputError
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Loaded, Request, load
from kalint.source import Span
from kalint.syntax.tree import Node
from kalint.text import Options
from kalint.version import parse_version

CHECKOUT = Path(__file__).resolve().parents[2]
CORPUS = CHECKOUT.parent / "shared" / "corpus"
TRUTHS = Path(__file__).with_name("precision.tsv")
REQUEST = Request(Options(config_id="node", environment={}), parse_version("2.2.7"))

TRAILS = ("unknown keyword", "unexpected brace", "extra brace", "missing brace", "unbalanced braces")
"""Kinds that come in trails: after a block that it does not know, the daemon complains of all that is in it."""

FOUND, FOLLOWS, HOST, MISSED = "found", "follow-on", "host", "missed"
OTHER_NODES, EXCEPTED = "for other nodes", "known miss"


class File(NamedTuple):
    """One file of the corpus: kalint's reading, its findings, and what the daemon said."""

    name: str
    loaded: Loaded | None
    findings: tuple[Diagnostic, ...]
    messages: tuple[Message, ...]


class Judged(NamedTuple):
    """A message, and what became of it: found, follow-on, host, excepted or missed."""

    file: str
    message: Message
    fate: str


def read_corpus(corpus: Path) -> list[File]:
    """Every file with its findings, in order of name."""
    files = []
    for path in sorted((corpus / "files").glob("*.conf")):
        log = (corpus / "keepalived-t" / f"{path.stem}.txt").read_text("utf-8", "surrogateescape")
        try:
            loaded = load(str(path), None, REQUEST)
        except InputError:
            files.append(File(path.stem, None, (), tuple(messages(log))))
            continue
        findings = tuple(diagnose(loaded, REQUEST))
        files.append(File(path.stem, loaded, findings, tuple(messages(log))))
    return files


class Places:
    """Where the findings of one file are, by code and line, and where its blocks are."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.codes: dict[int, set[str]] = {}
        self.words: dict[str, list[Node]] = {}
        for finding in file.findings:
            for span in (finding.span, *(related.span for related in finding.related)):
                for line in _lines(span):
                    self.codes.setdefault(line, set()).add(finding.code)
        nodes = file.loaded.meant.config.nodes if file.loaded else ()
        self.blocks = [node for node in _all(nodes) if node.items is not None]
        self.servers = [block for block in self.blocks if block.keyword == "virtual_server"]
        for block in self.blocks:
            for word in block.words[1:]:
                self.words.setdefault(word.text, []).append(block)
        self.lines = next(iter(file.loaded.text.files.values())) if file.loaded else []
        self.template = bool(file.findings) and all(finding.code == "KA015" for finding in file.findings)

    def on(self, lines: range, codes: tuple[str, ...]) -> bool:
        """Whether a finding of these codes is on one of the lines."""
        return any(not self.codes.get(line, set()).isdisjoint(codes) for line in lines)

    def say(self, name: str, codes: tuple[str, ...]) -> bool:
        """Whether a finding of these codes names it."""
        named = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
        return any(finding.code in codes and named.search(finding.message) for finding in self.file.findings)

    def named(self, names: dict[str, str]) -> list[Node]:
        """The blocks that the daemon names."""
        if "server" in names:
            return [block for block in self.servers if _is_server(block, names["server"])]
        return [block for name in names.values() for block in self.words.get(name, ())]

    def line(self, number: int) -> str:
        """A line of the file."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def _lines(span: Span) -> Iterator[int]:
    yield from range(span.line, span.end_line + 1)
    if span.via:
        yield from _lines(span.via)


def _all(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.items or ())


def _extent(block: Node) -> range:
    first = block.words[0].span.line
    return range(first, (block.closer.number if block.closer else first) + 1)


def _ends(block: Node, line: int) -> bool:
    """Whether the daemon says this line for the end of the block, or for all of it, where a $definition holds it."""
    via = block.words[0].span.via
    return line in (block.closer.number if block.closer else 0, via.line if via else 0)


def _is_server(block: Node, server: str) -> bool:
    """Whether `[10.0.0.1]:tcp:80`, `FWM 1` or `[group]:0` is the virtual server with these words in its head."""
    words = [word.text for word in block.words[1:] if word.text not in ("fwmark", "group")]
    return bool(words) and (server.startswith((f"[{words[0]}]", f"[{words[0]}:")) or server == f"FWM {words[0]}")


def judge(file: File) -> Iterator[Judged]:
    """What became of each message that the daemon printed for the file."""
    places = Places(file)
    found: set[tuple[int, str]] = set()
    for message in file.messages:
        fate = _fate(places, message, found)
        if fate in (FOUND, FOLLOWS):
            found.add((message.line, message.kind.name))
        yield Judged(file.name, message, fate)


def _fate(places: Places, message: Message, found: set[tuple[int, str]]) -> str:
    kind, file = message.kind, places.file
    if kind.host:
        return HOST
    if _found(places, message) or (kind.after and (message.line, kind.after) in found):
        return FOUND
    if places.template or (kind.name in TRAILS and _in_a_trail(places, message)):
        return FOLLOWS
    if kind.name == "tracked thing not found" and _lost_its_user(file, message):
        return HOST
    if kind.name == "given again" and any(other.kind.host == BUILD for other in file.messages):
        return HOST
    if (file.name, kind.name) in KNOWN_MISSES:
        return EXCEPTED
    return OTHER_NODES if _for_others(places, message) else MISSED


def _found(places: Places, message: Message) -> bool:
    codes = message.kind.codes
    if message.kind.anywhere and any(finding.code in codes for finding in places.file.findings):
        return True
    if message.line and places.on(range(message.line, message.line + 1), codes):
        return True
    names = [*message.names.values(), *re.findall(r"\$\w+", message.text)]
    if any(places.say(name if len(name) > 1 else f"'{name}'", codes) for name in names):
        return True
    blocks = places.named(message.names)
    if not blocks and message.line:
        blocks = [block for block in places.blocks if _ends(block, message.line)]
    return any(places.on(_extent(block), codes) for block in blocks)


def _in_a_trail(places: Places, message: Message) -> bool:
    """Whether the message follows from something that kalint reported before that line.

    That is the head of a block that the line is in, or a brace that is not where it ought to be: the word of a finding
    has it, or it belongs to an undefined `${NAME}`.
    """
    for block in places.blocks:
        extent = _extent(block)
        if message.line in extent and places.on(extent[:1], READING):
            return True
    for number in range(1, message.line + 1):
        line = places.line(number)
        if "{" not in line and "}" not in line:
            continue
        if not places.codes.get(number, set()).isdisjoint(READING):
            return True
        if any(places.say(f"${name}", ("KA014",)) for name in re.findall(r"\$\{(\w+)\}", line)):
            return True
    return False


def _lost_its_user(file: File, message: Message) -> bool:
    """Whether the script is there, so that the daemon can only have removed it because its user is not."""
    scripts = file.loaded.resolved.scripts if file.loaded else ()
    missing = any(other.kind.name == "user missing" for other in file.messages)
    return missing and any(script.name == message.names["name"] for script in scripts)


def _for_others(places: Places, message: Message) -> bool:
    """Whether a block that the daemon names has lines for other config ids, of which kalint supposes the best."""
    blocks = [block for block in places.blocks if message.line and message.line in _extent(block)]
    if message.kind.name == "definition incomplete":
        # What a checker names is not there, for want of a line that is for another id.
        blocks += [
            other
            for block in blocks
            for item in block.items or ()
            for other in places.words.get(item.words[-1].text, ())
        ]
    extents = [_extent(block) for block in (*places.named(message.names), *blocks)]
    return any(places.line(line).lstrip().startswith("@") for extent in extents for line in extent)


def unspoken(file: File) -> Iterator[Diagnostic]:
    """The errors that kalint finds and the daemon says nothing of."""
    said = {code for message in file.messages for code in message.kind.codes}
    lines = {message.line for message in file.messages}
    for finding in file.findings:
        if finding.severity == "error":
            here = lines.intersection(_lines(finding.span))
            if finding.code not in said or (finding.code in (*READING, *TEXT, "KA008", "KA406") and not here):
                yield finding


def quiet(file: File) -> bool:
    """Whether the daemon says nothing of the file, or only what depends on the host."""
    return all(message.kind.host for message in file.messages)


def truths() -> dict[tuple[str, str, int], str]:
    """Each error that was read by hand in its file: (file, code, line) and what was seen there."""
    rows = [line.split("\t") for line in TRUTHS.read_text("utf-8").splitlines()[1:]]
    return {(file, code, int(line)): reason for file, code, line, reason in rows}


def unread(files: list[File]) -> tuple[set[tuple[str, str, int]], set[tuple[str, str, int]]]:
    """Errors that nobody has read yet, and rows of the table for which there is no such error any more."""
    found = {(file.name, finding.code, finding.span.line) for file in files for finding in unspoken(file)}
    return found - truths().keys(), truths().keys() - found


def report(files: list[File]) -> str:
    """The page: recall by kind, what is missed and why, and how precise the errors are."""
    judged = [one for file in files for one in judge(file)]
    parts = (_introduction(files, judged), _recall(judged), _misses(judged), _precision(files))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


_INTRODUCTION = """\
# Parity with keepalived -t

Made by `python tests/corpus/parity.py --write docs/parity.md` where the corpus is; do not edit.

{files} real files, and what `keepalived -t` 2.2.7 printed for each, every message once a file; kalint judges them as
2.2.7. A message is *found* if a finding of the codes is on its line, in the block that it names, or names the same
thing. It is a *follow-on* if it is in the trail of a finding: the words of a block that the daemon does not know, or
anything in a template, of which kalint says once that it is one. It is *host* if only the machine can tell it: a
missing interface, script or user. It is *for other nodes* if the block has lines for other config ids (`@high`): what
they supply is not missing. *Recall* is what is found or follows, of all but the last three and the known misses, which
are listed below.

In all: {messages} messages, {host} host, {found} found, {follows} follow-on, {others} for other nodes, {known} known
misses, {missed} missed."""

_PRECISION = """\
## Precision

Of {quiet} files the daemon says nothing, or only what depends on the host. kalint has {first} findings of level error
in them, and {second} of which the daemon says nothing in the other files. Each was read by hand and is true:
`tests/corpus/precision.tsv` says what was seen there.
"""


def _introduction(files: list[File], judged: list[Judged]) -> Iterator[str]:
    counts = Counter(one.fate for one in judged)
    yield _INTRODUCTION.format(
        files=len(files),
        messages=counts.total(),
        host=counts[HOST],
        found=counts[FOUND],
        follows=counts[FOLLOWS],
        others=counts[OTHER_NODES],
        known=counts[EXCEPTED],
        missed=counts[MISSED],
    )


def _recall(judged: list[Judged]) -> Iterator[str]:
    yield "## Recall"
    yield ""
    fates = (FOUND, FOLLOWS, HOST, OTHER_NODES, EXCEPTED, MISSED)
    yield f"| what the daemon says | codes | messages | {' | '.join(fates)} | recall |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for name in dict.fromkeys(kind.name for kind in KINDS):
        counts = Counter(one.fate for one in judged if one.message.kind.name == name)
        kinds = [kind for kind in KINDS if kind.name == name]
        codes = sorted({code for kind in kinds for code in kind.codes})
        numbers = " | ".join(str(counts[fate]) for fate in fates)
        yield f"| {name} | {' '.join(codes) or kinds[0].host} | {counts.total()} | {numbers} | {_percent(counts)} |"


def _percent(counts: Counter[str]) -> str:
    known = counts[FOUND] + counts[FOLLOWS]
    wanted = known + counts[MISSED]
    return f"{100 * known // wanted} %" if wanted else "-"


def _misses(judged: list[Judged]) -> Iterator[str]:
    yield "## Known misses"
    yield ""
    yield "By file of the corpus and kind:" if KNOWN_MISSES else "None."
    yield from [""] * bool(KNOWN_MISSES)
    for (file, kind), reason in KNOWN_MISSES.items():
        count = sum(one.fate == EXCEPTED and (one.file, one.message.kind.name) == (file, kind) for one in judged)
        yield f"- {file}, {kind} ({count}): {reason}."


def _precision(files: list[File]) -> Iterator[str]:
    still = [file for file in files if quiet(file)]
    first = Counter(finding.code for file in still for finding in unspoken(file))
    second = Counter(finding.code for file in files if not quiet(file) for finding in unspoken(file))
    yield _PRECISION.format(quiet=len(still), first=first.total(), second=second.total())
    yield "| code | errors in quiet files | errors in the others |"
    yield "|---|---:|---:|"
    for code in sorted({*first, *second}):
        yield f"| {code} | {first[code]} | {second[code]} |"


def main() -> int:
    """Print what is missed and the page, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    files = read_corpus(arguments.corpus)
    missed = [one for file in files for one in judge(file) if one.fate == MISSED]
    for one in missed:
        print(f"missed: {one.file}:{one.message.line}: {one.message.kind.name}: {one.message.text!a}")
    wrong, stale = unread(files)
    for row in sorted(wrong):
        print(f"not read by hand: {row}")
    for row in sorted(stale):
        print(f"no such error any more: {row}")
    if arguments.write:
        arguments.write.write_text(report(files), "utf-8")
    else:
        print(report(files))
    return 1 if missed or wrong or stale else 0


if __name__ == "__main__":
    sys.exit(main())
