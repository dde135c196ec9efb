"""The schema of kalint.toml: keys, kinds of values and codes as `kalint.settings.reader` takes them."""

from __future__ import annotations

from kalint.findings.diagnostic import SEVERITIES
from kalint.report.schemas.notation import Field, Schema, document, either, fields, listed, part, said, words
from kalint.rules import codes, names
from kalint.settings.model import FAIL_ON
from kalint.settings.reader import ENGINES, EVERYWHERE, KINDS, OFF, PER_FILE

NAME: Schema = {"type": "string", "minLength": 1}
_NODE_NAME = "^[^=:/\\s]+$"
_TIME = either(
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "string", "pattern": r"^\s*(?=[0-9.]*[1-9])[0-9]*\.?[0-9]*\s*(ms|s|m)?\s*$"},
)


def _prefixes() -> str:
    """A pattern for the codes of all rules and their beginnings, in either case."""
    all_of_them = sorted({code[:length] for code in codes() for length in range(1, len(code) + 1)})
    return f"^({'|'.join(''.join(_either_case(letter) for letter in each) for each in all_of_them)})$"


def _either_case(letter: str) -> str:
    return f"[{letter}{letter.lower()}]" if letter.isalpha() else letter


_RULE = either({"enum": sorted({*codes(), *names()})}, {"type": "string", "pattern": _prefixes()})
"""What names rules: a code or its beginning, or a name."""


def _named(each: Schema, pattern: str, **limits: int) -> Schema:
    """A table whose keys are names that match a pattern."""
    return {"type": "object", "additionalProperties": each, "propertyNames": {"pattern": pattern}, **limits}


_FILES = either(NAME, listed(NAME, minItems=1))
_COMMON = {
    "select": said("Rules to report: codes, beginnings of codes, or names. Default: all.", listed(part("rule"))),
    "ignore": said("Rules to leave out.", listed(part("rule"))),
    "severity": said(
        "The severity of rules, by code or beginning of a code; the longest counts.",
        {"type": "object", "additionalProperties": words(*SEVERITIES, OFF), "propertyNames": part("rule")},
    ),
    "keepalived_version": said("The release that reads the files, as 2.2.7, or a system, as debian-12.", NAME),
    "config_id": said("The config id, as keepalived's -i.", NAME),
    "fail_on": said("The severity from which the exit code is 1.", words(*FAIL_ON)),
}
_PER_FILE = {
    **_COMMON,
    "template": said("The template language of these files; none: they are no templates.", words(*ENGINES)),
    "render": said(
        "Files of variables with which templates are rendered, for each node or for all.",
        either(NAME, listed(NAME, minItems=1), _named(_FILES, _NODE_NAME, minProperties=1)),
    ),
}
_NODE = fields(
    file=said("The keepalived.conf of this node, relative to the settings.", NAME),
    config_id=Field(NAME),
    keepalived_version=Field(NAME),
    addresses=Field(said("Source addresses by interface.", {"type": "object", "additionalProperties": NAME})),
    vars=Field(said("Files of variables.", _FILES)),
)
_THING: Schema = {"type": "string", "pattern": f"^[^:]+:(({'|'.join(KINDS)}):.+|daemon)$"}
_CLUSTER = fields(
    nodes=_named(_NODE, _NODE_NAME, minProperties=2),
    together=Field(
        said("Things that fail as one.", {"type": "object", "additionalProperties": listed(_THING, minItems=2)})
    ),
    max_failover=Field(said("A failover that may take longer is a finding: 3s, 500ms, 2.5.", _TIME)),
    require=Field(said("What the cluster must do, in words.", either(NAME, listed(NAME)))),
)
_NETWORK = fields(
    clusters=said("Clusters on this network: names or globs of names.", listed(NAME)),
    interfaces=Field(listed(NAME)),
)

_TABLES: dict[str, Schema] = {
    **_COMMON,
    "include_root": said("Includes from outside this directory are refused.", NAME),
    "baseline": said("The baseline, relative to the settings.", NAME),
    "files": said(
        "Settings of the files that a glob matches.",
        _named(fields(**{key: Field(each) for key, each in _PER_FILE.items()}), "^[^{]+$"),
    ),
    "clusters": said("Clusters by name.", {"type": "object", "additionalProperties": _CLUSTER}),
    "networks": said("Networks by name.", {"type": "object", "additionalProperties": _NETWORK}),
}

KALINT_TOML = document(
    "kalint.toml",
    "kalint.toml, or the table [tool.kalint] of pyproject.toml",
    fields(**{key: Field(each) for key, each in _TABLES.items()}),
    rule=_RULE,
)

DOCUMENTS = (KALINT_TOML,)

if set(_TABLES) != set(EVERYWHERE) or set(_PER_FILE) != set(PER_FILE):
    raise AssertionError("the schema of kalint.toml lacks a key of kalint.settings.reader")
