"""Rules on files with many things of a kind: the work grows as the file does, counted in calls and never by a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from kalint.model import statements
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load
from kalint.rules.support.nearest import MOST, Nearest

ADDRESSES = "    virtual_ipaddress {\n        192.0.2.9/24\n    }\n}\n"
FEW = 60
"""Things in the smaller of two files; the other has four times as many."""


def instance(number: int, *lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"vrrp_instance V{number} {{\n    interface eth{number}\n    virtual_router_id 7\n{body}{ADDRESSES}"


def one(*lines: str) -> str:
    return instance(0, *lines)


def block(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    return f"{name} {{", *(f"    {line}" for line in lines), "}"


def server(number: int) -> str:
    real = "    real_server 10.0.0.2 80 {\n        TCP_CHECK {\n        }\n    }\n"
    entry = f"virtual_server_group g{number} {{\n    10.1.{number >> 8}.{number & 255} 80\n}}\n"
    return f"{entry}virtual_server group g{number} {{\n    delay_loop 5\n{real}}}\n"


KINDS: dict[str, Callable[[int], str]] = {
    "instances of one ID": lambda count: "".join(map(instance, range(count))),
    "instances of one ID and interface": lambda count: "".join(
        instance(number).replace(f"eth{number}", "eth0") for number in range(count)
    ),
    "instances of one ID and unicast peers": lambda count: "".join(
        instance(number, *block("unicast_peer", [f"10.0.{number >> 8}.{number & 255}"])) for number in range(count)
    ),
    "addresses without prefix": lambda count: one(
        *block("virtual_ipaddress", [f"10.0.{number >> 8}.{number & 255}" for number in range(count)])
    ),
    "addresses in subnets of their own": lambda count: one(
        *block("virtual_ipaddress", ["10.0.7.9", *(f"10.{n >> 8}.{n & 255}.1/24" for n in range(count))])
    ),
    "groups of virtual servers": lambda count: "".join(map(server, range(count))),
    "blocks that are never closed": lambda count: "".join(
        f"vrrp_instance V{number} {{\n    interface eth0\n    virtual_router_id 7\n" for number in range(count)
    ),
    "inner blocks that are never closed": lambda count: "".join(
        instance(number).replace("    }\n}\n", "}\n") for number in range(count)
    ),
    "blocks inside a block that is unknown": lambda count: "foo {\n" + "".join(map(instance, range(count))),
    "blocks that a sequence opens": lambda count: f"~SEQ(I, 1, {count}) vrrp_instance V$I {{ interface eth$I\n",
    "scripts that are missing": lambda count: one(*block("track_script", [f"s{number}" for number in range(count)])),
    "scripts that are reversed": lambda count: (
        "".join(f"vrrp_script s{number} {{\n    script /usr/bin/true\n}}\n" for number in range(count))
        + one(*block("track_script", [f"s{number} weight 2 reverse" for number in range(count)]))
    ),
    "misspelt statements": lambda count: "".join(instance(number, "priorty 5") for number in range(count)),
    "misplaced statements": lambda count: "".join(instance(number, "weight 5") for number in range(count)),
    "misspelt statements of scripts": lambda count: (
        "".join(f"vrrp_script s{n} {{\n    script /bin/true\n    intervall 5\n}}\n" for n in range(count)) + one()
    ),
    "members that are missing": lambda count: (
        "vrrp_sync_group G {\n    group {\n" + "".join(f"        X{n}\n" for n in range(count)) + "    }\n}\n" + one()
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_four_times_as_many_take_four_times_the_work(
    kind: str, count_calls: Callable[[Callable[[], object]], int]
) -> None:
    """The square of it would be sixteen times."""

    def calls(count: int) -> int:
        text = KINDS[kind](count)
        return count_calls(lambda: diagnose(load("a.conf", text.encode(), Request()), Request()))

    calls(FEW)  # imports and what is worked out once
    assert calls(4 * FEW) < 4.05 * calls(FEW)


def test_names_are_suggested_as_long_as_it_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """10,000 misspelt names among 10,000 would take minutes; nobody reads more than the first findings anyway."""
    compared = 0

    def counted(_name: str, names: list[str], _most: int) -> list[str]:
        nonlocal compared
        compared += len(names)
        return names[:1]

    monkeypatch.setattr("difflib.get_close_matches", counted)
    nearest = Nearest([f"chk_{number}" for number in range(10_000)])
    found = [nearest.to(f"chk_{number}x") for number in range(10_000)]
    assert compared <= MOST
    assert found.count("chk_0") == MOST // 10_000
    assert nearest.to("chk_0x") == "chk_0"
    assert Nearest(["a"]).to("a") == ""


def test_keywords_are_suggested_as_long_as_it_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is there again is looked for once, and of very many the first ones."""
    asked: list[str] = []
    monkeypatch.setattr(statements, "suggest", lambda name, _context: asked.append(name) or "priority")
    text = one(*["priorty 5"] * 3, *(f"priorty{number} 5" for number in range(2 * statements.MOST_SUGGESTED)))
    problems = [each for each in load("a.conf", text.encode(), Request()).problems if each.kind == "keyword-unknown"]
    assert len(asked) == len(set(asked)) == statements.MOST_SUGGESTED
    assert [each.detail for each in problems[:4]] == ["priority"] * 4
    assert problems[-1].detail == ""


def test_each_word_that_is_wrong_is_compared_with_the_keywords_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand misspelt or misplaced words, one after the other and again and again, took seconds for each round."""
    compared: list[str] = []
    monkeypatch.setattr(statements, "certain", lambda name, *_context: compared.append(name) or "")
    misspelt = [f"priorty{number} 5" for number in range(600)]
    text = one(*["delay_loop 5", *misspelt] * 3)
    kinds = [each.kind for each in load("a.conf", text.encode(), Request()).problems]
    assert (kinds.count("keyword-misplaced"), kinds.count("keyword-unknown")) == (3, 1800)
    assert len(compared) == len(set(compared)) == 601
