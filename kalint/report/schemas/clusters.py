"""Documents on clusters: cluster, its summary, require, diff, fleet."""

from __future__ import annotations

from kalint.report.schemas.notation import (
    COUNT,
    LINE,
    PRIORITY,
    SECONDS,
    TEXT,
    TRUTH,
    Field,
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
    FAILOVER,
    FAMILY,
    FINDING,
    MASTERS,
    PRIORITIES,
    RELEASES,
    ROUTER,
    SEVERITY,
    VRID,
    WITNESS,
)

_ANYBODY = listed(maybe(TEXT))
"""Who may be master; null is nobody."""
_SINGLE = {"node": maybe(TEXT), "thing": TEXT, "state": TEXT}
_FAILURE = fields(
    **_SINGLE,
    priorities=PRIORITIES,
    master=maybe(TEXT),
    outcomes=_ANYBODY,
    **MASTERS,
    ignored=Field(TEXT),
    witness=WITNESS,
    failover=maybe(FAILOVER),
)
_PAIR = fields(
    failures=listed(fields(**_SINGLE), minItems=2, maxItems=2),
    priorities=PRIORITIES,
    master=maybe(TEXT),
    outcomes=_ANYBODY,
    **MASTERS,
    news=TRUTH,
)
_DECIDED_BY = words("priority", "owner", "address", "sync_group", "unheard", "undetermined")
_ROUTER = fields(
    **ROUTER,
    together=by_name(listed(TEXT)),
    members=listed(
        fields(
            node=TEXT,
            instance=TEXT,
            address=maybe(TEXT),
            min=maybe(PRIORITY),
            max=maybe(PRIORITY),
            nominal=maybe(PRIORITY),
            can_fault=TRUTH,
        ),
        minItems=2,
    ),
    master=fields(node=maybe(TEXT), priority=maybe(PRIORITY), decided_by=_DECIDED_BY, outcomes=_ANYBODY),
    **MASTERS,
    single_failures=listed(part("failure")),
    pairs=Field(listed(_PAIR)),
    pairs_left_out=Field(COUNT),
    ties=listed(fields(nodes=listed(TEXT, minItems=2), priority=PRIORITY, witness=WITNESS, failures=COUNT)),
    never_masters=listed(TEXT),
    no_master=maybe(fields(witness=WITNESS, failures=COUNT, certain=TRUTH)),
    fewest_to_move=maybe(fields(master=TEXT, witness=WITNESS, failures=COUNT)),
    fewest_to_split=listed(fields(node=TEXT, sync_group=TEXT, best=by_name(TEXT), witness=WITNESS, failures=COUNT)),
    stalls=listed(fields(node=TEXT, seconds=SECONDS, to=TEXT)),
    never_change_master=listed(fields(node=maybe(TEXT), thing=TEXT)),
    unanswered=maybe(TEXT),
    sync_groups=TRUTH,
    complete=TRUTH,
    diagnostics=listed(part("finding")),
)
_SITUATION = fields(
    states=WITNESS,
    routers=listed(
        fields(
            priorities=PRIORITIES,
            master=maybe(TEXT),
            **MASTERS,
            possible_masters_before=listed(listed(TEXT)),
            failover=maybe(FAILOVER),
            why=maybe(TEXT),
        )
    ),
)

CLUSTER = document(
    "cluster-1",
    "kalint cluster --format json",
    fields(
        schema=just("kalint/cluster/1"),
        name=maybe(TEXT),
        keepalived_version=maybe(TEXT),
        nodes=listed(TEXT),
        keepalived_versions=RELEASES,
        routers=listed(part("router")),
        unmatched=listed(fields(node=TEXT, instance=TEXT, **ROUTER, reason=TEXT)),
        situation=Field(_SITUATION),
        diagnostics=listed(part("finding")),
    ),
    finding=FINDING,
    failure=_FAILURE,
    router=_ROUTER,
)

SUMMARY = document(
    "cluster-summary-1",
    "A line of kalint cluster --all --format jsonl",
    either(
        fields(
            schema=just("kalint/cluster-summary/1"),
            cluster=TEXT,
            nodes=listed(TEXT),
            keepalived_versions=RELEASES,
            routers=listed(
                fields(
                    **ROUTER,
                    instances=by_name(TEXT),
                    **MASTERS,
                    nobody=maybe(COUNT),
                    nobody_witness=maybe(WITNESS),
                    useless=listed(fields(node=maybe(TEXT), thing=TEXT)),
                    worst_failover=maybe(SECONDS),
                )
            ),
            unmatched=COUNT,
            nobody=maybe(COUNT),
            useless=COUNT,
            worst_failover=maybe(SECONDS),
            findings=fields(error=COUNT, warning=COUNT, info=COUNT),
        ),
        fields(schema=just("kalint/cluster-summary/1"), cluster=TEXT, error=TEXT),
    ),
)

_STEP = fields(what=TEXT, verb=TEXT, node=maybe(TEXT), thing=TEXT, state=maybe(TEXT), masters=listed(TEXT))
REQUIRE = document(
    "require-1",
    "kalint require --format json",
    fields(
        schema=just("kalint/require/1"),
        requirements=listed(
            fields(
                cluster=maybe(TEXT),
                name=maybe(TEXT),
                text=TEXT,
                normal=TEXT,
                verdict=words("holds", "fails", "undecided", "empty"),
                situations=COUNT,
                links_considered=TRUTH,
                why=maybe(TEXT),
                hint=maybe(TEXT),
                file=maybe(TEXT),
                line=maybe(LINE),
                column=maybe(LINE),
                counterexample=maybe(part("counterexample")),
            )
        ),
        clusters=listed(fields(name=maybe(TEXT), nodes=listed(TEXT))),
    ),
    step=_STEP,
    counterexample=fields(
        router=VRID,
        family=FAMILY,
        instance=TEXT,
        start=listed(TEXT),
        history=listed(part("step")),
        events=listed(part("step")),
        witness=WITNESS,
        priorities=PRIORITIES,
        masters=listed(TEXT),
        reason=TEXT,
        within=maybe(SECONDS),
    ),
)

_CHANGES = listed(
    fields(what=TEXT, subject=TEXT, failure=Field(TEXT), old=maybe(TEXT), new=maybe(TEXT)),
)
_SIDE = fields(file=Field(TEXT), keepalived_version=maybe(TEXT))
_DIFF = fields(
    schema=just("kalint/diff/1"),
    cluster=Field(TEXT),
    old=_SIDE,
    new=_SIDE,
    reload=TRUTH,
    changes=_CHANGES,
    error=Field(TEXT),
)
DIFF = document("diff-1", "kalint diff --format json; a line of --format jsonl", _DIFF)
DIFFS = document(
    "diffs-1",
    "kalint diff --format json of several files or clusters",
    fields(schema=just("kalint/diffs/1"), compared=listed(part("diff"))),
    diff=_DIFF,
)

_NETWORK = fields(
    schema=just("kalint/fleet/1"),
    network=TEXT,
    inferred=TRUTH,
    clusters=listed(TEXT),
    used=listed(fields(**ROUTER, clusters=listed(TEXT), virtual_addresses=listed(TEXT), multicast_groups=listed(TEXT))),
    free=by_name(listed(listed(VRID, minItems=2, maxItems=2))),
    collisions=listed(
        fields(
            kind=words("vrid", "mac", "address", "password"),
            severity=SEVERITY,
            subject=maybe(TEXT),
            message=TEXT,
            clusters=listed(TEXT),
            places=listed(fields(cluster=TEXT, node=TEXT, instance=TEXT, file=TEXT, line=LINE)),
        )
    ),
)
FLEET = document("fleet-1", "A line of kalint fleet --format jsonl", _NETWORK)
FLEETS = document(
    "fleets-1",
    "kalint fleet --format json",
    fields(
        schema=just("kalint/fleets/1"),
        networks=listed(part("network")),
        unplaced=listed(TEXT),
        unreadable=listed(TEXT),
    ),
    network=_NETWORK,
)

DOCUMENTS = (CLUSTER, SUMMARY, REQUIRE, DIFF, DIFFS, FLEET, FLEETS)
