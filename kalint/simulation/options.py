"""What else an instance's configuration says about when it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import integer
from kalint.semantics.adverts import switched
from kalint.semantics.values import argument, seconds
from kalint.simulation.event import SECOND

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance, Resolved

_GARP_DELAY = 5.0


class Options(NamedTuple):
    """Times in microseconds.

    `garp_delay` is garp_master_delay: from taking the addresses to announcing them once more. `garp_lower_priority`:
    whether a master announces its addresses when it hears a lower one.
    """

    garp_delay: int = round(_GARP_DELAY * SECOND)
    garp_lower_priority: bool = True
    lower_priority_no_advert: bool = False
    higher_priority_send_advert: bool = False


def options_of(instance: Instance, resolved: Resolved) -> Options:
    """Source: vrrp.c vrrp_complete_instance, 2.2.7: the instance's own words first, then those of global_defs."""
    settings, everywhere = instance.written.settings, resolved.config.global_settings

    def word(name: str) -> str | None:
        for found, keyword in ((settings, name), (everywhere, f"vrrp_{name}")):
            if keyword in found:
                value = argument(found, keyword)
                return value.text if value is not None else ""
        return None

    delay = seconds(word("garp_master_delay") or "")
    repeats = word("garp_lower_prio_repeat")
    return Options(
        round((_GARP_DELAY if delay is None else delay) * SECOND),
        repeats is None or integer(repeats) != 0,
        instance.strict or switched("lower_prio_no_advert", settings, everywhere, False),
        not instance.strict and switched("higher_prio_send_advert", settings, everywhere, False),
    )


def startup_delay(resolved: Resolved) -> int:
    """vrrp_startup_delay in microseconds."""
    found = argument(resolved.config.global_settings, "vrrp_startup_delay")
    return round(((seconds(found.text) if found is not None else None) or 0.0) * SECOND)
