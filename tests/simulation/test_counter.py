"""The script counter: what users are promised about rise, fall, the first result and the moment of a change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalint.semantics.profile import Profile
from kalint.semantics.profiles import PROFILES, profile_for
from kalint.simulation.counter import Counter, counted, effective_at, started, succeeded
from kalint.version import parse_version

CURRENT = profile_for(parse_version("2.2.7"))
RISES = st.integers(1, 20)
FALLS = st.integers(1, 20)
RESULTS = st.lists(st.booleans(), max_size=60)


def release(name: str) -> Profile:
    return profile_for(parse_version(name))


def run(counter: Counter, results: list[bool]) -> Counter:
    for result in results:
        counter = counted(counter, result)
    return counter


@given(RISES, FALLS, RESULTS)
def test_the_counter_stays_within_its_bounds(rise: int, fall: int, results: list[bool]) -> None:
    """It is 0..rise+fall-1 whatever the results are, and rise and fall never change."""
    counter = run(started(rise, fall, False, CURRENT), results)
    assert 0 <= counter.result <= rise + fall - 1
    assert (counter.rise, counter.fall) == (rise, fall)


@given(RISES, FALLS, st.booleans())
def test_the_first_result_counts_at_once(rise: int, fall: int, result: bool) -> None:
    """One result is enough at the start, however large rise and fall are."""
    first = counted(started(rise, fall, False, CURRENT), result)
    assert first.state == ("ok" if result else "ko")


@given(RISES, FALLS, RESULTS)
def test_rise_successes_in_a_row_are_ok_and_fall_failures_ko(rise: int, fall: int, results: list[bool]) -> None:
    """From wherever it is, `rise` successes in a row are enough for OK, and `fall` failures for KO."""
    counter = run(started(rise, fall, False, CURRENT), results)
    assert run(counter, [True] * rise).ok
    assert not run(counter, [False] * fall).ok


@given(RISES, FALLS, RESULTS)
def test_fewer_than_rise_or_fall_change_nothing(rise: int, fall: int, results: list[bool]) -> None:
    """After a KO fewer than `rise` successes do not make it OK, nor do fewer than `fall` failures make it KO."""
    counter = run(started(rise, fall, False, CURRENT), results)
    failed = run(counter, [False] * fall)
    assert failed.result == 0
    assert not run(failed, [True] * (rise - 1)).ok
    good = run(counter, [True] * rise)
    assert good.result == rise + fall - 1
    assert run(good, [False] * (fall - 1)).ok


@given(RISES, FALLS, RESULTS)
def test_a_failure_among_the_successes_starts_the_count_anew(rise: int, fall: int, results: list[bool]) -> None:
    """Only results in a row count: while KO a failure takes the counter to 0, while OK a success to the top."""
    counter = run(started(rise, fall, False, CURRENT), results)
    if counter.ok:
        assert counted(counter, True).result == rise + fall - 1
    else:
        assert counted(counter, False).result == 0


@given(RISES, FALLS, RESULTS)
def test_the_last_rise_plus_fall_results_decide(rise: int, fall: int, results: list[bool]) -> None:
    """OK or KO is a matter of which came last: `rise` successes in a row or `fall` failures in a row."""
    state = None
    for end in range(1, len(results) + 1):
        if results[max(0, end - rise) : end] == [True] * rise:
            state = "ok"
        elif results[max(0, end - fall) : end] == [False] * fall:
            state = "ko"
        elif end == 1:
            state = "ok" if results[0] else "ko"
    counter = run(started(rise, fall, False, CURRENT), results)
    assert counter.state == (state or "unknown")


def test_a_script_that_never_ran_is_unknown() -> None:
    """Until the first result there is no state; one below OK is where the counter waits."""
    counter = started(3, 2, False, CURRENT)
    assert (counter.state, counter.result) == ("unknown", 2)


@pytest.mark.parametrize(
    ("name", "needed"), [("1.2.13", 1), ("1.3.5", 3), ("1.4.5", 3), ("2.0.10", 1), ("2.2.7", 1), ("2.4.3", 1)]
)
def test_init_fail_by_release(name: str, needed: int) -> None:
    """With rise 3, init_fail makes it take three successes from 1.3.2 to 1.4.5, and does nothing in the others."""
    counter = started(3, 1, True, release(name))
    assert not counter.ok
    successes = 0
    while not counter.ok:
        counter = counted(counter, True)
        successes += 1
    assert successes == needed


@pytest.mark.parametrize(
    ("name", "ended", "success"),
    [
        ("2.2.7", 0, True),
        ("2.2.7", 1, False),
        ("2.2.7", 127, False),
        ("2.2.7", "signal", False),
        ("2.2.7", "timeout", False),
        ("1.4.5", "signal", True),
        ("1.4.5", 126, True),
        ("1.4.5", 125, False),
        ("1.4.5", "timeout", False),
        ("1.3.5", "signal", False),
        ("1.3.5", 126, False),
        ("1.2.13", "signal", False),
    ],
)
def test_how_a_run_ends(name: str, ended: int | str, success: bool) -> None:
    """Failures are every other exit status, signals and timeouts; 1.4.x takes signals and 126 up for successes."""
    assert succeeded(ended, release(name)) is success


@given(st.sampled_from(PROFILES), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(10_000, 10**7))
def test_when_a_change_counts(profile: Profile, after: int, start: int, interval: int) -> None:
    """At once since 2.0.0; before, at the next of the ticks that come every advert interval after the start."""
    moment = effective_at(start + after, start, interval, profile)
    if profile.since >= parse_version("2.0.0"):
        assert moment == start + after
    else:
        assert (moment - start) % interval == 0
        assert moment > start
        assert moment >= start + after
        assert moment == start + interval or moment - interval < start + after
