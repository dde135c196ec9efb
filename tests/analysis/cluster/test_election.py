"""Who is master when every priority is fixed; the cases are those of docs/clusters.md and of measured daemons."""

from __future__ import annotations

from kalint.analysis.cluster.election import Candidate, master_of, settle

LOW, HIGH = b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x02"


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
    assert master_of([seat._replace(address=None) for seat in known], 1) == ("a", "b")


def test_nopreempt_leaves_a_lower_master_alone() -> None:
    seats = [Candidate("a", 1, 90, master=True), Candidate("b", 1, 100, preempt=False)]
    assert master_of(seats, 1) == ("a",)
    assert master_of(seats, 1, start=True) == ("a",), "who was master before still is"
    assert master_of([seat._replace(master=False) for seat in seats], 1, start=True) == ("a", "b")


def test_nopreempt_takes_over_from_the_dead() -> None:
    assert master_of([Candidate("a", 1, None, master=True), Candidate("b", 1, 100, preempt=False)], 1) == ("b",)


def test_the_highest_follows_a_dead_master() -> None:
    """Though it would not preempt: its timer ends first. Where the timers differ by little, either may be first."""
    seats = [Candidate("a", 1, None, master=True), Candidate("b", 1, 100), Candidate("c", 1, 130, preempt=False)]
    assert master_of(seats, 1) == ("c",)
    assert master_of([*seats[:2], Candidate("c", 1, 110, preempt=False)], 1) == ("b", "c")
    assert master_of([*seats[:2], Candidate("c", 1, 130, preempt=False, interval=2.0)], 1) == ("b", "c")


def test_nobody_is_master_where_all_are_in_fault() -> None:
    assert master_of([Candidate("a", 1, None), Candidate("b", 1, None)], 1) == (None,)


def test_a_group_that_could_win_one_router_only_wins_none() -> None:
    """One member falls to 90 and the other stays: 2.x does not fail over."""
    seats = [
        Candidate("a", 1, 90, group="G", master=True),
        Candidate("a", 2, 110, group="G", master=True),
        Candidate("b", 1, 100, group="G"),
        Candidate("b", 2, 100, group="G"),
    ]
    (found,) = settle(seats)
    assert found.outcomes == ({1: "a", 2: "a"},)


def test_groups_can_be_bistable() -> None:
    """Each better in one router: whoever holds both keeps them."""
    seats = [Candidate("a", 1, 110, group="G"), Candidate("a", 2, 90, group="G"), Candidate("b", 1, 100, group="G")]
    (found,) = settle([*seats, Candidate("b", 2, 100, group="G")], start=True)
    assert found.outcomes == ({1: "a", 2: "a"}, {1: "b", 2: "b"})


def test_a_group_can_leave_a_router_without_master() -> None:
    """Node a is the only node for router 1, but its group cannot win router 2."""
    seats = [Candidate("a", 1, 100, group="G"), Candidate("a", 2, 100, group="G"), Candidate("b", 2, 150)]
    (found,) = settle(seats, start=True)
    assert found.outcomes == ({1: None, 2: "b"},)


def test_a_fault_of_one_member_faults_the_group() -> None:
    seats = [
        Candidate("a", 1, None, group="G", master=True),
        Candidate("a", 2, 200, group="G", master=True),
        Candidate("b", 2, 100),
    ]
    (found,) = settle(seats)
    assert found.outcomes == ({1: None, 2: "b"},)


def test_routers_without_a_group_settle_by_themselves() -> None:
    found = settle(
        [Candidate("a", 1, 100), Candidate("a", 2, 100), Candidate("b", 1, 90), Candidate("b", 2, 110)], start=True
    )
    assert [part.routers for part in found] == [(1,), (2,)]


def test_many_routers_in_one_group_are_not_walked_through_for_ever() -> None:
    """Twenty routers that one node binds together and the others do not: an answer at once, said to be incomplete."""
    seats = [Candidate("a", router, 200, group="G") for router in range(20)]
    seats += [Candidate(node, router, 100) for node in "bc" for router in range(20)]
    (found,) = settle(seats, start=True)
    assert not found.complete
    assert dict.fromkeys(range(20), "a") in found.outcomes
