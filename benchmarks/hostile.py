"""CPU time and peak memory of `kalint` on careless and hostile inputs: each stays linear, and bounded.

    python benchmarks/hostile.py [WORD...]

WORDs choose the inputs whose names hold one of them. Time is that of the process alone (user and system), so that a
busy machine counts little.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from clock import kalint

HEAD = "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 7\n    priority 100\n"
ADDRESS = "    virtual_ipaddress {\n        192.0.2.9/24\n    }\n}\n"
PATIENCE = 30
"""Seconds of the processor after which a run is ended."""
MOST_MEMORY = 6 << 30
"""Bytes that a run may have before it is ended."""
MEBIBYTE = 1024
"""Kibibytes, which the system counts in."""


class Case(NamedTuple):
    """An input: what it is called, its files, the command, and what it may take (seconds of the processor, MiB)."""

    name: str
    files: dict[str, Callable[[], str]]
    command: tuple[str, ...] = ("check", "a.conf", "-q")
    seconds: float = 2
    memory: float = 300


def one(name: str, text: Callable[[], str], **rest: float) -> Case:
    return Case(name, {"a.conf": text}, **rest)  # type: ignore[arg-type]


def repeated(line: str, count: int, head: str = HEAD, tail: str = ADDRESS) -> str:
    """`count` lines with {n} as their number, within an instance."""
    return head + "".join([line.replace("{n}", str(number)) + "\n" for number in range(count)]) + tail


def addresses(count: int) -> str:
    lines = (f"        10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}/8\n" for n in range(count))
    return HEAD + "    virtual_ipaddress {\n" + "".join(lines) + "    }\n}\n"


def scripts(count: int, weight: str = "", words: str = "") -> str:
    made = [f'vrrp_script s{n} {{\n    script "/bin/s{n}"\n    interval 2\n{weight}}}\n' for n in range(count)]
    return "".join(made) + repeated("        s{n}" + words, count, HEAD + "    track_script {\n", "    }\n" + ADDRESS)


def scripts_weighted(count: int, seed: int) -> str:
    """Scripts of random weights."""
    chance = random.Random(seed)
    made = [
        f"vrrp_script s{n} {{\n    script /bin/true\n    weight {chance.randint(-253, 253)}\n}}\n" for n in range(count)
    ]
    return "".join(made) + repeated("        s{n}", count, HEAD + "    track_script {\n", "    }\n" + ADDRESS)


def files_tracked(count: int) -> str:
    made = [f'vrrp_track_file f{n} {{\n    file "/run/f{n}"\n    weight 1\n}}\n' for n in range(count)]
    return "".join(made) + repeated("        f{n}", count, HEAD + "    track_file {\n", "    }\n" + ADDRESS)


def files_weighted(weights: Iterable[int]) -> str:
    """A tracked file for each of the weights."""
    numbered = list(enumerate(weights))
    made = "".join(f'vrrp_track_file f{n} {{\n    file "/run/f{n}"\n}}\n' for n, _ in numbered)
    lines = "".join(f"        f{n} weight {weight}\n" for n, weight in numbered)
    return f"{made}{HEAD}    track_file {{\n{lines}    }}\n{ADDRESS}"


def group(count: int, priority: int) -> str:
    """Instances that all stand in one sync group, each with a script of its own."""
    members = repeated("        V{n}", count, "vrrp_sync_group G {\n    group {\n", "    }\n}\n")
    made = [
        f"vrrp_instance V{n} {{\n    interface eth{n // 200}\n    virtual_router_id {n % 200 + 1}\n"
        f"    priority {priority}\n    virtual_ipaddress {{\n        10.0.{n // 200}.{n % 200 + 1}/24\n    }}\n}}\n"
        for n in range(count)
    ]
    return members + "".join(made)


def fixable(count: int) -> str:
    """Instances with a safe fix each."""
    return "".join(
        f"vrrp_instance V{n} {{\n    interface eth{n // 200}\n    virtual_router_id {n % 200 + 1}\n    priority 300\n"
        f"    nopreempt\n    nopreempt\n    advert_int 1;\n    virtual_ipaddress {{\n"
        f"        10.0.{n >> 8}.{n & 255}/24\n    }}\n}}\n"
        for n in range(count)
    )


def node(advert: str = "1") -> str:
    return f"{HEAD}    advert_int {advert}\n{ADDRESS}"


def scenario(duration: str) -> str:
    return f"duration = {duration}\n"


def simulated(name: str, advert: str, duration: str, *options: str) -> Case:
    files: dict[str, Callable[[], str]] = {
        "a.conf": lambda: node(advert),
        "b.conf": lambda: node(advert).replace("priority 100", "priority 90"),
        "s.toml": lambda: scenario(duration),
    }
    return Case(name, files, ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", *options))


PASSWORDS = "    authentication {\n        auth_type PASS\n        auth_pass {n}secret\n    }\n"
BLOCK = """$BLOCK= \\
vrrp_instance V_${A}_${B} { \\
    interface eth0 \\
    virtual_router_id 7 \\
    virtual_ipaddress { \\
        10.0.${A}.${B} \\
    } \\
}

"""
VIRTUAL_SERVER = """virtual_server 10.0.0.1 {n} {
    delay_loop 5
    real_server 10.0.0.2 {n} {
        TCP_CHECK {
        }
    }
}
"""
CASES: tuple[Case, ...] = (
    one("ignore comments, on lines", lambda: repeated("    # kalint: ignore[KA210] no {n}", 100_000)),
    one("ignore comments, at ends", lambda: repeated("    garp_master_delay 5 # kalint: ignore[KA210]", 100_000)),
    one("ignore comments, no rule", lambda: repeated("    # kalint: ignore[XY210]", 100_000)),
    one("ignore comments in one line", lambda: repeated("#" + " # kalint: ignore[KA210] x" * 100_000, 1)),
    one("ignore comments, misspelt", lambda: repeated("# kalint: ignroe[KA210]", 100_000)),
    one("placeholders, 100,000", lambda: repeated("    {{ a{n}", 100_000)),
    one("quotes, 1,000,000 in a line", lambda: HEAD + '"' * 1_000_000 + "\n" + ADDRESS),
    one("quotes, 1,000,001 in a line", lambda: HEAD + '"' * 1_000_001 + "\n" + ADDRESS),
    one("quotes, 1,000,000 words", lambda: HEAD + '"" ' * 1_000_000 + "\n" + ADDRESS),
    one("braces, 1,000,000 in a line", lambda: HEAD + "{" * 1_000_000 + "\n" + ADDRESS),
    one("braces, 1,000,000 closing", lambda: HEAD + "}" * 1_000_000 + "\n" + ADDRESS),
    one("braces, 100,000 lines opening", lambda: repeated("{", 100_000)),
    one("braces, 100,000 lines closing", lambda: repeated("}", 100_000)),
    one("blocks, 100,000 deep", lambda: repeated("a{n} {", 100_000)),
    one("backslashes, 1,000,000", lambda: HEAD + "\\" * 1_000_000 + "\n" + ADDRESS),
    one("hashes, 1,000,000", lambda: HEAD + "x" + "\\#" * 500_000 + "\n" + ADDRESS),
    one("dollars, 1,000,000", lambda: HEAD + "$" * 1_000_000 + "\n" + ADDRESS),
    one("uses, 300,000 undefined", lambda: HEAD + "${A}" * 300_000 + "\n" + ADDRESS),
    one("uses, 300,000 defined", lambda: "$A=x\n" + HEAD + "${A}" * 300_000 + "\n" + ADDRESS),
    one("a line of 40 MB", lambda: HEAD + "x" * 40_000_000 + "\n" + ADDRESS),
    one("a line of 40 MB of words", lambda: HEAD + "x y " * 10_000_000 + "\n" + ADDRESS),
    one("a comment of 40 MB", lambda: HEAD + "# " + "x" * 40_000_000 + "\n" + ADDRESS),
    one("a value of 40 MB", lambda: HEAD + "    notify_master " + "x" * 40_000_000 + "\n" + ADDRESS),
    one("a password of 40 MB", lambda: HEAD + "    auth_pass " + "x" * 40_000_000 + "\n" + ADDRESS),
    one("a password of 40 MB of words", lambda: HEAD + "    auth_pass " + "ab " * 13_000_000 + "\n" + ADDRESS),
    one("scripts, 1,000", lambda: scripts(1000), seconds=4),
    one("scripts, 10,000", lambda: scripts(10_000), seconds=4),
    one("scripts with weights, 10,000", lambda: scripts(10_000, "    weight -1\n"), seconds=4),
    one("scripts reversed, 10,000", lambda: scripts(10_000, words=" weight 2 reverse"), seconds=4),
    one("track files, 507", lambda: files_tracked(507)),
    one("track files, weights -253..253", lambda: files_weighted(range(-253, 254))),
    one("unknown keywords, 1,000,000", lambda: repeated("    unknown{n}", 1_000_000), seconds=13),
    one("unknown keyword, 1,000,000 times", lambda: repeated("    unknown", 1_000_000), seconds=13),
    one("near keywords, 100,000", lambda: repeated("    priorty{n} 5", 100_000)),
    one("repeated keyword, 300,000", lambda: repeated("    priority 5", 300_000), seconds=13),
    one("bad values, 300,000", lambda: repeated("    priority x{n}", 300_000), seconds=13),
    one("extra words, 300,000", lambda: repeated("    nopreempt x{n}", 300_000), seconds=13),
    one("addresses, 1,000,000", lambda: addresses(1_000_000), seconds=13),
    one("bad addresses, 300,000", lambda: repeated("    virtual_ipaddress { x{n} }", 300_000), seconds=13),
    one("passwords, 100,000", lambda: repeated(PASSWORDS, 25_000), seconds=13),
    one("passwords, 100,000 in one block", lambda: repeated("    auth_pass s3cret{n}", 100_000), seconds=13),
    one("passwords on unknown lines", lambda: repeated("    passwd s3cret{n}", 100_000), seconds=13),
    one(
        "definitions of passwords",
        lambda: (
            "$A0=secret\n"
            + "".join(f"$A{n + 1}=$A{n}\n" for n in range(20_000))
            + HEAD
            + "    auth_pass $A20000\n"
            + ADDRESS
        ),
    ),
    one("~SEQ over 10^30", lambda: HEAD + f"~SEQ(A, 1, {10**30}) unknown$A x\n" + ADDRESS),
    one("65,536 copies of a block", lambda: BLOCK + "~SEQ(A, 0, 255) ~SEQ(B, 0, 255) $BLOCK\n" + HEAD + ADDRESS),
    one("instances, 5,000 of one name", lambda: (HEAD + ADDRESS) * 5000, seconds=4),
    one(
        "one group of 10,000 members",
        lambda: repeated("V{n}", 10_000, "vrrp_sync_group G {\ngroup {\n", "}\n}\n"),
    ),
    one("10,000 groups", lambda: repeated("vrrp_sync_group G{n} {\n group {\n V\n }\n}\n", 10_000, "", HEAD + ADDRESS)),
    one("ids, 10,000", lambda: repeated("@lb{n} priority {n}", 10_000)),
    one("ids, 1,000", lambda: repeated("@lb{n} priority {n}", 1000)),
    one("includes, 10,000 missing", lambda: repeated("include /x/y{n}.conf", 10_000)),
    one("NULs, 1,000,000", lambda: HEAD + "\0" * 1_000_000 + "\n" + ADDRESS),
    one("carriage returns, 10,000,000", lambda: HEAD + "\r" * 10_000_000 + "\n" + ADDRESS),
    one("blank lines, 10,000,000", lambda: HEAD + "\n" * 10_000_000 + "\n" + ADDRESS, seconds=4),
    one(
        "virtual servers, 10,000",
        lambda: repeated(
            "virtual_server 10.0.0.1 {n} {\n delay_loop 5\n real_server 10.0.0.2 {n} {\n TCP_CHECK {\n }\n }\n}\n",
            10_000,
            "",
            "",
        ),
        seconds=13,
    ),
    Case(
        "2 x 200 instances in a group",
        {"a.conf": lambda: group(200, 100), "b.conf": lambda: group(200, 90)},
        ("cluster", "a.conf", "b.conf"),
    ),
    Case(
        "2 x 200 in a group, check",
        {"a.conf": lambda: group(200, 100), "b.conf": lambda: group(200, 90)},
        ("check", "--cluster", "a.conf", "b.conf"),
    ),
    Case("track files, 507: priorities", {"a.conf": lambda: files_tracked(507)}, ("priorities", "a.conf")),
    Case(
        "weights -253..253: priorities", {"a.conf": lambda: files_weighted(range(-253, 254))}, ("priorities", "a.conf")
    ),
    Case("weights 1 and 2: priorities", {"a.conf": lambda: files_weighted([1, 2] * 253)}, ("priorities", "a.conf")),
    Case(
        "scripts with weights: priorities",
        {"a.conf": lambda: scripts(10_000, "    weight -1\n")},
        ("priorities", "a.conf"),
        seconds=4,
    ),
    Case(
        "track files, 507: cluster",
        {"a.conf": lambda: files_tracked(507), "b.conf": lambda: files_tracked(507)},
        ("cluster", "a.conf", "b.conf"),
    ),
    Case("fixes, 2,000 shown", {"a.conf": lambda: fixable(2000)}, ("check", "a.conf", "--diff", "-q"), seconds=5),
    Case("dotted key of 25,000 parts", {"a.conf": node, "kalint.toml": lambda: f"x{'.a' * 25_000} = 1\n"}),
    *(
        Case(
            f"{number:,} scripts of random weights: {command[0]}",
            {name: partial(scripts_weighted, number, seed) for seed, name in enumerate(("a.conf", "b.conf"))},
            (command[0], "a.conf", "b.conf", *command[1:]),
            seconds=seconds,
        )
        for number, seconds in ((1000, 4), (4000, 10))
        for command in (("cluster",), ("require", "-e", "exactly one master whatever one thing fails"), ("diff",))
    ),
    *(
        Case(
            f"track files, 507: {command[0]} {command[1][:3]}",
            {
                "a.conf": lambda: files_tracked(507),
                "b.conf": lambda: files_tracked(507),
                "s.toml": lambda: scenario("60"),
            },
            (command[0], "a.conf", "b.conf", *command[1:]),
        )
        for command in (
            ("require", "-e", "exactly one master whatever one thing fails"),
            ("require", "--propose"),
            ("simulate", "--scenario", "s.toml"),
        )
    ),
    simulated("simulate 10^9 s", "1", "1e9"),
    simulated("simulate a day at 0.01 s", "0.01", "86400"),
)


def measure(case: Case, folder: str) -> tuple[int, float, float, str, int]:
    """Exit status, seconds of the processor, peak MiB, the last line that was said, and bytes printed."""
    for name, text in case.files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text())
    said = os.path.join(folder, "said")
    with open(said, "wb") as stream:
        command = kalint(*case.command)
        process = subprocess.Popen(command, cwd=folder, stdout=stream, stderr=stream, preexec_fn=_limited)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    with open(said, "rb") as reading:
        size = reading.seek(0, os.SEEK_END)
        reading.seek(max(0, size - 300))
        last = reading.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / MEBIBYTE, " ".join(last), size


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main(words: Iterable[str]) -> int:
    chosen = [case for case in CASES if not words or any(word in case.name for word in words)]
    missed = 0
    print(f"{'input':36}{'exit':>5}{'time':>9}{'memory':>10}{'printed':>10}  limit")
    for case in chosen:
        with tempfile.TemporaryDirectory() as folder:  # no case has the files of another one
            status, seconds, memory, last, size = measure(case, folder)
        kept = seconds <= case.seconds and memory <= case.memory and status in (0, 1, 2)
        missed += not kept
        limit = f"{case.seconds:g} s, {case.memory:g} MiB" + ("" if kept else " MISSED")
        print(
            f"{case.name:36}{status:5}{seconds:7.1f} s{memory:6.0f} MiB{size >> 10:6} KiB  {limit}  | {last[-90:]}",
            flush=True,
        )
    return int(missed > 0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(sys.argv[1:]))
