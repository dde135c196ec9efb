"""What the rules on authentication share: whether keepalived uses it at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.values import argument

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance

TYPES = ("PASS", "AH")


def ignored(instance: Instance) -> str:
    """Why keepalived does not authenticate, although the instance has an auth_type or auth_pass; "" where it does."""
    settings = instance.written.settings
    kind = argument(settings, "auth_type")
    if kind is None:
        return "auth_type is missing"
    if kind.text not in TYPES:
        return ""
    if instance.strict:
        return "strict mode has no authentication"
    if instance.vrrp_version == 3:
        return "VRRP version 3 has no authentication"
    password = argument(settings, "auth_pass")
    return "auth_pass is missing" if password is None or not password.text else ""
