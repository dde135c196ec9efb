"""What only this machine can tell: files, interfaces and users. It looks and never runs anything.

Imported only for `kalint check --host`, and for what listens.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator


class Host:
    """The machine that kalint runs on; tests put another one in its place."""

    def exists(self, path: str) -> bool:
        """Whether something is there; symbolic links are followed."""
        return os.path.exists(path)

    def executable(self, path: str) -> bool:
        """Whether it is a file that somebody may execute; scripts run as users that kalint is not."""
        try:
            mode = os.stat(path).st_mode
        except OSError:
            return False
        return stat.S_ISREG(mode) and bool(mode & 0o111)

    def writable(self, path: str) -> str:
        """The first part of an absolute path, from / on, that others than root can change; "" where there is none.

        Source: lib/notify.c (check_security) of keepalived 2.2.7: the owner is not root, or the group (other than
        root's) or everybody may write, but for directories with the sticky bit.
        """
        parts = path.split("/")
        for index in range(1, len(parts) + 1):
            part = "/".join(parts[:index]) or "/"
            try:
                found = os.lstat(part)
            except OSError:
                return ""
            if found.st_uid or _open(found):
                return part
        return ""

    def interface(self, name: str) -> bool:
        from socket import if_nametoindex

        try:
            return if_nametoindex(name) > 0
        except OSError:
            return False

    def user(self, name: str) -> bool:
        """A user's name; a number stands for itself."""
        import pwd

        try:
            return name.isdigit() or bool(pwd.getpwnam(name))
        except KeyError:
            return False

    def group(self, name: str) -> bool:
        import grp

        try:
            return name.isdigit() or bool(grp.getgrnam(name))
        except KeyError:
            return False

    def shell(self) -> str:
        """What /bin/sh is: `dash`, `bash`, `busybox`; "sh" where it is a program of that name."""
        return os.path.basename(os.path.realpath("/bin/sh"))

    def addresses(self) -> frozenset[tuple[int, bytes]]:
        """The addresses of all interfaces that are up, as family (4 or 6) and bytes."""
        from socket import AF_INET, AF_INET6, inet_pton

        found = (text.partition("%")[0] for text in addresses())
        return frozenset(
            (6, inet_pton(AF_INET6, text)) if ":" in text else (4, inet_pton(AF_INET, text)) for text in found
        )

    def own_addresses(self) -> frozenset[tuple[int, bytes]]:
        """Those that the machine has for itself; none while keepalived runs, which may have brought some of them."""
        return frozenset() if self.process("keepalived") else self.addresses()

    def process(self, name: str) -> bool:
        """Whether a program of this name runs."""
        return any(True for _ in _processes(name))

    def process_here(self, name: str) -> bool:
        """Whether a program of this name runs in this network namespace, as far as one may look."""
        return any(_network(number) == _network("self") for number in _processes(name))


def _processes(name: str) -> Iterator[str]:
    """The numbers of the processes of this name."""
    for number in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if number.isdigit():
            try:
                with open(f"/proc/{number}/comm", encoding="utf-8", errors="replace") as stream:
                    if stream.read().strip() == name:
                        yield number
            except OSError:  # it has ended
                continue


def _network(number: str) -> str:
    """The network namespace of a process; our own where only root may look."""
    try:
        return os.readlink(f"/proc/{number}/ns/net")
    except PermissionError:
        return os.readlink("/proc/self/ns/net")
    except OSError:  # it has ended
        return ""


def _open(found: os.stat_result) -> bool:
    mode = found.st_mode
    if stat.S_ISLNK(mode) or (stat.S_ISDIR(mode) and mode & stat.S_ISVTX):
        return False
    return bool(mode & stat.S_IWOTH) or bool(found.st_gid and mode & stat.S_IWGRP)


def addresses() -> frozenset[str]:
    """The addresses of this host, IPv4 and IPv6, of all interfaces that are up."""
    import fcntl
    import struct
    from socket import AF_INET, AF_INET6, SOCK_DGRAM, inet_ntop, socket

    siocgifconf, room = 0x8912, 40 * 1024
    found: set[str] = set()
    with socket(AF_INET, SOCK_DGRAM) as opened:
        buffer = bytearray(room)
        where = memoryview(buffer)
        import ctypes

        place = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
        answer = fcntl.ioctl(opened, siocgifconf, struct.pack("iL", room, place))
        size = struct.unpack("iL", answer)[0]
        found.update(inet_ntop(AF_INET, where[at + 20 : at + 24]) for at in range(0, size, 40))
    try:
        with open("/proc/net/if_inet6", encoding="ascii") as stream:
            found.update(inet_ntop(AF_INET6, bytes.fromhex(line.split()[0])) for line in stream)
    except OSError:  # a kernel without IPv6
        pass
    return frozenset(found)


def link_state(interface: str) -> str:
    """`up` for an interface that is up and running, which is what keepalived asks for; else `down`."""
    import fcntl
    import struct
    from socket import AF_INET, SOCK_DGRAM, socket

    siocgifflags, up_and_running = 0x8913, 0x41
    with socket(AF_INET, SOCK_DGRAM) as opened:
        try:
            answer = fcntl.ioctl(opened, siocgifflags, struct.pack("16sH22x", interface.encode()[:15], 0))
        except OSError:
            return "down"
    flags = struct.unpack("16sH22x", answer)[1]
    return "up" if flags & up_and_running == up_and_running else "down"
