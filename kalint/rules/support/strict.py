"""What the rules on strict mode share: which word turns it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.source import Word


def strict_word(resolved: Resolved, instance: Instance) -> Word | None:
    """The keyword that puts an instance into strict mode."""
    node = instance.written.settings.get("strict_mode") or resolved.config.global_settings.get("vrrp_strict")
    return node.words[0] if node else None
