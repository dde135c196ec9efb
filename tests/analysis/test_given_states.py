"""`--state`, `--rest` and `--combinations`."""

from __future__ import annotations

import pytest

from kalint.analysis.given_states import Priorities
from kalint.analysis.reach.reachable import counted
from kalint.errors import UsageError
from kalint.pipeline.priorities import priorities_of
from kalint.pipeline.reading import Request, load

TEXT = """\
vrrp_script chk {
  script "/bin/true"
  weight 20
}
track_file f {
  file /run/f
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  track_script {
    chk
  }
  track_interface {
    eth1 weight -30
  }
  track_file {
    f weight 100
  }
}
"""


def ask(*states: str, rest: str = "any", combinations: bool = False, text: str = TEXT) -> Priorities:
    return priorities_of(load("a.conf", text.encode(), Request()), states, rest, combinations)


def outcome(*states: str) -> int | None:
    """The one outcome with everything else good."""
    (answer,) = ask(*states, rest="good").answers
    assert answer.settled
    assert answer.reach.combinations == 1
    return answer.reach.reachable[0].priority if answer.reach.reachable else None


def test_states_with_the_rest_good_settle_the_outcome() -> None:
    """100 + 20 while chk is ok, - 30 while eth1 is down, + 100 times the file's value; clamped once."""
    assert outcome() == 120
    assert outcome("script:chk=ko") == 100
    assert outcome("script:chk=ko", "interface:eth1=down") == 70
    assert outcome("file:f=1") == 220
    assert outcome("file:f=-1", "interface:eth1=down") == 1
    assert outcome("file:f=2") == 254
    assert outcome("file:f=2", "interface:eth1=down", "script:chk=ko") == 254
    assert outcome("interface:eth0=down") is None


def test_a_file_may_hold_any_integer() -> None:
    """Values that no witness names: 1000 adds 253, -1000 is FAULT."""
    assert outcome("file:f=1000", "script:chk=ko") == 254
    assert outcome("file:f=-1000") is None


def test_what_is_not_fixed_stays_open() -> None:
    """With chk ko and the file at 0, eth1 and eth0 are open; every witness names the script, the good file none."""
    (answer,) = ask("script:chk=ko", "file:f=+0").answers
    assert not answer.settled
    assert answer.reach.combinations == 4
    assert [(one.priority, dict(one.witness)) for one in answer.reach.reachable] == [
        (70, {"script:chk": "ko", "interface:eth1": "down"}),
        (100, {"script:chk": "ko"}),
    ]
    assert counted(answer.reach) == {70: 1, 100: 1, None: 2}
    assert answer.reach.fault is not None
    assert answer.reach.fault.witness == {"script:chk": "ko", "interface:eth0": "down"}
    assert answer.whole.nominal == 120


def test_every_combination_is_listed_in_order() -> None:
    """The last thing changes fastest."""
    (answer,) = ask("file:f=0", "interface:eth0=up", combinations=True).answers
    assert answer.combinations is not None
    assert [(one.priority, one.states["script:chk"], one.states["interface:eth1"]) for one in answer.combinations] == [
        (120, "ok", "up"),
        (90, "ok", "down"),
        (100, "ko", "up"),
        (70, "ko", "down"),
    ]


def test_too_many_combinations_are_refused_with_their_number() -> None:
    """17 scripts and the own interface have 262,144 combinations."""
    scripts = "".join(f'vrrp_script s{at} {{\n script "/bin/true"\n weight 1\n}}\n' for at in range(17))
    tracked = "".join(f"    s{at}\n" for at in range(17))
    text = scripts + TEXT.replace("    chk\n", tracked).replace("    f weight 100\n", "").replace(
        "    eth1 weight -30\n", ""
    )
    with pytest.raises(UsageError, match="262,144 combinations are more than the 65,536"):
        ask(combinations=True, text=text)
    (answer,) = ask(combinations=True, text=text, rest="good").answers
    assert answer.combinations is not None
    assert [one.priority for one in answer.combinations] == [117]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("script:chk", "write KIND:NAME=STATE"),
        ("chk=ko", "write KIND:NAME=STATE"),
        ("script:=ko", "write KIND:NAME=STATE"),
        ("skript:chk=ko", "no kind is named skript; it is one of script, process, interface, bfd, file"),
        ("script:chk=down", "script is ok or ko, not down"),
        ("interface:eth1=ok", "interface is up or down, not ok"),
        ("interface:eth1=", "interface is up or down, not empty"),
        ("file:f=up", "a file's state is the integer in it, not up"),
        ("script:check=ko", "the configuration has no script:check; did you mean script:chk?"),
        ("bfd:zzzzzz=up", "the configuration has no bfd:zzzzzz$"),
    ],
)
def test_a_state_that_is_none(state: str, message: str) -> None:
    """Each names the argument and what would be right."""
    with pytest.raises(UsageError, match=message) as raised:
        ask(state)
    assert f"--state {state}: " in str(raised.value)


def test_one_thing_in_two_states() -> None:
    """The same state twice is no contradiction."""
    assert outcome("script:chk=ko", "script:chk=ko") == 100
    with pytest.raises(UsageError, match="script:chk cannot be ko and ok"):
        ask("script:chk=ko", "script:chk=ok")


def test_a_thing_that_is_only_defined_or_dropped_is_known() -> None:
    """Fixing it changes nothing and is no mistake."""
    text = TEXT + 'vrrp_script other {\n script "/bin/true"\n}\n'
    (answer,) = ask("script:other=ko", rest="good", text=text).answers
    assert [one.priority for one in answer.reach.reachable] == [120]
