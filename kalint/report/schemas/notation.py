"""How the schemas are written down: a few functions whose results are parts of a JSON Schema (draft 7).

Source: json-schema.org/draft-07, the draft that the JSON Schema Store asks for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
HOME = "https://raw.githubusercontent.com/kalint/kalint/main/docs/schemas/"

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
LINE: Schema = {"type": "integer", "minimum": 1}
SECONDS: Schema = {"type": "number", "minimum": 0}
PRIORITY: Schema = {"type": "integer", "minimum": 0, "maximum": 255}


class Field(NamedTuple):
    """A field that a document may lack."""

    schema: Schema


def fields(**known: Schema | Field) -> Schema:
    """An object with these fields and no other; a name that is a word of Python has a `_` after it."""
    names = {name.removesuffix("_"): each for name, each in known.items()}
    return {
        "type": "object",
        "properties": {name: each.schema if isinstance(each, Field) else each for name, each in names.items()},
        "required": [name for name, each in names.items() if not isinstance(each, Field)],
        "additionalProperties": False,
    }


def said(text: str, schema: Schema) -> Schema:
    """The same with a description."""
    return {**schema, "description": text}


def listed(each: Schema, **limits: int) -> Schema:
    """A list; `limits` as in minItems."""
    return {"type": "array", "items": each, **limits}


def by_name(each: Schema) -> Schema:
    """An object whose names are data: of nodes, files, things."""
    return {"type": "object", "additionalProperties": each}


def maybe(schema: Schema) -> Schema:
    """It, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def words(*known: str) -> Schema:
    """One of these words."""
    return {"enum": list(known)}


def just(value: str) -> Schema:
    """One word, and no other."""
    return {"const": value}


def either(*schemas: Schema) -> Schema:
    """One of several forms."""
    return {"anyOf": list(schemas)}


def document(name: str, title: str, body: Schema, **parts: Schema) -> Schema:
    """A whole schema for `docs/schemas/<name>.json`; `parts` are what `part` refers to."""
    named = {"definitions": parts} if parts else {}
    return {"$schema": DRAFT, "$id": f"{HOME}{name}.json", "title": title, **body, **named}


def part(name: str) -> Schema:
    """One of the document's parts, which may refer to themselves."""
    return {"$ref": f"#/definitions/{name}"}
