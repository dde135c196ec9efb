"""What a daemon keeps when it reloads: which instances it knows again, and what becomes of the results of its scripts.

Source: vrrp.c vrrp_exist, clear_diff_script and the end of vrrp_complete_init; what releases do differently is in the
profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.reloading import same_router
from kalint.simulation.counter import Counter, started
from kalint.simulation.event import BACKUP, FAULT, MASTER, STOPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Resolved, Script
    from kalint.simulation.group import Group
    from kalint.simulation.router import Router
    from kalint.simulation.script import Runner


def continued(
    old: Mapping[str, Router], before: Resolved, new: Mapping[str, Router], after: Resolved
) -> dict[str, Router]:
    """The old instance that each new one continues, by the new one's name."""
    found: dict[str, Router] = {}
    for was in old.values():
        for name, now in new.items():
            if name not in found and same_router(was.instance, before, now.instance, after):
                found[name] = was
                break
    return found


def carried(before: Runner | None, script: Script, profile: Profile) -> Counter:
    """The counter of a script after a reload; `before` is the run of the script of this name until then."""
    rise, fall = max(1, script.rise.value), max(1, script.fall.value)
    fresh = started(rise, fall, script.init_fail.value, profile)
    changed = before is not None and before.script.script.value != script.script.value
    if before is None or (changed and profile.reload_compares_commands):
        return fresh if profile.reload_new_script_waits else fresh._replace(added=True)
    counter = before.counter
    if not profile.computed_on_events:
        return Counter(rise, fall, rise, ran=True) if counter.ok else fresh
    if not counter.ran and not profile.reload_new_script_waits:
        return fresh._replace(added=counter.added)
    if not counter.ok:
        result = max(0, rise - (counter.rise - counter.result)) if counter.result else 0
    elif counter.result == counter.rise + counter.fall - 1:
        result = rise + fall - 1
    else:
        result = min(rise + fall - 1, rise + counter.result - counter.rise)
    return Counter(rise, fall, result, ran=True)


def restore(router: Router, before: Router) -> None:
    """An instance that goes on is what it was, unless it has found a fault or a script that has not run."""
    router.state, router.holds, router.left = before.state, before.holds, before.left
    before.state, before.holds, before.sands = STOPPED, False, None  # what is still to come for it comes to nothing
    if router.polled:
        router.kept = True
        router.want = router.state
        return
    faulty = router.faulty or (router.group is not None and router.group.state == FAULT)
    if router.state != FAULT and not faulty and not router.unrun:
        router.kept = True
        router.want = router.state


def restore_group(group: Group, before: Group | None) -> None:
    """A group is master if all its members are, whatever it was; before 2.0.0 it is what one of its name was."""
    if group.polled:
        if before is not None:
            group.state = BACKUP if len(group.members) < len(before.members) else before.state
    elif not group.faults and not group.waiting and all(each.kept and each.state == MASTER for each in group.members):
        group.state = MASTER
