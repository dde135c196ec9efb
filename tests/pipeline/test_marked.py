"""A configuration with the markup of a template in it, though its name is not that of one."""

from __future__ import annotations

from pathlib import Path

from kalint import api

TEXT = """vrrp_instance web {
    interface ${IFACE:-eth0}
    virtual_router_id 300
    priority ${PRIORITY:-100}
    nopremt
    virtual_ipaddress {
        192.0.2.100/24
    }
}
"""


def found(path: Path) -> list[tuple[str, int]]:
    return [(each.code, each.line) for each in api.check(str(path)).findings]


def test_what_no_rendering_changes_is_found_beside_the_markup(tmp_path: Path) -> None:
    """The markup is one finding; the other lines are judged as those of a template are."""
    path = tmp_path / "keepalived.conf"
    path.write_text(TEXT)
    assert found(path) == [("KA015", 2), ("KA401", 3), ("KA002", 5)]


def test_a_suppression_counts_and_is_not_called_unused(tmp_path: Path) -> None:
    """It suppresses a finding that only the second reading has."""
    path = tmp_path / "keepalived.conf"
    path.write_text(TEXT.replace("nopremt", "nopremt # kalint: ignore[KA002] of an older release"))
    assert found(path) == [("KA015", 2), ("KA401", 3)]


def test_a_single_placeholder_makes_no_template(tmp_path: Path) -> None:
    """Then everything is judged as it stands, once."""
    path = tmp_path / "keepalived.conf"
    path.write_text(TEXT.replace("${IFACE:-eth0}", "__IFACE__").replace("${PRIORITY:-100}", "100"))
    assert found(path) == [("KA015", 2), ("KA401", 3), ("KA002", 5)]


def test_templates_of_consul_and_autoconf_are_known_by_their_names(tmp_path: Path) -> None:
    """`.ctmpl` is consul-template's, `.in` is filled in by configure."""
    for name, mark in (("keepalived.conf.ctmpl", '{{ key "x" }}'), ("keepalived.conf.in", "@IFACE@")):
        path = tmp_path / name
        path.write_text(TEXT.replace("${IFACE:-eth0}", mark).replace("${PRIORITY:-100}", mark))
        assert found(path) == [("KA401", 3), ("KA002", 5)]
