"""Configurations with mistakes of structure, and what keepalived 2.2.7 and `kalint show` make of each.

    python tests/daemon/mutants.py --seed 1 --count 1000 [--kind NAME] [FILE...]     (as root; kalint installed)

KALINT_KEEPALIVED=/path/to/keepalived asks a program of another release, and compares what all releases dump alike.
Without files the corpus beside the checkout is mutated, where it is there, and the project's examples. It prints every
mutant of which the daemon's dump and `kalint show` differ; `--keep DIR` writes them there.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import other_release
import servers
from comparison import differences, shown
from dump import NOTHING_TO_RUN, Dump, ask, parse
from harmless import COMMANDS, interfaces, namespaces, prepare
from other_release import program, release

CHECKOUT = Path(__file__).resolve().parents[2]
CORPUS = CHECKOUT.parent / "shared" / "corpus" / "files"
EXAMPLES = CHECKOUT / "examples"
CONFIGURATION = "keepalived.conf"
WORKERS = 4

OTHER_RELEASES = {
    "vrrp_instance": ("auth_hmac {\n key 1 abcdef\n}", "v3_checksum_type std"),
    "global_defs": ("vrrp_rt_priority 1", "auth_hmac {\n}"),
    "virtual_server": ("FILE_CHECK2 {\n}", "sh_port_new"),
    "": ("mismatch_group x {\n group {\n a\n}\n}", "nftables_new on"),
}


class Mutant(NamedTuple):
    """A mutated configuration: the file it is made of, what was done to it, and its files by name."""

    source: str
    done: str
    files: Mapping[str, str]


Lines = list[str]
Mutation = Callable[[random.Random, Lines, dict[str, str]], Lines]


def _heads(lines: Lines) -> list[int]:
    """Lines that open a block with the brace at their end."""
    return [number for number, line in enumerate(lines) if re.match(r"\s*[\w$].*\{\s*$", line) and "{{" not in line]


def _closers(lines: Lines) -> list[int]:
    return [number for number, line in enumerate(lines) if line.strip() == "}"]


def _end(lines: Lines, start: int) -> int:
    """The line of the brace that closes the block which a line opens; the last line where there is none."""
    depth = 0
    for number in range(start, len(lines)):
        bare = re.sub(r"[#!].*", "", lines[number])
        depth += bare.count("{") - bare.count("}")
        if depth <= 0:
            return number
    return len(lines) - 1


def _pick(rng: random.Random, numbers: Sequence[int]) -> int:
    if not numbers:
        raise LookupError
    return rng.choice(numbers)


def misspell(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A block's keyword with two letters in the wrong order, or one too many."""
    number = _pick(rng, _heads(lines))
    word = re.findall(r"\S+", lines[number])[0]
    place = rng.randrange(len(word) - 1) if len(word) > 2 else 0
    wrong = rng.choice([word[:place] + word[place + 1] + word[place] + word[place + 2 :], word + "s", word.upper()])
    return [*lines[:number], lines[number].replace(word, wrong, 1), *lines[number + 1 :]]


def rename(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A block's keyword becomes another block's."""
    number, other = _pick(rng, _heads(lines)), _pick(rng, _heads(lines))
    words = [re.findall(r"[^\s{]+", lines[each])[0] for each in (number, other)]
    return [*lines[:number], lines[number].replace(words[0], words[1], 1), *lines[number + 1 :]]


def move(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A block moves to another place."""
    start = _pick(rng, _heads(lines))
    end = _end(lines, start) + 1
    rest = lines[:start] + lines[end:]
    to = rng.randrange(len(rest) + 1)
    return rest[:to] + lines[start:end] + rest[to:]


def not_closed(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A closing brace is missing."""
    number = _pick(rng, _closers(lines))
    return lines[:number] + lines[number + 1 :]


def closed_twice(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A closing brace is there twice, or stands between two lines."""
    number = _pick(rng, _closers(lines)) if rng.random() < 0.5 else rng.randrange(len(lines))
    return [*lines[:number], "}", *lines[number:]]


def opened_twice(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """An opening brace is there twice."""
    number = _pick(rng, _heads(lines))
    return [*lines[:number], lines[number].rstrip() + rng.choice([" {", "\n{"]), *lines[number + 1 :]]


def not_opened(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """An opening brace is missing."""
    number = _pick(rng, _heads(lines))
    return [*lines[:number], lines[number].rstrip()[:-1], *lines[number + 1 :]]


def next_line(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """An opening brace stands on the next line."""
    number = _pick(rng, _heads(lines))
    return [*lines[:number], lines[number].rstrip()[:-1], "{", *lines[number + 1 :]]


def one_line(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A block on one line: right for one entry, a line of too many words for several."""
    start = _pick(rng, _heads(lines))
    end = _end(lines, start)
    block = [re.sub(r"[#!].*", "", line).strip() for line in lines[start : end + 1]]
    if len(block) > 12 or '"' in "".join(block) or "script_user" in "".join(block):
        raise LookupError
    return [*lines[:start], " ".join(block), *lines[end + 1 :]]


def glued(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A brace touches a word."""
    number = _pick(rng, _heads(lines))
    return [*lines[:number], lines[number].rstrip()[:-1].rstrip() + "{", *lines[number + 1 :]]


def statement_with_braces(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A statement has braces behind it."""
    plain = [number for number, line in enumerate(lines) if re.match(r"\s*[\w.]", line) and "{" not in line]
    number = _pick(rng, plain)
    return [*lines[:number], lines[number].rstrip() + rng.choice([" {", " { }", " {\n}"]), *lines[number + 1 :]]


def unknown_block(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A block that keepalived does not know, or knows elsewhere, or in another release, anywhere."""
    number = rng.randrange(len(lines) + 1)
    block = rng.choice(
        ["nonsense {", "nonsense {\n priority 7\n}", "authentication {\n auth_type PASS\n auth_pass x\n}"]
        + ["group {\n a\n b\n}", "track_interface {\n eth7\n}", "real_server 192.0.2.9 80 {\n weight 3\n}"]
        + [each for listed in OTHER_RELEASES.values() for each in listed]
        + ["vrrp_instance INSIDE {\n interface eth3\n virtual_router_id 77\n}", "${NOT_DEFINED}", "vip ${NO} {"]
    )
    return [*lines[:number], *block.split("\n"), *lines[number:]]


def include(rng: random.Random, lines: Lines, files: dict[str, str]) -> Lines:
    """Some lines stand in a file of their own, whether they are whole blocks or not."""
    start = rng.randrange(len(lines))
    end = min(len(lines), start + rng.randrange(12))
    if rng.random() < 0.5:
        start = _pick(rng, _heads(lines))
        end = _end(lines, start)
        start, end = rng.choice([(start, end + 1), (start + 1, end), (start + 1, max(start + 1, end - 1))])
    name = f"part{len(files)}.inc"
    files[name] = "\n".join(lines[start:end]) + "\n"
    return [*lines[:start], f"include {name}", *lines[end:]]


def shuffled(rng: random.Random, lines: Lines, _: dict[str, str]) -> Lines:
    """A line is gone, or there twice, or in the place of another."""
    number, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    made = list(lines)
    kind = rng.randrange(3)
    if kind == 0:
        del made[number]
    elif kind == 1:
        made.insert(number, lines[number])
    else:
        made[number], made[other] = made[other], made[number]
    return made


MUTATIONS: tuple[Mutation, ...] = (
    *(misspell, rename, move, not_closed, closed_twice, opened_twice, not_opened, next_line, one_line, glued),
    *(statement_with_braces, unknown_block, include, shuffled),
)


def mutate(rng: random.Random, source: str, text: str, kinds: Sequence[Mutation] = MUTATIONS) -> Mutant | None:
    """One mutation of a text, sometimes two; None where it has no place for one."""
    files: dict[str, str] = {}
    lines = text.split("\n")
    done = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        kind = rng.choice(kinds)
        try:
            lines = "\n".join(kind(rng, lines, files)).split("\n")
        except LookupError:
            continue
        done.append(kind.__name__)
    return Mutant(source, " and ".join(done), {CONFIGURATION: "\n".join(lines), **files}) if done else None


class Source(NamedTuple):
    """A real configuration, its commands taken out, as one text, with what the daemon needs to run it."""

    name: str
    text: str
    links: frozenset[str]
    namespaces: frozenset[str]


def sources(paths: Sequence[Path], room: Path) -> Iterator[Source]:
    """Those that the daemon can run at all, and of which kalint shows what it dumps."""
    for number, path in enumerate(paths):
        folder = room / f"source{number}"
        folder.mkdir()
        try:
            file = prepare(path, folder)
            text = file.read_bytes().decode("utf-8", "surrogateescape").replace("\r", "")
            links = frozenset(interfaces(file) | {"eth0", "eth3", "eth7"})
            source = Source(f"{path.parent.name}/{path.name}", text, links, frozenset(namespaces(file)))
            if re.search(r"^\s*(@|\$|~|include)|net_namespace", text, re.MULTILINE) or len(text) > 60_000:
                continue
            if not compare(Mutant(source.name, "nothing", {CONFIGURATION: text}), source, room):
                yield source
        except (ValueError, RuntimeError):
            continue


def compare(mutant: Mutant, source: Source, room: Path) -> list[str]:
    """The differences between the daemon's dump and kalint's.

    Raises:
        RuntimeError: the daemon does not start.
    """
    with tempfile.TemporaryDirectory(dir=room) as name:
        folder = Path(name)
        for file, text in mutant.files.items():
            (folder / file).write_bytes(text.encode("utf-8", "surrogateescape"))
        if any(commands(text) for text in mutant.files.values()):
            raise RuntimeError("a command came about")
        binary = program()
        if binary is not None:
            return other_release.compare(binary, release(binary), folder, source.links)
        try:
            daemon = parse(ask(folder, source.links, "node", source.namespaces))
        except RuntimeError as error:
            if NOTHING_TO_RUN not in str(error):
                raise
            daemon = Dump({}, {})
        found = [*differences(daemon, shown(folder / CONFIGURATION))]
        if any("virtual_server" in text for text in mutant.files.values()) and servers.missing() is None:
            theirs = servers.daemon(folder, "node", source.namespaces)
            found += servers.differences(theirs, servers.shown(folder / CONFIGURATION))
        return found


def commands(text: str) -> list[str]:
    """Statements that would run something else than nothing."""
    found = []
    for line in text.split("\n"):
        words = line.replace("{", " ").replace("}", " ").split()
        for word, after in pairwise(words):
            if COMMANDS.match(word) and after.strip("\"'") not in ("/usr/bin/true", "root", "/run/tracked"):
                found.append(line)
    return found


class Result(NamedTuple):
    """What came of many mutants: how many the daemon ran, by kind, and those that differ."""

    ran: Counter[str]
    refused: Counter[str]
    differ: tuple[tuple[Mutant, list[str]], ...]


def run(known: Sequence[Source], seed: int, count: int, room: Path, kinds: Sequence[Mutation] = MUTATIONS) -> Result:
    """Give mutants to the daemon until `count` of them are made."""
    rng = random.Random(seed)
    made: list[tuple[Mutant, Source]] = []
    while len(made) < count:
        source = rng.choice(known)
        mutant = mutate(rng, source.name, source.text, kinds)
        if mutant is not None:
            made.append((mutant, source))

    def one(pair: tuple[Mutant, Source]) -> tuple[Mutant, list[str] | str]:
        try:
            return pair[0], compare(*pair, room)
        except RuntimeError as error:
            return pair[0], str(error)

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(one, made))
    ran = Counter(mutant.done for mutant, found in results if not isinstance(found, str))
    refused = Counter(mutant.done for mutant, found in results if isinstance(found, str))
    differ = tuple((mutant, found) for mutant, found in results if found and not isinstance(found, str))
    return Result(ran, refused, differ)


def default_files() -> list[Path]:
    """The corpus, where it is there, and the examples."""
    return [*sorted(CORPUS.glob("*.conf")), *sorted(EXAMPLES.glob("*/*.conf"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--kind", choices=[each.__name__ for each in MUTATIONS])
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    kinds = [each for each in MUTATIONS if asked.kind in (None, each.__name__)]
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        known = list(sources(asked.files or default_files(), room))
        result = run(known, asked.seed, asked.count, room, kinds)
    print(f"{len(known)} files; {sum(result.ran.values())} mutants run, {sum(result.refused.values())} refused")
    for number, (mutant, found) in enumerate(result.differ):
        print(f"{number}: {mutant.source}: {mutant.done}", *found, sep="\n    ")
        for file, text in mutant.files.items() if asked.keep else ():
            folder = asked.keep / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    print(f"{len(result.differ)} differ")
    return bool(result.differ)


if __name__ == "__main__":
    sys.exit(main())
