"""Virtual servers as a release has them; `tests/daemon/test_servers.py` asks keepalived 2.2.7 about the same."""

from __future__ import annotations

import pytest

from kalint.pipeline.reading import Request, load
from kalint.semantics.services import Service, services
from kalint.text import Options
from kalint.version import parse_version

REAL = " real_server 10.0.1.1 80 {\n  weight 3\n  TCP_CHECK {\n  }\n }\n"


def read(text: str, release: str = "2.2.7") -> tuple[Service, ...]:
    loaded = load("keepalived.conf", text.encode(), Request(Options(), parse_version(release)))
    return services(loaded.resolved)


def test_what_is_not_written_is_the_release_s_default() -> None:
    """Before 1.3.6 keepalived fills nothing in."""
    (new,) = read(f"virtual_server 10.0.0.9 80 {{\n{REAL}}}\n")
    assert (new.name, new.protocol, new.scheduler, new.quorum) == ("10.0.0.9 80", "UDP", "wlc", 1)
    (old,) = read(f"virtual_server 10.0.0.9 80 {{\n{REAL}}}\n", "1.3.5")
    assert (old.protocol, old.scheduler) == (None, None)


def test_real_servers_have_weight_method_port_and_checks() -> None:
    """A port that only NAT could change is the virtual server's, from 2.0.15 on."""
    text = f"virtual_server 10.0.0.9 81 {{\n lb_kind DR\n{REAL} sorry_server 10.0.1.9\n}}\n"
    (service,) = read(text)
    (server,) = service.real_servers
    assert server[:5] == ("10.0.1.1", 81, 3, "DR", ("TCP_CHECK",))
    assert service.sorry_server is not None
    assert service.sorry_server[:2] == ("10.0.1.9", 81)
    assert read(text, "2.0.14")[0].real_servers[0].port == 80


@pytest.mark.parametrize(("release", "count"), [("2.2.7", 0), ("2.2.8", 1), ("1.3.5", 0)])
def test_one_without_real_servers_is_kept_from_2_2_8_on(release: str, count: int) -> None:
    assert len(read("virtual_server 10.0.0.9 80 {\n}\n", release)) == count


@pytest.mark.parametrize(
    ("weight", "release", "counts"), [("5x", "2.2.7", 5), ("70000", "2.2.7", 70000), ("-1", "2.2.7", 1)]
)
def test_a_number_counts_as_far_as_it_is_one(weight: str, release: str, counts: int) -> None:
    """What stands behind the digits is reported and left out; what is out of range is ignored."""
    (service,) = read(f"virtual_server fwmark 7 {{\n real_server 10.0.1.1 {{\n  weight {weight}\n }}\n}}\n", release)
    assert service.real_servers[0].weight == counts
    assert service.protocol is None


def test_a_quorum_is_at_most_what_the_servers_weigh() -> None:
    """From 2.0.14 on; before, at most the number of servers, and before 1.4.1 anything."""
    text = f"virtual_server 10.0.0.9 80 {{\n quorum 9\n{REAL}}}\n"
    assert [read(text, release)[0].quorum for release in ("2.0.14", "2.0.13", "1.4.0")] == [3, 1, 9]


def test_a_family_that_does_not_fit_is_skipped() -> None:
    """Without TUN the real servers must be of the virtual server's family; a group's entries too."""
    other = " real_server 2001:db8::1 80 {\n }\n"
    (service,) = read(f"virtual_server 10.0.0.9 80 {{\n{REAL}{other}}}\n")
    assert [server.address for server in service.real_servers] == ["10.0.1.1"]
    (service,) = read(f"virtual_server 10.0.0.9 80 {{\n lvs_method TUN\n{REAL}{other}}}\n")
    assert len(service.real_servers) == 2
    group = "virtual_server_group six {\n 2001:db8::9 80\n}\n"
    assert read(f"{group}virtual_server group six {{\n{REAL}}}\n") == ()
    assert read(f"virtual_server group nobody {{\n{REAL}}}\n") == ()


def test_a_broken_file_has_what_the_daemon_reads() -> None:
    """The brace of an unknown block ends the real server, and the next one the virtual server."""
    broken = REAL.replace("TCP_CHECK", "TCP_CHEK").replace(" }\n", "  weight 9\n }\n", 1)
    (first,) = read(f"virtual_server 10.0.0.9 80 {{\n{REAL}{broken}{REAL.replace('1.1', '1.7')}}}\n")
    assert [(server.address, server.weight, server.checks) for server in first.real_servers] == [
        ("10.0.1.1", 3, ("TCP_CHECK",))
    ]


def test_another_keyword_is_no_value() -> None:
    """Two statements on one line, and the first one lacks its value: keepalived knows no scheduler of that name."""
    (found,) = read(f"virtual_server 10.0.0.9 80 {{\n lb_algo delay_loop\n lb_kind weight\n{REAL}}}\n")
    assert (found.scheduler, found.real_servers[0].method) == ("wlc", "NAT")


def test_a_misc_check_needs_a_command() -> None:
    """Without one, or with an empty one, keepalived drops the check; of an empty path it takes the whole url."""
    check = " real_server 10.0.1.1 80 {{\n  MISC_CHECK {{\n   misc_path{}\n  }}\n }}\n"
    for value, checks in (("", 0), (' ""', 0), (" /bin/true", 1)):
        (found,) = read(f"virtual_server 10.0.0.9 80 {{\n{check.format(value)}}}\n")
        assert len(found.real_servers[0].checks) == checks
