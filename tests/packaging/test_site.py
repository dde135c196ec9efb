"""docs/ as a site: mkdocs builds it without a warning, and it asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with --strict: a dead link, a lost anchor or a page that nothing leads to stops it."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", ROOT / "mkdocs.yml", "-d", target]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    return target


def test_every_page_of_docs_is_in_it(site: Path) -> None:
    """And nothing of the site's own workshop."""
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    wanted = {page.with_name("index.html") if page.name == "README.html" else page for page in pages}
    assert wanted <= {path.relative_to(site) for path in site.rglob("*.html")}
    assert not list(site.rglob("*.py"))


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No style, script, font or picture of another machine, in no page."""
    fetched = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)=[\"']?(https?:)?//[^\"'> ]+")
    for page in site.rglob("*.html"):
        found = [
            match.group() for match in fetched.finditer(page.read_text()) if 'rel="canonical"' not in match.group()
        ]
        assert found == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:", style.read_text()), style


def test_links_out_of_docs_lead_to_the_repository(site: Path) -> None:
    """A link to ../examples is one to the forge, and lists below a paragraph are lists."""
    page = (site / "install.html").read_text()
    assert 'href="https://github.com/kalint/kalint/blob/main/examples/watch/README.md"' in page
    assert not re.search(r"<p>[^<]*\n- ", (site / "design.html").read_text())
    for path in site.rglob("*.html"):
        assert not re.search(
            r'href="[^":]*\.\./(?:(?:examples|editors|tests|playground)/|README\.md)', path.read_text()
        ), path
