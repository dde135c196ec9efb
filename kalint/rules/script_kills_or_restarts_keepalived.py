"""A script that stops or restarts keepalived.

## What it does
Finds commands that stop, kill, restart or reload keepalived. It looks at the words of the command, not into script
files.

## Why it is bad
The daemon that runs the script stops while the script is running. The node leaves VRRP until keepalived is started
again, even if the service recovers. A restart runs all scripts again, so this can repeat endlessly.

## Bad
```
vrrp_script chk {
    script "/bin/sh -c 'pgrep haproxy || systemctl stop keepalived'"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/bin/pgrep haproxy"
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
keepalived.conf.5 of 2.4.3 (weight, track_script): a tracker lowers the priority, or ends the mastership, by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, commands

INFO = RuleInfo(
    "KA608", "script-kills-or-restarts-keepalived", "warning", "heuristic", "a script that stops or restarts keepalived"
)

_VERBS = frozenset(
    {"stop", "restart", "reload", "try-restart", "reload-or-restart", "kill", "condrestart", "force-reload"}
)
_MANAGERS = frozenset({"systemctl", "service", "rc-service", "invoke-rc.d", "keepalived"})
_KILLERS = frozenset({"kill", "killall", "pkill"})
_HARMLESS = frozenset({"-0", "-s0", "-USR1", "-USR2", "-SIGUSR1", "-SIGUSR2"})
"""Signals that keepalived outlives: a question, its state, its statistics."""
_QUESTIONS = ("keepalived.pid", "pidof keepalived", "pgrep keepalived")
_SEPARATORS = "|&;()`'\"{}"


def check(context: Context) -> Iterator[Diagnostic]:
    for command in context.once(commands):
        if "keepalived" in command.text:
            verb = next((found for part in _parts(command.text) if (found := _ends(part, command.text))), "")
            if verb:
                message = f"this command runs '{verb}' on keepalived, the daemon that runs the command"
                advice = "let the script fail instead, so that its weight or FAULT moves the master"
                yield INFO.at(command.span, message, help=advice)


def _parts(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a line."""
    for mark in _SEPARATORS:
        text = text.replace(mark, "\n")
    for line in text.split("\n"):
        words = line.split()
        if words:
            yield words


def _ends(words: list[str], text: str) -> str:
    """The word that ends keepalived, if this simple command does it."""
    programs = [word.rpartition("/")[2] for word in words]
    target = any(word in ("keepalived", "keepalived.service", "keepalived.pid") for word in programs)
    asked = any(question in text for question in _QUESTIONS)
    for index, program in enumerate(programs):
        if program in _KILLERS and (target or (program == "kill" and asked)):
            return "" if _HARMLESS.intersection(words) or "USR" in " ".join(words) else program
        if program in _MANAGERS and target:
            return next((word for word in words[index + 1 :] if word in _VERBS), "")
    return ""


RULE = Rule(INFO, check, on=COMMANDS)
