"""What a run of a cluster tells, one thing at a time; times are microseconds since the beginning."""

from __future__ import annotations

from typing import NamedTuple

from kalint.semantics.timers import SECOND as SECOND

INIT, BACKUP, MASTER, FAULT, STOPPED = "INIT", "BACKUP", "MASTER", "FAULT", "STOPPED"
"""The states of an instance; STOPPED: its daemon does not run."""


class Event(NamedTuple):
    """One change.

    `kind` is what changes, `before` and `after` are its values:

          state     of an instance: INIT, BACKUP, MASTER, FAULT, STOPPED
          priority  the effective priority of an instance
          advert    an instance sends: `after` is the priority, 0 when it leaves
          addresses `held` or `released` by an instance, `left` by a killed daemon
          arp       an instance announces its addresses (gratuitous ARP, or neighbour advertisements)
          counter   of a script, which is `thing`
          thing     the state of `thing` as the daemon sees it
          world     the state of `thing` as the scenario sets it
          daemon    running or reloaded; stopped, killed or crashed (with its machine)
          link      between two nodes (`thing` has them as `a b`): healed, cut, or the share of adverts that is lost

    `instance` is "" for changes of other things.
    """

    time: int
    node: str
    instance: str
    kind: str
    before: int | str | None
    after: int | str | None
    thing: str = ""
