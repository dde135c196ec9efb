"""A known bug of the release that this configuration reaches.

## What it does
Compares the configuration with a list of known bugs of keepalived's releases: [bugs.md](bugs.md), or `kalint
explain bugs`. Only the bugs of the release that reads the file count: pass `--keepalived-version`. `kalint diff
--from OLD --to NEW` says which of them another release gains and loses.

## Why it is bad
keepalived does something else than the file and its manual say. The file is correct: only another release, or another
way to write the same setting, helps.

## Bad
```
# keepalived-version: 2.2.7
virtual_server 10.0.0.9 80 {
    protocol TCP
    lvs_sched wlc
    lvs_method DR
    real_server 10.0.0.11 80 {
        MISC_CHECK {
            misc_path "/usr/local/bin/load"
            misc_dynamic
            misc_timeout 3
        }
    }
}
```

## Good
```
# keepalived-version: 2.2.7
virtual_server 10.0.0.9 80 {
    protocol TCP
    lvs_sched wlc
    lvs_method DR
    real_server 10.0.0.11 80 {
        MISC_CHECK {
            misc_path "/usr/local/bin/load"
            misc_dynamic
        }
    }
}
```

## Source
Each bug has its own source in the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.bugs import BUGS, OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo(OWN, "release-bug", "warning", "proven", "a known bug of the release that the configuration reaches")


def check(context: Context) -> Iterator[Diagnostic]:
    for bug in BUGS:
        spans = list(dict.fromkeys(bug.found(context))) if bug.code == OWN else []
        if spans:
            first, *others = spans
            related = [Related(each, "here too") for each in others]
            yield INFO.at(first, bug.sentence, *related, help=bug.help)


RULE = Rule(
    INFO,
    check,
    on=(
        "virtual_server",
        "track_file",
        "vrrp_track_file",
        "unicast_peer",
        "address-above-interface",
    ),
)
