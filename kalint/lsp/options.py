"""What a client's settings say (`kalint.*` of the workspace, or the options of initialize): docs/editors.md."""

from __future__ import annotations

from typing import NamedTuple, cast

from kalint.errors import KalintError
from kalint.pipeline.reading import Asked
from kalint.rules import codes
from kalint.version import parse_version

SECTION = "kalint"
DELAY = 0.04
"""Seconds without a change after which a document is judged again."""
MOST_DELAY = 10.0


class Options(NamedTuple):
    """How documents are read and judged, the delay in seconds, and whether there are inlay hints.

    `wrong` has a sentence for each setting that cannot be used.
    """

    asked: Asked = Asked()
    delay: float = DELAY
    hints: bool = True
    wrong: tuple[str, ...] = ()


def options_of(given: object) -> Options:
    """The options that a client's object comes to; what is wrong in it is left out, and said."""
    if not isinstance(given, dict):
        return Options()
    table = cast("dict[str, object]", given)
    wrong: list[str] = []
    asked = Asked(
        config_id=_text(table, "configId", wrong),
        include_root=_text(table, "includeRoot", wrong),
        settings=_text(table, "settings", wrong),
        select=_codes(table, "select", wrong),
        ignore=_codes(table, "ignore", wrong),
        host=_flag(table, "host", False, wrong),
        untrusted=_flag(table, "untrusted", False, wrong),
    )
    release = _text(table, "keepalivedVersion", wrong)
    if release is not None:
        try:
            asked = asked._replace(version=parse_version(release))
        except KalintError as error:
            wrong.append(f"kalint.keepalivedVersion: {error}")
    delay = table.get("delay")
    if delay is not None and (isinstance(delay, bool) or not isinstance(delay, (int, float)) or not delay >= 0):
        wrong.append("kalint.delay: must be a number of milliseconds")
        delay = None
    seconds = DELAY if delay is None else min(cast("float", delay) / 1000, MOST_DELAY)
    return Options(asked, seconds, _flag(table, "inlayHints", True, wrong), tuple(wrong))


def _text(table: dict[str, object], name: str, wrong: list[str]) -> str | None:
    value = table.get(name)
    if value is not None and not isinstance(value, str):
        wrong.append(f"kalint.{name}: must be a text")
        return None
    return value or None


def _flag(table: dict[str, object], name: str, usual: bool, wrong: list[str]) -> bool:
    value = table.get(name)
    if value is None or isinstance(value, bool):
        return usual if value is None else value
    wrong.append(f"kalint.{name}: must be true or false")
    return usual


def _codes(table: dict[str, object], name: str, wrong: list[str]) -> tuple[str, ...]:
    value = table.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        wrong.append(f"kalint.{name}: must be a list of codes such as KA210")
        return ()
    prefixes = [each.strip().upper() for each in cast("list[str]", value)]
    known = tuple(each for each in prefixes if each and any(code.startswith(each) for code in codes()))
    wrong += [f"kalint.{name}: no rule's code begins with '{each}'" for each in prefixes if each not in known]
    return known
