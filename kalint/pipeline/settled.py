"""`kalint settings`: what applies to a file, and who says so."""

from __future__ import annotations

import os
from collections.abc import Iterator

from kalint.findings.diagnostic import DEFAULT_FAIL_ON
from kalint.pipeline.reading import Asked, settle
from kalint.settings.model import Settings, shown
from kalint.settings.reader import COMMAND_LINE, EffectiveSettings, matching
from kalint.settings.toml import dotted
from kalint.version import NEWEST


def applying(file: str, asked: Asked) -> EffectiveSettings:
    """Every setting of a file, with its value and its place.

    Raises:
        SettingsError: the settings cannot be read or are wrong.
    """
    _, settings = settle(asked, file)
    found = None if settings.path is None else shown(settings.path)
    return EffectiveSettings(file, found, tuple(_values(asked, settings, file)))


def _values(asked: Asked, settings: Settings, file: str) -> Iterator[tuple[str, object, str]]:
    defaults = {
        "keepalived_version": NEWEST,
        "config_id": os.uname().nodename.split(".")[0],
        "fail_on": DEFAULT_FAIL_ON,
        "select": (),
        "ignore": (),
    }
    given = {
        "keepalived_version": asked.version,
        "config_id": asked.config_id,
        "include_root": asked.include_root,
    }
    for key in ("keepalived_version", "config_id", "include_root", "select", "ignore", "fail_on", "baseline"):
        place = COMMAND_LINE if given.get(key) else settings.places.get(key, "")
        yield key, given.get(key) or getattr(settings, key) or defaults.get(key), place
    for code, level in settings.severity.items():
        yield f"severity.{code}", level, settings.places[f"severity.{code}"]
    chosen = matching(settings, file) if settings.files else ()
    for index, (glob, _) in enumerate(settings.files):
        key = dotted(("files", glob))
        yield key, "matches" if index in chosen else "does not match", settings.places[key]
    for name, cluster in settings.clusters.items():
        key = dotted(("clusters", name))
        yield key, tuple(f"{node.name}={node.file}" for node in cluster.nodes), settings.places[key]
