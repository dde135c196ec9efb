"""`kalint show --format json` and the daemon's dump of one configuration, side by side."""

from __future__ import annotations

import io
import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dump import Dump, Router
from harness import RELEASE

from kalint.errors import InputError
from kalint.findings.secrets import HIDDEN
from kalint.pipeline.reading import Request, load
from kalint.report.show_json import render, unmasked
from kalint.text import Options
from kalint.version import parse_version


def shown(file: Path, config_id: str = "node") -> Dump:
    """What kalint shows of a configuration under the release that is installed.

    What it masks, such as a word beside a misspelt auth_pass, is compared as it is; all else must be shown as it is.
    """
    stream = io.StringIO()
    try:
        loaded = load(str(file), None, Request(Options(config_id=config_id), parse_version(RELEASE)))
    except InputError:
        return Dump({}, {})
    render(loaded.resolved, stream)
    document = unmasked(loaded.resolved)
    differing = [f"{one} is shown as {other}" for one, other in _masked(document, json.loads(stream.getvalue()))]
    assert not differing, differing
    routers = {instance["name"]: _router(instance) for instance in document["instances"]}
    return Dump(routers, {group["name"]: tuple(group["members"]) for group in document["sync_groups"]})


def _masked(plain: Any, printed: Any) -> Iterator[tuple[Any, Any]]:
    """Values that differ in more than in words which are masked."""
    if isinstance(plain, dict) and isinstance(printed, dict) and plain.keys() == printed.keys():
        for key, value in plain.items():
            yield from _masked(value, printed[key])
    elif isinstance(plain, (list, tuple)) and isinstance(printed, list) and len(plain) == len(printed):
        for one, other in zip(plain, printed, strict=True):
            yield from _masked(one, other)
    elif isinstance(plain, str) and isinstance(printed, str) and HIDDEN in printed:
        if not re.fullmatch(re.escape(printed).replace(re.escape(HIDDEN), ".+"), plain, re.DOTALL):
            yield plain, printed
    elif plain != printed:
        yield plain, printed


def _router(instance: dict[str, Any]) -> Router:
    trackers = ((t["kind"], t["name"], t["weight"], t["reverse"]) for t in instance["trackers"])
    values = {name: instance[name] for name in Router._fields if name != "trackers"}
    values["virtual_addresses"] = tuple(instance["virtual_addresses"])
    values["unicast_peers"] = tuple(instance["unicast_peers"])
    return Router(**values, trackers=frozenset(trackers))


def differences(daemon: Dump, kalint: Dump) -> Iterator[str]:
    """One line for each value that differs, nothing where both say the same."""
    if list(daemon.routers) != list(kalint.routers):
        yield f"instances: keepalived {list(daemon.routers)}, kalint {list(kalint.routers)}"
    for name in daemon.routers.keys() & kalint.routers.keys():
        theirs, ours = daemon.routers[name], kalint.routers[name]
        for field in Router._fields:
            left, right = _plain(theirs, field), _plain(ours, field)
            if left != right:
                yield f"{name} {field}: keepalived {left}, kalint {right}"
    if daemon.groups != kalint.groups:
        yield f"sync groups: keepalived {daemon.groups}, kalint {kalint.groups}"


def _plain(router: Router, field: str) -> Any:
    """One way to write an address, trackers in order.

    Priority 255 takes no weights: keepalived leaves those of interfaces and processes in its lists, kalint says that
    they are dropped. In a sync group keepalived prints the state that the group was started in.
    """
    value = getattr(router, field)
    if field == "state" and router.sync_group is not None:
        return None
    if field in ("virtual_addresses", "unicast_peers"):
        return [_address(text) for text in value]
    if field == "trackers":
        return sorted(tracker for tracker in value if router.base_priority != 255 or tracker[2] == 0)
    return value


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_interface(text))
    except ValueError:
        return text
