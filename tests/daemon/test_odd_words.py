"""Numbers with a tail, and quotes that are never closed: what kalint says of them, and what keepalived 2.2.7 does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from harness import RELEASE, ROOM, Lab

from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

CONFIG = """global_defs {{
    script_user root
    enable_script_security
}}
vrrp_script chk {{
    script {script}
    {of_script}
}}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 17
    priority 100
    {of_instance}
    virtual_ipaddress {{
        10.9.1.9/{length}
    }}
    track_script {{
        chk
    }}
}}
"""
NUMBERS = {
    "rise 4x": r"^ +Rise = (\S+)",
    "fall 5x": r"^ +Fall = (\S+)",
    "interval 7s": r"^ +Interval = (\S+)",
    "garp_master_delay never": r"^ +Gratuitous ARP delay = (\S+)",
    "garp_master_refresh 61x": r"^ +Gratuitous ARP refresh = (\S+)",
    "down_timer_adverts 4x": r"^ +Down timer adverts = (\S+)",
    "preempt_delay 8s": r"^ +Preempt delay = (\S+)",
}
QUOTES = {
    '"/usr/bin/test': True,
    "'/usr/bin/test": True,
    "/usr/bin/echo it's": True,
    '"/usr/bin/echo it\'s"': False,
    '"/bin/sh -c \'exit 0"': False,
    '/usr/bin/echo nginx"': False,
}
"""Commands of a vrrp_script, and whether keepalived crashes."""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab({"eth0": ["10.9.0.1/24"]}) as found:
        yield found


def written(script: str = "/usr/bin/true", setting: str = "", length: str = "24") -> str:
    of_script = setting if setting.split(" ")[0] in ("rise", "fall", "interval") else ""
    return CONFIG.format(script=script, of_script=of_script, of_instance="" if of_script else setting, length=length)


def said(text: str, code: str) -> list[str]:
    request = Request(version=parse_version(RELEASE))
    return [each.message for each in diagnose(load("k.conf", text.encode(), request), request) if each.code == code]


@pytest.mark.parametrize("setting", NUMBERS)
def test_a_number_with_a_tail_is_what_the_message_says(lab: Lab, setting: str) -> None:
    text = written(setting=setting)
    (message,) = said(text, "KA008")
    used = re.search(r"keepalived uses (\S+)$", message)
    dumped = re.findall(NUMBERS[setting], lab.dump(text), re.MULTILINE)
    assert used is not None
    assert float(dumped[-1]) == float(used[1])


def test_a_prefix_length_with_a_tail_is_what_the_message_says(lab: Lab) -> None:
    text = written(length="28x")
    (message,) = said(text, "KA406")
    assert message.endswith("keepalived uses /28")
    assert "10.9.1.9/28 dev eth0" in lab.dump(text)


@pytest.mark.parametrize("script", QUOTES)
def test_keepalived_crashes_at_the_quotes_that_the_message_says(lab: Lab, script: str) -> None:
    text = written(script=script)
    (message,) = said(text, "KA007")
    lab.node.path(f"{ROOM}/keepalived.conf").write_text(text)
    command = ["timeout", "20", "keepalived", "-t", "-l", "-G", "-f", f"{ROOM}/keepalived.conf"]
    done = subprocess.run(lab.node.enter(*command), capture_output=True, text=True, timeout=60)
    assert (done.returncode < 0) == QUOTES[script] == message.endswith("keepalived crashes when it starts")
