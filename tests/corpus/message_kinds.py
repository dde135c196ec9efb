"""What `keepalived -t` 2.2.7 says, sorted into kinds, and the rules of kalint that speak of the same cause."""

from __future__ import annotations

import re
from typing import NamedTuple


class Kind(NamedTuple):
    """A sort of message; `pattern` matches all of it behind `(file: Line n)`, a group `name` is what it names.

    `codes` speak of the same cause, on the same line, in the block of that name, or naming it; with `anywhere`, the
    message says no place, and any finding of the file will do. `host` says what of the machine it hangs on instead.
    `after` is the kind of which it is the second half, on the same line.
    """

    name: str
    pattern: str
    codes: tuple[str, ...] = ()
    host: str = ""
    anywhere: bool = False
    after: str = ""


READING = ("KA001", "KA002", "KA003", "KA006", "KA007", "KA014", "KA015", "KA019", "KA020")
"""Rules that explain a word that the daemon does not know, and all that it says after it."""

TEXT = ("KA007", "KA012", "KA014", "KA015", "KA019", "KA020")
"""Rules that explain a value that is none."""

NUMBER = ("KA008", "KA201", "KA207", "KA401", "KA406", "KA503", "KA610", *TEXT)
ADDRESS = ("KA008", "KA406", "KA407", *TEXT)
UNDEFINED = ("KA101", "KA102", "KA614")
SERVER = ("KA008", "KA706", "KA708", "KA709", "KA710")

INTERFACE = "the machine's interfaces"
SCRIPT = "programs on the machine"
USER = "users on the machine"
BUILD = "what this build of keepalived supports"

KINDS = (
    # reading
    Kind("unknown keyword", r"Unknown keyword '(?P<name>.*)'", (*READING, "KA016", "KA704")),
    Kind("unexpected brace", r"Unexpected '\{' - ignoring", READING),
    Kind("extra brace", r"Extra '\}' found", READING),
    Kind("missing brace", r"Missing '\{' at beginning of configuration block", READING),
    Kind("unbalanced braces", r"There are \d+ missing '\}'s or extra '\{'s", READING, anywhere=True),
    Kind("include without files", r"Config files missing '.*'\.", ("KA013",), anywhere=True),
    Kind(
        "missing parameter",
        r"\*\*\* Configuration line starting `(?P<name>\S+)` is missing a parameter .*",
        ("KA001", "KA008", *TEXT),
    ),
    Kind("name missing", r"routerid name missing - ignoring", ("KA008", *TEXT)),
    # values
    Kind("invalid number", r"invalid number '(?P<name>.*)'", NUMBER),
    Kind("number out of range", r"number '.*' outside range \[.*\]", NUMBER),
    Kind("too many decimal places", r"number '.*' has too many decimal places", NUMBER),
    Kind("invalid value", r"(vrrp_garp_interval|vrrp_gna_interval) '.*' is invalid", NUMBER),
    Kind("invalid value", r"persistence_timeout invalid", NUMBER),
    Kind("invalid value", r"\(.*\): vrrp script \S+ '.*' must be between .* - ignoring", NUMBER),
    Kind("invalid value", r"Quorum \d+ must be in \[.*\]\. Setting to 1\.", (*NUMBER, "KA702")),
    Kind("invalid value", r"Invalid lvs_sync_daemon maxlen \(.*\) - ignoring", NUMBER),
    Kind("invalid value", r"Invalid inhibit_on_failure parameter .*", ("KA005", *NUMBER)),
    Kind("invalid value", r"Invalid IPv4 persistence_granularity specified - .*", ADDRESS),
    Kind("invalid value", r"Invalid (bindto|connect_ip) address .* - ignoring", ADDRESS),
    Kind("invalid value", r"Invalid checker connect_port '.*'", NUMBER),
    Kind("invalid value", r"digest '.*' character length should be 32 rather than \d+", NUMBER),
    Kind("invalid value", r"\(.*\) unknown authentication type '.*'", ("KA008", "KA502", *TEXT)),
    Kind("invalid value", r"Unknown protocol .* - ignoring", NUMBER),
    Kind("interface name too long", r"Interface name '.*' too long - ignoring", ("KA008", *TEXT)),
    Kind("given again", r"lvs_sync_daemon has already been specified as .* - ignoring", ("KA004",)),
    Kind("given again", r"nftables already specified - ignoring", ("KA004", "KA011")),
    Kind("deprecated keyword", r"nb_get_retry is deprecated - please use 'retry'", ("KA011", "KA704", *TEXT)),
    Kind(
        "deprecated keyword", r"\(.*\) Specifying lvs_sync_daemon_interface against a vrrp is deprecated\.", ("KA011",)
    ),
    Kind("deprecated keyword", r"\s+Please use global lvs_sync_daemon", ("KA011",)),
    # references
    Kind(
        "tracked thing not found",
        r"\((?P<instance>.*)\) track (script|file) (?P<name>\S+) not found, ignoring\.\.\.",
        UNDEFINED,
    ),
    Kind("tracked thing not found", r"track_file (?P<name>\S+) not found", UNDEFINED),
    Kind("definition incomplete", r"No script set for vrrp_script (?P<name>\S+) - removing", ("KA614",)),
    Kind("definition incomplete", r"No file set for track_file (?P<name>\S+) - ignoring", ("KA614",)),
    Kind("definition incomplete", r"FILE_CHECK has no track_file specified - ignoring", (*UNDEFINED, "KA705")),
    Kind(
        "group member missing",
        r"Virtual router (?P<name>\S+) specified in sync group \S+ doesn't exist - ignoring",
        ("KA104",),
    ),
    Kind("group of one", r"Sync group (?P<name>\S+) has only 1 virtual router\(s\) - .*", ("KA104", "KA105", "KA108")),
    Kind("name used twice", r"vrrp instance (?P<name>\S+) already defined", ("KA009",)),
    Kind("own interface tracked", r"\((?P<name>.*)\) Ignoring track_interface \S+ since own interface", ("KA107",)),
    Kind(
        "tracked twice",
        r"\((?P<name>.*)\) track_interface \S+ is configured on VRRP instance and sync group\. .*",
        ("KA106", "KA107"),
    ),
    # priorities and election
    Kind(
        "priority not valid",
        r"\((?P<instance>.*)\) Priority not valid! must be between 1 & 255\. Using default 100",
        ("KA201", *TEXT),
        after="invalid number",
    ),
    Kind("VRID not valid", r"\(.*\): VRID '.*' not valid - must be between 1 & 255", ("KA401", *TEXT)),
    Kind("VRID missing", r"\((?P<name>.*)\) the virtual router id must be set", ("KA401", *TEXT)),
    Kind("unknown state", r"\(.*\) unknown state '.*', defaulting to BACKUP", ("KA305", *TEXT)),
    Kind(
        "nopreempt cleared",
        r"\((?P<name>.*)\) Warning - nopreempt will not work with initial state MASTER - clearing",
        ("KA301",),
    ),
    Kind(
        "nopreempt cleared",
        r"\((?P<name>.*)\) nopreempt is incompatible with priority 255\. resetting nopreempt",
        ("KA303", "KA301"),
    ),
    Kind(
        "state MASTER of no owner",
        r"\((?P<name>.*)\) State MASTER must match being address owner",
        ("KA304", "KA504", "KA505"),
    ),
    Kind(
        "state MASTER with AH",
        r"\((?P<name>.*)\) Initial state master is incompatible with AH authentication - clearing",
        ("KA508",),
    ),
    Kind(
        "tracker of an owner",
        r"\((?P<name>.*)\) ignoring tracked file \S+ with weight -?\d+ due to address_owner",
        ("KA203",),
    ),
    Kind(
        "tracker in a group",
        r"\((?P<name>.*)\) ignoring weight from tracked file \S+ due to SYNC group\. specify .*",
        ("KA604",),
    ),
    # addresses, routes, interfaces
    Kind("invalid address", r"VRRP parsed invalid IP (?P<name>.*)\. skipping IP\.\.\.", ADDRESS),
    Kind(
        "invalid address",
        r"Configuration error: VRRP instance\[.*?\] malformed (src|unicast peer) address\[.*\]\. "
        r"Skipping\.\.\.",
        ADDRESS,
    ),
    Kind("invalid address", r"Invalid address prefix len \S+ for address \S+ - using \d+", ADDRESS),
    Kind("invalid address", r"Invalid peer address \S+", ADDRESS),
    Kind("invalid address", r"Cannot specify address prefix when specifying peer address - ignoring", ADDRESS),
    Kind(
        "address option ignored",
        r"Cannot specify (scope|label) for IPv6 addresses \(.*\) - ignoring \1",
        ("KA008", "KA413"),
    ),
    Kind(
        "no address",
        r"\((?P<name>.*)\) No VIP specified; at least one is sensible",
        ("KA410", "KA003", "KA009", *ADDRESS),
    ),
    Kind("rule without preference", r"Rule has no preference specified - setting to \d+\. .*", ("KA414",)),
    Kind("route not tracked", r"Route cannot be tracked if protocol is not RTPROT_KEEPALIVED.*", ("KA008", "KA415")),
    Kind(
        "route not tracked", r"Warning - cannot track route \S+ with no interface specified, not tracking", ("KA415",)
    ),
    Kind("VMAC changed", r"\((?P<name>.*)\) unicast with use_vmac requires vmac_xmit_base - setting", ("KA512",)),
    Kind("VMAC changed", r"\((?P<name>.*)\) promote_secondaries is automatically set for vmacs - ignoring", ("KA512",)),
    Kind("VMAC changed", r"\((?P<name>.*)\) VRRP instance \S+ is already using \S+ - ignoring name", ("KA512",)),
    Kind(
        "interface missing",
        r"\(.*\): Cannot use VMAC/ipvlan with unicast and no interface - clearing use_vmac",
        host=INTERFACE,
    ),
    # the protocol
    Kind("password cut", r"Truncating auth_pass to 8 characters", ("KA501", *TEXT)),
    Kind("password cut", r"Truncating auth_pass xx 8 characters", ("KA501", *TEXT)),
    Kind(
        "authentication ignored",
        r"\((?P<name>.*)\) Strict mode does not support authentication\. Ignoring\.",
        ("KA502",),
    ),
    Kind(
        "authentication ignored",
        r"\((?P<name>.*)\) VRRP version 3 does not support authentication\. Ignoring\.",
        ("KA502",),
    ),
    Kind(
        "unicast without peers",
        r"\((?P<name>.*)\) A unicast keyword has been specified without any unicast peers\. .*",
        ("KA507", *ADDRESS),
    ),
    # scripts
    Kind(
        "scripts without security",
        r"SECURITY VIOLATION - (check )?scripts are being executed but script_security not .*",
        ("KA103", "KA601"),
        anywhere=True,
    ),
    # virtual servers, bfd
    Kind(
        "bfd without neighbour",
        r"Configuration error: BFD instance (?P<name>\S+) has no neighbor address set, .*",
        ("KA701", "KA614"),
    ),
    Kind(
        "quorum above the weights",
        r"Warning - quorum \d+ for (?P<server>.*) exceeds total weight of real servers .*",
        ("KA702",),
    ),
    Kind("no protocol", r"Virtual server (?P<server>.*): no protocol set - defaulting to UDP", SERVER),
    Kind("no scheduler", r"Virtual server (?P<server>.*): no scheduler set, setting default 'wlc'", SERVER),
    Kind(
        "no forwarding method", r"Virtual server (?P<server>.*): no forwarding method set, setting default NAT", SERVER
    ),
    Kind(
        "port 0 without persistence",
        r"Virtual server (?P<server>.*): zero port only valid for persistent services - .*",
        SERVER,
    ),
    Kind(
        "ports differ",
        r"(WARNING - )?virtual server (?P<server>.*?) and real server .* ports don't match( - resetting)?",
        SERVER,
    ),
    Kind(
        "port with a fwmark",
        r"WARNING - (fwmark )?virtual server (?P<server>.*?), (sorry|real) server .*has port specified - "
        r"(port will be ignored|clearing)",
        SERVER,
    ),
    Kind(
        "protocol with a fwmark", r"Warning: Virtual server (?P<server>.*): protocol specified for fwmark - .*", SERVER
    ),
    Kind("real server repeated", r"VS (?P<server>.*): real server .* is duplicated - removing second rs", SERVER),
    Kind(
        "real server is the sorry server",
        r"Virtual server (?P<server>.*): real server .* matches sorry server, but inhibit setting differs, .*",
        SERVER,
    ),
    # what only the machine can tell
    Kind(
        "interface missing", r"WARNING - interface .* for (vrrp_instance|ip address) .* doesn't exist", host=INTERFACE
    ),
    Kind("interface missing", r"Non-existent interface specified in configuration", host=INTERFACE),
    Kind("interface missing", r"\(.*\) Unknown interface!", host=INTERFACE),
    Kind("interface missing", r"unknown interface \S+ specified for up/down delay", host=INTERFACE),
    Kind("script not found", r"Disabling track script .* since not found/accessible", host=SCRIPT),
    Kind("user missing", r"Error setting global script uid/gid", host=USER),
    Kind("user missing", r"Unable to set default user for (vrrp|misc) script .* - removing", host=USER),
    Kind("user missing", r"Unable to set default user \S+ for script", host=USER),
    Kind("user missing", r"Unable to set uid/gid for script .*", host=USER),
    Kind("user missing", r"Failed to set uid/gid for misc checker script .* - removing", host=USER),
    Kind("host name not resolved", r"Invalid smtp server \S+ \d+", host="the machine's resolver"),
    Kind("no iptables", r"iptables not supported, using nftables instead\. .*", host=BUILD),
)

_PATTERNS = [(kind, re.compile(kind.pattern)) for kind in KINDS]
_PLACE = re.compile(r"\((?:\S+: )?Line (\d+)\) ")


class Message(NamedTuple):
    """One line of the daemon's; `line` is 0 where it names none, `names` are the things that it names."""

    text: str
    kind: Kind
    line: int
    names: dict[str, str]


def messages(log: str) -> list[Message]:
    """Each message once, though several of keepalived's processes read the file.

    Raises:
        ValueError: a message is of no kind.
    """
    found = {}
    for text in log.splitlines():
        if text.startswith("exit="):
            continue
        place = _PLACE.match(text)
        said = text[place.end() :] if place else text
        for kind, pattern in _PATTERNS:
            match = pattern.fullmatch(said)
            if match:
                line = int(place[1]) if place else 0
                found[line, said] = Message(said, kind, line, match.groupdict())
                break
        else:
            raise ValueError(f"a message of no kind: {text}")
    return list(found.values())
