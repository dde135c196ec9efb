"""Run the rules on clusters over the configurations of several nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.proving import proved
from kalint.pipeline.reading import Request, load
from kalint.rules.cluster import judge
from kalint.settings.model import Written, duration
from kalint.text import Options
from kalint.version import NEWEST, parse_version

BUDGET = "# max-failover: "
"""Where the first line of a case says how long a failover may take."""

REQUIRED = "# require: "
"""What a line of a case begins with that says what the cluster must do."""

RELEASE = "# keepalived-version: "
"""Where the first line of a file says which release the node runs; without it that is not known."""

Findings = Callable[[Mapping[str, str]], "list[Diagnostic]"]


@pytest.fixture(scope="session")
def findings() -> Findings:
    """`findings({"a": text, "b": text})`: every finding of every rule on the cluster of these nodes."""

    def run(texts: Mapping[str, str]) -> list[Diagnostic]:
        nodes = []
        for name, text in texts.items():
            first = text.partition("\n")[0]
            version = parse_version(first[len(RELEASE) :]) if first.startswith(RELEASE) else None
            resolved = load(f"{name}.conf", text.encode(), Request(Options(config_id=name), version or NEWEST)).resolved
            nodes.append(Node(name, resolved, version=version, files={f"{name}.conf": text.splitlines()}))
        asked = [line for text in texts.values() for line in text.splitlines() if line.startswith(BUDGET)]
        budget = duration(asked[0][len(BUDGET) :]) if asked else None
        cluster = analyse(nodes)._replace(max_failover=budget)
        required = [
            Written(line[len(REQUIRED) :], f"{name}.conf", number, len(REQUIRED))
            for name, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            if line.startswith(REQUIRED)
        ]
        return list(judge(cluster._replace(verdicts=proved(cluster, required))))

    return run
