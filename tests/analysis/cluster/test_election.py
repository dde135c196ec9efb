"""Who is master when every priority is fixed; the cases are those of docs/clusters.md and of measured daemons."""

from __future__ import annotations

from typing import Any

from kalint.analysis.cluster.candidate import Candidate
from kalint.analysis.cluster.election import masters_in, settle

LOW, HIGH = b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x02"


def master_of(candidates: list[Candidate], router: int, start: bool = False) -> tuple[str | None, ...]:
    """Who may be master, None for nobody, where everybody hears everybody: never two at once."""
    found = masters_in(candidates, router, start)
    assert all(len(names) < 2 for names in found)
    return tuple(next(iter(names), None) for names in found)


def test_the_higher_priority_wins_in_any_order_of_starting() -> None:
    assert master_of([Candidate("a", 1, 110), Candidate("b", 1, 100)], 1, start=True) == ("a",)


def test_a_master_that_falls_below_another_loses() -> None:
    assert master_of([Candidate("a", 1, 90, master=True), Candidate("b", 1, 100)], 1) == ("b",)


def test_a_tie_never_preempts() -> None:
    """110 goes down to the other's 100: it stays, whoever has the higher address."""
    assert master_of([Candidate("a", 1, 100, address=LOW, master=True), Candidate("b", 1, 100, address=HIGH)], 1) == (
        "a",
    )


def test_a_tie_at_the_start_is_open() -> None:
    """Timers of the same length end in either order: the first to speak silences the other."""
    assert master_of([Candidate("a", 1, 100, address=LOW), Candidate("b", 1, 100, address=HIGH)], 1, True) == ("a", "b")


def test_two_masters_of_one_priority_differ_by_address() -> None:
    """Address owners speak at once; then the higher address stays, and unknown addresses leave it open."""
    known = [Candidate("a", 1, 255, address=LOW, master=True), Candidate("b", 1, 255, address=HIGH, master=True)]
    assert master_of(known, 1) == ("b",)
    assert master_of([candidate._replace(address=None) for candidate in known], 1) == ("a", "b")


def test_nopreempt_leaves_a_lower_master_alone() -> None:
    candidates = [Candidate("a", 1, 90, master=True), Candidate("b", 1, 100, preempt=False)]
    assert master_of(candidates, 1) == ("a",)
    assert master_of(candidates, 1, start=True) == ("a", "b"), "a speaks at once, but may start after b"
    assert master_of([candidate._replace(master=False) for candidate in candidates], 1, start=True) == ("a", "b")


def test_nopreempt_takes_over_from_the_dead() -> None:
    assert master_of([Candidate("a", 1, None, master=True), Candidate("b", 1, 100, preempt=False)], 1) == ("b",)


def test_the_highest_follows_a_dead_master() -> None:
    """Though it would not preempt: its timer ends first. Where the timers differ by little, either may be first."""
    candidates = [Candidate("a", 1, None, master=True), Candidate("b", 1, 100), Candidate("c", 1, 130, preempt=False)]
    assert master_of(candidates, 1) == ("c",)
    assert master_of([*candidates[:2], Candidate("c", 1, 110, preempt=False)], 1) == ("b", "c")
    assert master_of([*candidates[:2], Candidate("c", 1, 130, preempt=False, interval=2.0)], 1) == ("b", "c")


def test_nobody_is_master_where_all_are_in_fault() -> None:
    assert master_of([Candidate("a", 1, None), Candidate("b", 1, None)], 1) == (None,)


def test_a_group_that_could_win_one_router_only_wins_none() -> None:
    """One member falls to 90 and the other stays: 2.x does not fail over."""
    candidates = [
        Candidate("a", 1, 90, group="G", master=True),
        Candidate("a", 2, 110, group="G", master=True),
        Candidate("b", 1, 100, group="G"),
        Candidate("b", 2, 100, group="G"),
    ]
    (found,) = settle(candidates)
    assert found.outcomes == ({1: ("a",), 2: ("a",)},)


def test_groups_can_be_bistable() -> None:
    """Each better in one router: whoever holds both keeps them."""
    candidates = [
        Candidate("a", 1, 110, group="G"),
        Candidate("a", 2, 90, group="G"),
        Candidate("b", 1, 100, group="G"),
    ]
    (found,) = settle([*candidates, Candidate("b", 2, 100, group="G")], start=True)
    assert found.outcomes == ({1: ("a",), 2: ("a",)}, {1: ("b",), 2: ("b",)})


def test_a_group_can_leave_a_router_without_master() -> None:
    """Node a is the only node for router 1, but its group cannot win router 2."""
    candidates = [Candidate("a", 1, 100, group="G"), Candidate("a", 2, 100, group="G"), Candidate("b", 2, 150)]
    (found,) = settle(candidates, start=True)
    assert found.outcomes == ({1: (), 2: ("b",)},)


def test_a_fault_of_one_member_faults_the_group() -> None:
    candidates = [
        Candidate("a", 1, None, group="G", master=True),
        Candidate("a", 2, 200, group="G", master=True),
        Candidate("b", 2, 100),
    ]
    (found,) = settle(candidates)
    assert found.outcomes == ({1: (), 2: ("b",)},)


def test_routers_without_a_group_settle_by_themselves() -> None:
    found = settle(
        [Candidate("a", 1, 100), Candidate("a", 2, 100), Candidate("b", 1, 90), Candidate("b", 2, 110)], start=True
    )
    assert [part.routers for part in found] == [(1,), (2,)]


def test_many_routers_in_one_group_are_not_walked_through_for_ever() -> None:
    """Twenty routers that one node binds together and the others do not: an answer at once, said to be incomplete."""
    candidates = [Candidate("a", router, 200, group="G") for router in range(20)]
    candidates += [Candidate(node, router, 100) for node in "bc" for router in range(20)]
    (found,) = settle(candidates, start=True)
    assert not found.complete
    assert dict.fromkeys(range(20), ("a",)) in found.outcomes


def deaf(priority: int, node: str, *others: str, **values: Any) -> Candidate:
    """A node that rejects the adverts of others."""
    return Candidate(node, 1, priority, hears=dict.fromkeys(others, "rejected"), **values)


def test_who_rejects_each_other_are_both_master() -> None:
    """Since 2.0.0; before, a rejected advert restarts the timer of a backup: whoever comes first stays alone."""
    candidates = [deaf(150, "a", "b"), deaf(100, "b", "a")]
    assert masters_in(candidates, 1, start=True) == (("a", "b"),)
    old = [candidate._replace(lenient=True) for candidate in candidates]
    assert set(masters_in(old, 1, start=True)) == {("a",), ("b",)}
    assert masters_in([old[0]._replace(master=True), old[1]], 1) == (("a",),)


def test_only_one_direction() -> None:
    """The lower one rejects: both stand, since the higher one only answers. The higher one rejects: it alone does."""
    assert masters_in([Candidate("a", 1, 150), deaf(100, "b", "a")], 1, start=True) == (("a", "b"),)
    assert masters_in([deaf(150, "a", "b"), Candidate("b", 1, 100)], 1, start=True) == (("a",),)


def test_a_third_node_hears_one_of_two_masters() -> None:
    """C accepts b and rejects a. While b is silenced by a, c stands up, but b answers its first advert."""
    candidates = [deaf(150, "a", "b", "c"), deaf(120, "b", "a"), deaf(100, "c", "a")]
    assert masters_in(candidates, 1, start=True) == (("a", "b"),)
    assert masters_in(
        [candidates[0], candidates[1], candidates[2]._replace(hears={"a": "rejected", "b": "unheard"})], 1, True
    ) == (("a", "b", "c"),)


def test_a_silenced_master_may_let_a_third_one_stand() -> None:
    """B rejects c's adverts too, so that it does not answer them: c is held by b only as long as b may speak."""
    candidates = [deaf(150, "a", "b", "c"), deaf(120, "b", "a", "c"), deaf(100, "c", "a")]
    assert set(masters_in(candidates, 1, start=True)) == {("a", "b"), ("a", "b", "c")}


def test_a_backup_that_starts_late_does_not_answer() -> None:
    """Before 2.0.0 a backup that c holds answers b's first advert; one that starts after b does not."""
    old: dict[str, Any] = {"lenient": True, "forces": True}
    candidates = [
        deaf(110, "a", "c", **old),
        deaf(1, "b", "c", master=True, **old),
        deaf(90, "c", "a", "b", preempt=False, **old),
    ]
    assert ("b", "c") in masters_in(candidates, 1, start=True)
    assert ("b", "c") not in masters_in(
        [candidates[0]._replace(forces=False, lenient=False), *candidates[1:]], 1, start=True
    )


def test_a_backup_that_answers_from_its_start_on_takes_a_first_advert_back() -> None:
    """A of 2.x and b of 1.x reject each other; d stands up while a is silent; b, once it runs, answers each time."""
    candidates = [
        deaf(100, "a", "b", "d", master=True),
        deaf(254, "b", "a", lenient=True, forces=True),
        deaf(115, "d", "a"),
    ]
    assert ("a",) in masters_in(candidates, 1, start=True)


def test_a_group_that_tries_in_vain_keeps_others_waiting() -> None:
    """Adverts of e, which nobody accepts, silence d: b wins router 2 again and again, and d's answer takes it back.

    Each time the advert of b in router 2 starts the timer of a anew there, and so that of its group.
    """
    rejects = {"hears": {"e": "rejected"}}
    candidates: list[Candidate] = [
        Candidate("a", 1, 200, group="G", **rejects),
        Candidate("a", 2, 20, group="G"),
        Candidate("b", 1, 105, group="G", **rejects),
        Candidate("b", 2, 100, group="G"),
        Candidate("d", 1, 180, master=True, **rejects),
        Candidate("e", 1, 115, master=True, hears=dict.fromkeys("abd", "rejected")),
    ]
    (found,) = settle(candidates)
    assert {1: ("d", "e"), 2: ()} in found.outcomes
    (alone,) = settle([candidate for candidate in candidates if candidate.node != "b"])
    assert alone.outcomes == ({1: ("a", "e"), 2: ("a",)},)


def test_a_backup_that_has_called_an_election_waits_an_interval_after_a_leave() -> None:
    """Before 2.0.0. C was lower while its script had not run, and a called: b won then, and c may follow before a.

    C has nopreempt and keeps what it gets. Without the call a's timer is the shorter one.
    """
    old: dict[str, Any] = {"lenient": True, "forces": True}
    a, b = Candidate("a", 1, 170, wait=3.41, **old), Candidate("b", 1, None, master=True, **old)
    c = Candidate("c", 1, 180, preempt=False, wait=3.61, first=100, **old)
    assert set(master_of([a, b, c], 1)) == {"a", "c"}
    assert master_of([a, b, c._replace(first=None)], 1) == ("a",)
