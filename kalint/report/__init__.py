"""One file a format. A renderer is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, TextIO, cast


class Renderer(Protocol):
    """Writes a command's result to a stream; nothing but `color` depends on the terminal."""

    def __call__(self, result: object, stream: TextIO, *, color: bool = False) -> None: ...


RENDERERS: dict[str, dict[str, str]] = {
    "check": {
        "text": "check_text",
        "json": "check_json",
        "sarif": "check_sarif",
        "github": "check_github",
        "gitlab": "check_gitlab",
        "junit": "check_junit",
        "concise": "check_concise",
        "grouped": "check_grouped",
        "rdjsonl": "check_rdjsonl",
    },
    "show": {"text": "show_text", "json": "show_json"},
    "priorities": {"text": "priorities_text", "json": "priorities_json", "csv": "priorities_csv"},
    "cluster": {"text": "cluster_text", "json": "cluster_json", "jsonl": "cluster_lines"},
    "require": {"text": "require_text", "json": "require_json"},
    "diff": {"text": "diff_text", "json": "diff_json", "jsonl": "diff_lines", "markdown": "diff_markdown"},
    "fleet": {"text": "fleet_text", "json": "fleet_json", "jsonl": "fleet_lines"},
    "simulate": {
        "text": "simulate_text",
        "json": "simulate_json",
        "csv": "simulate_csv",
        "svg": "simulate_svg",
    },
    "probe": {"text": "probe_text", "json": "probe_json"},
    "watch": {"text": "watch_text", "json": "watch_json"},
    "settings": {"text": "settings_text", "json": "settings_json"},
    "releases": {"text": "releases_text", "json": "releases_json"},
    "rules": {"text": "rules_text", "json": "rules_json", "markdown": "rules_markdown"},
}


def renderer(command: str, format: str) -> Renderer:
    """The renderer of a command's format: module `kalint.report.<name>`, function `render`."""
    return cast("Renderer", import_module(f"kalint.report.{RENDERERS[command][format]}").render)
