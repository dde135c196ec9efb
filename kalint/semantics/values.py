"""What the words of a statement are worth: numbers as keepalived's C reads them, a script's or instance's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import integer, lenient, packed, shrunk, unsigned
from kalint.semantics.resolved import LINK_LOCAL_FAULT, LINK_LOCAL_MUTE, OWNER, Script, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.model.config import Definition, Settings, VrrpInstance
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Family, Instance
    from kalint.source import Word

DEFAULT_PRIORITY = 100

_ZERO = Setting(0)
_ONE = Setting(1)
_SECOND = Setting(1.0)
_NO_DELAY = Setting(0.0)
_FALSE = Setting(False)
_TRUE = Setting(True)
_NO_TEXT = Setting("")
_SOURCES = ("mcast_src_ip", "unicast_src_ip", "mcast_dst_ip", "native_ipv6")
"""Statements that may decide the family before the addresses do."""
UNICAST = ("unicast_peer", "check_unicast_src", "unicast_src_ip", "unicast_fault_no_peer", "old_unicast_checksum")
"""Statements that make an instance one on unicast (VRRP_FLAG_UNICAST_CONFIGURED of vrrp_parser.c, 2.2.5 to 2.4.3)."""
MOST_ADDRESSES: dict[Family, int] = {"ipv4": 255, "ipv6": 89}
"""How many addresses an advert holds at an MTU of 1500; those after them become excluded ones (vrrp.c, 2.2.7)."""
_LINK_LOCAL = ("fe8", "fe9", "fea", "feb")
"""How addresses of fe80::/10 begin."""
_LONGEST_DELAY = 1000.0
"""TIMER_MAX_SEC of lib/timer.h."""


def argument(settings: Settings, keyword: str) -> Word | None:
    """The first word after a keyword, None where the block lacks the keyword or the word."""
    node = settings.get(keyword)
    return node.words[1] if node is not None and len(node.words) > 1 else None


_ENDLESS = 1e12
"""Seconds: a number of hundreds of digits is no float."""


def whole(text: str) -> int | None:
    """A number that must be all digits, None where it is not (lib/parser.c read_unsigned_strvec)."""
    digits = text[1:] if text[:1] == "+" else text
    return unsigned(digits)


def seconds(text: str) -> float | None:
    """A time with or without decimals, as far as it is a number ("1.5s" is 1.5); None where it starts with none."""
    whole_part, _, fraction = text.partition(".")
    if whole_part.isdigit() and whole_part.isascii() and not fraction:
        return min(float(whole_part), _ENDLESS)
    end = 0
    seen = False
    while end < len(text) and (text[end] in "0123456789" or (text[end] == "." and not seen)):
        seen = seen or text[end] == "."
        end += 1
    return min(float(text[:end]), _ENDLESS) if text[:end].strip(".") else None


def resolve_script(definition: Definition, profile: Profile) -> Script:
    """A vrrp_script with the values that count (vrrp_parser.c, 2.2.7)."""
    settings = definition.settings
    interval = _script_time(settings, "interval", _SECOND, profile)
    command = settings.get("script")
    return Script(
        definition.name.text,
        definition,
        Setting(" ".join([word.text for word in command.words[1:]]), command.words[-1]) if command else _NO_TEXT,
        interval,
        _script_time(settings, "timeout", Setting(interval.value), profile) if "timeout" in settings else interval,
        *definition_weight(definition, profile),
        _count(settings, "rise"),
        _count(settings, "fall"),
        Setting(True, settings["init_fail"].words[0]) if "init_fail" in settings else _FALSE,
    )


def link_local_silence(written: VrrpInstance, family: Family, unicast: bool, profile: Profile) -> str | None:
    """Why an instance with unicast peers and a link-local source address is never heard; None: it is."""
    if profile.link_local_unicast == "works" or family != "ipv6" or not unicast:
        return None
    source = argument(written.settings, "unicast_src_ip") or argument(written.settings, "mcast_src_ip")
    if source is None or not source.text.lower().startswith(_LINK_LOCAL):
        return None
    return LINK_LOCAL_MUTE if profile.link_local_unicast == "mute" else LINK_LOCAL_FAULT


def initial_value(definition: Definition) -> int | None:
    """What the daemon writes to a tracked file at each start: `init_file` with `overwrite`; None: nothing.

    Source: track_file.c track_file_init_handler, 2.2.7: the words stand in any order, without a number it is 0.
    """
    found, overwrite = 0, False
    for node in definition.node.items or ():
        if node.words[0].text == "init_file":
            found, overwrite = 0, False
            for word in node.words[1:]:
                if word.text == "overwrite":
                    overwrite = True
                elif word.text[:1].isdigit() or word.text[:1] == "-":
                    found = integer(word.text)
    return found if overwrite else None


def definition_weight(definition: Definition, profile: Profile) -> tuple[Setting[int], Setting[bool]]:
    """The weight and the reverse that a tracking line inherits (vrrp_parser.c, track_file.c and bfd_parser.c, 2.2.7).

    Out of range, a script's weight is used (the low 32 bits of a long), a file's becomes 1, a bfd's is ignored, and a
    process's whole line is. Of several lines a script's and a bfd's last counts; a file's only while the weight is 1, a
    process's while it is 0.
    What one line reverses stays so.
    """
    kind = definition.kind
    weight, reverse = _ONE if kind == "file" else _ZERO, _FALSE
    if "weight" not in definition.settings:
        return weight, reverse
    for node in definition.node.items or ():
        words = node.words
        if words[0].text != "weight" or len(words) < 2:
            continue
        value = integer(words[1].text)
        fits = -254 <= value <= 254
        if (kind == "process" and (weight.value != 0 or not fits)) or (kind == "file" and weight.value != 1):
            continue
        if kind == "file" and not fits:
            value = 1
        elif kind == "script" and not fits:
            value = (max(-(2**63), min(2**63 - 1, value)) + 2**31) % 2**32 - 2**31
        if kind != "bfd" or -253 <= value <= 253:
            weight = Setting(value, words[1])
        if len(words) > 2 and profile.reverse and words[2].text == "reverse":
            reverse = Setting(True, words[2])
    return weight, reverse


def _script_time(settings: Settings, keyword: str, default: Setting[float], profile: Profile) -> Setting[float]:
    word = argument(settings, keyword)
    if word is None:
        return default
    value = _time(word.text, profile) if profile.decimal_script_times else float(integer(word.text))
    if value is None or value < 0:
        return default
    return Setting(value or 1.0, word)


def _count(settings: Settings, keyword: str) -> Setting[int]:
    word = argument(settings, keyword)
    return _ONE if word is None else Setting(max(1, integer(word.text)), word)


def state_word(written: VrrpInstance, profile: Profile) -> Word | None:
    """The word of `state` that counts. The model settles MASTER against BACKUP, which no release lets undo it."""
    word = argument(written.settings, "state")
    if word is None or word.text in ("MASTER", "BACKUP") or profile.unknown_state_clears_master:
        return word
    for item in written.node.items or ():
        if item.keyword == "state" and len(item.words) > 1 and item.words[1].text == "MASTER":
            return item.words[1]
    return word


def base_priority(written: VrrpInstance, profile: Profile) -> Setting[int]:
    """The priority before tracking, 1..255; 0 where a release before 1.2.20 is given none."""
    word = argument(written.settings, "priority")
    if word is not None:
        value = integer(word.text) if profile.priority_may_have_tail else whole(word.text)
        return Setting(value if value is not None and 1 <= value <= OWNER else DEFAULT_PRIORITY, word)
    if not profile.missing_priority_from_state:
        return _ZERO
    state = state_word(written, profile)
    if state is not None and state.text == "MASTER":
        return Setting(OWNER, state)
    return Setting(DEFAULT_PRIORITY)


def family(written: VrrpInstance, families: list[Family | None]) -> Family:
    """The first statement that names an address decides, or native_ipv6; IPv4 without any (vrrp_parser.c, 2.2.7).

    `families` are those of `written.addresses`, as address_family has them, None for one that is dropped.
    """
    settings = written.settings
    if not written.unicast_peers and not any(keyword in settings for keyword in (*_SOURCES, "use_ipvlan")):
        return next((kind for kind in families if kind is not None), "ipv4")
    for item in written.node.items or ():
        keyword = item.words[0].text
        found: Iterable[Family | None] = ()
        if keyword == "virtual_ipaddress":
            found = families
        elif keyword == "unicast_peer":
            found = [address_family(bare_address(entry.words[0].text)) for entry in item.items or ()]
        elif keyword in _SOURCES and len(item.words) > 1:
            found = [address_family(bare_address(item.words[1].text))]
        elif keyword == "use_ipvlan":
            found = [address_family(word.text) for word in item.words[1:]]
        elif keyword == "native_ipv6":
            return "ipv6"
        for kind in found:
            if kind is not None:
                return kind
    return "ipv4"


def is_unicast(written: VrrpInstance) -> bool:
    """Whether any statement of an instance is on unicast, which is not to say that it has peers."""
    return any(keyword in written.settings for keyword in UNICAST)


def needs_interface(written: VrrpInstance, profile: Profile) -> bool:
    """Whether VRRP does not start without `interface` in an instance (vrrp.c chk_min_cfg, vrrp_complete_instance)."""
    if not is_unicast(written) or profile.unicast_needs_interface == "always":
        return True
    if profile.unicast_needs_interface == "without peers" and not written.unicast_peers:
        return True
    return lacks_source(written)


def lacks_source(written: VrrpInstance) -> bool:
    """Whether an instance without an interface has no address to send from either, so that VRRP does not start."""
    return not any(keyword in written.settings for keyword in ("unicast_src_ip", "mcast_src_ip", "use_ipvlan"))


def needs_addresses(instance: Instance) -> bool:
    """Whether VRRP does not start without virtual_ipaddress in an instance (vrrp.c vrrp_complete_instance, 2.2.7)."""
    return instance.vrrp_version == 3 or instance.strict


def lacks_peers(written: VrrpInstance) -> bool:
    """Whether it is an instance that must not use multicast instead of its unicast peers, and has none."""
    return not written.unicast_peers and "unicast_fault_no_peer" in written.settings


def lacks_ipvlan_address(settings: Settings, family: Family) -> bool:
    """Whether it is an IPv4 ipvlan without an IPv4 address of its own (vrrp.c vrrp_complete_instance, 2.0.17)."""
    node = settings.get("use_ipvlan")
    if node is None or family != "ipv4":
        return False
    return not any("$" in word.text or address_family(word.text) == family for word in node.words[1:])


def bare_address(text: str) -> str:
    """An address without the mask or range that keepalived cuts off (lib/utils.c inet_stosockaddr, 2.2.7)."""
    return text.partition("-")[0].partition("/")[0]


def _before_addresses(written: VrrpInstance, keyword: str) -> bool:
    for item in written.node.items or ():
        if item.keyword == keyword:
            return True
        if item.keyword == "virtual_ipaddress":
            return False
    return False


def _time(text: str, profile: Profile) -> float | None:
    """A time that may have decimals, as the release reads it; None where it starts with no number."""
    text = text.removeprefix("+")
    value = seconds(text)
    number = text.replace(".", "", 1)
    return shrunk(text) if value is not None and profile.time_with_tail_shrinks and not number.isdigit() else value


def address_family(text: str) -> Family | None:
    """The family of an address with or without /prefix, None where it is no address."""
    host = text.partition("/")[0]
    if ":" in host:
        return None if packed(host) is None else "ipv6"
    parts = host.split(".")
    if len(parts) != 4 or not host.isascii():
        return None
    for part in parts:
        value = unsigned(part)
        if value is None or value > 255:
            return None
    return "ipv4"


def address_text(text: str, kind: Family) -> str:
    """An address as the release takes it: a prefix length that is none becomes the longest, and `24x` is 24."""
    host, slash, prefix = text.partition("/")
    longest = 128 if kind == "ipv6" else 32
    if not slash or ((length := whole(prefix)) is not None and length <= longest):
        return text
    read = lenient(prefix, 0, longest)
    return f"{host}/{longest if read is None else read}"


def boolean(word: Word | None) -> bool | None:
    """What the word after a switch says: True without one, None where it is neither (lib/parser.c check_true_false)."""
    if word is None or word.text in ("true", "on", "yes"):
        return True
    return False if word.text in ("false", "off", "no") else None


def strict_mode(settings: Settings, global_settings: Settings, profile: Profile) -> bool:
    """strict_mode of the instance, else vrrp_strict of global_defs (vrrp_parser.c, 2.2.7)."""
    value = boolean(argument(settings, "strict_mode")) if "strict_mode" in settings else None
    if value is not None or "vrrp_strict" not in global_settings:
        return bool(value)
    word = argument(global_settings, "vrrp_strict")
    return not profile.global_strict_has_value or boolean(word) is True


def protocol_version(
    written: VrrpInstance, kind: Family, strict: bool, global_settings: Settings, profile: Profile
) -> int:
    """2 or 3: the instance's `version`, native_ipv6, the family, then global vrrp_version (vrrp.c, 2.2.7)."""
    settings = written.settings
    word = argument(settings, "version")
    if "native_ipv6" in settings:
        return max(profile.vrrp_versions)
    if word is not None and integer(word.text) in profile.vrrp_versions:
        value = integer(word.text)
        if kind == "ipv4" or value == 3 or (not strict and _before_addresses(written, "version")):
            return value
    if kind == "ipv6":
        return max(profile.vrrp_versions)
    word = argument(global_settings, "vrrp_version")
    return integer(word.text) if word is not None and integer(word.text) in profile.vrrp_versions else 2


def advert_interval(settings: Settings, version: int, profile: Profile) -> Setting[float]:
    """Seconds between adverts: whole ones (1..255) in VRRPv2, hundredths (0.01..40.95) in VRRPv3."""
    word = argument(settings, "advert_int")
    if word is None:
        return _SECOND
    if 3 not in profile.vrrp_versions:
        return Setting(float(max(1, integer(word.text))), word)
    value = _time(word.text, profile)
    if value is None or value <= 0 or (profile.advert_interval_checked and not 0.01 <= value <= 255):
        return _SECOND
    if version == 2:
        return Setting(float(min(255, max(1, int(value + 0.5)))), word)
    return Setting(min(40.95, max(0.01, int(value * 100 + 0.5 + 1e-9) / 100)), word)


def state(
    written: VrrpInstance, base: Setting[int], version: int, kind: Family, strict: bool, profile: Profile
) -> Setting[str]:
    """MASTER or BACKUP: what the instance sets out for (vrrp.c vrrp_complete_instance, 2.2.7)."""
    word = state_word(written, profile)
    owner = base.value == OWNER
    if word is None:
        return Setting("MASTER" if owner else "BACKUP", base.word if owner else None)
    name = "MASTER" if word.text == "MASTER" else "BACKUP"
    if strict and profile.strict_state_follows_owner:
        name = "MASTER" if owner else "BACKUP"
    elif strict and not owner:
        name = "BACKUP"
    if owner and profile.owner_starts_as_master:
        name = "MASTER"
    waits = profile.ah_clears_master and auth_type(written.settings, version, kind, strict, profile) == "AH"
    if name == "MASTER" and not owner and waits:
        name = "BACKUP"
    return Setting(name, word)


def auth_type(settings: Settings, version: int, kind: Family, strict: bool, profile: Profile) -> str | None:
    """PASS or AH where it counts: not in VRRPv3, nor in strict mode, nor without a password, nor AH with IPv6."""
    word = argument(settings, "auth_type")
    if word is None or word.text not in ("PASS", "AH") or version == 3:
        return None
    if strict and profile.strict_clears_authentication:
        return None
    if argument(settings, "auth_pass") is None or (word.text == "AH" and kind == "ipv6"):
        return None
    return word.text


def preempt(settings: Settings, base: Setting[int], wanted: Setting[str], profile: Profile) -> Setting[bool]:
    """False with nopreempt, unless `preempt` comes after it, or priority 255 or `state MASTER` clears it."""
    node = settings.get("nopreempt")
    if node is None:
        return _TRUE
    if "preempt" in settings:
        order = list(settings)
        if order.index("preempt") > order.index("nopreempt"):
            return Setting(True, settings["preempt"].words[0])
    if profile.owner_clears_nopreempt and base.value == OWNER:
        return Setting(True, base.word)
    if profile.master_clears_nopreempt and wanted.value == "MASTER":
        return Setting(True, wanted.word)
    return Setting(False, node.words[0])


def preempt_delay(
    settings: Settings, preempts: bool, wanted: Setting[str], strict: bool, profile: Profile
) -> Setting[float]:
    """Seconds to wait before preempting; `state MASTER`, nopreempt and strict mode clear it."""
    word = argument(settings, "preempt_delay")
    if word is None:
        return _NO_DELAY
    if profile.master_clears_nopreempt and wanted.value == "MASTER":
        return Setting(0.0, wanted.word)
    if profile.nopreempt_clears_delay and (strict or not preempts):
        node = settings.get("nopreempt")
        return Setting(0.0, node.words[0] if node is not None else None)
    value = _time(word.text, profile) if profile.decimal_preempt_delay else float(integer(word.text))
    return Setting(value if value is not None and 0 <= value <= _LONGEST_DELAY else 0.0, word)


def router_id(text: str) -> int:
    """A virtual_router_id, 0 where it is none of 1..255 and the daemon refuses the file."""
    value = whole(text)
    return value if value is not None and 1 <= value <= 255 else 0


def down_timer_adverts(settings: Settings, global_settings: Settings, strict: bool) -> int:
    """How many advert intervals a backup waits: 1..100, 3 unless written, 3 in strict mode (vrrp.c, 2.2.7)."""
    word = argument(settings, "down_timer_adverts") or argument(global_settings, "vrrp_down_timer_adverts")
    value = lenient(word.text, 1, 100) if word is not None and not strict else None
    return 3 if value is None else value
