"""What the site needs that a forge does by itself: links to files beside docs/, and lists right below a paragraph."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LIST = re.compile(r"^((?!\s*(?:[-*]|\d+\.) |\s*$|#|\|)\S.*)\n(?=(?:- |1\. ))", re.MULTILINE)


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """The page with links that leave docs/ leading to the repository, and a blank line before each list."""
    folder = posixpath.dirname(posixpath.join("docs", page.file.src_uri))

    def leading(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[2]))
        if ":" in found[2] or target.startswith("docs/") or target == "docs":
            return _index(found)
        kind = "tree" if found[2].endswith("/") else "blob"
        return f"{found[1]}{config.repo_url.rstrip('/')}/{kind}/main/{target}{found[3] or ''}{found[4]}"

    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _LIST.sub(r"\1\n\n", _LINK.sub(leading, part)) for part in parts)


def _index(found: re.Match[str]) -> str:
    """A link to a folder of docs/ leads to its README."""
    if found[2].endswith("/") and ":" not in found[2]:
        return f"{found[1]}{found[2]}README.md{found[3] or ''}{found[4]}"
    return found[0]
