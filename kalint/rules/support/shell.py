"""What a shell makes of a command line: which exit statuses it can have.

Enough of the shell's language for the checks that people write on one line: lists, `&&` and `||`, pipes, `!`, `if`,
groups, `exit`. What is not understood can succeed and can fail, so that no claim rests on it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kalint.rules.support.statuses import ANY, SUCCESS, Outcome, of_sink, of_words

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
_WRAPPERS = frozenset({"env", "timeout", "nice", "ionice", "sudo", "setsid", "busybox", "stdbuf"})
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r]+|\\\n)|(?P<comment>(?<![^\s;&|()])\#[^\n]*)
    |(?P<redirect>(?:(?<![^\s;&|()])\d)?(?:&>>?|>>|>\||>&|<&|<<<|<<-?|<>|>|<))
    |(?P<operator>&&|\|\||;;|\|&|[;&|()\n])
    |(?P<word>(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|`[^`]*`|\$\((?:[^()]|\([^()]*\))*\)|\$\{[^}]*\}|[^\s;&|()<>\\'"`])+)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTING = re.compile(r"""['"\\]""")
_BARE = re.compile(r"[^ \t\r\n]+")
"""Words without quoting."""
_ENDS = frozenset({"then", "else", "elif", "fi", "do", "done", "}", ")", "esac", ";;"})
_STRANGE = frozenset({"for", "while", "until", "case", "select", "function", "[[", "set", "trap", "eval", "."})


class Program(NamedTuple):
    """What a command gives to a shell: the shell's name, and the text that it reads."""

    shell: str
    text: str


class Token(NamedTuple):
    """`kind` is word, operator or redirect."""

    kind: str
    text: str


class UnclearError(Exception):
    """The text is beyond what is understood here."""


def words_of(command: str) -> list[str]:
    """The words of a command as keepalived splits it, without their quotes; none where a quote is not closed."""
    if _QUOTING.search(command) is None:  # most commands: no look at each character
        return _BARE.findall(command)
    import shlex

    try:
        return shlex.split(command)
    except ValueError:
        return []


def program_of(command: str) -> Program | None:
    """The program text of `/bin/sh -c '...'`; None for a command that starts no shell with a text."""
    words = words_of(command)
    for index, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name in SHELLS:
            return _text_after(name, words[index + 1 :])
        if not (name in _WRAPPERS or word[:1] in "-0123456789" or "=" in word):
            return None
    return None


def only_word(command: str) -> str:
    """The program of `sh -c program argument`, of which the shell runs nothing but the first word; "" for others.

    What stands in quotes, or uses its arguments, is meant so.
    """
    words = command.split()
    name = words[0].rpartition("/")[2] if words else ""
    if name not in SHELLS or len(words) < 4 or words[1] not in ("-c", "-lc"):
        return ""
    return "" if _QUOTING.search(words[2]) or "$" in words[2] else words[2]


def _text_after(name: str, words: list[str]) -> Program | None:
    given = False
    for word in words:
        if word[:1] not in "-+":
            return Program(name, word) if given else None
        if not word.startswith("--"):
            given = given or "c" in word
            if "e" in word:  # -e ends the shell at the first failure
                return None
    return None


def outcome_of(command: str, *, by_shell: bool = False) -> Outcome:
    """Which exit statuses a command of the file can have; `by_shell`: the release gives all of it to a shell."""
    program = Program("sh", command) if by_shell else program_of(command)
    if program is None:
        words = words_of(command)
        return of_words(words, direct=True) if words else ANY
    return evaluate(program.text)


def evaluate(text: str) -> Outcome:
    """Which exit statuses a program text can have."""
    if "pipefail" in text:
        return ANY
    try:
        reader = _Reader(list(tokens(text)))
        found = reader.sequence()
        if reader.left:
            return ANY
    except (UnclearError, RecursionError):
        return ANY
    return found.ended()


def tokens(text: str) -> list[Token]:
    """The words, operators and redirections of a program text.

    Raises:
        UnclearError: a quote or a bracket is not closed.
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise UnclearError(text)
        position = match.end()
        kind = match.lastgroup or ""
        if kind not in ("blank", "comment"):
            found.append(Token(kind, match.group()))
    return found


class _Reader:
    """Reads tokens from left to right and keeps which statuses are possible."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0

    @property
    def left(self) -> bool:
        return self.index < len(self.tokens)

    def peek(self) -> str:
        return self.tokens[self.index].text if self.left else ""

    def take(self, *texts: str) -> bool:
        if self.left and self.peek() in texts:
            self.index += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise UnclearError(text)

    def sequence(self) -> Outcome:
        """Commands with `;`, `&` or line ends between them, up to a word that ends a block."""
        found = SUCCESS
        while True:
            while self.take(";", "\n"):
                pass
            if not self.left or self.peek() in _ENDS:
                return found
            each = self.choices(found)
            if self.take("&"):
                each = SUCCESS
            found = found.then(each)

    def choices(self, before: Outcome) -> Outcome:
        """Pipes with `&&` and `||` between them."""
        found = self.pipe(before)
        while self.peek() in ("&&", "||"):
            wanted = self.peek() == "&&"
            self.index += 1
            while self.take("\n"):
                pass
            found = found.when(self.pipe(found), wanted)
        return found

    def pipe(self, before: Outcome) -> Outcome:
        negated = False
        while self.take("!"):
            negated = not negated
        first = self.peek().rpartition("/")[2]
        found = self.command(before, "")
        while self.take("|", "|&"):
            while self.take("\n"):
                pass
            found = self.command(before, first or "?").ended()
        return found.negated() if negated else found

    def command(self, before: Outcome, piped: str) -> Outcome:
        """One command; `piped` is the program at the head of the pipe that it reads from, if any."""
        if self.take("("):
            found = self.sequence().ended()
            self.need(")")
        elif self.take("{"):
            found = self.sequence()
            self.need("}")
        elif self.take("if"):
            found = self.condition()
        else:
            return self.simple(before, piped)
        return ANY if self.redirected() else found

    def condition(self) -> Outcome:
        """What follows `if` or `elif`."""
        asked = self.sequence()
        self.need("then")
        body = self.sequence()
        other = SUCCESS
        if self.take("elif"):
            other = self.condition()
            return asked.choose(body, other)
        if self.take("else"):
            other = self.sequence()
        self.need("fi")
        return asked.choose(body, other)

    def simple(self, before: Outcome, piped: str) -> Outcome:
        """A program with its arguments."""
        words: list[str] = []
        odd = False
        while self.left and (self.tokens[self.index].kind != "operator" or self.peek() == "("):
            if self.peek() == "(":
                raise UnclearError("(")
            if self.tokens[self.index].kind == "redirect":
                odd = self.redirected() or odd
                continue
            words.append(self.peek())
            self.index += 1
        if not words or words[0] in _STRANGE or words[0] in _ENDS:
            raise UnclearError(piped)
        if odd:
            return ANY
        if piped and of_sink(words):
            return SUCCESS
        return of_words(words, before=before, piped=piped or ("|" if self.peek() in ("|", "|&") else ""))

    def redirected(self) -> bool:
        """Pass redirections; whether one of them can fail."""
        odd = False
        while self.left and self.tokens[self.index].kind == "redirect":
            operator = self.peek()
            self.index += 1
            if not self.left or self.tokens[self.index].kind != "word":
                raise UnclearError(operator)
            target = self.peek().strip("'\"")
            self.index += 1
            odd = odd or not (target == "/dev/null" or (operator[-1] == "&" and target.strip("-").isdigit()))
        return odd
