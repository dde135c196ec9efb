"""Over real configurations: a safe fix changes in the daemon's own dump what its finding is about, and nothing else.

    KALINT_REQUIRE_DAEMON=1 python -m pytest -s tests/daemon/test_fixes_corpus.py

prints every line that differs. The commands of the files are taken out first (`harmless.prepare`).
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from dump import VRRP, Process, ask, complaints
from harmless import interfaces, namespaces, prepare
from harness import RELEASE
from servers import checkers, missing
from test_show_corpus import CORPUS, config_id

from kalint.pipeline.checking import check
from kalint.pipeline.fixing import fixed
from kalint.pipeline.reading import Asked
from kalint.pipeline.request import CheckRequest
from kalint.version import parse_version

MEANT = {
    ("KA002", "write lb_kind"): r"   (default )?forwarding method = \w+",
    ("KA002", "write router_id"): r" Router ID = .*",
    ("KA301", "write state BACKUP"): r"   (Flags:( none)?|Wantstate = \w+|Preempt = \w+)",
    ("KA506", "remove the repeated line"): r"     [\d.]+ min_ttl 0 max_ttl 255",
}
"""The lines of the dump that the fix of a rule may change. Any other fix changes none: it only ends a complaint."""
ANOTHER_RUN = re.compile("fe80::[0-9a-f:]+")
"""What differs from run to run: addresses that the kernel gives to new links."""
MAPPED = re.compile(r"::ffff:(?=127\.)")
"""Before the address of localhost, which the system gives as one of IPv6 where a link has such an address already."""
END = re.compile("------< Interfaces >------|  Please report a bug at")
"""Where a dump ends: at the links of this run, or where 2.2.7 crashes at its end, which it does now and then."""
PATIENCE = 5
"""Seconds for one dump. A daemon that cannot go on says what it has read up to there."""


def mend(source: Path, folder: Path) -> tuple[set[tuple[str, str]], str]:
    """Put a harmless copy of a file into `before`, and what --fix makes of it into `after`: its fixes, and the id."""
    node = config_id(source)
    asked = Asked(config_id=node, version=parse_version(RELEASE))
    if not any(each.fix is not None and each.fix.safe for each in check([str(source)], asked)[0].diagnostics):
        return set(), node
    (folder / "before").mkdir(parents=True)
    copy = prepare(source, folder / "before", node)
    mended = fixed(CheckRequest((str(copy),), asked), {}).mended
    shutil.copytree(folder / "before", folder / "after")
    for name, content in mended.contents.items():
        (folder / "after" / Path(name).relative_to(folder / "before")).write_bytes(content)
    return {(each.code, each.fix.title) for each in mended.fixed if each.fix is not None}, node


def dumped(folder: Path, node: str, process: Process) -> list[str]:
    """What a process of the daemon has read, up to the interfaces of this run; the rest of its log is about the run."""
    file = folder / "keepalived.conf"
    links = interfaces(file, node) | {"eth0"}
    try:
        said = ask(folder, links, node, namespaces(file, node), PATIENCE, process)
    except RuntimeError as error:
        said = re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", str(error), flags=re.MULTILINE)
    said = MAPPED.sub("", ANOTHER_RUN.sub("LINK-LOCAL", END.split(said)[0]))
    return [line for line in said.splitlines() if line.startswith((" ", "------<"))]


def said(folder: Path, node: str) -> Counter[str]:
    """What `keepalived -t` complains of, without the numbers of lines."""
    file = folder / "keepalived.conf"
    lines = complaints(folder, interfaces(file, node) | {"eth0"}, node, namespaces(file, node)).splitlines()
    return Counter(re.sub(r"Line \d+", "Line", line) for line in lines)


def differences(folder: Path, node: str) -> tuple[list[str], int]:
    """The lines of the dumps of `before` and `after` that differ, new complaints, and how many lines were compared."""
    found: list[str] = []
    count = 0
    for process in (VRRP, checkers()):
        dumps = [Counter(dumped(folder / which, node, process)) for which in ("before", "after")]
        found += [*(dumps[0] - dumps[1]).elements(), *(dumps[1] - dumps[0]).elements()]
        count += dumps[0].total()
    new = said(folder / "after", node) - said(folder / "before", node)
    return [*found, *(f"complaint: {line}" for line in new)], count


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus, which is not part of the project")
@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_safe_fixes_change_what_they_are_about(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Every file that has safe fixes for the installed release, before and after all of them."""
    files = sorted(CORPUS.iterdir())
    with ProcessPoolExecutor(2) as processes:
        made = processes.map(mend, files, [tmp_path / file.name for file in files], chunksize=20)
        fixes = {file.name: each for file, each in zip(files, made, strict=True)}
    mended = {name: made for name, made in fixes.items() if made[0]}
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda name: differences(tmp_path / name, mended[name][1]), mended)
        results = dict(zip(mended, answers, strict=True))
    wrong = []
    with capsys.disabled():
        print(f"\n{len(files)} files, {len(mended)} of them with safe fixes")
        for name, (lines, count) in results.items():
            codes = mended[name][0]
            print(f"    {name}: {sorted(codes)}: {len(lines)} of {count} lines differ", *lines, sep="\n        ")
            meant = re.compile("|".join(MEANT[fix] for fix in codes if fix in MEANT) or "(?!)")
            wrong += [f"{name}: {line}" for line in lines if not meant.fullmatch(line)]
    assert not wrong
    assert len(mended) > 25
    assert sum(count > 50 for _, count in results.values()) > 0.9 * len(mended)
