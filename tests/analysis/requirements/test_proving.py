"""Verdicts, counterexamples, times and errors of one cluster, each worked out by hand."""

from __future__ import annotations

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node, Shared
from kalint.analysis.cluster.verdict import Verdict
from kalint.analysis.requirements.proving import Prover
from kalint.pipeline.reading import Request, load
from kalint.requirements.errors import RequirementError
from kalint.requirements.parser import parse
from kalint.simulation.showing import shown
from kalint.text import Options

NODE = """vrrp_script chk {{
    script /bin/true
    interval 2
    timeout 1
    weight -30
}}
vrrp_script gw {{
    script /bin/true
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    track_script {{
        chk
        gw
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
vrrp_instance db {{
    interface eth1
    virtual_router_id 52
    priority {priority}
    nopreempt
    virtual_ipaddress {{
        10.1.0.9/24
    }}
}}
"""


def prover(together: tuple[Shared, ...] = (), **priorities: int) -> Prover:
    nodes = []
    for name, priority in (priorities or {"lb1": 110, "lb2": 100}).items():
        text = NODE.format(priority=priority)
        nodes.append(Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved))
    return Prover(analyse(nodes, together))


def prove(text: str, *, of: Prover | None = None) -> Verdict:
    return (of or prover()).prove(parse(text))


# The things: chk, gw, eth0, eth1 and the daemon on each of two nodes, so 2^10 situations.
VERDICTS = {
    "lb1 is master of web while nothing is down": ("holds", 1),
    "lb1 is master of db while nothing is down": ("fails", 1),
    "lb1 or lb2 is master of db": ("holds", 1),
    "lb2 is master of web when script chk on lb1 fails": ("holds", 1),
    "lb2 is master of web while script chk on lb1 is down": ("fails", 512),
    "lb2 is master of web while only script chk on lb1 is down": ("holds", 1),
    "someone is master whatever one thing fails": ("holds", 11),
    "someone is master whatever two things fail": ("fails", 56),
    "never two masters": ("holds", 1024),
    "never two masters of web, whatever one thing or link fails": ("fails", 12),
    "exactly one master of web when link between lb1 and lb2 is cut": ("fails", 1),
    "web and db have the same master always": ("fails", 1024),
    "lb2 is never master of web unless script chk on lb1 is down or lb1 is out": ("holds", 64),
    "priority of lb1 in web is at least 80": ("holds", 1024),
    "priority of lb1 in web is above 80": ("fails", 1024),
    "priority of lb1 in web stays above 80 unless script chk on lb1 is down": ("holds", 512),
    "priority of lb1 in web is above that of lb2 by 10 while nothing is down": ("holds", 1),
    "priority of lb1 in web is above that of lb2 by 11 while nothing is down": ("fails", 1),
    "lb1 is in FAULT of web while script gw on lb1 is down": ("fails", 512),
    "lb1 is in FAULT of web while script gw on lb1 is down and not lb1 is down": ("holds", 256),
    "lb1 is never in FAULT of db unless interface eth1 on lb1 is down": ("holds", 512),
    "the master of web stays when lb1 is reloaded": ("holds", 1),
    "the master of web stays when lb2 stops": ("holds", 1),
    "the master of web changes to lb2 when the master stops": ("holds", 1),
    "lb1 is master of web after script chk on lb1 fails and recovers": ("holds", 1),
    "lb1 is master of db after lb1 stops and recovers": ("fails", 1),
    "lb1 is master of web when lb1 stalls for 2.6 s": ("holds", 1),
    "lb1 is master of web when lb1 stalls for 2.7 s": ("fails", 1),
    "priority of lb1 in web is 110 while script gw on lb1 is down": ("empty", 0),
    "someone is master while lb1 is down and not lb1 is down": ("empty", 0),
}


@pytest.mark.parametrize("text", VERDICTS)
def test_verdicts(text: str) -> None:
    """What holds and what fails, and in how many situations it is asked."""
    found = prove(text)
    assert (found.outcome, found.situations) == VERDICTS[text]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        # A script of interval 2 and timeout 1: 2 s to the next run, 1 s for its end, 1 s to the next advert, 2 more
        # adverts and a skew time of 156/256 s: 6.61 s. The FAULT of gw: 1 s + 1 s + 0.61 s. A crash: 3.61 s.
        ("lb2 is master of web when script chk on lb1 fails, within 6.7 s", "holds"),
        ("lb2 is master of web when script chk on lb1 fails, within 6.6 s", "fails"),
        ("lb2 is master of web when lb1 stops, within 700 ms", "holds"),
        ("lb2 is master of web when lb1 stops, within 600 ms", "fails"),
        ("lb2 is master of web when lb1 crashes, within 3.7 s", "holds"),
        ("lb2 is master of web when lb1 crashes, within 3.6 s", "fails"),
        ("lb2 is master of web when lb1 fails, within 3.6 s", "fails"),
        ("lb1 is master of web when lb2 fails, within 10 ms", "holds"),
        ("lb1 is master of web after lb1 stops and recovers, within 9 s", "undecided"),
        ("lb2 is master of web when lb1 stops and script chk on lb2 fails, within 1 s", "undecided"),
    ],
)
def test_times(text: str, outcome: str) -> None:
    """`within` is met where the worst case of the failover is; where there is no model it is not decided."""
    assert prove(text).outcome == outcome


def test_smallest_counterexample() -> None:
    """The fewest things down, with each step, the priorities, and why."""
    example = prove("lb2 is master of web while script chk on lb1 is down").counterexample
    assert example is not None
    assert len([key for states in example.down.values() for key in states]) == 2
    assert example.masters in (("lb1",), ())
    assert example.reason in ("lb2 is in FAULT", "lb2 is stopped", "nobody hears lb2, whose interface is down")


def test_history_of_nopreempt() -> None:
    """With nopreempt a good day may have the other master; the shortest history is named."""
    example = prove("lb1 is master of db").counterexample
    assert example is not None
    assert (example.masters, example.reason) == (("lb2",), "lb1 has nopreempt, so it does not take over from lb2")


def test_hint_for_while() -> None:
    """Where `when` would hold, the verdict on `while` says so."""
    hint = "the requirement holds with 'when' (nothing else is down); 'while' allows other failures too"
    assert prove("lb2 is master of web while script chk on lb1 is down").hint == hint
    assert prove("lb1 is master of web while script chk on lb1 is down").hint == ""


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("lb3 is master", "no node is named lb3", "did you mean lb2?"),
        ("lb1 is master of wbe", "no virtual router is named wbe", "did you mean web?"),
        ("lb1 is master of VRID 9", "no virtual router is named VRID 9", "did you mean VRID 52?"),
        (
            "lb1 is master when script chk fails",
            "script chk is on lb1, lb2",
            "write: script chk on lb1 or script chk on lb2",
        ),
        ("lb1 is master when script chkk on lb1 fails", "no script chkk on lb1", "did you mean chk?"),
        (
            "lb1 is master when together x fails",
            "nothing is listed as together.x",
            "the settings of the cluster list none",
        ),
        ("lb1 is master when lb1 stops and lb1 crashes", "this fails twice", ""),
    ],
)
def test_names(text: str, message: str, advice: str) -> None:
    """A name that the cluster does not have is refused, with what was probably meant."""
    with pytest.raises(RequirementError) as caught:
        prove(text)
    assert (caught.value.message, caught.value.advice) == (message, advice)


def test_routers_by_vrid_and_address() -> None:
    """A router has three kinds of names."""
    cluster = prover()
    for name in ("web", "VRID 51", "VRID 51 ipv4", "10.0.0.9", '"10.0.0.9/24"'):
        assert prove(f"lb1 is master of {name}", of=cluster).routers[0].virtual_router_id == 51


def test_what_fails_as_one() -> None:
    """Both lose the gateway at once; alone it cannot be named."""
    cluster = prover((Shared("gateway", (("lb1", "script:gw"), ("lb2", "script:gw"))),))
    assert prove("nobody is master of web when together gateway fails", of=cluster).outcome == "holds"
    assert prove("someone is master of web whatever one thing fails", of=cluster).outcome == "fails"
    with pytest.raises(RequirementError, match="script gw on lb1 fails only with others"):
        prove("lb2 is master of web when script gw on lb1 fails", of=cluster)


def test_one_of_many_states() -> None:
    """A claim that is false in one of 2^20 combinations of one node's scripts is refuted with that one."""
    names = [f"s{number}" for number in range(20)]
    tracked = "\n        ".join(f"{name} weight -1" for name in names)
    scripts = "".join(f"vrrp_script {name} {{\n    script /bin/true\n}}\n" for name in names)
    instance = (
        "vrrp_instance web {{\n    interface eth0\n    virtual_router_id 51\n    priority {}\n    {}\n"
        "    virtual_ipaddress {{\n        10.0.0.9\n    }}\n}}\n"
    )
    texts = scripts + instance.format(120, f"track_script {{\n        {tracked}\n    }}"), instance.format(100, "")
    nodes = [
        Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)
        for name, text in zip(("lb1", "lb2"), texts, strict=True)
    ]
    found = prove("lb2 is never master unless lb1 is out", of=Prover(analyse(nodes)))
    assert found.outcome == "fails"
    assert found.counterexample is not None
    assert found.counterexample.down == {"lb1": {f"script:{name}": "ko" for name in names}}
    assert found.counterexample.priorities == {"lb1": 100, "lb2": 100}
    assert found.situations == 2**20 * 4  # lb2: its interface and its daemon


def ten_checks(base: int, weight: int) -> str:
    names = [f"chk{number}" for number in range(10)]
    scripts = "".join(f"vrrp_script {name} {{\n script /bin/true\n weight {weight}\n}}\n" for name in names)
    tracked = "\n".join(names)
    return (
        f"{scripts}vrrp_instance web {{\n interface eth0\n virtual_router_id 51\n priority {base}\n track_script {{\n"
        f"{tracked}\n }}\n virtual_ipaddress {{\n 10.0.0.9/24\n }}\n}}\n"
    )


def test_one_state_of_a_million_refutes() -> None:
    """Of 2^20 states of twenty checks one makes lb2 master: all ten of lb1 down and all ten of lb2 up.

    Then lb1 has 130 - 20 = 110 and lb2 91 + 20 = 111. With one check less down lb1 has 112, and with one more lb2 109.
    """
    texts = {"lb1": ten_checks(130, -2), "lb2": ten_checks(91, 2)}
    nodes = [
        Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)
        for name, text in texts.items()
    ]
    cluster = analyse(nodes)
    verdict = Prover(cluster).prove(parse("lb2 is never master unless lb1 is out"))
    example = verdict.counterexample
    assert verdict.outcome == "fails"
    # twenty checks, eth0 and the daemon of lb2: lb1 is not out in all of them
    assert verdict.situations == 2**22
    assert example is not None
    assert example.down == {"lb1": {f"script:chk{number}": "ko" for number in range(10)}}
    assert (example.priorities, example.masters) == ({"lb1": 110, "lb2": 111}, ("lb2",))
    found = shown(cluster, verdict)
    assert found is not None
    assert found.masters == ("lb2",)
