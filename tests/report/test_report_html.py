"""`kalint report`: one page, whole in itself, drawn to scale, nothing of the files obeyed, no password in it."""

from __future__ import annotations

import html
import json
import re
import subprocess
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from browser import chromium

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.pipeline.clusters import reported
from kalint.pipeline.nodes import asked_for
from kalint.pipeline.reading import Asked, Request, load
from kalint.pipeline.revision import revision
from kalint.report.ladder import LINE, Ladder, ladder
from kalint.report.report_html import render
from kalint.settings.model import ClusterSettings, NodeSettings

STORY = Path(__file__).parents[2] / "examples" / "too-small-weight"

NODE = """vrrp_script <i>chk {{
    script "/bin/true"
    weight {weight}
}}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 5
    priority {priority}
    authentication {{
        auth_type PASS
        auth_pass geheim12
    }}
    virtual_ipaddress {{
        10.0.0.1/24
    }}
    track_script {{
        <i>chk
    }}
}}
"""


def drawn(**texts: str) -> Ladder:
    """The ladder of the first router of some nodes."""
    nodes = [Node(name, load(f"{name}.conf", text.encode(), Request()).resolved) for name, text in texts.items()]
    return ladder(analyse(nodes).answers[0].router.members)


def page(tmp_path: Path, **texts: str) -> str:
    """The page of some nodes."""
    for name, text in texts.items():
        (tmp_path / f"{name}.conf").write_text(text)
    nodes = [NodeSettings(name, str(tmp_path / f"{name}.conf")) for name in texts]
    stream = StringIO()
    render(reported(ClusterSettings("", tuple(nodes)), Asked()), stream)
    return stream.getvalue()


def test_rungs_stand_where_their_priorities_are() -> None:
    """On one scale for all nodes: 100 points of priority are as far apart on each, and what is higher stands higher."""
    left, right = drawn(a=NODE.format(weight=50, priority=100), b=NODE.format(weight=-100, priority=120)).lanes
    assert [(rung.priority, rung.kind, rung.nominal) for rung in left.rungs] == [
        ("150", "wins", True),
        ("100", "loses", False),
        ("FAULT", "fault", False),
    ]
    assert [(rung.priority, rung.kind, rung.down) for rung in right.rungs] == [
        ("120", "loses", "nothing is down"),
        ("20", "loses", "script <i>chk ko"),
        ("FAULT", "fault", "interface eth0 down"),
    ]
    assert right.rungs[1].y - right.rungs[0].y == pytest.approx(2 * (left.rungs[1].y - left.rungs[0].y), abs=0.2)
    assert left.rungs[0].y < right.rungs[0].y < left.rungs[1].y < right.rungs[1].y


def test_a_tie_has_a_look_of_its_own() -> None:
    """The rung that stands as high as the best of the others is neither won nor lost."""
    left, _ = drawn(a=NODE.format(weight=-30, priority=130), b=NODE.format(weight=20, priority=80)).lanes
    assert [rung.kind for rung in left.rungs] == ["wins", "ties", "fault"]


def test_texts_keep_apart_and_inside() -> None:
    """However many rungs there are, no text covers another, and the good day's priority has one."""
    scripts = "".join(f"vrrp_script c{n} {{\nscript /bin/true\nweight {2**n}\n}}\n" for n in range(7))
    lines = "\n".join(f"c{n}" for n in range(7))
    text = scripts + NODE.format(weight=1, priority=100).replace(
        "track_script {\n        <i>chk", f"track_script {{\n{lines}"
    )
    drawing = drawn(a=text, b=text)
    for lane in drawing.lanes:
        assert len(lane.rungs) == 129
        places = [rung.label_y for rung in lane.rungs if rung.label_y is not None]
        assert all(below - above >= LINE for above, below in pairwise(places))
        assert 0 < places[0] <= places[-1] < drawing.height
        assert next(rung for rung in lane.rungs if rung.nominal).label_y is not None


class Outline(HTMLParser):
    """The elements of a page, and whether all that were opened are closed in order."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_safe(tmp_path: Path) -> None:
    """Every element is closed; nothing is fetched; a name from a file stays text; the password is masked."""
    text = page(tmp_path, a=NODE.format(weight=20, priority=100), b=NODE.format(weight=20, priority=90))
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert "geheim12" not in text
    assert "auth_pass ********" in text
    assert "&lt;i&gt;chk" in text
    assert "<i>chk" not in text
    tags = {tag for tag, _ in outline.elements}
    assert not tags & {"img", "link", "iframe", "object", "form", "base"}
    references = [
        value for _, attributes in outline.elements for name, value in attributes.items() if name in ("href", "src")
    ]
    assert references
    assert all(value is not None and value.startswith("#") for value in references)
    assert "url(" not in text
    assert not any(name.startswith("on") or name == "style" for _, found in outline.elements for name in found)


def test_the_policy_allows_the_own_script_and_style_only(tmp_path: Path) -> None:
    """Hashes allow the one script that runs and the one style sheet, and nothing else; the script fetches nothing."""
    text = page(tmp_path, a=NODE.format(weight=20, priority=100), b=NODE.format(weight=20, priority=90))
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert [attributes for attributes, _ in scripts] == [' type="application/json" id="board-data"', ' type="module"']
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    hashes = [b64encode(sha256(each.encode()).digest()).decode() for each in (scripts[1][1], style)]
    assert html.unescape(policy) == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"fetch\(|XMLHttp|import[ (]|eval|innerHTML|https?:", scripts[1][1])


def test_the_matrix_says_who_is_master(tmp_path: Path) -> None:
    """The story of the too small weight: lb1 keeps the address when its script fails, and the row says so."""
    text = page(tmp_path, lb1=(STORY / "lb1.conf").read_text(), lb2=(STORY / "lb2.conf").read_text())
    assert "nothing is down: lb1 is master, by its priority" in text
    rows = {row.split("</td>")[0]: re.sub(r"<[^>]*>", " ", row).split() for row in text.split("<tr><td>")[1:]}
    assert " ".join(rows['lb1: script chk_haproxy ko <span class="useless">useless</span>']) == (
        "lb1: script chk_haproxy ko useless 150 102 lb1 stays"
    )
    assert '<td class="yes">150</td><td>102</td><td></td><td class="stays">lb1 stays</td>' in text
    stopped = rows["lb1: daemon stopped"]
    assert " ".join(stopped) == (
        "lb1: daemon stopped FAULT 102 3.6 s after 2.6 to 3.6 s 0 to 1 s first missing advert "
        "2 s 2 more advert intervals 0.6 s skew time lb2 takes over"
    )
    heard = "lb1 and lb2: script chk_haproxy 0 to 5 s, script chk_gateway 0 to 5 s, interface eth0 0 to 1 s"
    assert f"a failure is in adverts after: {heard}" in text
    assert re.search(r"<mark>chk_haproxy</mark>.*?KA801", text, re.DOTALL)


def routers(*numbers: int, weight: int = -60, priority: int = 150) -> str:
    """A node with routers of these numbers, all of which use one script."""
    script = f'vrrp_script chk {{\n script "/bin/check"\n interval 2\n weight {weight}\n}}\n'
    return script + "".join(
        f"vrrp_instance VI_{number} {{\n interface eth{number}\n virtual_router_id {number}\n priority {priority}\n"
        f" virtual_ipaddress {{\n 10.0.{number}.1/24\n }}\n track_script {{\n chk\n }}\n}}\n"
        for number in numbers
    )


def sections(text: str) -> dict[str, str]:
    """The page's routers by name, in order."""
    parts = re.findall(r'<section class="router".*?<h2[^>]*>(.*?)</h2>(.*?)</section>', text, re.DOTALL)
    return dict(parts)


def test_routers_in_trouble_stand_first_with_their_findings(tmp_path: Path) -> None:
    """The third of three routers has an error, the second a warning: that is their order, and each has only its own."""
    safe = "global_defs {\n enable_script_security\n script_user nobody\n}\n"
    bad = routers(1, 2, 3).replace("interface eth2\n", "interface eth2\n authentication {\n auth_type AH\n }\n")
    other = routers(1, 2, 3, priority=100).replace(
        "virtual_router_id 3\n priority 100", "virtual_router_id 3\n priority 89"
    )
    bad, other = safe + bad, safe + other
    text = page(tmp_path, lb1=bad, lb2=other)
    found = sections(text)
    severities = [re.findall(r'<li class="finding (\w+)"', body)[:1] for body in found.values()]
    assert [head.split(":")[0] for head in found] == ["router 3", "router 2", "router 1"]
    assert severities == [["error"], ["warning"], []]
    assert "KA801 a failure of chk takes VI_3 of lb1 from 150 to 90" in found["router 3: VI_3 on eth3"]
    assert "VI_2 does not authenticate" in found["router 2: VI_2 on eth2"]
    overview = re.findall(r'<tr data-router="(router-\d)" data-vrid="(\d)"', text)
    assert overview == [("router-3", "3"), ("router-2", "2"), ("router-1", "1")]


def test_a_finding_on_what_all_routers_use_is_said_once(tmp_path: Path) -> None:
    """What is wrong with a script of four routers is no trouble of one of them."""
    text = routers(1, 2, 3, 4).replace("interval 2", "interval 2\n intervall 2")
    found = page(tmp_path, web=text)
    (elsewhere,) = re.findall(r'<section id="elsewhere".*?</section>', found, re.DOTALL)
    assert "intervall" in elsewhere
    assert not any("intervall" in body for body in sections(found).values())


def test_rows_without_exactly_one_master_are_red(tmp_path: Path) -> None:
    """Two nodes that reject each other's adverts are both master, and that row alone is an alarm."""
    authenticated = "virtual_router_id 1\n authentication {\n auth_type PASS\n auth_pass abc\n }\n"
    text = page(tmp_path, lb1=routers(1).replace("virtual_router_id 1\n", authenticated), lb2=routers(1, priority=100))
    rows = re.findall(r'<tr class="[^"]*bad"><td>(.*?)</td>.*?<td class="(\w+)">([^<]*)</td></tr>', text)
    assert ("nothing fails", "several", "lb1 and lb2") in rows
    assert ("lb1: interface eth1 down", "several", "lb1 and lb2") not in rows


def test_what_fails_as_one_leaves_nobody_in_red(monkeypatch: pytest.MonkeyPatch) -> None:
    """The story of the shared gateway: one cause faults both nodes."""
    monkeypatch.chdir(STORY.parent / "shared-gateway")
    stream = StringIO()
    render(reported(asked_for((), Asked(), least=1)[0], Asked()), stream)
    rows = re.findall(r'<tr class="bad"><td>(.*?)</td>.*?<td class="(\w+)">([^<]*)</td></tr>', stream.getvalue())
    assert rows == [("gateway fails on lb1 and lb2", "nobody", "no master")]


def test_files_are_called_by_their_nodes(tmp_path: Path) -> None:
    """No path of the machine that made the page is in it: neither of the files nor of what they include."""
    for name, base in (("left", 150), ("right", 100)):
        (tmp_path / name / "conf.d").mkdir(parents=True)
        (tmp_path / name / "keepalived.conf").write_text(f"include {tmp_path}/{name}/conf.d/web.conf\n")
        (tmp_path / name / "conf.d" / "web.conf").write_text(routers(1, priority=base, weight=2))
    nodes = tuple(NodeSettings(name, str(tmp_path / name / "keepalived.conf")) for name in ("left", "right"))
    stream = StringIO()
    render(reported(ClusterSettings("", nodes), Asked()), stream)
    text = stream.getvalue()
    shown = re.sub(r"include [^<]*", "", text)
    assert str(tmp_path) not in shown
    assert (
        re.findall(r"<h2>(.*?)</h2>", text)
        == [*("left: conf.d/web.conf", "right: conf.d/web.conf", "left: keepalived.conf", "right: keepalived.conf")]
        or "left: keepalived.conf" in text
    )
    assert re.search(r"KA801 .*?>left: conf.d/web.conf:\d+</a>", text)


def test_the_page_says_when_and_of_which_revision_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The date of SOURCE_DATE_EPOCH, and the commit that is checked out where the files are."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "1970-01-02 00:00 UTC, kalint" in page(tmp_path, web=routers(1))
    assert "git revision" not in page(tmp_path, web=routers(1))
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    assert f"git revision {head[:12]} checked out" in page(tmp_path, web=routers(1))
    subprocess.run([*git, "pack-refs", "--all"], check=True)
    assert f"git revision {head[:12]} checked out" in page(tmp_path, web=routers(1))
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "copy")], check=True, capture_output=True)
    assert revision(str(tmp_path / "copy" / "web.conf")) == head[:12]


def test_one_file_has_a_ladder_but_no_matrix(tmp_path: Path) -> None:
    """A file by itself is worth a page, too."""
    text = page(tmp_path, web=NODE.format(weight=20, priority=100))
    assert "<svg" in text
    assert 'table class="matrix"' not in text
    assert "<tspan>120</tspan> nothing is down" in text


MEASURE = """<script>
const boxes = [...document.querySelectorAll("svg")].map(svg => [...svg.querySelectorAll("text")].map(text => {
  const box = text.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom, text.textContent]; }));
const frames = [...document.querySelectorAll("svg")].map(svg => { const box = svg.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom]; });
document.body.innerHTML = ""; const out = document.createElement("pre"); out.id = "measured";
out.textContent = JSON.stringify({boxes, frames, paper: getComputedStyle(document.body).backgroundColor,
  fetched: performance.getEntriesByType("resource").length});
document.body.append(out);
</script></body>"""


@pytest.mark.daemon
@pytest.mark.parametrize(("scheme", "paper"), [(1, "rgb(255, 255, 255)"), (0, "rgb(18, 24, 31)")])
def test_a_browser_shows_it(scheme: int, paper: str, tmp_path: Path) -> None:
    """Headless Chromium draws the page by day and by night: no two texts of a ladder overlap, all are within it."""
    text = page(tmp_path, lb1=(STORY / "lb1.conf").read_text(), lb2=(STORY / "lb2.conf").read_text())
    text = re.sub(r"<meta http-equiv[^>]*>", "", text).replace("</body>", MEASURE)  # the page itself allows no script
    (tmp_path / "page.html").write_text(text)
    result = subprocess.run(
        [
            chromium(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--blink-settings=preferredColorScheme={scheme}",
            "--window-size=1300,900",
            "--dump-dom",
            f"file://{tmp_path / 'page.html'}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = re.search(r'<pre id="measured">(.*?)</pre>', result.stdout, re.DOTALL)
    assert found, result.stderr
    measured = json.loads(found.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert measured["paper"] == paper
    assert measured["fetched"] == 0
    for boxes, (left, top, right, bottom) in zip(measured["boxes"], measured["frames"], strict=True):
        assert boxes
        for number, (x1, y1, x2, y2, word) in enumerate(boxes):
            assert left <= x1, word
            assert x2 <= right, word
            assert top <= y1, word
            assert y2 <= bottom, word
            for a1, b1, a2, b2, other in boxes[:number]:
                shared = min(x2, a2) - max(x1, a1), min(y2, b2) - max(y1, b1)
                assert not (shared[0] > 1 and shared[1] > 4), (word, other)
