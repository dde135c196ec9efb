"""How kalint speaks: every sentence that a user can read is held to a small vocabulary, a length, and one spelling.

`collect.py` takes the messages from the source; the pages are those of docs/, of examples/, README and CONTRIBUTING.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import codespell_lib
import pytest
from collect import PACKAGE, TOP, page, sentences
from spellchecker import SpellChecker

pytestmark = pytest.mark.house

HERE = Path(__file__).parent
GENERATED = {"keywords.md", "messages.md"}
LONGEST = 30
"""Words of a sentence of a message."""

BANNED = {
    r"[Ss]o many \w+ (are|of)": "at most this many",
    r"\ball is well\b|\beverything good\b|\bgood days?\b": "nothing is down",
    r"\b(took|takes|take) leave\b|\bgoodbye\b": "sends priority 0",
    r"\bnever speaks?\b|\bspeaks? VRRP\b": "sends no adverts",
    r"\bsits? down\b": "becomes backup",
    r"\b(is|are) to be\b": "must be",
    r"\bjudged as keepalived\b": "(keepalived X.Y.Z)",
    r"\bcode begins so\b": "with these prefixes",
    r"(?:^|[.:] )Say (?!what|how|which|why|who|where)": "a plain imperative",
    r"\b(isn|doesn|don|won|can|aren|wasn|didn|couldn)'t\b|\b(it|that|let)'s been\b|\byou're\b": "no contraction",
    r"\w!(?:\s|$)": "no exclamation mark",
}
"""What no sentence holds, and what stands for it."""

MESSAGES_ONLY = {
    r"(?<!there )\bis no (?!longer|higher|lower|more|such)": "is not a",
    r"\bthat of (a|the|its|his|an)\b": "name it again",
    r"\bheard after\b": "in adverts after",
    r"\bso long after\b|\bfor good\b": "for ever, or the time",
}


def _docs() -> list[Path]:
    found = [TOP / "README.md", TOP / "CONTRIBUTING.md"]
    for folder in ("docs", "examples"):
        found += sorted((TOP / folder).rglob("*.md"))
    return [path for path in found if path.name not in GENERATED]


def _prose(path: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"```.*?```|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.S)


def _notes(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings and the comments of a module."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, re.sub(r"```.*?```", "", node.value.value, flags=re.S)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("#! ")


@cache
def _texts() -> tuple[tuple[str, str, bool], ...]:
    return tuple(_every_text())


def _every_text() -> Iterator[tuple[str, str, bool]]:
    """Every place, its text, and whether it is a message."""
    for sentence in sentences():
        yield f"kalint/{sentence.path}:{sentence.line}", sentence.text, True
    for path in _docs():
        yield str(path.relative_to(TOP)), _prose(path), False
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in _notes(path):
            yield f"kalint/{path.relative_to(PACKAGE)}:{line}", text, False


@pytest.mark.parametrize("pattern", [*BANNED, *MESSAGES_ONLY])
def test_no_sentence_says_it_so(pattern: str) -> None:
    instead = BANNED.get(pattern) or MESSAGES_ONLY[pattern]
    found = [
        f"{place}: {match.group()!r} (instead: {instead})"
        for place, text, message in _texts()
        if message or pattern in BANNED
        for match in re.finditer(pattern, text)
    ]
    assert found == []


def test_messages_are_short() -> None:
    """At most 30 words a sentence, and no two blanks in a row."""
    found = []
    for sentence in sentences():
        if "\n" in sentence.text:
            continue  # a page or a template of many lines
        words = re.sub(r"\{[^{}]*\}", "x", sentence.text)
        if max(len(part.split()) for part in re.split(r"[.:;] ", words)) > LONGEST:
            found.append(f"kalint/{sentence.path}:{sentence.line}: more than {LONGEST} words")
        if re.search(r"[a-z]  +[a-z]", words) and "# master" not in words:
            found.append(f"kalint/{sentence.path}:{sentence.line}: two blanks in a row")
    assert found == []


def _public_docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings of a module and of what is public in it."""

    def of(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
        text = ast.get_docstring(node)
        if text is not None:
            yield getattr(node, "lineno", 1), text
        for inner in node.body:
            named = isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            if named and not inner.name.startswith("_"):
                yield from of(inner)

    return of(ast.parse(path.read_text(encoding="utf-8")))


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a page or docstring, without code, tables and headings; a code span is one word."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"^(#.*|\s*\|.*)$", "", text, flags=re.M)
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text):
        if re.match(r"\s*\n? {4}", paragraph) and not re.match(r"\s*(?:[-*]|\d+\.)\s", paragraph):
            continue  # an indented block of code
        if paragraph.lstrip().startswith(("\b", "\\b")):
            continue  # command lines of a help, which click leaves as they are
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "x", paragraph))
        yield from re.split(r"(?<=[.:;!?])\s+", " ".join(shown.split()))


def test_pages_and_docstrings_have_short_sentences() -> None:
    """At most 30 words a sentence, in pages and in the docstrings of what is public."""
    texts = [(str(path.relative_to(TOP)), path.read_text(encoding="utf-8")) for path in _docs()]
    for path in sorted(PACKAGE.rglob("*.py")):
        texts += [(f"kalint/{path.relative_to(PACKAGE)}:{line}", text) for line, text in _public_docstrings(path)]
    found = [
        f"{place}: {len(sentence.split())} words: {sentence}"
        for place, text in texts
        for sentence in _sentences(text)
        if len(sentence.split()) > LONGEST
    ]
    assert found == []


def test_words_are_known_and_british() -> None:
    """A word is one of the English dictionary, of vocabulary.txt, or of keepalived; spelling is British."""
    british = _british()
    american = {word for words in british.values() for word in words} - {
        "program",
        "routing",
        "story",
        "initialize",
        "initialization",
    }
    vocabulary = set((HERE / "vocabulary.txt").read_text().split())
    known = SpellChecker()
    found = []
    for place, text, _ in _texts():
        for word in _words(text):
            if word in american and word not in british:
                found.append(f"{place}: {word} is American")
            elif word not in known and word not in british and word not in vocabulary:
                found.append(f"{place}: {word} is unknown: correct it, or add it to tests/prose/vocabulary.txt")
    assert found == []


def _british() -> dict[str, list[str]]:
    """British spellings, and the American ones for each."""
    lines = (Path(codespell_lib.__file__).parent / "data/dictionary_en-GB_to_en-US.txt").read_text().splitlines()
    pairs = (line.split("->") for line in lines if "->" in line)
    return {british.strip(): re.split(r", *", american.strip(" ,")) for british, american in pairs}


_NO_WORDS = re.compile(
    r"`[^`]*`|\{[^{}]*\}|https?://\S+|\$\w+|--?\w[\w-]*|\b\w*[_/.@=:]\w[\w/.@=:-]*|\b[A-Z]{2,}\w*\b|\S*\d\S*|%\S+|\\\S+"
)


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"[A-Za-z][a-z]+", _NO_WORDS.sub(" ", text)):
        yield word.lower()


def test_nothing_is_misspelt() -> None:
    """codespell, over the code and the pages."""
    ignored = "fo,iif,includea,revrese,wieght,authentification"
    command = [sys.executable, "-m", "codespell_lib", "-L", ignored, "kalint", "docs", "examples", "README.md"]
    ran = subprocess.run(
        [*command, "CONTRIBUTING.md", "CHANGELOG.md", "--skip", "*.pcap*,*.png,*.svg,docs/kalint.1,*.gz"],
        cwd=TOP, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.stdout == ""


def test_every_message_is_on_one_page() -> None:
    """docs/messages.md is what the source says: `python tests/prose/collect.py > docs/messages.md`."""
    assert (TOP / "docs" / "messages.md").read_text(encoding="utf-8") == page()
