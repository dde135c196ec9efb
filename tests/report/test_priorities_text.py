"""`kalint priorities` as a table."""

from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper

from kalint.pipeline.priorities import priorities_of
from kalint.pipeline.reading import Request, load
from kalint.report.priorities_text import render

TEXT = """\
vrrp_script chk {
  script "/bin/true"
  weight 20
}
vrrp_script big {
  script "/bin/true"
  weight 60
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
    nosuch
  }
  track_interface {
    eth1 weight -30
  }
}
vrrp_instance VI_2 {
  interface eth0
  virtual_router_id 52
  priority 254
  track_script {
    big
  }
}
vrrp_instance VI_3 {
  interface eth0
  virtual_router_id 53
  priority 150
  track_file {
    f weight 1
  }
}
"""

GOLDEN = """\
VI_1  router 51 on eth0
  base 100, 120 while nothing is down, can be 70 to 120 or FAULT
  1 .................#....#.#....#.................................. 254
                                 ^ 120

    priority  what must be down                     states
  ----------  ----------------------------------  --------
         120  nothing is down                            1
         100  script chk ko                              1
          90  interface eth1 down                        1
          70  script chk ko, interface eth1 down         1
       FAULT  interface eth0 down                        4

  tracker         what it does      in adverts after    why it changes nothing
  --------------  ----------------  ------------------  ------------------------
  script chk      ok +20, ko 0      0 to 3 s
  script nosuch   weight 0                              it is not defined
  interface eth1  up 0, down -30    0 to 2 s
  interface eth0  up 0, down FAULT  0 to 1 s
"""


def table(
    *states: str,
    rest: str = "any",
    combinations: bool = False,
    encoding: str = "ascii",
    color: bool = False,
    times: bool = False,
) -> str:
    written = BytesIO()
    stream = TextIOWrapper(written, encoding=encoding, newline="\n")
    result = priorities_of(load("a.conf", TEXT.encode(), Request()), states, rest, combinations)
    render(result._replace(times=times), stream, color=color)
    stream.flush()
    return written.getvalue().decode(encoding)


def block(text: str, name: str) -> str:
    """The part of one instance."""
    return next(part for part in text.replace("\n\nVI", "\n\0VI").split("\0") if part.startswith(name))


def test_an_instance_at_a_glance() -> None:
    """Heading, bar, outcomes from the best to FAULT, and what each tracker does."""
    assert block(table(), "VI_1") == GOLDEN


def test_a_file_is_a_few_rows() -> None:
    """507 values that do not fault, on base 150: 104 to 253 end at 254, -149 to -253 at 1, each of the others alone."""
    assert """
         254  file f 104                150
  253 to 151  file f 103 to 1        1 each
         150  nothing is down             1
    149 to 2  file f -1 to -148      1 each
           1  file f -149               105
       FAULT  file f -254               509
""" in block(table(), "VI_3")
    assert "file f          +1 x its value, FAULT from -254 down  0 to 1 s\n" in block(table(), "VI_3")


def test_a_dead_tracker_says_why() -> None:
    """60 more than 254 is 254."""
    assert "script big      ok +60, ko 0                          the sum is beyond 1 or 254" in block(table(), "VI_2")


def test_times_are_shown_term_by_term() -> None:
    """--times says what each time adds up from; a script that is not defined has none."""
    assert (
        block(table(times=True), "VI_1")
        == f"""{GOLDEN}
  script chk ko: another priority after 0 to 3 s
    0 to 1 s  next run
    0 to 1 s  end of the last run
    0 to 1 s  next advert

  script chk ok: another priority after 0 to 4 s
    0 to 2 s  next run
    0 to 1 s  end of the last run
    0 to 1 s  next advert

  interface eth1 down: another priority after 0 to 2 s
    0 to 1 s  link watch of the kernel
    0 to 1 s  next advert

  interface eth1 up: another priority after 0 to 2 s
    0 to 1 s  link watch of the kernel
    0 to 1 s  next advert

  interface eth0 down: the first advert is missing after 0 to 1 s
    0 to 1 s  first missing advert

  interface eth0 up: the FAULT ends after 0 to 1 s
    0 to 1 s  link watch of the kernel
"""
    )


def test_fixed_states_are_part_of_what_must_be_down() -> None:
    """With chk ko, two priorities are left for VI_1, and FAULT."""
    text = block(table("script:chk=ko"), "VI_1")
    assert "base 100, 120 while nothing is down, can be 70 to 100 or FAULT\n" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "100 script chk ko 1" in rows
    assert "FAULT script chk ko, interface eth0 down 2" in rows


def test_all_combinations_are_a_table_of_their_own() -> None:
    """The states of all things, good ones too, in the order of the file."""
    text = block(table(rest="good", combinations=True), "VI_1")
    assert "         120  script chk ok, interface eth1 up, interface eth0 up\n" in text


def test_blocks_are_drawn_where_the_encoding_has_them() -> None:
    """Nothing else differs."""
    drawn = table(encoding="utf-8")
    assert "\u2588" in drawn
    assert drawn.replace("\u2588", "#").replace("\u00b7", ".") == table()


def test_only_colour_is_added_for_a_terminal() -> None:
    """The names stand in bold."""
    assert table(color=True).replace("\x1b[1m", "").replace("\x1b[0m", "") == table()


def test_what_faults_only_a_fellow_of_the_group() -> None:
    """VI_2 hangs on eth1 and a file that must be 0; a fault of either is VI_1's too, but no tracker of VI_1's."""
    text = "".join(
        f"vrrp_instance VI_{at} {{\n interface eth{at}\n virtual_router_id {at}\n priority 100\n{body}}}\n"
        for at, body in ((1, ""), (2, " track_file {\n  f weight 0\n }\n"))
    )
    text = "track_file f {\n file /run/f\n}\n" + text + "vrrp_sync_group G {\n group {\n  VI_1\n  VI_2\n }\n}\n"
    stream = StringIO()
    render(priorities_of(load("a.conf", text.encode(), Request())), stream)
    rows = [" ".join(line.split()) for line in block(stream.getvalue(), "VI_1").splitlines()]
    assert "interface eth2 down FAULT (sync group)" in rows
    assert "file f a value such as 1: FAULT (sync group)" in rows


def test_no_instance() -> None:
    """A file without vrrp_instance has nothing to reach."""
    stream = StringIO()
    render(priorities_of(load("a.conf", b"global_defs {\n router_id a\n}\n", Request())), stream)
    assert stream.getvalue() == "no vrrp_instance\n"


def test_a_thousand_trackers_stay_readable() -> None:
    """Huge numbers are rounded, long witnesses counted; no line of the outcomes is wider than 100 columns."""
    names = [f"s{at}" for at in range(300)]
    text = "".join(
        f'vrrp_script {name} {{\n script "/bin/true"\n weight -{at + 1}\n}}\n' for at, name in enumerate(names)
    )
    text += "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n priority 200\n track_script {\n"
    text += "\n".join(names) + "\n }\n}\n"
    stream = StringIO()
    render(priorities_of(load("a.conf", text.encode(), Request())), stream)
    lines = stream.getvalue().splitlines()
    assert any("2.04e+90" in line for line in lines)  # 2^300
    assert max(len(line) for line in lines) <= 100
