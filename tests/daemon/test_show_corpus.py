"""Issue: over real configurations, `kalint show` says what keepalived 2.2.7 itself resolves.

    KALINT_REQUIRE_DAEMON=1 python -m pytest -s tests/daemon/test_show_corpus.py

runs the daemon on every file of ../shared/corpus in a namespace with the interfaces that they name, and prints how many
files, instances and values it compared, which files the daemon refuses, and every difference. Whatever a script of such
a file would do is taken out first (`harmless.prepare`): only what keepalived makes of the text counts here.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from comparison import differences, shown
from dump import Router, ask, parse
from harmless import interfaces, namespaces, prepare

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"


def config_id(file: Path) -> str:
    """The first id that the file asks for with `@id`, so that its lines count for somebody."""
    found = re.search(rb"^\s*@([\w.-]+)", file.read_bytes(), re.MULTILINE)
    return found[1].decode() if found else "node"


def reason(log: str) -> str:
    """The last thing that the daemon says before it says that it ends."""
    lines = [re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", line) for line in log.strip().splitlines()]
    said = [line for line in lines if not re.match(r"Stop(ped|ping)|pid \d+ exited|Starting|.*respawn", line)]
    return said[-1] if said else "nothing"


def compare(source: Path, folder: Path) -> tuple[int, list[str]] | str:
    """How many instances the daemon runs and what differs, or why it does not start."""
    node = config_id(source)
    file = prepare(source, folder, node)
    links = interfaces(file, node) | {"eth0"}
    said = shown(file, node)
    try:
        daemon = parse(ask(folder, links, node, namespaces(file, node)))
    except RuntimeError as error:
        return reason(str(error))
    return len(daemon.routers), list(differences(daemon, said))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus, which is not part of the project")
def test_show_is_what_the_daemon_resolves(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Instances, priorities, VRIDs, intervals, preemption, addresses, groups and trackers of every real file."""
    files = sorted(CORPUS.iterdir())
    folders = [tmp_path / file.name for file in files]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(4) as pool:
        results = dict(zip(files, pool.map(compare, files, folders), strict=True))
    refused = [f"{file.name}: {result}" for file, result in results.items() if isinstance(result, str)]
    compared = {file: result for file, result in results.items() if not isinstance(result, str)}
    instances = sum(count for count, _ in compared.values())
    found = [f"{file.name}: {line}" for file, (_, lines) in compared.items() for line in lines]
    with capsys.disabled():
        print(f"\n{len(files)} files; keepalived starts with {len(compared)} of them, which have {instances} instances")
        _list(f"{instances * len(Router._fields)} values compared, {len(found)} differ", found)
        _list(f"{len(refused)} files that keepalived does not start with", refused)
    assert not found
    assert len(compared) > 0.75 * len(files)


def _list(title: str, lines: list[str]) -> None:
    print(title, *lines, sep="\n    ")
