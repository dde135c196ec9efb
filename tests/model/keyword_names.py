"""The names of keepalived's keywords, block by block, with the releases that know them, out of its sources.

    python tests/model/keyword_names.py REPOSITORY > tests/model/keyword_names.tsv

REPOSITORY is a clone of keepalived with its tags. The sources install each keyword with a call (lib/parser.h,
install_keyword and its kin); features that are options of the build count as built in. Only the names are taken.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

RELEASE = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
OLDEST = (1, 2, 13)
NOISE = re.compile(
    r"/\*.*?\*/|//[^\n]*|^#\s*ifdef _?INCLUDE_UNUSED_CODE_?\b.*?^#\s*endif[^\n]*|^#[^\n]*(?:\\\n[^\n]*)*",
    re.DOTALL | re.MULTILINE,
)
FUNCTION = re.compile(r"^(\w+)\(([^)]*)\)[^\n{;]*\n\{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"\b((?:install|init|add)_\w+)\s*\(\s*(\"[^\"]*\"|\w*)[^;]*;")

CONDITIONAL = {
    ("MISC_CHECK",): ("connect_ip", "connect_port", "bindto", "bind_port", "bind_if", "connect_timeout", "fwmark"),
    ("HTTP_GET",): ("tls_compliant",),
}
"""Calls behind an `if` that is false for this block: check_misc.c does not connect, check_http.c asks for SSL_GET."""


class Release:
    """One release's calls, followed from function to function."""

    def __init__(self, sources: str) -> None:
        self.bodies: dict[str, list[tuple[str, str]]] = {}
        self.parameters: dict[str, str] = {}
        for name, parameters, body in FUNCTION.findall(NOISE.sub("", sources)):
            self.bodies.setdefault(name, []).extend(CALL.findall(body))
            self.parameters[name] = (re.findall(r"(\w+)\s*(?:,|$)", parameters) or [""])[0]
        self.installers = {
            name for name, calls in self.bodies.items() if any(c == "install_keyword_root" for c, _ in calls)
        }
        self.open: list[str] = []
        self.last = ""
        self.found: set[tuple[str, ...]] = set()

    def names(self) -> set[tuple[str, ...]]:
        """The path of each keyword: the names of the blocks around it, and its own."""
        for name in self.installers:
            self.open = []
            self.follow(name, "")
        return self.found

    def follow(self, name: str, argument: str) -> None:
        for call, given in self.bodies[name]:
            text = given.strip('"') if given.startswith('"') else argument if given == self.parameters[name] else ""
            if call == "install_keyword_root":
                self.open = []
                self.take(text)
                self.open = [text]
            elif call in ("install_keyword", "install_keyword_quoted", "install_keyword_conditional"):
                self.take(text)
            elif call == "install_sublevel":
                self.open.append(self.last)
            elif call == "install_sublevel_end":
                self.open.pop()
            elif call in self.bodies and call not in self.installers:
                self.follow(call, text)

    def take(self, text: str) -> None:
        self.last = text
        if text:
            self.found.add((*self.open, text))


def git(repository: str, *arguments: str) -> str:
    run = subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace")


def releases(repository: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every release from 1.2.13 on, oldest first, with its sources."""
    tags = {
        tuple(map(int, match.groups())): tag
        for tag in git(repository, "tag").split()
        if (match := RELEASE.fullmatch(tag))
    }
    for version in sorted(tags):
        if version >= OLDEST:
            yield version, git(repository, "grep", "-h", "-I", "", tags[version], "--", "keepalived/*.c", "lib/*.c")


def rows(everything: list[tuple[tuple[int, ...], set[tuple[str, ...]]]]) -> Iterator[str]:
    """Each path with the first release that knows it, and the last, unless that is the newest of all."""
    newest = everything[-1][0]
    for path in sorted(set().union(*(names for _, names in everything))):
        known = [version for version, names in everything if path in names]
        if path[-1] in CONDITIONAL.get(path[2:3], ()):
            continue
        span = [version for version, _ in everything if known[0] <= version <= known[-1]]
        if span != known:
            raise ValueError(f"{' '.join(path)} is not there all the time: {sorted({*span} - {*known})}")
        first, last = (".".join(map(str, version)) for version in (known[0], known[-1]))
        yield f"{' '.join(path)}\t{first}\t{last if known[-1] != newest else ''}"


def main() -> None:
    everything = [(version, Release(text).names()) for version, text in releases(sys.argv[1])]
    print("path", "first", "last", sep="\t")
    for row in rows(everything):
        print(row)


if __name__ == "__main__":
    main()
