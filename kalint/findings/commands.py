"""Secrets in commands, addresses and headers: what follows an option, a name or a user that announces a password.

`mysql -pX`, `--password='X'`, `curl -u user:X`, `http://user:X@host`, `MYSQL_PWD=X`, `?token=X`, `Authorization: X`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Range = tuple[int, int]

FOREIGN = r"kennwort|\bmot[\s_-]de[\s_-]passe|contrasena|senha|wachtwoord|losenord|heslo|haslo|parola|jelszo|salasana"
"""Passwords in other languages, without accents."""
TELLING = "pass|pwd|secret|token|credential|munit|auth|key|psk|hmac"
"""Parts of words that announce a secret."""
_LONG = (
    r"pass(?:[-_]?wor[dt]|wd|[-_]?phrase|[-_]?code)|secret(?!s?[-_.]?(?:file|path|dir))|token|credential|api[-_]?key"
    rf"|access[-_]?key|bearer|communit|authorization|cookie|{FOREIGN}"
)
"""Words that announce a secret with whatever is glued to them."""
_SHORT = r"pass|pw|pwd|psk|auth|hmac|key"
"""Words that do so only where no letter touches them."""
_NAME = (
    rf"(?:[\w.-]{{0,40}}(?:{_LONG})[\w-]{{0,40}}"
    rf"|(?:[\w.-]{{0,40}}[-_.])?(?:{_SHORT})(?:[-_]?(?:key|data|string|value))?[0-9]{{0,4}}"
    r"|[a-z]{1,20}(?<!by)(?<!com)(?:pass|pw|psk)[0-9]{0,4})"
)
"""Of bounded length: else one long word would take the square of it."""
_VALUE = r"""(\\?"[^"\\]+\\?"?|\\?'[^']+'?|[^\s"'&|;{}]+)"""
_WHOLE = r"""(\\?"[^"\\]+\\?"?|\\?'[^']+'?|(?:[^\s"'&|;{}]|[&|;{}](?=[^\s"'&|;{}]|[&|;{}]+[^\s"'&|;{}]))+)"""
"""The same where it is no part of an address: keepalived runs no shell, so that `&` and `|` may be in a password."""
_NAMED = re.compile(rf"(?<![\w.$-])-{{0,2}}{_NAME}(?<!file)(?<!path)[\"']?=[ \t]*{_VALUE}", re.IGNORECASE)
"""`--password=X`, `PGPASSWORD=X`, `?token=X`, `"password"="X"`."""
_GIVEN = re.compile(rf"(?<![\w.$?&-])-{{0,2}}{_NAME}(?<!file)(?<!path)[\"']?=[ \t]*{_WHOLE}", re.IGNORECASE)
"""The same but in the query of an address."""
_OPTION = re.compile(rf"(?<![\w-])--?{_NAME}(?<!file)(?<!path)[ \t]+(?!-)[ \t]*{_WHOLE}", re.IGNORECASE)
"""`--password X`."""
_HEADER = re.compile(rf"(?<![\w.$-]){_NAME}[\"']?:(?!//)[ \t]*([^\s\"'][^\"']*|\"[^\"]*\"?|'[^']*'?)", re.IGNORECASE)
"""`Authorization: Basic X`, `"password": "X"`: to the end of the string."""
_USER = re.compile(r":(?!//)([^\s/\"',][^\s\"']{0,200})@(?=[\w\[$])")
"""`user:X@host`."""
_BEARER = re.compile(r"://(?=[^\s/:@\"']{8})(?=[^\s/:@\"']{0,200}[0-9])([^\s/:@\"']+)@")
"""`https://TOKEN@host`: a name with digits is none of a person."""
_SECRET_PART = re.compile(r"(?<=[/:=])(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[\w-]{20,}")
_URL = re.compile(r"://[^\s\"']+")
"""`https://hooks.example.com/services/TOKEN`: who knows the address may post there."""
_PIPED = re.compile(
    r"(?<![\w-])(?:echo|printf)[ \t]+(?:-\w+[ \t]+)*([^|\n]{1,200}?)[ \t]*\|[ \t]*(?:/[\w/.-]*/)?"
    r"(?:sudo[ \t][^|\n]*-\w*S|passwd|chpasswd|smbpasswd|cryptsetup|kinit|docker[ \t]+login|podman[ \t]+login)\b"
)
"""`echo X | sudo -S reboot`."""
_HERE = re.compile(rf"<<<[ \t]*{_WHOLE}")
"""`kinit <<< X`."""
_COMMAND = re.compile(
    r"(?<![\w.-])(?:(?P<mysql>mysql\w*|mariadb[\w-]*|sshpass|mongo\w*|mongosh|rabbitmqadmin|cqlsh|sqlcmd|fence_\w+|racadm)"
    r"|(?P<redis>redis-cli|valkey-cli)|(?P<snmp>snmp\w+|check_snmp)|(?P<ldap>ldap\w+|check_ldap\w*)"
    r"|(?P<ipmi>ipmitool|mosquitto_\w+|zip|unzip|ssh-keygen)|(?P<smb>smbclient|rpcclient|winexe|net)"
    r"|(?P<openssl>openssl)|(?P<dns>k?nsupdate|k?dig|rndc)|(?P<ftp>lftp)|(?P<putty>plink|pscp|psftp)|(?P<swaks>swaks)"
    r"|(?P<vault>vault)|(?P<htpasswd>htpasswd)|(?P<expect>expect))(?=[ \t])((?:[^|;&\n]|[|;&](?=[^\s|;&]))*)"
)
_OF_COMMAND = {
    "mysql": re.compile(rf"(?<![\w-])-[pP][ \t]*(?![0-9]{{1,5}}\b)(?!-){_WHOLE}"),
    "redis": re.compile(rf"(?<![\w-])-a[ \t]+{_WHOLE}"),
    "snmp": re.compile(rf"(?<![\w-])-[cCAX][ \t]*{_WHOLE}"),
    "ldap": re.compile(rf"(?<![\w-])-[wP][ \t]*(?![0-9]{{1,5}}\b){_WHOLE}"),
    "ipmi": re.compile(rf"(?<![\w-])-P[ \t]*{_WHOLE}"),
    "smb": re.compile(
        r"(?:(?<![\w-])-U[ \t]*[\"']?[^\s%\"']*%|(?<!\S)[\"']?(?://|\\\\)[^\s\"']+[\"']?[ \t]+(?!-))[\"']?([^\s\"']+)"
    ),
    "openssl": re.compile(rf"(?<![\w-])-[kK][ \t]+{_WHOLE}"),
    "dns": re.compile(r"(?<![\w-])-y[ \t]*[\"']?[^\s\"']*:([^\s:\"']+)"),
    "ftp": re.compile(r"(?<![\w-])-u[ \t]*[\"']?[^\s,\"']+,([^\s\"']+)"),
    "putty": re.compile(rf"(?<![\w-])-pw[ \t]+{_WHOLE}"),
    "swaks": re.compile(rf"(?<![\w-])-ap[ \t]+{_WHOLE}"),
    "vault": re.compile(rf"(?<![\w-])login[ \t]+(?:-[^\s]*[ \t]+)*{_WHOLE}"),
    "htpasswd": re.compile(rf"(?<![\w-])-\w{{0,8}}b\w{{0,8}}[ \t]+(?:-[^\s]*[ \t]+)*[^\s]+[ \t]+[^\s]+[ \t]+{_WHOLE}"),
    "expect": re.compile(rf"(?<![\w-])send[ \t]+(?:--[ \t]+)?{_WHOLE}"),
}
"""Programs whose options hold passwords."""
_LOGIN = re.compile(
    r"(?<![\w-])(?:-[a-zA-Z]{0,8}[uUa]|--(?:proxy-)?(?:user|login))(?:[ \t]*|=)[\"']?[^\s:/\"']*:([^\s\"']+)"
)
"""`curl -u user:X`; `-a user:X` of monitoring plugins."""
_ANY = re.compile(
    r"(?<![\w-])-[pP][ \t]+[\"']?"
    r"((?=[^\s\"']{0,64}[A-Za-z])(?=[^\s\"']{0,64}[0-9A-Z@#%^+])[^\s\"'/.:,|;&]{4,})"
)
"""`-p X` of any program, where X is no port, no path, no address and no plain word."""
_GLUED = re.compile(
    r"(?<![\w-])-(?!print|prune|path|perm|proto|port|pid|process|parallel|priority|ping|preserve|profile)"
    r"p((?![0-9]+\b)[^\s\"'/.:,|;&=-][^\s\"'/.:,|;&]{3,})"
)
"""The same without a blank, where plain words but those of options count too."""
_ALL = {"=": (_NAMED, _GIVEN), ":": (_HEADER,), "@": (_USER, _BEARER), "-": (_OPTION, _LOGIN, _ANY, _GLUED)}
"""What finds secrets, by a character without which it finds none."""
_PATH = re.compile(r"\.{0,2}/|\$|[0-9]{1,5}\Z")
"""What is no secret behind a name that may as well be that of a file (`key`, `PWD`)."""

MAY = re.compile(
    rf"{TELLING}|{FOREIGN}|pas|pw|bearer|cookie|://|\S@|[\s\"']-[a-z-]|vault|expect|printf|echo|<<<", re.IGNORECASE
)
"""What a text holds in which `spans` finds anything."""


def spans(text: str) -> Iterator[Range]:
    """Where the secrets of a line are, in any order; they may overlap."""
    for pattern in (each for needed, some in _ALL.items() if needed in text for each in some):
        for found in pattern.finditer(text):
            bare = _bare(text, *found.span(1))
            if not _harmless(pattern, text[found.start() : found.start(1)], text[slice(*bare)]):
                yield bare
    if "://" in text:
        for url in _URL.finditer(text):
            yield from (found.span() for found in _SECRET_PART.finditer(text, *url.span()))
    if "<<<" in text:
        yield from (_bare(text, *found.span(1)) for found in _HERE.finditer(text))
    if "|" in text:
        yield from (_bare(text, *found.span(1)) for found in _PIPED.finditer(text))
    for command in _COMMAND.finditer(text):
        kind = next(name for name, value in command.groupdict().items() if value)
        for found in _OF_COMMAND[kind].finditer(text, *command.span(command.re.groups)):
            yield _bare(text, *found.span(1))


def _bare(text: str, start: int, end: int) -> Range:
    """Without the quotes around a value."""
    while start < end and text[start] in "\\\"'":
        start += 1
    while start < end and text[end - 1] in "\\\"'":
        end -= 1
    return start, end


def _harmless(pattern: re.Pattern[str], before: str, value: str) -> bool:
    """Whether a name only looks as if it announced a secret, for what it is or what follows."""
    if pattern not in (_NAMED, _GIVEN, _OPTION, _HEADER):
        return False
    return not re.search(_LONG, before, re.IGNORECASE) and _PATH.match(value) is not None
