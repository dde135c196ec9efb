"""Shell syntax where there is no shell.

## What it does
Finds `|`, `||`, `&&`, `;`, redirections, backticks and `$(...)` in the commands of vrrp_script, notify, misc_path,
notify_up, notify_down, quorum_up, quorum_down and those of global_defs.

## Why it is bad
keepalived 2.0.0 and later run the program themselves, without a shell. `killall -0 haproxy || exit 1` asks killall for
processes of the names `haproxy`, `||`, `exit` and `1`, and fails for ever. keepalived says nothing.

## Bad
```
vrrp_script chk {
    script "killall -0 haproxy || exit 1"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Good
```
vrrp_script chk {
    script "/bin/sh -c 'pidof haproxy || exit 1'"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Source
lib/notify.c of keepalived 2.2.7 (fork_exec, system_call): execve, where 1.x called system().
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, commands

INFO = RuleInfo("KA602", "shell-syntax-in-script", "error", "proven", "shell syntax in a command that no shell reads")

OPERATORS = ("|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>>", "&>", "2>&1", "1>&2", ">&2")
GLUED = (">/", "2>/", "1>/", "&>/", ">>/", "</")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.resolved.profile.shell_runs_scripts:
        return
    for command in commands(context.resolved):
        found = shell_syntax(command.text)
        if found:
            message = f"keepalived runs this without a shell: '{found}' is one more argument of the program"
            yield INFO.at(command.span, message, help="put the commands in a script, or write /bin/sh -c '...'")


def shell_syntax(text: str) -> str:
    """The first word that only a shell understands; "" where there is none."""
    import shlex

    if text.startswith("<"):
        return ""
    try:
        words = shlex.split(text, posix=False)
    except ValueError:
        return ""
    for word in words:
        if "'" in word or '"' in word:
            continue
        if word in OPERATORS or word.startswith(GLUED) or word.startswith(("`", "$(")):
            return word
        if len(word) > 1 and word.endswith(";") and not word.endswith("\\;"):
            return ";"
    return ""


RULE = Rule(INFO, check, on=COMMANDS)
