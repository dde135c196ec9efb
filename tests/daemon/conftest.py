"""Whether the real keepalived can be asked here, and the lab that asks it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from harness import Lab, missing


@pytest.fixture(scope="session", autouse=True)
def _daemon() -> None:
    """Every test in this folder needs the daemon; without it they skip, or fail where KALINT_REQUIRE_DAEMON=1 asks."""
    reason = missing()
    if reason is not None and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but a daemon test {reason}")
    if reason is not None:
        pytest.skip(reason)


@pytest.fixture
def make_lab() -> Iterator[Callable[..., Lab]]:
    """Makes labs (see `harness.Lab`) that end with the test."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(Lab(*args, **kwargs))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not daemon"` leaves them out."""
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.daemon)
