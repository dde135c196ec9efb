"""The keyword table: every keyword of keepalived.conf, 1.2.13 to 2.4.3, and where it may stand.

The table is data for people too: one `Keyword(...)` a row, in the modules of this package. Each module is one area, and
imported when a file first needs it. The contexts are the blocks whose braces hold keywords; "" is the top level.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kalint.spelling import FAR, distance
from kalint.version import NEWEST, OLDEST, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal


class Keyword(NamedTuple):
    """What keepalived knows of a keyword in one context.

    `arguments` and `entries` are written in the small language of `kalint.model.keywords.arguments`, such as
    `int(1..255)` or `decimal(0.01..255s)`; units are s, ms, us and bytes.
    """

    name: str
    arguments: str = ""
    """The words after the keyword."""
    default: str = ""
    """What keepalived uses without the statement."""
    first: Version = OLDEST
    """The release that brought it (releases before 1.2.13 are not told apart)."""
    last: Version | None = None
    """The last release that knows it; None: it is still there in 2.4.3."""
    block: str = ""
    """The context that its braces open."""
    entries: str = ""
    """What a line between its braces is, for a block of values; "" for anything else."""
    repeated: Literal["last", "first", "all"] = "last"
    """Which counts when it is repeated in one block; `all`: they add up."""
    otherwise: str = "ignores the line"
    """What keepalived does with a value that it does not allow: the end of a sentence that starts with keepalived."""
    zero: str = ""
    """What it does with 0, when that is not the same."""
    missing: str = "does not start"
    """What keepalived does when a required word is missing (lib/parser.c, null_strvec, from 1.3.0: it exits)."""
    deprecated: str = ""
    """What to write instead."""
    deprecated_from: Version | None = None
    """The first release that says so, or that has the better way."""
    note: str = ""
    """What else a person should know, one sentence."""
    source: str = ""
    """Where the row's facts are from, when it is not the source of the whole context (`source_of`)."""
    earlier: tuple[tuple[Version, str], ...] = ()
    """Older forms of `arguments`: (the last release with it, the form), oldest first."""
    empty: str = ""
    """What keepalived does with a block of values that has none, where it says so."""
    context: str = ""
    """The context that it was looked up in; filled in by `keywords`."""

    @property
    def repeatable(self) -> bool:
        """Whether repeating it in one block means something."""
        return self.repeated == "all"


SHORTEST, LONG, LONGEST = 5, 10, 64
"""Letters of a keyword: what is shorter may be anything, what is long may have two mistakes."""

_VRRP = frozenset({"", "vrrp_instance", "authentication", "auth_hmac", "vrrp_sync_group", "vrrp_script"})
_TRACKERS = frozenset({"track_file", "vrrp_track_process", "track_group", "garp_group", "bfd_instance"})
_SERVERS = frozenset({"virtual_server", "real_server", "SSL"})
_CHECKERS = frozenset(
    {
        "HTTP_GET",
        "HTTP_GET url",
        "SSL_GET",
        "SSL_GET url",
        "TCP_CHECK",
        "SMTP_CHECK",
        "host",
        "DNS_CHECK",
        "MISC_CHECK",
        "BFD_CHECK",
        "PING_CHECK",
        "UDP_CHECK",
        "FILE_CHECK",
    }
)
CONTEXTS = ("", "global_defs", *sorted(_VRRP - {""}), *sorted(_TRACKERS), *sorted(_SERVERS), *sorted(_CHECKERS))
"""Every context, the top level first."""


@cache
def keywords(context: str) -> Mapping[str, Keyword]:
    """The keywords of a context by name, of every release; none for a name that is no context."""
    return {keyword.name: keyword._replace(context=context) for keyword in _area(context)[0]}


def source_of(context: str) -> str:
    """Where the facts on a context's keywords are from: files under keepalived/ of all releases, and the manual."""
    return _area(context)[1]


def _area(context: str) -> tuple[tuple[Keyword, ...], str]:
    """The rows of a context and their source; imports the area that it is in."""
    if context in _VRRP:
        from kalint.model.keywords.vrrp import SOURCES, TABLE
    elif context in _TRACKERS:
        from kalint.model.keywords.trackers import SOURCES, TABLE
    elif context == "global_defs":
        from kalint.model.keywords.global_defs import SOURCES, TABLE
    elif context in _SERVERS:
        from kalint.model.keywords.servers import SOURCES, TABLE
    elif context in _CHECKERS:
        from kalint.model.keywords.checkers import SOURCES, TABLE
    else:
        return (), ""
    return TABLE[context], SOURCES[context]


def present(keyword: Keyword, version: Version) -> bool:
    """Whether a release knows the keyword."""
    return keyword.first <= version and (keyword.last is None or version <= keyword.last)


def release_range(keyword: Keyword) -> str:
    """`since 2.0.18`, `until 1.2.19`, `coming after 2.4.3`, or "" for a keyword of every release."""
    if keyword.first > NEWEST:
        return f"coming after {NEWEST}"
    if keyword.last is not None:
        return f"until {keyword.last}"
    return "" if keyword.first == OLDEST else f"since {keyword.first}"


def arguments_of(keyword: Keyword, version: Version) -> str:
    """The form of the keyword's arguments in a release."""
    for last, form in keyword.earlier:
        if version <= last:
            return form
    return keyword.arguments


def contexts_of(name: str) -> tuple[str, ...]:
    """The blocks where a keyword belongs, by the keyword that opens them ("" is the top level). Imports all areas."""
    openers: list[str] = []
    for context in CONTEXTS:
        if name in keywords(context):
            openers += openers_of(context)
    return tuple(dict.fromkeys(openers))


def related_contexts(name: str, context: str) -> tuple[str, ...]:
    """The blocks where a keyword belongs, without those of another daemon's half than the block where it stands.

    VRRP and checks of servers have nothing to do with each other: `timeout` in a virtual_server is not meant for a
    vrrp_script. Imports all areas.
    """
    halves = (_VRRP - {""} | _TRACKERS, _SERVERS | _CHECKERS)
    other = next((half for half in halves if context in halves[0] | halves[1] and context not in half), frozenset())
    openers: list[str] = []
    for each in CONTEXTS:
        if each not in other and name in keywords(each):
            openers += openers_of(each)
    return tuple(dict.fromkeys(openers))


def longer(name: str, context: str, version: Version) -> tuple[str, ...]:
    """The keywords of a context that end in a name, as `connect_timeout` ends in `timeout`."""
    rows = keywords(context).values()
    return tuple(row.name for row in rows if row.name.endswith(f"_{name}") and present(row, version))


@cache
def openers_of(context: str) -> tuple[str, ...]:
    """The keywords whose braces open a context: track_file and vrrp_track_file for `track_file`; "" for the top."""
    if not context:
        return ("",)
    found = [row.name for outer in CONTEXTS for row in keywords(outer).values() if row.block == context]
    return tuple(dict.fromkeys(found))


def suggest(name: str, context: str) -> str:
    """The keyword of the context that a person most probably meant, or ""."""
    return _closest(name, keywords(context))


def certain(name: str, context: str, version: Version) -> str:
    """The only keyword that a name can be meant as, or "": it differs in case, or by a letter or (if long) two.

    Others of the context that are as close make it uncertain; so does a short name, and `no` in front of one.
    """
    plain = name.lower().rstrip(":=,;")
    if not SHORTEST <= len(plain) <= LONGEST:
        return ""
    known = [row.name for row in keywords(context).values() if present(row, version)]
    close = [each for each in known if distance(plain, each.lower()) <= FAR]
    exact = [each for each in close if each.lower() == plain]
    if len(exact) == 1:
        return exact[0]
    allowed = 1 if len(plain) < LONG else FAR
    return close[0] if len(close) == 1 and distance(plain, close[0].lower()) <= allowed else ""


def suggest_anywhere(name: str) -> str:
    """The keyword of any context that a person most probably meant, or "". Imports all areas."""
    return _closest(name, [known for context in CONTEXTS for known in keywords(context)])


def _closest(name: str, names: Iterable[str]) -> str:
    if len(name) > 64:
        return ""
    from difflib import get_close_matches

    lower = {known.lower(): known for known in names}
    close = get_close_matches(name.lower().rstrip(":=,;"), lower, n=1, cutoff=0.75)
    return lower[close[0]] if close else ""
