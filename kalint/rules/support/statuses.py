"""The exit statuses that a command can have."""

from __future__ import annotations

from typing import NamedTuple

ITSELF = "itself"
"""`Outcome.why`: the command looks for keepalived."""


class Outcome(NamedTuple):
    """Whether a command can succeed (True) and fail (False); `exits` are those with which it ends the whole text.

    `why` is ITSELF where it can only succeed because it looks for keepalived. `curl` says that its status is that of a
    curl which takes an HTTP error for a success.
    """

    statuses: frozenset[bool]
    exits: frozenset[bool] = frozenset()
    why: str = ""
    curl: bool = False

    @property
    def cannot_fail(self) -> bool:
        return self.statuses | self.exits == {True}

    def then(self, other: Outcome) -> Outcome:
        """`self; other`."""
        if not self.statuses:
            return self
        return Outcome(other.statuses, self.exits | other.exits, other.why, other.curl)

    def when(self, other: Outcome, wanted: bool) -> Outcome:
        """`self && other` (wanted: True) or `self || other`."""
        why, curl = self.why or other.why, self.curl or other.curl
        if wanted not in self.statuses:
            return self
        return Outcome((self.statuses - {wanted}) | other.statuses, self.exits | other.exits, why, curl)

    def choose(self, body: Outcome, other: Outcome) -> Outcome:
        """`if self; then body; else other; fi`."""
        taken = [each for wanted, each in ((True, body), (False, other)) if wanted in self.statuses]
        statuses = frozenset[bool]().union(*(each.statuses for each in taken))
        exits = self.exits.union(*(each.exits for each in taken))
        return Outcome(statuses, exits, self.why, self.curl)

    def negated(self) -> Outcome:
        return self._replace(statuses=frozenset(not status for status in self.statuses))

    def ended(self) -> Outcome:
        """Of a shell of its own: what ended it is its status."""
        return self._replace(statuses=self.statuses | self.exits, exits=frozenset())


ANY = Outcome(frozenset({True, False}))
SUCCESS = Outcome(frozenset({True}))
FAILURE = Outcome(frozenset({False}))

_SUCCEED = frozenset({"true", ":", "echo", "printf", "logger"})
_SINKS = frozenset({"wc", "head", "tail", "sort", "cut", "tr", "uniq", "tee", "cat", "logger"})
_FINDERS = frozenset({"pidof", "pgrep", "killall", "pkill"})
_MANAGERS = frozenset({"systemctl", "service", "rc-service"})
_STATUS = frozenset({"is-active", "status", "check"})
_NAMES = frozenset({"keepalived", "keepalived.service", "/usr/sbin/keepalived", "/sbin/keepalived", "[k]eepalived"})
_PID_FILES = ("/keepalived.pid", "/keepalived/keepalived.pid", "/vrrp.pid")
_CURL_VALUES = frozenset("omwHduxAbceXTFKrtyYzCDEPQU")
"""Short options of curl with a value after them."""
_NO_HTTP = ("ftp", "file:", "telnet:", "smtp", "ldap", "tcp:", "-K", "--config")


def of_sink(words: list[str]) -> bool:
    """Whether the end of a pipe only passes on or counts what it is given, and succeeds whatever that is."""
    name = words[0].rpartition("/")[2]
    if name == "cat":
        return all(word[0] == "-" for word in words[1:])
    return name in _SINKS


def of_words(words: list[str], *, before: Outcome = SUCCESS, piped: str = "", direct: bool = False) -> Outcome:
    """Which statuses one program can have; `direct`: no shell runs it, `piped`: the head of the pipe that it is in."""
    while words and not direct and _assigns(words[0]):
        words = words[1:]
    if not words:
        return ANY
    name = words[0].rpartition("/")[2]
    if not direct and name in ("exit", "return"):
        return _ended(words[1:], before)
    if not direct and name == "exec":
        return of_words(words[1:], piped=piped).ended() if len(words) > 1 else ANY
    if name in _SUCCEED:
        return SUCCESS
    if name == "false":
        return FAILURE
    if asks_for_keepalived(name, words[1:], piped):
        return Outcome(SUCCESS.statuses, why=ITSELF)
    if name == "curl" and not piped and takes_errors(words[1:]):
        return ANY._replace(curl=True)
    return ANY


def _assigns(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _ended(words: list[str], before: Outcome) -> Outcome:
    if not words:
        exits = before.statuses
    elif words[0].isdigit():
        exits = frozenset({int(words[0]) % 256 == 0})
    else:
        exits = ANY.statuses
    return Outcome(frozenset(), exits, before.why if not words else "")


def asks_for_keepalived(name: str, words: list[str], piped: str = "") -> bool:
    """Whether a program asks whether keepalived runs, which is so whenever keepalived runs it."""
    plain = [word.strip("'\"") for word in words]
    named = [word for word in plain if word.removeprefix("^").removesuffix("$") in _NAMES]
    if name in _FINDERS:
        others = [word for word in plain if word[:1] != "-" and word not in named and not word.isdigit()]
        asks = name in ("pidof", "pgrep") or _signals_nothing(plain)
        return asks and bool(named) and not others
    if name in _MANAGERS:
        return bool(named) and not _STATUS.isdisjoint(plain)
    if name == "kill":
        return _signals_nothing(plain) and any("keepalived" in word for word in plain)
    if name in ("test", "["):
        return len(plain) > 1 and plain[0] in ("-e", "-f", "-s") and plain[1].endswith(_PID_FILES) and "-a" not in plain
    return name in ("grep", "egrep", "fgrep") and piped == "ps" and bool(named) and "-v" not in plain


def _signals_nothing(words: list[str]) -> bool:
    return "-0" in words or any(words[index : index + 2] == ["-s", "0"] for index in range(len(words)))


def takes_errors(words: list[str]) -> bool:
    """Whether a curl with these arguments succeeds at an HTTP error such as 503."""
    for word in words:
        if word.startswith(("--fail", *_NO_HTTP)) and word != "--fail-early":
            return False
        if word[:1] == "-" and word[1:2] != "-":
            for letter in word[1:]:
                if letter == "f":
                    return False
                if letter in _CURL_VALUES:
                    break
    return any(word[:1] != "-" for word in words)
