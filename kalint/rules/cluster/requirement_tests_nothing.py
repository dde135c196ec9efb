"""No situation meets the condition of a requirement.

## What it does
Reports requirements whose condition can never be met, such as a node that is down and not down. It also reports
claims about the priority of a node that has no priority in any situation of the condition.

## Why it is bad
The requirement seems to promise something, but it holds for every configuration.

## Bad
The two nodes; in FAULT, a node has no priority:
```
# require: priority of a stays above 90 while interface eth0 on a is down
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
# require: priority of a stays above 90 while interface eth0 on b is down
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
docs/requirements.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.verdict import EMPTY
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.requirement_fails import where
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA820", "requirement-tests-nothing", "warning", "proven", "no situation meets the condition of a requirement"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    """Each requirement that is about no situation."""
    for verdict in cluster.verdicts:
        if verdict.outcome == EMPTY:
            message = f"this requirement tests nothing: {verdict.why}"
            yield INFO.at(where(verdict), message, help="change its condition, or remove the requirement")


RULE = ClusterRule(INFO, check)
