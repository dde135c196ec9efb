"""The keyword table for people: one keyword in plain text, or all as a page.

`python -m kalint.model.keywords.page > docs/keywords.md` writes the page.
"""

from __future__ import annotations

from kalint.model.keywords import CONTEXTS, Keyword, keywords, openers_of, release_range, source_of
from kalint.model.keywords.languages import LANGUAGES, Language
from kalint.model.keywords.purposes import purpose_of
from kalint.version import NEWEST, OLDEST

_HEAD = f"""# Every keyword of keepalived.conf, {OLDEST} to {NEWEST}

Generated from the table in kalint/model/keywords/ by `python -m kalint.model.keywords.page > docs/keywords.md`;
correct the table, not this page.

**Arguments** has one form for each word after the keyword:

| form | meaning |
|---|---|
| `int(1..255)` | a whole number in this range |
| `decimal(0.01..255s)` | a number of seconds; `ms` means milliseconds, `us` microseconds |
| `bool` | true, on, yes, false, off or no |
| `(A\\|B)` | one of these words |
| `[...]` | may be left out |
| `word...` | one or more words |
| `options(NAME)` | the options of that name, in the last section of this page |
| `{{ NAME }}` | a block with the keywords of the section NAME of this page |
| `{{ FORM }}` | a block of values in this form, one on each line |

**Repeated** says which statement counts if the keyword is given more than once: the last, the first, or all.

Ranges are those of the newest release; the notes have older forms. Unless the notes say otherwise, keepalived ignores a
statement with a bad value, and does not start if a value is missing. The page assumes a keepalived that was built with
all features. **Release** is exact: it comes from the sources of every release.
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
    head = "| keyword | what it does | arguments | default | release | repeated | notes |\n" + "|---" * 7 + "|"
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
            f"- `options({name})`: with an unknown option keepalived {language.unknown} (from {language.first} on it "
            f"also logs a message); if the value of an option is missing, keepalived {language.missing}."
        )
    return "\n".join([*lines, ""])


def _since(language: Language, option: str) -> str:
    return f"since {language.since[option]}" if option in language.since else ""


def _row(keyword: Keyword) -> str:
    cells = (
        f"`{keyword.name}`",
        purpose_of(keyword),
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
    bad = keyword.otherwise if keyword.otherwise != usual.otherwise else ""
    missing = keyword.missing if keyword.missing != usual.missing else ""
    if bad:
        notes.append(f"with a bad {'or missing ' if bad == missing else ''}value keepalived {bad}")
    if keyword.zero:
        notes.append(f"with 0 keepalived {keyword.zero}")
    if missing and missing != bad:
        notes.append(f"with a missing value keepalived {missing}")
    notes += [f"until {last}: `{form}`" if form else f"until {last}: no arguments" for last, form in keyword.earlier]
    if keyword.source:
        notes.append(f"source: {keyword.source}")
    return notes


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
