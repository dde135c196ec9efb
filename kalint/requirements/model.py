"""What one requirement says: a claim, when it must hold, how soon."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A name as it is written, and its column (1-based) in the line."""

    text: str
    column: int = 0


class RouterName(NamedTuple):
    """A virtual router: by an instance's name or a virtual address (`name`), or by its VRID and its family."""

    name: Name | None = None
    virtual_router_id: int = 0
    family: str | None = None
    column: int = 0


class ThingName(NamedTuple):
    """What can fail. `kind` is `node`, `script`, `interface`, `process`, `bfd`, `file` or `together`.

    `node` is the node that it belongs to, None: it is not named. `on_master`: the node that is master then; a `node`
    without a name is the master itself.
    """

    kind: str
    name: Name | None
    node: Name | None = None
    on_master: bool = False
    column: int = 0


class LinkName(NamedTuple):
    """The link between two nodes."""

    one: Name
    other: Name
    column: int = 0


class Claim(NamedTuple):
    """What must hold.

    `kind`: `is master`, `never master`, `someone`, `nobody`, `exactly one`, `never two`, `stays`, `changes`, `same`,
    `different`, `in fault`, `never in fault`, `priority`. `nodes` are those that it names, `routers` the routers (none:
    all that the nodes named have, or all). Of a priority, `operator` is `is`, `above`, `below`, `at least` or
    `at most`, and what it compares with is `number`, or the priority of `other` with `number` as the distance.
    """

    kind: str
    nodes: tuple[Name, ...] = ()
    routers: tuple[RouterName, ...] = ()
    operator: str = ""
    number: int = 0
    other: Name | None = None


class Event(NamedTuple):
    """Something that happens: `verb` is `fails`, `stops`, `crashes`, `stalls`, `reloaded`, `is` (a file) or `cut`."""

    verb: str
    thing: ThingName | LinkName
    seconds: float = 0.0
    value: int = 0


class State(NamedTuple):
    """What is so in a situation.

    `kind`: `and`, `or`, `not` with `parts`; `down` and `out` of all `things`; `only` these are down, `nothing` is
    down; `is` with a file's `value`; `cut` of the link that `things` has.
    """

    kind: str
    parts: tuple[State, ...] = ()
    things: tuple[ThingName | LinkName, ...] = ()
    value: int = 0


class Condition(NamedTuple):
    """When a claim must hold: `kind` is `when`, `after`, `whatever`, `while`, `unless` or `always`.

    `events` are those of `when` and `after`, `state` that of `while` and `unless`. Of `whatever`, `most` things fail at
    most, on `node` where one is named, and `links` count too.
    """

    kind: str
    events: tuple[Event, ...] = ()
    state: State | None = None
    most: int = 0
    node: Name | None = None
    links: bool = False


class Place(NamedTuple):
    """Where a requirement is written: its file (empty: the command line), line and column, and where it ends."""

    file: str = ""
    line: int = 1
    column: int = 1
    end: int = 1
    text: str = ""


class Requirement(NamedTuple):
    """One line. `name` is what it is called, empty: nothing. `within` are seconds, None: no matter how soon."""

    claim: Claim
    condition: Condition
    within: float | None = None
    name: str = ""
    place: Place = Place()


EVENTFUL = ("when", "after", "whatever")
"""The conditions in which something happens."""

NOWHERE = Place()
"""A requirement that is in no file."""
