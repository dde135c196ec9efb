"""Which characters of a configuration's lines must never be shown: passwords, keys, and all that may be one.

A line is judged by the block that it stands in and by what its words mean, not by a pattern of correct lines: what is
misspelt beside a password is as secret as the password.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from kalint.findings.commands import FOREIGN, MAY, TELLING, Range, spans
from kalint.findings.markup import MARKUP, assigned, literals, variables, without_braces
from kalint.spelling import FAR, distance, latin
from kalint.text.stream import comment_start

_MARKS = (
    *(*TELLING.split("|"), *filter(str.isalpha, FOREIGN.split("|"))),
    *("pas", "ass", "pw", "aut", "hent", "cation", "h_h", "mac", "bearer", "cookie", "://", "$", "~", "'-", '"-'),
    *("vault", "expect", "printf", "echo", "<<<", *MARKUP),
)
"""What a line has, in small letters, that `MAY` finds or that has a definition: quicker to find in a long text."""
_OPTIONS = re.compile(" -[a-z-]")
_HEADS = re.compile("aut|hent|cation|h_h|mac|ass", re.IGNORECASE)
"""What is left of `authentication`, `auth_hmac` or `auth_pass` where two letters of it are wrong."""
_TOKEN = re.compile(r'"[^"]*"?|\$\{[^}]*\}|[{}]|(?:[^\s{}"$]|\$(?!\{))+')
_DEFINITION = re.compile(r"\s*(?:@\S+[ \t]+)?\$([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*")
_SEQUENCE = re.compile(r"\s*~(?:LST|SEQx?)[ \t]*\(")
_SAYS = re.compile(r"\w")
_LETTERS = re.compile(r"[A-Za-z_-]{7,11}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_TELLING = re.compile(r"pass|secret|pwd|key|token|auth|cred|munit|psk|pw(?:_|[0-9]|\Z)", re.IGNORECASE)

_LONG = (
    "pass?[-_]?wor[dt]|passwd|pass[-_]?phrase|pass[-_]?code|secret|[a-z]{0,8}comm?unit[a-z]{0,8}|credential|auth_?token"
    rf"|api_?key|{FOREIGN}"
)
_BLOCK = re.compile(
    r"au?t?h?en?t[hi]\w*|auth(?!ors?\Z|[-_.]?(?:pa?s|typ))[\w-]*|\w+_auth|hmac(?:_\w+)?|\w+_hmac|\w*hentication",
    re.IGNORECASE,
)
"""Blocks of which all is secret: authentication, auth_hmac, and what may be meant as one of them."""
_MEANT = "authentication", "auth_hmac"
_KEYWORD = re.compile(
    r"(?:auth(?![-_.]?(?:ent|hmac|typ|algo))[a-z_.-]*"
    r"|(?:auth|aut|ath|atuh|auht|uth|snmp|smtp|ssl|tls|ldap|user|login|http)[-_.]?pa?s[a-z_-]*"
    rf"|(?:[a-z]*[-_.])?(?:{_LONG})[a-z_-]*|pas?s?w[a-z]*"
    r"|(?:[a-z0-9]+[-_.])*(?:pass|pw|pwd|psk|token|bearer|(?<=[-_.])(?:auth|key))[0-9]{0,3})(?<!active_key)"
    r"(?=[=:;,$\"'%<(\[]|\Z)",
    re.IGNORECASE,
)
"""First words of which the rest of the line is secret; after a separator the secret is glued to the keyword."""
_ANYWHERE = re.compile(rf"(?<![\w$])(?:auth?[-_.]?pa?s[a-z_-]{{0,24}}|{_LONG})(?![\w.])", re.IGNORECASE)
"""Words that announce a secret wherever they stand, in comments too."""
_REMARKED = re.compile(
    r"(?<![\w$])(?:(?:pw|pwd|psk)(?![\w.])|(?:pass|token|key|auth)[ \t]*(?:=|:(?!//)|[ \t]is(?=[ \t]))"
    r"|pass(?=[ \t]+[^\s]*[0-9])(?=[ \t]+[^\s]*[A-Za-z])|auth_hmac(?![\w.])|auth_type(?=[ \t]+[^\s]+[ \t]))",
    re.IGNORECASE,
)
"""What else announces one in a comment, where `pass` and `key` are words of a language too."""
_REVERSED = re.compile(
    r"(?<![\w$])(?=[^\s]{0,64}[0-9])(?=[^\s]{0,64}[A-Za-z])[^\s#!]{4,64}[ \t]+(?:is|was)[ \t]+"
    r"(?:[a-z]{1,16}[ \t]+){0,3}"
    rf"(?:auth?[-_.]?pa?s[a-z_-]{{0,24}}|{_LONG})",
    re.IGNORECASE,
)
"""`k3y is the password`, in a comment."""
_KEY = re.compile(
    r"key(?=[ \t]+[0-9]+[ \t]|[ \t]+[^\s{}]+[ \t]+[^\s{}]|[ \t]*[=:]|[ \t]+[^\s{}/.]{4,}[ \t]*\Z)"
    r"(?:[ \t]+[0-9]+(?=[ \t]))?",
    re.IGNORECASE,
)
"""`key 1 X`, and `key X` where X is no file (of SSL)."""
_KIND = re.compile(r"auth[-_.]?typ\w*", re.IGNORECASE)

_PASS = re.compile(r"au?t?h?[-_.]?pa?s{0,2}", re.IGNORECASE)
_PLAIN = re.compile(
    rf"auth(?![-_.]?pa?s)[-_.a-z]{{0,14}}|{_PASS.pattern}(?:w[a-z]{{0,4}}|phrase|code|key|[a-z]{{0,2}})"
    r"|active_key|anti_replay|time_window|mode|key|include[rmwba]?",
    re.IGNORECASE,
)
"""First words in a secret block that are keywords, and no secret on a line of its own."""
KEYWORDS = frozenset(
    ("auth_type", "auth_pass", "authentication", "auth_hmac", "PASS", "AH", "key", "active_key", "mode", "ascii", "hex")
)
"""Words that are no secret, wherever they stand."""
_NUMBERED = frozenset(("key", "active_key", "time_window"))
_TYPE = re.compile(r"[A-Z]{2,4}[0-9]{0,3}|pass|ah|none|md5|sha1|simple|text")
"""What people take for an auth_type."""
_HARMLESS = frozenset(
    ("PASS", "AH", "NONE", "ascii", "hex", "enforce", "permissive", "receive-only", "time", "monotonic", "\\")
)
_OTHER_BLOCK = re.compile(
    r"vrrp_(?:instance|sync_group|script|track_(?:file|process|bfd))|track_(?:interface|script|file|process|bfd)"
    r"|virtual_(?:ipaddress(?:_excluded)?|routes|rules|server(?:_group)?)|unicast_peer|static_(?:ipaddress|routes|rules)"
    r"|global_defs|bfd_instance|notify(?:_(?:master|backup|fault|stop|deleted|fifo|up|down))?"
)
"""Where a secret block ends that is not closed: no such block stands in it."""
_OTHER_LINE = re.compile(
    rf"{_OTHER_BLOCK.pattern}|state|interface|(?:virtual_router_|router_)id|priority|advert_int|(?:no)?preempt\w*"
    r"|version|unicast_\w+|garp_\w+|smtp_alert|use_vmac|track_\w+|virtual_\w+|notify\w*"
)
"""What stands in no secret block whose opening brace is missing."""
PIECE = 20_000
"""Lines that are looked at as one text: of a file with 300,000 of them a copy in small letters takes 15 MB."""
MOST_COMPARED = 1000
"""Pairs of names: of more, only those that are the same but for their case are found."""
LONGEST = 64
"""Letters of what may be meant as a keyword."""
_REMARK = re.compile(r"[#!]\s*kalint:")
_MARKER = re.compile(r"[ \t]*[#!][#! \t]*")
_COMMENTED = re.compile(rf"{_MARKER.pattern}([^\s{{}}]+)[^{{}}]*\{{")
"""The head of a block that is commented out."""
MOST_COMMENTED = 64
"""Lines of such a block that are looked at."""
_UNSEEN = re.compile(r"[^\t\n\v\f\r\x1c-\x7e]")
"""What `latin` replaces or leaves out."""


class Scanner:
    """Goes through the lines of one file in order."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names
        self._depth = 0
        self._head = ""
        # The depth of the block of which all is secret.
        self._secret: int | None = None
        # Whether a keyword's secret may stand on the next line.
        self._waits = False
        # Whether the multi-line definition that is open is secret.
        self._defines = False
        # Whether a secret block's head stood alone, so that its brace is missing or on the next line.
        self._headless = False

    @property
    def idle(self) -> bool:
        """Whether the next line is judged by itself."""
        return self._secret is None and not (self._waits or self._defines or self._headless)

    def pass_over(self) -> None:
        """Take notice of lines that have nothing secret, and open nothing."""
        self._head = ""

    def ranges(self, text: str) -> list[Range]:
        """What must not be shown of the next line: ranges of characters, in order."""
        if _UNSEEN.search(text) is None:
            return self._ranges(text)
        plain, places = latin(text)
        return [(places[start], places[end]) for start, end in self._ranges(plain)]

    def _ranges(self, text: str) -> list[Range]:
        if self.idle and not _opens(text):
            self.pass_over()
            return []
        comment = comment_start(text)
        end = len(text) if comment < 0 else comment
        start, hidden = 0, self._defines
        defined = _DEFINITION.match(text)
        if defined is not None:
            start = defined.end()
            hidden = defined.group(1) in self._names or _TELLING.search(defined.group(1)) is not None
        self._defines = hidden and text.rstrip().endswith("\\")
        if hidden:
            return [(start, len(text))]
        found: list[Range] = [*literals(text, self._names, _TELLING)]
        if any(mark in text for mark in MARKUP):
            text = without_braces(text)
        sequence = _SEQUENCE.match(text)
        if sequence is not None:
            start = text.find(")", sequence.end()) + 1 or len(text)
            if not self._names.isdisjoint(_NAME.findall(text[sequence.end() : start])):
                found.append((sequence.end(), start))
        was_secret = self._secret is not None
        found += self._statements(text, start, end)
        if comment >= 0 and not _REMARK.match(text, comment):
            found += self._comment(text, comment, was_secret or self._secret is not None)
        if MAY.search(text) is not None:
            found += spans(text)
        if sequence is not None and any(first >= start for first, _ in found):
            found = [(0, len(text))]
        return _merged(found)

    def _comment(self, text: str, comment: int, secret: bool) -> list[Range]:
        marker = _MARKER.match(text, comment)
        defined = None if marker is None else _DEFINITION.match(text, marker.end())
        if defined is not None and (defined.group(1) in self._names or _TELLING.search(defined.group(1))):
            return [(defined.end(), len(text))]
        return _comment(text, comment, secret)

    def _statements(self, text: str, start: int, end: int) -> Iterator[Range]:
        first = ""
        alone = False
        for token in _TOKEN.finditer(text, start, end):
            word = token.group()
            if self._headless:
                self._goes_on(word)
            wrong = alone and not _SAYS.search(word) and word not in ("{", "}")  # `authentication [`
            alone = wrong or (not first and self._secret is None and _is_block(word))
            if word in ("{", "}"):
                self._open() if word == "{" else self._close()
                first = self._head = ""
            elif not first and word[0] == "@":
                continue
            else:
                behind = self._announced(text, token, first)
                if behind is not None:
                    self._head = self._head if first else word
                    yield behind, len(text)
                    self._behind(text[behind:end])
                    return
                if self._hides(word.strip("\"'"), first):
                    yield token.span()
                if not first:
                    self._head = first = word.strip("\"'") or word
        self._headless |= alone

    def _goes_on(self, word: str) -> None:
        """What follows the head of a secret block: its brace, or what stands in it, as if the brace were there."""
        self._headless = False
        if word[0] not in "{}" and not _OTHER_LINE.fullmatch(word):
            self._secret = self._depth
            self._depth += 1

    def _announced(self, text: str, token: re.Match[str], first: str) -> int | None:
        """Where the rest of the line begins that a word announces as secret; None where it announces none."""
        word = token.group()
        if self._secret is not None or not first:
            key = _KEY.match(text, token.start())
            if key is not None:
                return key.end()
        if not first:
            quotes = len(word) - len(word.lstrip("\"'"))
            told = _KEYWORD.match(word, quotes) or _near(_LETTERS.match(word, quotes))
            opens = _is_block(word) and text[token.end() :].lstrip(" \t\"'")[:1] in ("{", "#", "!", "")
            if told is not None and not opens:
                glued = None if _PLAIN.fullmatch(told.group()) else _PASS.match(told.group())
                return token.start() + quotes + len((glued or told).group())
        told = _ANYWHERE.search(word)
        return None if told is None else token.start() + told.end()

    def _hides(self, word: str, first: str) -> bool:
        """Whether a word is secret for the block that it is in, or as the value that the line before lacks."""
        waited = self._waits
        if not waited or _SAYS.search(word):  # `= X` may stand on the next line
            self._waits = False
        within = self._secret is not None or bool(first and (_KIND.fullmatch(first) or _is_block(first)))
        if word in _HARMLESS or not (within or waited):
            return False
        if not first:
            plain = _PLAIN.fullmatch(word) and (not waited or _PLAIN.fullmatch(word.lower()) is not None)
            return not (plain or _OTHER_BLOCK.fullmatch(word))
        if _KIND.fullmatch(first) and _TYPE.fullmatch(word):
            return False
        return not (first in _NUMBERED and word.isdigit() and len(word) <= len("255"))

    def _behind(self, rest: str) -> None:
        """Go over what follows an announced secret: braces count, and without a value the next line has it."""
        bare = rest.strip(" \t\"'=:")
        self._waits = not bare
        for brace in re.findall(r'"[^"]*"|([{}])', rest):
            if brace == "{":
                self._open()
            elif brace == "}":
                self._close()

    def _open(self) -> None:
        self._waits = False
        if self._secret is not None and _OTHER_BLOCK.fullmatch(self._head):
            self._secret = None
        elif self._secret is None and (_is_block(self._head) or _KEYWORD.match(self._head)):
            self._secret = self._depth
        self._depth += 1

    def _close(self) -> None:
        self._waits = False
        self._depth = max(0, self._depth - 1)
        if self._secret is not None and self._depth <= self._secret:
            self._secret = None


def _near(name: re.Match[str] | None) -> re.Match[str] | None:
    """The word, if it may be meant as auth_pass."""
    return name if name is not None and _is_pass(name.group().lower()) else None


@lru_cache(1024)
def _is_pass(word: str) -> bool:
    return distance(word, "auth_pass") <= FAR


@lru_cache(1024)
def _is_block(word: str) -> bool:
    """Whether a word is the head of a block of which all is secret, or may be meant as one."""
    name = word.strip("\"':=").lower()
    if not len("auth") <= len(name) <= LONGEST or name == "auth_type":
        return False
    return bool(_BLOCK.fullmatch(name)) or any(distance(name, meant) <= FAR for meant in _MEANT)


def _comment(text: str, comment: int, secret: bool) -> list[Range]:
    if secret:
        return [(comment + 1, len(text))]
    blank = len(text[comment + 1 :]) - len(text[comment + 1 :].lstrip())
    before = _REVERSED.search(text, comment)
    if before is not None:
        return [(before.start(), len(text))]
    told = _ANYWHERE.search(text, comment) or _REMARKED.search(text, comment) or _KEY.match(text, comment + 1 + blank)
    return [] if told is None else [(told.end(), len(text))]


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """In order, overlapping ones as one."""
    made: list[Range] = []
    for start, end in sorted(ranges):
        if made and start <= made[-1][1]:
            made[-1] = made[-1][0], max(end, made[-1][1])
        elif start < end:
            made.append((start, end))
    return made


def hidden(lines: Sequence[str], names: frozenset[str]) -> dict[int, list[Range]]:
    """What must not be shown of a file's lines, by index. `names` are $definitions that lead to a secret.

    What a line lets the next one go on with is looked at as one text, too, and a block that is commented out as if it
    were not: whoever wrote it meant it so.
    """
    candidates = list(_suspicious(lines))
    found = as_written(lines, names, candidates)
    for index, ranges in (*_continued(lines, names), *_commented(lines, names, candidates)):
        found[index] = _merged((*found.get(index, ()), *ranges))
    return found


def _continued(lines: Sequence[str], names: frozenset[str]) -> Iterator[tuple[int, list[Range]]]:
    """What is hidden of lines that end in a backslash and of the next ones, of each hidden part one line at most.

    A definition of many lines may be a whole instance, of which the password hides only its own line.
    """
    ends = [index for index, line in enumerate(lines) if "\\" in line and line.rstrip().endswith("\\")]
    for first in (index for place, index in enumerate(ends) if not place or ends[place - 1] != index - 1):
        last = first
        texts = []
        while last < len(lines) and lines[last].rstrip().endswith("\\"):
            texts.append(lines[last].rstrip()[:-1])
            last += 1
        texts += lines[last : last + 1]
        starts = list(accumulate(map(len, texts), initial=0))
        for start, end in Scanner(names).ranges("".join(texts)):
            row = bisect_right(starts, start, hi=len(texts)) - 1
            while row < len(texts) - 1 and not _SAYS.search(texts[row], max(0, start - starts[row])):
                row += 1
            part = max(start, starts[row]) - starts[row], min(end, starts[row + 1]) - starts[row]
            if part[0] < part[1]:
                yield first + row, [part]


def _commented(
    lines: Sequence[str], names: frozenset[str], candidates: Iterable[int]
) -> Iterator[tuple[int, list[Range]]]:
    """What is hidden in secret blocks that are commented out."""
    for first in candidates:
        head = _COMMENTED.match(lines[first])
        if head is None or not _is_block(head.group(1)):
            continue
        scanner = Scanner(names)
        depth = 0
        for index in range(first, min(first + MOST_COMMENTED, len(lines))):
            marker = _MARKER.match(lines[index])
            if marker is None:
                break
            text = lines[index][marker.end() :]
            yield index, [(start + marker.end(), end + marker.end()) for start, end in scanner.ranges(text)]
            depth += text.count("{") - text.count("}")
            if depth <= 0:
                break


def as_written(
    lines: Sequence[str], names: frozenset[str], candidates: Iterable[int] | None = None
) -> dict[int, list[Range]]:
    """What is hidden of lines as keepalived reads them; only `candidates` may have or open anything secret."""
    scanner = Scanner(names)
    found: dict[int, list[Range]] = {}
    index = 0
    for candidate in _suspicious(lines) if candidates is None else candidates:
        if candidate < index:
            continue
        if candidate > index:
            scanner.pass_over()
        for index in range(candidate, len(lines)):
            ranges = scanner.ranges(lines[index])
            if ranges:
                found[index] = ranges
            if scanner.idle and not _is_opener(lines, index + 1):
                break
        index += 1
    return found


def _suspicious(lines: Sequence[str]) -> Iterator[int]:
    """The indices of lines, in order, that may have anything secret or open what has, and of few others.

    A lone brace is none of them: it opens something secret only right after a line that is.
    """
    for first in range(0, len(lines), PIECE):
        for index in _suspicious_of(lines[first : first + PIECE]):
            yield first + index


def _suspicious_of(lines: Sequence[str]) -> list[int]:
    text = "\n".join(lines)
    if (
        _UNSEEN.search(text) is not None or text.count("\n") != len(lines) - 1
    ):  # small letters of others may have another length
        return [index for index, line in enumerate(lines) if _opens(line)]
    text = text.lower()
    offsets = [found.start() for found in _OPTIONS.finditer(text)] + list(_users(text))
    for part in _MARKS:
        at = text.find(part)
        while at >= 0:
            offsets.append(at)
            end = text.find("\n", at)  # one in a line is enough
            at = -1 if end < 0 else text.find(part, end)
    found: list[int] = []
    index = last = 0
    for offset in sorted(offsets):
        index, last = index + text.count("\n", last, offset), offset
        found.append(index)
    return found


def _users(text: str) -> Iterator[int]:
    """Where an @ has something before it, as `user:X@host` and unlike `@id`."""
    at = text.find("@", 1)
    while at >= 0:
        if not text[at - 1].isspace():
            yield at
        at = text.find("@", at + 1)


def _is_opener(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and lines[index].lstrip(" \t")[:1] == "{"


def _opens(text: str) -> bool:
    """Whether a line may have anything secret, or open what has."""
    if _UNSEEN.search(text) is not None:
        text = latin(text)[0]
    return (
        MAY.search(text) is not None
        or _HEADS.search(text) is not None
        or "$" in text
        or "~" in text
        or any(mark in text for mark in MARKUP)
        or text.lstrip(" \t")[:1] == "{"
    )


def add_uses(lines: Sequence[str], uses: dict[str, set[str]]) -> None:
    """Take in which names the values of the $definitions and sequences of a file use, as `Scanner` reads them."""
    name = ""
    for text in lines:
        for variable, others in assigned(text):
            uses.setdefault(variable, set()).update(others)
        if "$" not in text and not name:
            continue
        defined = _DEFINITION.match(text)
        sequence = _SEQUENCE.match(text)
        if defined is not None:
            name, value = defined.group(1), text[defined.end() :]
        elif sequence is not None and not name:
            value = text[sequence.end() : text.find(")", sequence.end()) + 1 or len(text)]
            for each in _NAME.findall(value):
                uses.setdefault(each, set()).update(names_in(value))
            continue
        else:
            value = text
        if name:
            uses.setdefault(name, set()).update(names_in(value))
        if not text.rstrip().endswith("\\"):
            name = ""


def names_in(text: str) -> list[str]:
    """The $definitions, and the variables of templates, that a text uses."""
    return [*_USED.findall(text), *variables(text)]


def defined(sources: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The names of all $definitions."""
    names = (_DEFINITION.match(line) for lines in sources.values() for line in lines if "$" in line)
    return frozenset(found.group(1) for found in names if found is not None)


def meant(names: set[str], known: frozenset[str]) -> set[str]:
    """The $definitions that names without one may be meant as: `$pw_` for `$PW`."""
    without = names - known
    if not without:
        return set()
    plain = {_bare(name) for name in without}
    found = {each for each in known if _bare(each) in plain}
    if len(without) * len(known) <= MOST_COMPARED:
        found.update(each for each in known if len(each) > FAR and any(distance(each, name) == 1 for name in without))
    return found


def _bare(name: str) -> str:
    return name.strip("_").lower()
