"""Recorded daemons: what `kalint probe --pcap` concludes of each capture is what was true of it (see judge.py)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("judge", Path(__file__).parent / "judge.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


judge = _judge()
FEW = judge.captures(judge.OWN)
ALL = judge.captures(judge.SHARED)


@pytest.mark.parametrize("pcap", FEW, ids=[pcap.stem for pcap in FEW])
@pytest.mark.parametrize("addresses", [False, True], ids=["by what they say", "by their addresses"])
def test_a_capture_is_as_it_was(pcap: Path, addresses: bool) -> None:
    """Of the few captures that are part of the project."""
    assert judge.judged(pcap, addresses) == []


@pytest.mark.skipif(not ALL, reason="needs ../shared/captures")
@pytest.mark.parametrize("addresses", [False, True], ids=["by what they say", "by their addresses"])
def test_every_recorded_capture_is_as_it_was(addresses: bool) -> None:
    """All recorded captures of eleven releases, but for the exceptions, whose reasons the judge lists."""
    found = [difference for pcap in ALL for difference in judge.judged(pcap, addresses)]
    assert len(ALL) >= 195
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("pcap", FEW, ids=[pcap.stem for pcap in FEW])
def test_the_wire_alone_tells_the_masters(pcap: Path) -> None:
    """Without any file: who was master, who took over when, and since when there were two."""
    assert judge.without_files(pcap) == []


@pytest.mark.skipif(not ALL, reason="needs ../shared/captures")
def test_the_wire_alone_tells_the_masters_of_every_capture() -> None:
    found = {pcap.stem: judge.without_files(pcap) for pcap in ALL}
    assert {name: said for name, said in found.items() if said} == {}


def test_an_exception_is_of_a_capture_that_there_is() -> None:
    """The table of exceptions does not outlive what it excuses."""
    names = {pcap.stem for pcap in (*FEW, *ALL)}
    assert {capture for capture, _ in judge.EXCEPTIONS} <= names
    assert {question for _, question in judge.EXCEPTIONS} <= set(judge.QUESTIONS)
