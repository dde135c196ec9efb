"""What a node has against another's adverts, in a few words, and which rule speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster.hearing import casts_differ

if TYPE_CHECKING:
    from kalint.semantics.acceptance import Objection

_TEXTS = {
    "version": ("VRRP version differs", "KA804"),
    "advert_int": ("advert_int differs", "KA804"),
    "auth_type": ("auth_type differs", "KA804"),
    "auth_pass": ("auth_pass differs", "KA804"),
    "auth_hmac": ("auth_hmac differs", "KA804"),
    "auth_hmac key": ("auth_hmac key differs", "KA804"),
    "checksum": ("checksum form differs", "KA804"),
    "TTL": ("TTL outside the limits of the peer", "KA804"),
    "unicast_ttl": ("unicast_ttl without unicast peers", "KA804"),
    "owner_ignore_adverts": ("owner_ignore_adverts", ""),
    "virtual_ipaddress": ("virtual_ipaddress differs", "KA803"),
    "multicast group": ("multicast group differs", "KA811"),
    "unicast_src_ip": ("no unicast_src_ip, so it listens on its link-local address", "KA515"),
    "check_unicast_src": ("source is not a unicast peer", "KA805"),
    "unicast_peer": ("not among the unicast peers", "KA805"),
}


def reason(objection: Objection) -> str:
    """`auth_pass differs, KA804`; an address owner that ignores adverts is no mistake, and no rule speaks of it."""
    text, code = _TEXTS[objection.setting]
    if casts_differ(objection):
        text, code = "unicast against multicast", "KA814"
    return f"{text}, {code}" if code else text
