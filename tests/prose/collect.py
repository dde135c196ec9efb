"""Every sentence of kalint that a user can see, taken from the source, so that all can be read at once.

`python tests/prose/collect.py > docs/messages.md` writes the page; `test_prose.py` compares it.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[2]
PACKAGE = TOP / "kalint"
# Generated tables of keepalived's own words.
NOT_PROSE = {"syntax/table.py", "rules/waking.py"}
_WORD = re.compile(r"[A-Za-z]{2,}")
_CODE = re.compile(
    r"[\\^$]\w*[(\[]|</|/>|\bsvg\b|^#!|;$|^(tuple|dict|list|Sequence|Mapping)\[|\(\?P?[:<]|^default-src|^\{policy\}"
    r"|=\"\{|=\{_|[a-z]/\w+\.c\b|options\(\w+\)|int\([-\d.]+\)|:word\]|^<!--"
)
"""Text that is not for a reader: patterns, types, markup, forms of arguments, files of keepalived's source."""

_VARIABLES = {"message": {"message", "messages", "secrets"}, "help": {"advice", "secret_advice"}}
"""Names of variables that hold a finding's message or help before it is made."""
_TOOLS = {"rules/listing.py", "rules/new.py", "syntax/compile.py"}
"""Modules that write code for the developers: what is in them is no message."""


class Sentence(NamedTuple):
    """A template of a message: where it stands, what it is for, and its text with {placeholders}."""

    path: str
    line: int
    kind: str
    text: str


def sentences() -> list[Sentence]:
    """All string literals of the package that hold words for a reader, in order of file and line."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name not in NOT_PROSE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [Sentence(name, line, kind, text) for line, kind, text in _of_module(tree)]
    return found


def _of_module(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    # A string that is a statement documents what stands above it: a module, a class, a function or a field.
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    kinds: dict[int, str] = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            for argument, kind in _arguments(call):
                for node in ast.walk(argument):
                    kinds.setdefault(id(node), kind)
    for assigned in ast.walk(tree):
        if isinstance(assigned, ast.Assign | ast.AnnAssign) and assigned.value is not None:
            targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
            names = {target.id.lower() for target in targets if isinstance(target, ast.Name)}
            kind = next((kind for kind, called in _VARIABLES.items() if names & called), None)
            for node in ast.walk(assigned.value) if kind else ():
                kinds.setdefault(id(node), kind or "")
    parts = {
        id(part)
        for whole in ast.walk(tree)
        if isinstance(whole, ast.JoinedStr)
        for part in ast.walk(whole)
        if part is not whole
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in docstrings and id(node) not in parts:
            text = template(node)
            if text is not None and _is_prose(text):
                yield node.lineno, kinds.get(id(node), "phrase"), text


def _arguments(call: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    for keyword in call.keywords:
        if keyword.arg == "help":
            yield keyword.value, "help" if name in {"at", "Diagnostic"} else "option"
    for argument in call.args:
        if name == "Related":
            yield argument, "note"
        elif name.endswith(("Error", "Problem", "UsageError", "BadParameter")):
            yield argument, "error"
        elif name == "RuleInfo":
            yield argument, "summary"
    if name == "at" and len(call.args) > 1:
        yield call.args[1], "message"


def template(node: ast.AST) -> str | None:
    """The text of a literal, with a name in braces for what is put in; None for what is not text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _placeholder(part.value)
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


def _placeholder(value: ast.expr) -> str:
    if isinstance(value, ast.IfExp):
        return f"({_placeholder(value.body)}|{_placeholder(value.orelse)})"
    text = template(value)
    if text is not None:
        return text
    names = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(value)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    return "{" + (names[0] if names else "...") + "}"


def _is_prose(text: str) -> bool:
    words = _WORD.findall(re.sub(r"\{[^{}]*\}", " ", text))
    return len(words) >= 3 and " " in text.strip() and not _CODE.search(text)


_ORDER = {"summary": 0, "message": 1, "error": 1, "phrase": 2, "help": 3, "note": 4, "option": 5}
"""Of a module: what is wrong before what to do."""


def page() -> str:
    """docs/messages.md: the findings first, then the rest by module; what a module says twice stands once."""
    lines = [
        "# Every sentence",
        "",
        "What kalint can say: the findings of the rules first, then the rest by module. `{name}` stands for a value,",
        "`(a|b)` for one of two. A phrase is a part of a longer sentence.",
        "Generated: `python tests/prose/collect.py > docs/messages.md`.",
    ]
    modules: dict[str, list[Sentence]] = {}
    for sentence in sentences():
        if sentence.path not in _TOOLS:
            modules.setdefault(sentence.path, []).append(sentence)
    for path in sorted(modules, key=lambda path: (not path.startswith("rules/"), path)):
        lines += ["", f"## {path}", ""]
        said = sorted(modules[path], key=lambda sentence: _ORDER.get(sentence.kind, 2))
        for kind, text in dict.fromkeys((sentence.kind, sentence.text) for sentence in said):
            shown = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
            lines.append(f"- {kind}: `{shown}`")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
