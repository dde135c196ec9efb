"""The keyword table for people: one keyword in plain text, or all as a page.

`python -m kalint.model.keywords.page > docs/keywords.md` writes the page.
"""

from __future__ import annotations

from kalint.model.keywords import CONTEXTS, Keyword, keywords, openers_of, release_range, source_of
from kalint.model.keywords.options import LANGUAGES, Language
from kalint.model.keywords.purposes import purpose_of
from kalint.version import NEWEST, OLDEST

_HEAD = f"""# Every keyword of keepalived.conf, {OLDEST} to {NEWEST}

Generated from the table in kalint/model/keywords/ by `python -m kalint.model.keywords.page > docs/keywords.md`;
correct the table, not this page.

**Arguments**: one slot for each word. `int(1..255)` is a whole number, `decimal(0.01..255s)` a number of seconds (`ms`
milliseconds, `us` microseconds), `bool` one of true, on, yes, false, off, no, `(A|B)` one of these words, `[...]` may
be left out, `word...` may be several, `options(NAME)` is a language of the last section. `{{ }}` are the braces of a
block: of keywords (named: a section below) or of values, one entry a line. **Repeated** says which statement counts:
the last, the first, or all. Ranges are those of the newest release; older forms are in the notes. Where nothing else is
said, keepalived ignores a statement with a bad value, and does not start when a value is missing. Features that are
options of the build are taken as built in, and the releases from which a keyword is there are exact: they come from the
sources of all releases in between.
"""


def page() -> str:
    """The whole page, one section for each context."""
    return "\n".join([_HEAD, *(_section(context) for context in CONTEXTS), _options()])


def explain(name: str) -> str:
    """What the table says of a keyword in each place where it may stand, or "" where there is no such keyword."""
    return "\n".join(_explained(row) for context in CONTEXTS for row in keywords(context).values() if row.name == name)


def _explained(row: Keyword) -> str:
    pairs = [*facts_of(row), ("source", source_of(row.context))]
    lines = (f"  {label + ':':<11}{text}" for label, text in pairs)
    return "\n".join([f"{row.name} in {where_of(row)}", *lines]) + "\n"


def where_of(row: Keyword) -> str:
    """The blocks that a keyword may stand in."""
    return " or ".join(opener or "the top level" for opener in openers_of(row.context))


def facts_of(row: Keyword) -> list[tuple[str, str]]:
    """What the table says of a keyword, each fact with its label."""
    pairs = [
        ("does", purpose_of(row)),
        ("arguments", row.arguments or "none"),
        ("block", row.block or row.entries),
        ("default", row.default),
        ("release", release_range(row)),
        ("repeated", {"all": "they add up", "first": "the first counts", "last": "the last counts"}[row.repeated]),
        *(("note", note.replace("`", "")) for note in _notes(row)),
    ]
    return [(label, text) for label, text in pairs if text]


def _section(context: str) -> str:
    title = f"## {context or 'Top level'}"
    inside = sorted({row.context for outer in CONTEXTS for row in keywords(outer).values() if row.block == context})
    if context:
        openers = " or ".join(f"`{name}`" for name in openers_of(context))
        places = " or ".join(f"`{name}`" if name else "the top level" for name in inside)
        title += f"\n\nThe block of {openers}, in {places}."
    title += f" Source: {source_of(context)}." if context else f"\n\nSource: {source_of(context)}."
    head = "| keyword | arguments | default | release | repeated | notes |\n|---|---|---|---|---|---|"
    return "\n".join([title, "", head, *map(_row, keywords(context).values()), ""])


def _options() -> str:
    """The languages that `options(NAME)` stands for."""
    head = "| in | option | value | release | with a bad value keepalived |\n|---|---|---|---|---|"
    lines = ["## Options", "", head]
    for name, language in LANGUAGES.items():
        for option, form in language.values.items():
            outcome = language.lenient.get(option, language.otherwise) if form else ""
            cells = (
                f"`options({name})`",
                f"`{option}`",
                f"`{form}`" if form else "",
                _since(language, option),
                outcome,
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines.append("")
    for name, language in LANGUAGES.items():
        lines.append(
            f"- `options({name})`: at an unknown option keepalived {language.unknown} (with a message from "
            f"{language.first} on), without a value it {language.missing}."
        )
    return "\n".join([*lines, ""])


def _since(language: Language, option: str) -> str:
    return f"since {language.since[option]}" if option in language.since else ""


def _row(keyword: Keyword) -> str:
    cells = (
        f"`{keyword.name}`",
        _form(keyword),
        keyword.default,
        release_range(keyword),
        keyword.repeated,
        "; ".join(_notes(keyword)),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _form(keyword: Keyword) -> str:
    parts = [f"`{keyword.arguments}`"] if keyword.arguments else []
    if keyword.block:
        parts.append(f"`{{ {keyword.block} }}`")
    if keyword.entries:
        parts.append(f"`{{ {keyword.entries} }}`")
    return " ".join(parts)


def _notes(keyword: Keyword) -> list[str]:
    notes = [keyword.note] if keyword.note else []
    if keyword.deprecated:
        since = f" from {keyword.deprecated_from} on" if keyword.deprecated_from else ""
        notes.append(f"deprecated{since}: write {keyword.deprecated}")
    usual = Keyword(keyword.name)
    if keyword.otherwise != usual.otherwise:
        notes.append(f"with a bad value keepalived {keyword.otherwise}")
    if keyword.zero:
        notes.append(f"with 0 keepalived {keyword.zero}")
    if keyword.missing != usual.missing:
        notes.append(f"without a value keepalived {keyword.missing}")
    notes += [f"until {last}: `{form}`" if form else f"until {last}: no arguments" for last, form in keyword.earlier]
    if keyword.source:
        notes.append(f"source: {keyword.source}")
    return notes


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
