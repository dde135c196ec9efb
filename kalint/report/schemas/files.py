"""Documents on files: check, show, priorities, settings, baselines; and the lists of rules and releases."""

from __future__ import annotations

from kalint.report.schemas.notation import (
    COUNT,
    LINE,
    NUMBER,
    PRIORITY,
    TEXT,
    TRUTH,
    WHOLE,
    Field,
    Schema,
    by_name,
    document,
    either,
    fields,
    just,
    listed,
    maybe,
    part,
    words,
)
from kalint.report.schemas.shared import (
    CODE,
    CONFIDENCE,
    DELAY,
    FAMILY,
    FINDING,
    KIND,
    LOCATION,
    ORIGIN,
    SEVERITY,
    STATES,
    VRID,
)

CHECK = document(
    "check-1",
    "kalint check --format json",
    fields(
        schema=just("kalint/check/1"),
        keepalived_version=TEXT,
        files=listed(TEXT),
        diagnostics=listed(part("finding")),
        summary=fields(error=COUNT, warning=COUNT, info=COUNT, suppressed=COUNT),
        unreadable=listed(fields(file=TEXT, reason=TEXT)),
        keepalived_versions=Field(by_name(TEXT)),
    ),
    finding=FINDING,
)

BASELINE = document(
    "baseline-1",
    "A baseline of kalint check --write-baseline",
    fields(
        schema=just("kalint/baseline/1"),
        findings=listed(fields(file=TEXT, code=CODE, block=TEXT, text=TEXT, count=Field(LINE))),
    ),
)

_TRACKER = {"kind": KIND, "name": TEXT, "weight": WHOLE, "reverse": TRUTH, "from": ORIGIN}
_TRACKERS = {
    "trackers": listed(fields(**_TRACKER)),
    "dropped_trackers": listed(fields(**_TRACKER, reason=TEXT)),
}
_SERVER = {"address": TEXT, "port": WHOLE, "forwarding_method": TEXT, "location": LOCATION}


def _by_id(**known: Schema | Field) -> Schema:
    """A document on one file, which has one for each config id too where the file names several."""
    return fields(**known, config_ids=Field(by_name({"$ref": "#"})))


SHOW = document(
    "show-1",
    "kalint show --format json",
    _by_id(
        schema=just("kalint/show/1"),
        instances=listed(
            fields(
                name=TEXT,
                state=TEXT,
                interface=TEXT,
                family=FAMILY,
                vrrp_version={"enum": [2, 3]},
                virtual_router_id=maybe(VRID),
                base_priority=maybe(WHOLE),
                advert_interval=maybe(NUMBER),
                preempt=maybe(TRUTH),
                preempt_delay=maybe(NUMBER),
                virtual_addresses=listed(TEXT),
                unicast_peers=listed(TEXT),
                auth_type=maybe(TEXT),
                sync_group=maybe(TEXT),
                silent=maybe(TEXT),
                group_faults=listed(TEXT),
                location=LOCATION,
                **_TRACKERS,
            )
        ),
        scripts=listed(
            fields(
                name=TEXT,
                script=TEXT,
                interval=maybe(NUMBER),
                timeout=maybe(NUMBER),
                weight=maybe(WHOLE),
                reverse=TRUTH,
                rise=maybe(WHOLE),
                fall=maybe(WHOLE),
                init_fail=TRUTH,
                location=LOCATION,
            )
        ),
        sync_groups=listed(
            fields(name=TEXT, members=listed(TEXT), tracking_weight=TRUTH, location=LOCATION, **_TRACKERS)
        ),
        virtual_servers=listed(
            fields(
                name=TEXT,
                protocol=maybe(TEXT),
                scheduler=maybe(TEXT),
                quorum=WHOLE,
                real_servers=listed(fields(**_SERVER, weight=WHOLE, checks=listed(TEXT))),
                sorry_server=maybe(fields(**_SERVER)),
                location=LOCATION,
            )
        ),
    ),
)

_OUTCOME = [fields(priority=PRIORITY), fields(state=just("FAULT"))]
_STATE = either(fields(delta=WHOLE), fields(fault={"const": True}), fields(ignored=TEXT))
_HOW = {"witness": STATES, "combinations": maybe(LINE)}

PRIORITIES = document(
    "priorities-1",
    "kalint priorities --format json",
    _by_id(
        schema=just("kalint/priorities/1"),
        keepalived_version=TEXT,
        instances=listed(
            fields(
                name=TEXT,
                virtual_router_id=VRID,
                base_priority=WHOLE,
                owner=TRUTH,
                can_fault=TRUTH,
                min=maybe(PRIORITY),
                max=maybe(PRIORITY),
                nominal=maybe(PRIORITY),
                combinations=maybe(LINE),
                silent=maybe(TEXT),
                reachable=listed(fields(priority=PRIORITY, **_HOW)),
                fault=maybe(fields(**_HOW)),
                trackers=listed(
                    fields(
                        **_TRACKER,
                        states=by_name(_STATE),
                        dead=maybe(TEXT),
                        detection=maybe(
                            fields(ko=DELAY, ok=DELAY, signal=maybe(TEXT), advert=maybe(DELAY), recovered=maybe(DELAY))
                        ),
                    )
                ),
                group_faults=listed(TEXT),
                history=listed(fields(kind=TEXT, subject=TEXT)),
                outcome=Field(either(*_OUTCOME)),
                all_combinations=Field(
                    listed(either(fields(states=STATES, priority=PRIORITY), fields(states=STATES, state=just("FAULT"))))
                ),
            )
        ),
    ),
)

_VALUE = either(maybe(TEXT), listed(TEXT))
SETTINGS = document(
    "settings-1",
    "kalint settings --format json",
    fields(
        schema=just("kalint/settings/1"),
        file=TEXT,
        settings=maybe(TEXT),
        values=listed(
            either(
                fields(key=TEXT, value=_VALUE, source=words("command line", "default")),
                fields(key=TEXT, value=_VALUE, source=just("settings"), file=TEXT, line=LINE, column=LINE),
            )
        ),
    ),
)

RULES = document(
    "rules-1",
    "kalint rules --format json",
    fields(
        schema=just("kalint/rules/1"),
        rules=listed(
            fields(code=CODE, name=TEXT, severity=SEVERITY, confidence=CONFIDENCE, summary=TEXT, url=TEXT, page=TEXT)
        ),
    ),
)

RELEASES = document(
    "releases-1",
    "kalint releases --format json",
    fields(
        schema=just("kalint/releases/1"),
        newest=TEXT,
        releases=listed(TEXT),
        systems=listed(fields(name=TEXT, keepalived_version=TEXT, source=TEXT)),
    ),
)

DOCUMENTS = (CHECK, BASELINE, SHOW, PRIORITIES, SETTINGS, RULES, RELEASES)
