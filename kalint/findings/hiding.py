"""Which characters of a configuration's lines must never be shown: passwords, keys, and all that may be one.

A line is judged by the block that it stands in and by what its words mean, not by a pattern of correct lines: what is
misspelt beside a password is as secret as the password.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kalint.text.stream import comment_start

Range = tuple[int, int]

_PARTS = ("auth", "hent", "pas", "pwd", "secret", "token", "communit", "credential", "key", "psk", "hmac")
SUSPICIOUS = re.compile("|".join((*_PARTS, r"://[^\s/]*@")), re.IGNORECASE)
"""What a text holds in which anything is secret; most have none of it, and are not looked at any further."""
_MARKS = (*_PARTS, "://", "$", "~")
"""What a line has, in small letters, that is SUSPICIOUS or has a definition: quicker to find in a long text."""
_TOKEN = re.compile(r'"[^"]*"?|\$\{[^}]*\}|[{}]|(?:[^\s{}"$]|\$(?!\{))+')
_DEFINITION = re.compile(r"\s*\$([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*")
_SEQUENCE = re.compile(r"\s*~(?:LST|SEQx?)[ \t]*\(")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_TELLING = re.compile(r"pass|secret|pwd|key|token|auth|cred|communit", re.IGNORECASE)

_LONG = "password|passwd|passphrase|secret|community|credential|auth_?token|api_?key"
_INLINE = re.compile(
    rf"--?[\w-]*(?:{_LONG}|token)[\w-]*(?:=|[ \t]+)([^\s\"'{{}}]+)|://[^\s/:@\"']*:([^\s\"'@]+)(?=@)", re.IGNORECASE
)
"""Secrets in commands and addresses: `--password=X`, `http://user:X@host`."""
_BLOCK = re.compile(r"au?t?h?en?t[hi]\w*|auth|auth_?hmac\w*|\w+_hmac|hmac|\w*hentication", re.IGNORECASE)
"""Blocks of which all is secret: authentication, auth_hmac, and what may be meant as one of them."""
_KEYWORD = re.compile(
    r"(?:auth(?![-_]?(?:ent|hmac|typ|algo))[a-z_-]*"
    r"|(?:auth|aut|ath|atuh|auht|uth|snmp|smtp|ssl|tls|ldap|user|login|http)[-_]?pa?s[a-z_-]*"
    rf"|(?:[a-z]*[-_])?(?:{_LONG})[a-z_-]*|pas?s?w[a-z]*)(?=[=:;,\"']|\Z)",
    re.IGNORECASE,
)
"""First words of which the rest of the line is secret; after a separator the secret is glued to the keyword."""
_ANYWHERE = re.compile(rf"(?<![\w$])(?:auth?[-_]?pa?s[a-z_-]*|{_LONG})(?![\w.])", re.IGNORECASE)
"""Words that announce a secret wherever they stand, in comments too."""
_KEY = re.compile(r"key(?=[ \t]+[0-9]+[ \t]|[ \t]+[^\s{}]+[ \t]+[^\s{}]|[ \t]*[=:])(?:[ \t]+[0-9]+(?=[ \t]))?", re.I)

_PLAIN = re.compile(
    r"(?:auth|au?t?h?[-_]?pa?s)[a-z_-]*|active_key|anti_replay|time_window|mode|key|include[rmwba]?", re.I
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
_OTHER_BLOCK = re.compile(r"vrrp_\w+|virtual_\w+|track_\w+|unicast_\w+|static_\w+|global_defs|bfd_instance|notify\w*")
"""Where a secret block ends that is not closed: no such block stands in it."""
_REMARK = re.compile(r"[#!]\s*kalint:")


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

    @property
    def idle(self) -> bool:
        """Whether the next line is judged by itself."""
        return self._secret is None and not self._waits and not self._defines

    def pass_over(self) -> None:
        """Take notice of lines that have nothing secret, and open nothing."""
        self._head = ""

    def ranges(self, text: str) -> list[Range]:
        """What must not be shown of the next line: ranges of characters, in order."""
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
        found: list[Range] = []
        sequence = _SEQUENCE.match(text)
        if sequence is not None:
            start = text.find(")", sequence.end()) + 1 or len(text)
            if not self._names.isdisjoint(_NAME.findall(text[sequence.end() : start])):
                found.append((sequence.end(), start))
        was_secret = self._secret is not None
        found += self._statements(text, start, end)
        if comment >= 0 and not _REMARK.match(text, comment):
            found += _comment(text, comment, was_secret or self._secret is not None)
        for inline in _INLINE.finditer(text):
            found.append(inline.span(1) if inline.group(1) else inline.span(2))
        if sequence is not None and any(first >= start for first, _ in found):
            found = [(0, len(text))]
        return _merged(found)

    def _statements(self, text: str, start: int, end: int) -> Iterator[Range]:
        first = ""
        for token in _TOKEN.finditer(text, start, end):
            word = token.group()
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

    def _announced(self, text: str, token: re.Match[str], first: str) -> int | None:
        """Where the rest of the line begins that a word announces as secret; None where it announces none."""
        word = token.group()
        if self._secret is not None or not first:
            key = _KEY.match(text, token.start())
            if key is not None:
                return key.end()
        if not first:
            quotes = len(word) - len(word.lstrip("\"'"))
            told = _KEYWORD.match(word, quotes)
            opens = _BLOCK.fullmatch(word) and text[token.end() :].lstrip(" \t")[:1] == "{"
            if told is not None and not opens:
                return token.start() + told.end()
        told = _ANYWHERE.search(word)
        return None if told is None else token.start() + told.end()

    def _hides(self, word: str, first: str) -> bool:
        """Whether a word is secret for the block that it is in, or as the value that the line before lacks."""
        waited, self._waits = self._waits, False
        if word in _HARMLESS or (self._secret is None and not waited):
            return False
        if not first:
            plain = _PLAIN.fullmatch(word) and (not waited or _PLAIN.fullmatch(word.lower()) is not None)
            return not (plain or _OTHER_BLOCK.fullmatch(word))
        if first == "auth_type" and _TYPE.fullmatch(word):
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
        elif self._secret is None and (_BLOCK.fullmatch(self._head) or _KEYWORD.match(self._head)):
            self._secret = self._depth
        self._depth += 1

    def _close(self) -> None:
        self._waits = False
        self._depth = max(0, self._depth - 1)
        if self._secret is not None and self._depth <= self._secret:
            self._secret = None


def _comment(text: str, comment: int, secret: bool) -> list[Range]:
    if secret:
        return [(comment + 1, len(text))]
    blank = len(text[comment + 1 :]) - len(text[comment + 1 :].lstrip())
    told = _ANYWHERE.search(text, comment) or _KEY.match(text, comment + 1 + blank)
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
    """What must not be shown of a file's lines, by index. `names` are $definitions that lead to a secret."""
    scanner = Scanner(names)
    found: dict[int, list[Range]] = {}
    index = 0
    for candidate in _suspicious(lines):
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


def _suspicious(lines: Sequence[str]) -> list[int]:
    """The indices of lines, in order, that may have anything secret or open what has, and of few others.

    A lone brace is none of them: it opens something secret only right after a line that is.
    """
    text = "\n".join(lines)
    if not text.isascii() or text.count("\n") != len(lines) - 1:  # small letters of others may have another length
        return [index for index, line in enumerate(lines) if _opens(line)]
    text = text.lower()
    offsets: list[int] = []
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


def _is_opener(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and lines[index].lstrip(" \t")[:1] == "{"


def _opens(text: str) -> bool:
    """Whether a line may have anything secret, or open what has."""
    return SUSPICIOUS.search(text) is not None or "$" in text or "~" in text or text.lstrip(" \t")[:1] == "{"


def add_uses(lines: Sequence[str], uses: dict[str, set[str]]) -> None:
    """Take in which names the values of the $definitions and sequences of a file use, as `Scanner` reads them."""
    name = ""
    for text in lines:
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
    """The $definitions that a text uses."""
    return _USED.findall(text)
