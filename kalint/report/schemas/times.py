"""Documents on what happens in time: simulate, probe, and the lines of probe --follow and of watch."""

from __future__ import annotations

from kalint.report.schemas.notation import (
    COUNT,
    NUMBER,
    PRIORITY,
    SECONDS,
    TEXT,
    TRUTH,
    WHOLE,
    Field,
    by_name,
    document,
    either,
    fields,
    just,
    listed,
    maybe,
    words,
)
from kalint.report.schemas.shared import (
    CODE,
    FAMILY,
    FINDING_ON_THE_WIRE,
    RELEASES,
    ROUTER,
    SEVERITY,
    STATES,
    VRID,
    WITNESS,
)

_VALUE = maybe({"type": ["integer", "string"]})
_EVENTS = ("state", "priority", "advert", "addresses", "arp", "counter", "thing", "world", "daemon")

SIMULATE = document(
    "simulate-1",
    "kalint simulate --format json",
    fields(
        schema=just("kalint/simulate/1"),
        duration=SECONDS,
        nodes=listed(TEXT),
        keepalived_versions=RELEASES,
        routers=listed(fields(**ROUTER, members=listed(fields(node=TEXT, instance=TEXT)))),
        events=listed(
            either(
                fields(
                    time=SECONDS,
                    node=TEXT,
                    instance=Field(TEXT),
                    virtual_router_id=Field(VRID),
                    thing=Field(TEXT),
                    event=words(*_EVENTS),
                    from_=_VALUE,
                    to=_VALUE,
                ),
                fields(
                    time=SECONDS,
                    link=listed(TEXT, minItems=2, maxItems=2),
                    event=just("link"),
                    from_=_VALUE,
                    to=_VALUE,
                ),
            )
        ),
        masters=listed(fields(time=SECONDS, **ROUTER, nodes=listed(TEXT))),
        answers=listed(fields(time=SECONDS, **ROUTER, node=maybe(TEXT), holders=listed(TEXT))),
        outages=listed(fields(start=SECONDS, end=SECONDS, seconds=SECONDS, **ROUTER)),
        double_masters=listed(fields(start=SECONDS, end=SECONDS, seconds=SECONDS, **ROUTER, nodes=listed(TEXT))),
    ),
)

_RUN = {"adverts": COUNT, "first": NUMBER, "last": NUMBER}
_PROTOCOL = fields(
    protocol=TEXT,
    interface=TEXT,
    family=FAMILY,
    address=TEXT,
    group=maybe(WHOLE),
    packets=COUNT,
    first=NUMBER,
    last=NUMBER,
)
_MEMBER = fields(
    node=TEXT,
    instance=TEXT,
    status=words("master", "backup", "missing", "left", "rejects", "fault", "waiting", "unknown"),
    since=maybe(NUMBER),
    left=maybe(NUMBER),
    nominal=maybe(PRIORITY),
)
_PERIOD = fields(
    address=TEXT,
    node=maybe(TEXT),
    from_=NUMBER,
    to=NUMBER,
    ended=words("seen", "shutdown", "preempted", "silent", "lost"),
    after=maybe(TEXT),
    pause=NUMBER,
    adverts=COUNT,
)
_OVERLAP = fields(
    addresses=listed(TEXT),
    nodes=listed(maybe(TEXT)),
    from_=NUMBER,
    to=NUMBER,
    going_on=TRUTH,
    rejecting=TRUTH,
    adverts=listed(COUNT),
)
_SOURCE = fields(
    address=TEXT,
    node=maybe(TEXT),
    instance=maybe(TEXT),
    hardware=listed(TEXT),
    vrrp_version=WHOLE,
    **_RUN,
    advert_interval=NUMBER,
    addresses=listed(TEXT),
    auth={"type": "string", "pattern": "^(none|pass|ah|hmac|md5|type [0-9]+)$"},
    ttl=listed(COUNT),
    checksums=listed(TEXT),
    destinations=listed(TEXT),
    priorities=listed(
        fields(priority=PRIORITY, **_RUN, predicted=maybe(TRUTH), explanations=listed(STATES)),
    ),
)

PROBE = document(
    "probe-1",
    "kalint probe --format json",
    fields(
        schema=just("kalint/probe/1"),
        interface=maybe(TEXT),
        pcap=maybe(TEXT),
        began=NUMBER,
        seconds=SECONDS,
        adverts=COUNT,
        malformed=COUNT,
        malformed_reasons=by_name(COUNT),
        dropped=COUNT,
        lost=COUNT,
        notices=listed(fields(time=NUMBER, interface=TEXT, kind=TEXT)),
        passed_over=by_name(COUNT),
        other_protocols=listed(_PROTOCOL),
        keepalived=by_name(
            fields(version=TEXT, known=words("given", "installed", "taken from here", "newest")),
        ),
        known=WITNESS,
        routers=listed(
            fields(
                **ROUTER,
                interface=TEXT,
                vlans=listed(COUNT),
                verdict=words("match", "mismatch", "unknown"),
                nodes=listed(TEXT),
                members=listed(_MEMBER),
                masters=listed(_PERIOD),
                two_masters=listed(_OVERLAP),
                silences=listed(fields(from_=NUMBER, to=NUMBER, going_on=TRUTH)),
                dropped=COUNT,
                sources=listed(_SOURCE),
            )
        ),
        missing=listed(fields(**ROUTER, nodes=listed(TEXT), seconds=SECONDS, needed=SECONDS)),
        diagnostics=listed(FINDING_ON_THE_WIRE),
    ),
)

_CHANGE = {
    "vrid": maybe(VRID),
    "family": maybe(FAMILY),
    "interface": maybe(TEXT),
    "source": maybe(TEXT),
    "node": maybe(TEXT),
    "priority": maybe(PRIORITY),
    "event": TEXT,
    "code": maybe(CODE),
    "severity": SEVERITY,
    "reason": TEXT,
}
PROBE_EVENT = document(
    "probe-event-1",
    "A line of kalint probe --follow --format json; the last line is a document of probe-1",
    fields(
        schema=just("kalint/probe-event/1"),
        time=NUMBER,
        router=maybe(TEXT),
        address=maybe(TEXT),
        text=TEXT,
        **_CHANGE,
    ),
)
WATCH_EVENT = document(
    "watch-event-1",
    "A line of kalint watch --format json",
    fields(
        schema=just("kalint/watch-event/1"),
        time={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
        **_CHANGE,
    ),
)

DOCUMENTS = (SIMULATE, PROBE, PROBE_EVENT, WATCH_EVENT)
