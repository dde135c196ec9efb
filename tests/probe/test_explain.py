"""The fewest things that must have failed for a priority, given what is known; and keepalived's own JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kalint.analysis.cluster.members import Node
from kalint.errors import InputError, UsageError
from kalint.pipeline.reading import Request, load
from kalint.probe.expected import Expected, expect
from kalint.probe.explain import explain, settle
from kalint.probe.running import departures, owner_of, priorities_of, read_dump, states_of

SCRIPTS = "".join(f'vrrp_script {name} {{\n script "/bin/{name}"\n weight {weight}\n}}\n' for name, weight in (
    ("a", -10), ("b", -20), ("c", -30), ("up", 5),
))  # fmt: skip


def expected(text: str, name: str = "n") -> tuple[Expected, ...]:
    return expect([Node(name, load(f"{name}.conf", text.encode(), Request()).resolved)])


def instance(name: str, priority: int, *tracked: str, vrid: int = 51) -> str:
    lines = "".join(f"  {each}\n" for each in tracked)
    return (
        f"vrrp_instance {name} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n"
        f" track_script {{\n{lines} }}\n virtual_ipaddress {{\n  10.0.0.9/24\n }}\n}}\n"
    )


def test_all_smallest_explanations_are_named() -> None:
    """90 is c alone, though a and b together come to the same: they are more things."""
    (each,) = expected(SCRIPTS + instance("V", 120, "a", "b", "c"))
    assert explain(each, 120, {}).usual
    assert explain(each, 90, {}).explanations == ({"script:c": "ko"},)
    assert explain(each, 80, {}).explanations == ({"script:a": "ko", "script:c": "ko"},)
    assert explain(each, 60, {}).explanations == ({"script:a": "ko", "script:b": "ko", "script:c": "ko"},)


def test_what_is_known_narrows_an_explanation_or_denies_it() -> None:
    (each,) = expected(SCRIPTS + instance("V", 120, "a", "b", "c"))
    known = explain(each, 90, {"script:c": "ok"})
    assert known.explanations == ({"script:a": "ko", "script:b": "ko"},)
    denied = explain(each, 110, {"script:a": "ok"})
    assert (denied.predicted, denied.denied, denied.closest) == (False, {"script:a": "ko"}, (120, {}))
    forced = explain(each, 80, {"script:c": "ko"})
    assert forced.explanations == ({"script:a": "ko", "script:c": "ko"},)


def test_a_priority_out_of_reach_has_a_nearest_one() -> None:
    (each,) = expected(SCRIPTS + instance("V", 120, "a", "up"))
    found = explain(each, 117, {})
    assert (found.predicted, found.denied, found.closest) == (False, None, (115, {"script:a": "ko"}))


def test_many_alike_things_are_named_up_to_a_bound() -> None:
    """Twelve scripts of one weight: twelve explanations of which eight are named, in no noticeable time."""
    names = [f"s{number}" for number in range(12)]
    text = "".join(f'vrrp_script {name} {{\n script "/bin/{name}"\n weight -5\n}}\n' for name in names)
    (each,) = expected(text + instance("V", 200, *names))
    one = explain(each, 195, {})
    assert (one.explanations[0], len(one.explanations), one.more) == ({"script:s0": "ko"}, 8, 4)
    six = explain(each, 170, {})
    assert (len(six.explanations), six.more) == (8, 924 - 8)  # 12 over 6


def test_an_owner_has_one_priority() -> None:
    (each,) = expected(SCRIPTS + instance("V", 255, "a"))
    assert explain(each, 255, {}).usual
    assert not explain(each, 254, {}).predicted


def test_the_priorities_of_all_instances_settle_what_one_leaves_open() -> None:
    """V is at 100 for c, or for a and b; W, which tracks c only, says that c is good."""
    both = expected(SCRIPTS + instance("V", 130, "a", "b", "c") + instance("W", 130, "c", vrid=52))
    up = {"interface:eth0": "up"}  # else they would be in FAULT
    assert settle(both, {"V": 100}, {}) == up
    assert settle(both, {"V": 100, "W": 130}, {}) == {**up, "script:c": "ok", "script:a": "ko", "script:b": "ko"}


def dump(folder: Path, *data: dict[str, object], processes: list[dict[str, object]] | None = None) -> str:
    listed = [{"data": {"state": 2, "track_ifp": ["eth0"], **each}, "stats": {}} for each in data]
    whole: object = listed if processes is None else {"vrrp": listed, "track_process": processes}
    path = folder / "keepalived.json"
    path.write_text(json.dumps(whole))
    return str(path)


def test_the_dump_is_compared_with_the_file(tmp_path: Path) -> None:
    each = expected(SCRIPTS + instance("V", 120, "a"))
    good = {"iname": "V", "vrid": 51, "base_priority": 120, "effective_priority": 110, "adver_int": 1.0, "version": 2,
            "nopreempt": False, "ifp_ifname": "eth0", "track_script": ["/bin/a"]}  # fmt: skip
    assert list(departures(read_dump(dump(tmp_path, good)), each)) == []
    bad = {**good, "base_priority": 90, "adver_int": 2.0, "track_script": ["/bin/a", "/bin/b"], "track_ifp": ["eth1"]}
    found = {(each.what, each.running, each.written) for each in departures(read_dump(dump(tmp_path, bad)), each)}
    assert found == {
        ("the base priority", "90", "120"),
        ("the advert interval", "2 s", "1 s"),
        ("the tracked interfaces", "eth1", "none"),
        ("the tracked scripts", "2 of them", "a"),
    }
    odd = {**good, "effective_priority": 105}
    assert [(each.what, each.running, each.written) for each in departures(read_dump(dump(tmp_path, odd)), each)] == [
        ("the effective priority", "105", "110, 120")
    ]


def test_a_process_tells_its_weight_and_its_quorum(tmp_path: Path) -> None:
    """With json_version 2: a weight that is not the file's is found, and the quorum is a state."""
    text = "vrrp_track_process web {\n process nginx\n weight 7\n}\n" + instance("V", 100).replace(
        "track_script {\n }", "track_process {\n web\n }"
    )
    each = expected(text)
    path = dump(
        tmp_path,
        {"iname": "V", "base_priority": 100, "effective_priority": 109},
        processes=[{"process": "nginx", "weight": 9, "have_quorum": True}],
    )
    found = read_dump(path)
    assert [(one.what, one.running, one.written) for one in departures(found, each)] == [
        ("the effective priority", "109", "100, 107"), ("the weight of vrrp_track_process web", "9", "7"),
    ]  # fmt: skip
    assert states_of(found, each) == {"process:web": "ok"}


def test_a_faulty_instance_tells_no_priority(tmp_path: Path) -> None:
    assert priorities_of(read_dump(dump(tmp_path, {"iname": "V", "state": 3, "effective_priority": 90}))) == {}


def test_passwords_of_a_dump_are_not_kept(tmp_path: Path) -> None:
    """auth_data is the password in clear, up to 2.3."""
    found = read_dump(dump(tmp_path, {"iname": "V", "auth_type": 1, "auth_data": "s3cret"}))
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"vrrp": 3}', "[{}]", "null"])
def test_what_is_no_dump_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keepalived.json"
    path.write_text(content)
    with pytest.raises(InputError, match="not the JSON that keepalived writes"):
        read_dump(str(path))


def test_whose_dump_it_is(tmp_path: Path) -> None:
    """The node that is named, the only one, or the only one whose instances these are."""
    one, two = expected(instance("V", 120), "one"), expected(instance("V", 100), "two")
    found = read_dump(dump(tmp_path, {"iname": "V", "base_priority": 100}))
    assert owner_of(found, None, one) == "one"
    assert owner_of(found, None, (*one, *two)) == "two"
    assert owner_of(found, "one", (*one, *two)) == "one"
    with pytest.raises(UsageError, match="no node is named three"):
        owner_of(found, "three", (*one, *two))
    with pytest.raises(UsageError, match="name the node"):
        owner_of(read_dump(dump(tmp_path, {"iname": "V", "base_priority": 1})), None, (*one, *two))
