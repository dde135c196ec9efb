"""What differs between keepalived's releases in making blocks of lines: one named field for each difference.

A profile is the one before it with a few fields replaced. The text under each field is a row of docs/reading.md.
"""

# No postponed annotations here: NamedTuple would compile each of the fields' types from its text, at every start.

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kalint.version import OLDEST, Version


class SyntaxProfile(NamedTuple):
    """How one release, and those after it up to the next profile, makes blocks of lines."""

    since: Version
    """The first release that reads so."""

    skips_blocks_of_other_processes: bool
    """A process counts braces to skip a block of another process (a virtual_server in the VRRP process); before, the
    block is unknown to it. Source: lib/parser.c process_stream, 1.2.20."""
    lists_may_stand_on_one_line: bool
    """`group { a b }` on one line is read; before, as any block of values, it takes the next block in. Source:
    lib/parser.c read_value_block, 1.2.20."""
    skip_ends_block: bool
    """A skipped block (its name is taken, or missing) ends at its own closing brace; before, the lines after it belong
    to it, up to the next closing brace. Source: lib/parser.c process_stream and skip_block, 1.4.5."""
    parent_decides: bool
    """The parent process reads global_defs for all processes, and only counts braces in all other blocks. It starts the
    VRRP process only if it sees a vrrp_instance or a block of static addresses, routes or rules. Source: core/main.c
    running_vrrp and core/global_parser.c init_global_keywords, 2.0.0."""
    includes_are_streams: bool
    """An included file is read by the keywords of the block around the include: in a block of values its lines are
    unknown keywords, and a `}` too many in it ends the included file, not the block. Source: lib/parser.c check_include
    and read_conf_file, until 2.1.3."""
    include_ends_skipping: bool
    """An include in a block that a process skips ends the skipping: what follows in the block is unknown to that
    process. Source: lib/parser.c read_conf_file, 1.4.3 to 2.0.7."""


def _history() -> Iterator[SyntaxProfile]:
    profile = SyntaxProfile(
        since=OLDEST,
        skips_blocks_of_other_processes=False,
        lists_may_stand_on_one_line=False,
        skip_ends_block=False,
        parent_decides=False,
        includes_are_streams=True,
        include_ends_skipping=False,
    )
    yield profile
    profile = profile._replace(
        since=Version(1, 2, 20), skips_blocks_of_other_processes=True, lists_may_stand_on_one_line=True
    )
    yield profile
    profile = profile._replace(since=Version(1, 4, 3), include_ends_skipping=True)
    yield profile
    profile = profile._replace(since=Version(1, 4, 5), skip_ends_block=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 0), parent_decides=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 8), include_ends_skipping=False)
    yield profile
    yield profile._replace(since=Version(2, 1, 4), includes_are_streams=False)


SYNTAX_PROFILES = tuple(_history())
"""Every profile, the oldest first."""


def syntax_profile_for(version: Version) -> SyntaxProfile:
    """The profile of a release."""
    return SYNTAX_PROFILES[max(0, bisect_right([profile.since for profile in SYNTAX_PROFILES], version) - 1)]
