"""A change of a file as a unified diff that patch and git apply take: the bytes as they are, line ends and all.

It holds no secret and nothing that a terminal or a CI runner obeys, since the lines around a change are left out where
they do. People read `kalint.report.fixes_diff` better.
"""

from __future__ import annotations

from collections.abc import Sequence

from kalint.alignment import Alignment
from kalint.findings.secrets import Secrets
from kalint.report.places import standing
from kalint.report.terminal import obeyed, printable

CONTEXT = 3
_UNENDED = b"\n\\ No newline at end of file\n"


def patch(name: str, before: bytes, after: bytes, secret: frozenset[str] = frozenset()) -> bytes | None:
    """The diff of one file; None where a line that changes must not be shown, for the words in `secret` or others."""
    old, new = _lines(before), _lines(after)
    hidden = _hidden(old, secret)
    opcodes = Alignment(old, new).get_opcodes()
    changes: list[Change] = [change for change in opcodes if change[0] != "equal"]
    if any(True in hidden[start:end] for _, start, end, _, _ in changes):
        return None
    head = _named(name)
    parts = [b"--- ", head, b"\n+++ ", head, b"\n"]
    for group in _hunks(changes, hidden):
        parts += _hunk(group, old, new, hidden)
    return b"".join(parts)


def _named(name: str) -> bytes:
    """The name as one stands, since patch takes no `..`; odd ones as git writes them, and patch reads them too."""
    told = standing(name)
    if told.isprintable():
        return told.encode() + b"\t" * (" " in told)  # else the name ends at the blank
    return b'"%s"' % b"".join(map(_quoted, told))


def _quoted(character: str) -> bytes:
    """A character of a name; those that no terminal should see as the numbers of their bytes."""
    content = character.encode("utf-8", "surrogateescape")
    if character.isprintable() and character not in '"\\':
        return content
    return b"".join(b"\\%03o" % byte for byte in content)


def _lines(content: bytes) -> list[bytes]:
    """The lines with their ends; only a line feed ends one."""
    lines = content.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _hidden(lines: Sequence[bytes], secret: frozenset[str]) -> list[bool]:
    """Which lines must not be shown."""
    texts = [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines]
    shown = Secrets({"": texts}, secret).lines("")
    return [
        told != text or obeyed(text) or any(printable(part) != part for part in _safe(text))
        for told, text in zip(shown, texts, strict=True)
    ]


def _safe(text: str) -> list[str]:
    """The parts of a line that a terminal gets, but for tabs and for bytes that are no UTF-8."""
    bare = "".join(character for character in text if not "\udc80" <= character <= "\udcff")
    return bare.split("\t")


Change = tuple[str, int, int, int, int]


def _room(change: Change, hidden: Sequence[bool]) -> int:
    """How many lines of context both sides of a change can have: patch wants as many on either side."""
    _, start, end, _, _ = change
    room = 0
    while room < CONTEXT and start - room > 0 and end + room < len(hidden):
        if hidden[start - room - 1] or hidden[end + room]:
            break
        room += 1
    return room


def _hunks(changes: Sequence[Change], hidden: Sequence[bool]) -> list[list[Change]]:
    """The changes in sets whose context meets."""
    found: list[list[Change]] = []
    for change in changes:
        last = found[-1][-1] if found else None
        meet = last is not None and last[2] + _room(last, hidden) >= change[1] - _room(change, hidden)
        if last is not None and meet and True not in hidden[last[2] : change[1]]:
            found[-1].append(change)
        else:
            found.append([change])
    return found


def _hunk(group: Sequence[Change], old: Sequence[bytes], new: Sequence[bytes], hidden: Sequence[bool]) -> list[bytes]:
    first, last = group[0], group[-1]
    room = min(_room(("", first[1], last[2], 0, 0), hidden), CONTEXT)
    start, end = first[1] - room, last[2] + room
    new_start, new_end = first[3] - room, last[4] + room
    rows = [f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n".encode()]
    place = start
    for _, begin, stop, new_begin, new_stop in group:
        rows += [_row(b" ", line) for line in old[place:begin]]
        rows += [_row(b"-", line) for line in old[begin:stop]]
        rows += [_row(b"+", line) for line in new[new_begin:new_stop]]
        place = stop
    rows += [_row(b" ", line) for line in old[place:end]]
    return rows


def _row(mark: bytes, line: bytes) -> bytes:
    return mark + (line if line.endswith(b"\n") else line + _UNENDED)


def _range(start: int, end: int) -> str:
    length = end - start
    return f"{start + 1 if length else start}{'' if length == 1 else f',{length}'}"
