"""Shell syntax where there is no shell.

## What it does
Finds `|`, `||`, `&&`, `;`, redirections, backticks and `$(...)` in the commands of vrrp_script, notify, misc_path,
notify_up, notify_down, quorum_up, quorum_down and global_defs. They may be separate words or part of one
(`haproxy>/dev/null`, `a;b`). It also finds them after the quotes of a notify command. Other things that only a shell
does are variables (`$HOME/up`) and patterns of file names after programs such as ls and test. With `sh -c` the whole
command must be in quotes.

## Why it is bad
keepalived 2.0.0 and later run the program directly, without a shell. `killall -0 haproxy || exit 1` asks killall for
processes with the names `haproxy`, `||`, `exit` and `1`, and always fails. keepalived says nothing.

keepalived 2.0.0 to 2.0.5 also does not know single quotes in commands: it cuts `/bin/sh -c 'a b'` at each blank, and
the shell gets `'a`.

After a notify command keepalived expects a user and a group: `notify_master "/usr/local/bin/up" > /dev/null` names
the user `>`, and keepalived ignores the command.

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
lib/notify.c of keepalived 2.2.7 (fork_exec, system_call): execve, where 1.x called system(); notify_script_init for
the user after a command. lib/notify.c of 2.0.0 to 2.0.5 (set_script_params_array) cuts a command at blanks, and knows
no quotes; lib/parser.c (alloc_strvec_quoted_escaped) reads them from 2.0.6 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, SCRIPT, WITH_USER, commands, quotes
from kalint.rules.support.operators import BASH_ONLY, operator_of, shell_syntax
from kalint.rules.support.shell import only_word

if TYPE_CHECKING:
    from kalint.rules.support.commands import Command
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA602", "shell-syntax-in-script", "error", "proven", "shell syntax in a command that no shell reads")
RELEASES = "keepalived 2.0.0 to 2.0.5"
ADVICE = "put the commands in a script, or write /bin/sh -c '...'"


def check(context: Context) -> Iterator[Diagnostic]:
    behind = {(node.line.file, node.line.number): node for node in context.statements() if _has_more(node)}
    quoting = quotes(context.resolved)
    for command in context.once(commands):
        found = "" if context.resolved.profile.shell_runs_scripts else shell_syntax(command.text)
        if not quoting and "'" in command.text:
            message = f"{RELEASES} has no single quotes in commands: it cuts this at each blank, also inside '...'"
            yield INFO.at(command.span, message, help=SCRIPT)
        elif found:
            message = f"keepalived runs this without a shell: '{found}' goes to the program as an argument"
            advice = ADVICE if quoting else SCRIPT
            if quoting and BASH_ONLY.search(command.text):
                advice = ADVICE.replace("/bin/sh", "/bin/bash")
            if found == ";" and command.text.rstrip().endswith(";") and not shell_syntax(command.text.rstrip("; \t")):
                advice = "remove the ';': no other command follows"
            yield INFO.at(command.span, message, help=advice)
        elif word := only_word(command.text):
            message = f"-c takes one word: the shell runs '{word}' alone, without the words after it"
            yield INFO.at(
                command.span, message, help="put all that is after -c in single quotes" if quoting else SCRIPT
            )
        node = behind.get((command.span.file, command.span.line))
        if node is not None:
            yield from _behind(node, command, quoting)


def _has_more(node: Node) -> bool:
    return len(node.words) > 2 and (node.keyword in WITH_USER or (node.words[1].quoted and node.keyword in COMMANDS))


def _behind(node: Node, command: Command, quoting: bool) -> Iterator[Diagnostic]:
    """Operators after the quotes of a command, where keepalived looks for a user and a group."""
    for word in node.words[2:]:
        found = "" if word.text == ";" else operator_of(word.text)
        if found:
            span = node.line.span(word.start, node.words[-1].end)
            if command.keyword in WITH_USER:
                message = f"'{found}' is read as a user or a group: keepalived ignores the command"
            else:
                message = f"keepalived runs this without a shell: '{found}' goes to the program as an argument"
            yield INFO.at(span, message, help="put it inside the quotes, as /bin/sh -c '...'" if quoting else SCRIPT)
            return


RULE = Rule(INFO, check, on=COMMANDS)
