"""What only a shell understands in a command, and first words that only a shell can run."""

from __future__ import annotations

import re

OPERATORS = frozenset(
    (
        "|",
        "||",
        "&&",
        "&",
        ";",
        ";;",
        ">",
        ">>",
        "<",
        "<<",
        "<<<",
        "2>",
        "2>>",
        "&>",
        "&>>",
        "2>&1",
        "1>&2",
        ">&2",
        "|&",
    )
)
BASH_ONLY = re.compile(
    r"(/dev/(?:tcp|udp))/|(?:^|[\s;&|(!])(\[\[|source)\s|(<<<)|(?<=\s)(<\()|(?:set|-o)\s+(?:-o\s+)?(pipefail)"
    r"|(?:^|\s)(&>)\s*[\w/]"
)
"""What bash understands, and no other shell that may be /bin/sh."""
_ANY = re.compile("[|&;<>$`*?]")
"""What every operator has a character of."""
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.", re.DOTALL)
_REDIRECTION = re.compile(r"(?<![-=<>])(?:\d?>>?|&>>?)(?=&\d|[/\w.~$\0]|$)")
_INPUT = re.compile(r"(?<![-=<>])<{1,3}(?=[/\w.~$\0]|$)")
_PIPED = re.compile(
    r"\|(?:/\S*/)?(?:e?grep|fgrep|awk|sed|wc|cut|head|tail|tr|sort|uniq|xargs|cat|tee|logger|mail|jq|bc|sh|bash)$"
)
_VARIABLE = re.compile(r"(?<![\\\w$])\$[A-Za-z_]\w+(?=[/.:-])")
"""A variable that keepalived replaces nowhere: it looks for its own only where a blank, a comma or `)` follows."""
_PATTERN = re.compile(r"(?<!\S)[\w.~/-]*/[\w./-]*([*?])[\w.*?/-]*(?!\S)")
_WITH_NAMES = frozenset(("ls", "cat", "test", "[", "stat", "head", "tail", "wc", "rm"))
"""Programs whose arguments with a slash are names of files, so that a pattern there is for a shell."""
_BUILTINS = frozenset(
    (
        *("alias", "bg", "break", "builtin", "case", "cd", "continue", "declare", "done", "elif", "else", "esac"),
        *("eval", "exec", "exit", "export", "fg", "fi", "for", "function", "if", "let", "local", "read", "readonly"),
        *("return", "select", "set", "shift", "source", "then", "time", "trap", "type", "typeset", "ulimit"),
        *("umask", "unset", "until", "wait", "while", "do", ":", ".", "..", "[[", "]]", "!", "(", "((", "{", "}"),
        *("<", ">", ">>", "|", "||", "&", "&&", ";"),
    )
)
"""What no directory of the PATH has; `[`, `test`, `true`, `echo` and the like are programs too."""


def shell_syntax(command: str) -> str:
    """The first operator, variable or pattern of a command that no shell reads; "" where there is none.

    A command whose first word only a shell can run has none: it never comes so far.
    """
    if _ANY.search(command) is None or command.startswith("<") or no_program(command):
        return ""
    executes = False
    for word in _QUOTED.sub("\0", command).split():
        executes = executes or word in ("-exec", "-execdir", "-ok")
        if not (executes and word == ";"):
            found = operator_of(word)
            if found:
                return found
    plain = _QUOTED.sub("\0", command)
    variable = _VARIABLE.search(plain)
    if variable:
        return variable.group()
    reads = plain.split(None, 1)[0].rpartition("/")[2] in _WITH_NAMES
    pattern = _PATTERN.search(plain) if reads else None
    return pattern.group(1) if pattern else ""


def operator_of(word: str) -> str:
    """The operator in a word without its quotes, be it all of the word or glued to something; "" without one."""
    if not word or word in OPERATORS:
        return word
    if "://" in word:
        return ";" if word.endswith(";") else ""
    for operator in ("&&", "||", "$(", "`"):
        if operator in word:
            return operator
    found = _REDIRECTION.search(word) or (None if ">" in word else _INPUT.search(word))
    if found:
        return found.group()
    if word[0] == "|" or word[-1] == "|" or _PIPED.search(word):
        return "|"
    if word[-1] == ";" or re.search(r"\w;[A-Za-z/]", word):
        return ";"
    return "&" if word[-1] == "&" else ""


def no_program(command: str) -> str:
    """The first word of a command where it is the shell's own, so that there is no program of that name; else ""."""
    words = command.split(None, 1)
    if not words:
        return ""
    first = words[0].strip("'\"")
    if first in _BUILTINS or first.rstrip(";") in _BUILTINS:
        return first
    if first[:1] == "(" or first[:2] == "~/" or re.match(r"[A-Za-z_]\w*=[^/]*$|[A-Za-z_]\w*=/.*$", first):
        return first
    return ""
