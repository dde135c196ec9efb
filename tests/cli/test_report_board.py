"""The failure board of `kalint report`: every answer of the page is what `kalint cluster --state` says."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html import unescape
from io import StringIO
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import chromium

from kalint.pipeline.clusters import reported
from kalint.pipeline.nodes import asked_for
from kalint.pipeline.reading import Asked
from kalint.report.report_html import render
from kalint.settings.model import ClusterSettings, NodeSettings

Run = Callable[..., SimpleNamespace]
EXAMPLES = Path(__file__).parents[2] / "examples"
STORY = [EXAMPLES / "too-small-weight" / f"{name}.conf" for name in ("lb1", "lb2")]


def page_of(*files: Path) -> str:
    """The page of files, each a node of its own name."""
    stream = StringIO()
    render(reported(ClusterSettings("", tuple(NodeSettings(file.stem, str(file)) for file in files)), Asked()), stream)
    return stream.getvalue()


def data_of(page: str) -> Any:
    """The document that the page's script reads."""
    found = re.search(r'<script type="application/json" id="board-data">(.*?)</script>', page)
    assert found
    return json.loads(found.group(1))


def table_of(data: Any, place: int = 0) -> dict[frozenset[str], tuple[Any, ...]]:
    """The priorities and masters of a router for each set of failures that the page has, read as its format says."""
    switches, table = data["board"]["switches"], data["answers"]["routers"][place]
    singles = [
        (number, f"{switches[number]['node']}:{switches[number]['thing']}={state['state']}")
        for number in table["concerns"]
        for state in switches[number]["states"]
    ]
    pairs = [frozenset((one[1], two[1])) for one, two in combinations(singles, 2) if one[0] != two[0]]
    sets = [frozenset[str](), *(frozenset((text,)) for _, text in singles), *pairs]
    return {
        failures: tuple(table["outcomes"][answer][:2]) for failures, answer in zip(sets, table["answers"], strict=False)
    }


def test_the_page_has_every_single_failure_and_pair_as_the_command_says(run_kalint: Run) -> None:
    """For each set of up to two failures: the priorities and the masters of `kalint cluster --state`."""
    table = table_of(data_of(page_of(*STORY)))
    things = ["daemon=stopped", "script:chk_haproxy=ko", "script:chk_gateway=ko", "interface:eth0=down"]
    every = [f"{node}:{thing}" for node in ("lb1", "lb2") for thing in things]
    assert set(table) == {frozenset(some) for count in range(3) for some in combinations(every, count)}
    for failures, (priorities, masters) in table.items():
        if failures:
            words = [word for text in sorted(failures) for word in ("--state", text)]
            told = json.loads(run_kalint("cluster", *map(str, STORY), "--format", "json", *words).out)
            router = told["situation"]["routers"][0]
            assert (priorities, masters) == (list(router["priorities"].values()), router["possible_masters"])


def shown(page: str, fragment: str, tmp_path: Path) -> str:
    """The page's document once its script has run in Chromium, with a situation in its address."""
    (tmp_path / "page.html").write_text(page)
    result = subprocess.run(
        [
            *(chromium(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
            *("--dump-dom", f"file://{tmp_path / 'page.html'}{fragment}"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    return result.stdout


def words_of(document: str) -> str:
    """What the board says, without markup."""
    found = re.search(r'<p class="board-status.*?(?=<section)', document, re.DOTALL)
    assert found, document
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found.group())).split())


@pytest.mark.daemon
def test_a_switch_changes_the_master(tmp_path: Path) -> None:
    """The gateway fails on lb1: 152 - 60 is below the 102 of lb2, and the page's policy lets its script say so."""
    document = shown(page_of(*STORY), "#state=lb1:script:chk_gateway=ko", tmp_path)
    said = words_of(document)
    assert said.startswith("1 failure: lb2 is master")
    assert "lb2 is master after at most 7.6 s lb2 has the highest priority, 102 (lb1 has 92)" in said
    assert "lb1 backup 92 lb2 master 102 lb2 holds 192.0.2.17/24" in said
    assert re.search(r'aria-label="script chk_gateway on lb1" aria-checked="false"', document)


@pytest.mark.daemon
def test_nobody_is_red_and_said(tmp_path: Path) -> None:
    """Both interfaces down: the card is an alarm, and words say that nobody holds the address."""
    document = shown(page_of(*STORY), "#state=lb1:interface:eth0=down&lb2:interface:eth0=down", tmp_path)
    said = words_of(document)
    assert said.startswith("2 failures: there is no master")
    assert "no node holds 192.0.2.17/24" in said
    assert '<article class="board-card level-bad">' in document


@pytest.mark.daemon
def test_beyond_pairs_the_page_says_what_to_ask(tmp_path: Path) -> None:
    """Three failures are not worked out; what is no failure of this page is left out."""
    three = "#state=lb1:daemon=stopped&lb2:script:chk_haproxy=ko&lb2:interface:eth0=down&lb9:daemon=stopped&%zz"
    said = words_of(shown(page_of(*STORY), three, tmp_path))
    assert said.startswith("3 failures: not worked out in this page")
    command = "--state lb1:daemon=stopped --state lb2:script:chk_haproxy=ko --state lb2:interface:eth0=down"
    assert f"Ask kalint itself: kalint cluster FILE... {command}" in said


def test_fifty_routers_stay_below_700_kb(tmp_path: Path) -> None:
    """Two nodes with fifty routers, three checks each, and some findings; the answers of all pairs are in the page."""
    for name, base in (("lb1", 150), ("lb2", 100)):
        text = "".join(
            f'vrrp_script chk_{each} {{\nscript "/bin/check {each}"\ninterval 2\nweight {-60 if each < 3 else -2}\n}}\n'
            for each in range(53)
        )
        text += "".join(
            f"vrrp_instance web_{number} {{\ninterface vlan{number}\nvirtual_router_id {number}\npriority {base}\n"
            f"virtual_ipaddress {{\n10.0.{number}.1/24\n}}\ntrack_script {{\nchk_0\nchk_1\nchk_{number + 2}\n}}\n}}\n"
            for number in range(1, 51)
        )
        (tmp_path / f"{name}.conf").write_text(text)
    page = page_of(tmp_path / "lb1.conf", tmp_path / "lb2.conf")
    assert len(page.encode()) < 700_000
    assert len(data_of(page)["board"]["routers"]) == 50
    tables = [table_of(data_of(page), place) for place in (0, 49)]
    assert [len(table) for table in tables] == [1 + 10 + 45] * 2


REQUIRED = """[clusters.web]
require = '''
lb1 is master while nothing is down
failover: lb2 is master when script chk_haproxy on lb1 fails
exactly one master when link between lb1 and lb2 is cut
'''
"""


def required_page(tmp_path: Path) -> str:
    """The page of the story with requirements."""
    nodes = "".join(f'[clusters.web.nodes.{file.stem}]\nfile = "{file}"\n' for file in STORY)
    (tmp_path / "kalint.toml").write_text(REQUIRED + nodes)
    (cluster,) = asked_for((), Asked(settings=str(tmp_path / "kalint.toml")))
    stream = StringIO()
    render(reported(cluster, Asked()), stream)
    return stream.getvalue()


def test_requirements_stand_first(tmp_path: Path) -> None:
    """What fails before what holds, each with its counterexample; what the board has no switch for has no link."""
    page = required_page(tmp_path)
    section = page[page.index('<section id="requirements"') : page.index('<section id="board"')]
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", section)))
    assert "3 requirements: 1 holds, 2 fail" in text
    slow, cut, held = (
        text.index(f"{verdict} {words}")
        for verdict, words in (
            ("fails", "failover: lb2 is master when script chk_haproxy on lb1 fails"),
            ("fails", "exactly one master when link between lb1 and lb2 is cut"),
            ("holds", "lb1 is master while nothing is down"),
        )
    )
    assert slow < cut < held
    assert "script chk_haproxy on lb1 fails: lb1 is master" in text[slow:cut]
    assert re.findall('href="(#state=[^"]*)"', section) == ["#state=lb1%3Ascript%3Achk_haproxy%3Dko"]


@pytest.mark.daemon
def test_link_of_a_counterexample_sets_the_switches(tmp_path: Path) -> None:
    """The board says then what the requirement failed for: lb1 stays master."""
    page = required_page(tmp_path)
    (fragment,) = re.findall('href="(#state=[^"]*)"', page)
    document = shown(page, fragment, tmp_path)
    assert re.search(r'aria-label="script chk_haproxy on lb1" aria-checked="false"', document)
    assert words_of(document).startswith("1 failure: lb1 is master")
