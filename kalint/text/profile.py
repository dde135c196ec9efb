"""What differs between keepalived's releases in reading lines and words: one named field for each difference.

A profile is the one before it with a few fields replaced. The text under each field is a row of docs/reading.md.
"""

# No postponed annotations here: NamedTuple would compile each of the fields' types from its text, at every start.

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kalint.version import OLDEST, Version


class TextProfile(NamedTuple):
    """How one release, and those after it up to the next profile, makes lines and words."""

    since: Version
    """The first release that reads so."""

    cuts_at_braces: bool
    """A line is cut at each brace outside double quotes; before, a brace counts only where it is a word of its own, and
    what follows it on the line of a block of values is lost. Source: lib/parser.c read_line, 1.4.2."""
    single_quotes_in_commands: bool
    """A command may hold single quotes; from 2.0.0 to 2.0.5 they are characters of its words, which end at blanks.
    Source: lib/notify.c set_script_params_array, 2.0.0; lib/parser.c alloc_strvec_quoted_escaped, 2.0.6; up to 1.4.5 a
    shell reads the command."""


def _history() -> Iterator[TextProfile]:
    profile = TextProfile(since=OLDEST, cuts_at_braces=False, single_quotes_in_commands=True)
    yield profile
    profile = profile._replace(since=Version(1, 4, 2), cuts_at_braces=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 0), single_quotes_in_commands=False)
    yield profile
    yield profile._replace(since=Version(2, 0, 6), single_quotes_in_commands=True)


TEXT_PROFILES = tuple(_history())
"""Every profile, the oldest first."""


def text_profile_for(version: Version) -> TextProfile:
    """The profile of a release."""
    return TEXT_PROFILES[max(0, bisect_right([profile.since for profile in TEXT_PROFILES], version) - 1)]
