"""Which release of keepalived a system has: names that stand for a release, such as `debian-12`.

A name stands for the release that the system's own repositories have; of systems with minor releases it is that of the
last one. A source is an address that was read, or a package that public build files name. Only who names a system pays
for this module.
"""

from __future__ import annotations

from typing import NamedTuple

_DEBIAN = "packages.debian.org/keepalived"
_UBUNTU = "packages.ubuntu.com"
_ALPINE = "pkgs.alpinelinux.org"
_GITHUB = "github.com"
_ALMA = "repo.almalinux.org"


class System(NamedTuple):
    """A system, the release of its package, and where that is known from."""

    name: str
    version: str
    source: str


SYSTEMS = (
    System("debian-10", "2.0.10", f"{_DEBIAN}: buster 1:2.0.10-1+deb10u1"),
    System("debian-11", "2.1.5", f"{_DEBIAN}: bullseye 1:2.1.5-0.2+deb11u1"),
    System("debian-12", "2.2.7", f"{_DEBIAN}: bookworm 1:2.2.7-1"),
    System("debian-13", "2.3.3", f"{_DEBIAN}: trixie 1:2.3.3-1"),
    System("ubuntu-18.04", "1.3.9", "freaks.city/blogs/keepalived-vip-loss-due-to-systemd-networkd-restart.html"),
    System("ubuntu-20.04", "2.0.19", f"{_GITHUB}/evrardjp/ansible-keepalived/pull/141"),
    System("ubuntu-22.04", "2.2.4", f"{_UBUNTU}/jammy/keepalived: 1:2.2.4-0.2build1"),
    System("ubuntu-24.04", "2.2.8", f"{_UBUNTU}/noble/keepalived: 1:2.2.8-1build2"),
    System("ubuntu-25.10", "2.3.3", f"{_UBUNTU}/questing/keepalived: 1:2.3.3-1"),
    System("ubuntu-26.04", "2.3.4", f"{_UBUNTU}/resolute/keepalived: 1:2.3.4-1"),
    System("rhel-7", "1.3.5", f"{_GITHUB}/acassen/keepalived/issues/1241"),
    System("rhel-8", "2.1.5", f"{_ALMA}/almalinux/8/AppStream: 2.1.5-11.el8_10, as public scripts name it"),
    System("rhel-9", "2.2.8", f"{_ALMA}/almalinux/9/AppStream: 2.2.8-6.el9, as public scripts name it"),
    System("rhel-10", "2.2.8", "vault.almalinux.org/10.0/AppStream: 2.2.8-9.el10"),
    System("alpine-3.11", "2.0.19", f"{_ALPINE}: v3.11 2.0.19-r0"),
    System("alpine-3.12", "2.0.20", f"{_ALPINE}: v3.12 2.0.20-r0"),
    System("alpine-3.13", "2.2.0", f"{_ALPINE}: v3.13 2.2.0-r0"),
    System("alpine-3.14", "2.2.1", f"{_ALPINE}: v3.14 2.2.1-r0"),
    System("alpine-3.15", "2.2.4", f"{_GITHUB}/fhriley/keepalived: 2.2.4-r2 on alpine:3.15"),
    System("alpine-3.16", "2.2.7", f"{_ALPINE}: v3.16 2.2.7-r1"),
    System("alpine-3.17", "2.2.7", f"{_GITHUB}/knoppiks/keepalived: 2.2.7-r2 on alpine:3.17"),
    System("alpine-3.18", "2.2.8", f"{_GITHUB}/knoppiks/keepalived: 2.2.8-r0 on alpine:3.18.4"),
    System("alpine-3.19", "2.2.8", f"{_ALPINE}: as v3.20, whose package was built before v3.19"),
    System("alpine-3.20", "2.2.8", f"{_ALPINE}: v3.20 2.2.8-r0"),
    System("alpine-3.21", "2.3.1", f"{_ALPINE}: as v3.22, whose package was built before v3.21"),
    System("alpine-3.22", "2.3.1", f"{_ALPINE}: v3.22 2.3.1-r0"),
    System("alpine-3.23", "2.3.4", f"{_ALPINE}: v3.23 2.3.4-r3"),
    System("alpine-3.24", "2.3.4", f"{_ALPINE}: v3.24 2.3.4-r2"),
)

CODENAMES = {
    "debian": {"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13"},
    "ubuntu": {
        "bionic": "18.04",
        "focal": "20.04",
        "jammy": "22.04",
        "noble": "24.04",
        "questing": "25.10",
        "resolute": "26.04",
    },
}
SAME_AS = {"centos": "rhel", "rocky": "rhel", "almalinux": "rhel", "oraclelinux": "rhel"}
"""Systems that rebuild the packages of another one."""


def version_of(name: str) -> str | None:
    """The release that a system's name stands for; None for a name that is unknown."""
    family, _, number = name.strip().lower().partition("-")
    family = SAME_AS.get(family, family)
    number = CODENAMES.get(family, {}).get(number, number)
    if family == "rhel":
        number = number.partition(".")[0]
    wanted = f"{family}-{number}"
    return next((system.version for system in SYSTEMS if system.name == wanted), None)


def nearest(name: str) -> tuple[str, ...]:
    """The systems of the name's family with the next lower and the next higher number; none for what has no number."""
    family, _, number = name.strip().lower().partition("-")
    own = SAME_AS.get(family, family)
    if not number.replace(".", "").isdecimal():
        return ()
    known = {
        _numbers(number): number for each, _, number in (one.name.partition("-") for one in SYSTEMS) if each == own
    }
    below = sorted(each for each in known if each < _numbers(number))[-1:]
    above = sorted(each for each in known if each > _numbers(number))[:1]
    return tuple(f"{family}-{known[each]}" for each in (*below, *above))


def _numbers(number: str) -> tuple[int, ...]:
    return tuple(int(part[:9] or "0") for part in number.split("."))


def families() -> frozenset[str]:
    """The first words of all names."""
    return frozenset((*(system.name.partition("-")[0] for system in SYSTEMS), *SAME_AS))
