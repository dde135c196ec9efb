"""The part of docs/reading.md that says what each release makes of a broken file, made by reading such files.

`python -m kalint.pipeline.broken docs/reading.md` writes it anew, between the two marks. Releases of one text and one
syntax profile (`kalint.text.profile`, `kalint.syntax.profile`) read alike.
"""

from __future__ import annotations

import ast
import sys
import tempfile
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError
from kalint.pipeline.reading import Request, load
from kalint.semantics.services import services
from kalint.syntax import profile as syntax
from kalint.syntax.profile import SYNTAX_PROFILES
from kalint.text import Options
from kalint.text import profile as text
from kalint.text.profile import TEXT_PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from kalint.version import Version

BEGIN = "<!-- made by kalint/pipeline/broken.py: python -m kalint.pipeline.broken docs/reading.md -->"
END = "<!-- end -->"
_NAME = "keepalived.conf"

_INSTANCE = """vrrp_instance {0} {{
    interface eth0
    virtual_router_id 17
    {1}
    priority 150
    virtual_ipaddress {{
        192.0.2.9
    }}
}}
"""
_FIRST = _INSTANCE.format("web", "state BACKUP")
_SECOND = _INSTANCE.format("db", "state BACKUP").replace("150", "120").replace("2.9", "2.8").replace(" 17", " 18")
_SERVER = """virtual_server 192.0.2.7 80 {{
    real_server 192.0.2.1 80 {{
    }}
    {0}
}}
"""


class Sample(NamedTuple):
    """A broken file: what is wrong with it, the file, and the files that it includes."""

    wrong: str
    text: str
    included: Mapping[str, str] = {}


SAMPLES = (
    Sample("an unknown block in an instance", _INSTANCE.format("web", "authentification {\n    auth_type PASS\n    }")),
    Sample("a block in an instance where it does not belong", _INSTANCE.format("web", "group {\n    a\n    }")),
    Sample("no `}` before the next vrrp_instance", _FIRST[:-2] + _SECOND),
    Sample("a `}` too many in an instance", _INSTANCE.format("web", "}")),
    Sample("a `{` too many behind the head of an instance", _FIRST.replace("web {", "web {\n{")),
    Sample("no `{` behind the head of an instance", _FIRST.replace("web {", "web") + _SECOND),
    Sample("the `{` of an instance on the next line", _FIRST.replace("web {", "web\n{")),
    Sample("`track_interface { eth1 }` on one line", _INSTANCE.format("web", "track_interface { eth1 }")),
    Sample("a brace that touches a word: `virtual_ipaddress{`", _FIRST.replace("address {", "address{")),
    Sample("an include in an instance", _INSTANCE.format("web", "include part"), {"part": "state BACKUP\n"}),
    Sample("an include in virtual_ipaddress", _FIRST.replace("192.0.2.9", "include part"), {"part": "192.0.2.9\n"}),
    Sample(
        "an include in a virtual_server, before an instance",
        _SERVER.format("include part") + _FIRST,
        {"part": "delay_loop 3\n"},
    ),
    Sample("two instances of one name, before another", _FIRST + _FIRST.replace("150", "110") + _SECOND),
    Sample(
        "an unknown block in a virtual_server, before an instance",
        _SERVER.format("healthcheck {\n    }") + _FIRST,
    ),
)


def outcome(sample: Sample, version: Version) -> str:
    """What a release has of a sample: instances with their priority and addresses, virtual servers."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {_NAME: sample.text, **sample.included}.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        try:
            resolved = load(str(Path(folder) / _NAME), None, Request(Options(), version)).resolved
        except InputError:
            return "nothing"
    found = [
        f"{each.name} (priority {each.base_priority.value}, {', '.join(each.virtual_addresses) or 'no address'})"
        for each in resolved.instances
    ]
    found += ["virtual_server"] * len(services(resolved))
    return "; ".join(found) or "nothing"


def boundaries() -> list[Version]:
    """The first release of each way to read."""
    return sorted({each.since for each in TEXT_PROFILES} | {each.since for each in SYNTAX_PROFILES})


def table() -> str:
    """A row for each sample and each outcome that it has."""
    rows = ["| file | releases | what keepalived has |", "|---|---|---|"]
    for sample in SAMPLES:
        outcomes = [(version, outcome(sample, version)) for version in boundaries()]
        ranges = list(_ranges(outcomes))
        for number, (releases, has) in enumerate(ranges):
            rows.append(f"| {sample.wrong if number == 0 else ''} | {releases} | {has} |")
    return "\n".join(rows)


def _ranges(values: Sequence[tuple[Version, str]]) -> Iterator[tuple[str, str]]:
    """`before 1.4.2`, `1.4.2 on`, or `all`, for each run of equal values."""
    runs = [(next(run)[0], value) for value, run in groupby(values, key=lambda pair: pair[1])]
    for (first, value), (after, _) in pairwise([*runs, (None, "")]):
        begins = first is not None and first != values[0][0]
        if not begins:
            yield ("all" if after is None else f"before {after}"), value
        else:
            yield (f"{first} on" if after is None else f"{first} on, before {after}"), value


def differences() -> str:
    """What each field of the profiles means, and since when it has its values."""
    parts = []
    histories: tuple[tuple[ModuleType, list[tuple[Version, dict[str, object]]]], ...] = (
        (text, [(each.since, each._asdict()) for each in TEXT_PROFILES]),
        (syntax, [(each.since, each._asdict()) for each in SYNTAX_PROFILES]),
    )
    for module, history in histories:
        for name, meaning in texts_of(module).items():
            values = [(since, "yes" if fields[name] else "no") for since, fields in history]
            changes = "; ".join(f"{value}: {releases}" for releases, value in _ranges(values))
            parts.append(f"- **{name}**: {meaning} *{changes}.*")
    return "\n".join(parts)


def texts_of(module: ModuleType) -> dict[str, str]:
    """The text under each field of a module's profile, on one line."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef))
    return {
        ast.unparse(field.target): " ".join(str(meaning.value.value).split())
        for field, meaning in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(meaning, ast.Expr)
        and isinstance(meaning.value, ast.Constant)
        and ast.unparse(field.target) != "since"
    }


def generated() -> str:
    """All of it, with the marks around it."""
    return "\n".join([BEGIN, "", table(), "", "### What differs between the releases", "", differences(), "", END])


def rewrite(page: Path) -> None:
    """Put the present text between the marks of a page."""
    content = page.read_text(encoding="utf-8")
    before, rest = content.split(BEGIN)
    page.write_text(before + generated() + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
