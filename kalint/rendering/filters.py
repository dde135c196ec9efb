"""Filters and tests of Ansible that templates of keepalived.conf use, next to those of Jinja2 itself.

Source: filters as ansible-core 2.16 documents them, and ansible.utils.ipaddr; which ones: 76 public templates.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os.path
import random
import re
import shlex
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Undefined
from jinja2.exceptions import FilterArgumentError, TemplateRuntimeError

MAX_PATTERN = 1_000
_UUID = uuid.UUID("361E6D51-FAEC-444A-9079-341386DA8E2E")
"""The namespace of Ansible's to_uuid."""
_TRUE = frozenset(("yes", "on", "1", "true", "t", "y", 1, True))


def to_bool(value: Any) -> bool | None:
    """`bool`: yes, on, 1, true, y and t are true in any case; all else is false."""
    if value is None or isinstance(value, bool):
        return value
    return (value.lower() if isinstance(value, str) else value) in _TRUE


def ternary(value: Any, true: Any, false: Any, none: Any = None) -> Any:
    """`ternary`: one of two values, or a third one for None."""
    return none if value is None and none is not None else true if value else false


def mandatory(value: Any, message: str | None = None) -> Any:
    """`mandatory`: an error where the value is undefined."""
    if isinstance(value, Undefined):
        name = value._undefined_name
        raise TemplateRuntimeError(str(message) if message else f"mandatory variable '{name}' is undefined")
    return value


def _flags(ignorecase: bool, multiline: bool) -> int:
    return (re.IGNORECASE if ignorecase else 0) | (re.MULTILINE if multiline else 0)


def _pattern(pattern: object, flags: int = 0) -> re.Pattern[str]:
    text = str(pattern)
    if len(text) > MAX_PATTERN:
        raise FilterArgumentError("the regular expression is too long")
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise FilterArgumentError(f"not a regular expression: {error.msg}") from None


def regex_replace(
    value: object,
    pattern: str = "",
    replacement: str = "",
    ignorecase: bool = False,
    multiline: bool = False,
    count: int = 0,
) -> str:
    """`regex_replace`."""
    return _pattern(pattern, _flags(ignorecase, multiline)).sub(str(replacement), str(value), count=count)


def regex_search(value: object, pattern: str, *groups: str, ignorecase: bool = False, multiline: bool = False) -> Any:
    """`regex_search`: the match, or the groups asked for by number or name."""
    found = _pattern(pattern, _flags(ignorecase, multiline)).search(str(value))
    if found is None:
        return None
    if not groups:
        return found.group()
    wanted = (re.sub(r"^\\\\?g?<?|>$|^\\\\", "", group) for group in groups)
    return [found.group(int(name) if name.isdigit() else name) for name in wanted]


def regex_findall(value: object, pattern: str, multiline: bool = False, ignorecase: bool = False) -> list[Any]:
    """`regex_findall`."""
    return _pattern(pattern, _flags(ignorecase, multiline)).findall(str(value))


def to_json(value: Any, **options: Any) -> str:
    """`to_json`."""
    return json.dumps(value, ensure_ascii=options.get("ensure_ascii", True), sort_keys=options.get("sort_keys", False))


def to_nice_json(value: Any, indent: int = 4, sort_keys: bool = True, **_options: Any) -> str:
    """`to_nice_json`."""
    return json.dumps(value, indent=indent, sort_keys=sort_keys, separators=(",", ": "))


def hashed(value: object, name: str = "sha1") -> str:
    """`hash`."""
    try:
        return hashlib.new(name, str(value).encode()).hexdigest()
    except ValueError:
        raise FilterArgumentError(f"unknown hash '{name}'") from None


def combine(*values: Any, recursive: bool = False, **_options: Any) -> dict[Any, Any]:
    """`combine`: mappings laid over one another."""
    found: dict[Any, Any] = {}
    for value in values:
        for each in value if isinstance(value, list) else (value,):
            if not isinstance(each, Mapping):
                raise FilterArgumentError("combine needs dictionaries")
            for key, inner in each.items():
                deeper = recursive and isinstance(inner, Mapping) and isinstance(found.get(key), Mapping)
                found[key] = combine(found[key], inner, recursive=True) if deeper else inner
    return found


def dict2items(value: Any, key_name: str = "key", value_name: str = "value") -> list[dict[str, Any]]:
    """`dict2items`."""
    if not isinstance(value, Mapping):
        raise FilterArgumentError("dict2items needs a dictionary")
    return [{key_name: key, value_name: each} for key, each in value.items()]


def items2dict(value: Any, key_name: str = "key", value_name: str = "value") -> dict[Any, Any]:
    """`items2dict`."""
    return {each[key_name]: each[value_name] for each in value}


def flatten(value: Any, levels: int | None = None, skip_nulls: bool = True) -> list[Any]:
    """`flatten`."""
    found: list[Any] = []
    for each in value:
        if skip_nulls and each in (None, "None", "null"):
            continue
        if isinstance(each, list | tuple) and (levels is None or levels > 0):
            found += flatten(each, None if levels is None else levels - 1, skip_nulls)
        else:
            found.append(each)
    return found


def _unlike(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for each in one:
        if each not in other and each not in found:
            found.append(each)
    return found


def difference(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """`difference`."""
    return _unlike(one, other)


def intersect(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """`intersect`."""
    return _unlike([each for each in one if each in other], ())


def union(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """`union`."""
    return _unlike([*one, *other], ())


def symmetric_difference(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """`symmetric_difference`."""
    return [*_unlike(one, other), *_unlike(other, one)]


def comment(text: object, style: str = "plain", **options: Any) -> str:
    """`comment`: each line after the sign of a comment."""
    styles = {"plain": "# ", "erlang": "% ", "c": "// ", "cblock": " * ", "xml": " - "}
    if style not in styles:
        raise FilterArgumentError(f"unknown comment style '{style}'")
    sign = str(options.get("decoration", styles[style]))
    begin, end = {"cblock": ("/*", " */"), "xml": ("<!--", "-->")}.get(style, ("", ""))
    prefix, postfix = (str(options.get(name, sign)) for name in ("prefix", "postfix"))
    before = [prefix.rstrip()] * int(options.get("prefix_count", 1)) if prefix else []
    after = [postfix.rstrip()] * int(options.get("postfix_count", 1)) if postfix else []
    body = [f"{sign}{line}".rstrip() for line in str(text).split("\n")]
    first, last = options.get("beginning", begin), options.get("end", end)
    rows = [*([str(first)] if first else []), *before, *body, *after, *([str(last)] if last else [])]
    return "\n".join(rows)


def extract(key: Any, container: Any, more: Any = None) -> Any:
    """`extract`: what a container, such as hostvars, has under a key."""
    found = container[key]
    for each in more if isinstance(more, list) else [] if more is None else [more]:
        found = found[each]
    return found


def seeded(value: Any, end: Any = None, seed: Any = None, start: int = 0, step: int = 1) -> Any:
    """`random`: only with a seed, since each rendering must be the same."""
    if seed is None:
        raise TemplateRuntimeError("random without a seed gives another file each time")
    source = random.Random(str(seed))  # noqa: S311
    if isinstance(value, int):
        return source.randrange(start if end is None else value, end or value, step)
    return source.choice(list(value))


def split(text: str, separator: str | None = None) -> list[str]:
    """`split`."""
    return str(text).split(separator)


def url(text: str, part: str = "") -> Any:
    """`urlsplit`."""
    found = urlsplit(str(text))
    names = ("fragment", "hostname", "netloc", "password", "path", "port", "query", "scheme", "username")
    parts = {name: getattr(found, name) for name in names}
    return parts[part] if part else parts


def human_to_bytes(text: object) -> int:
    """`human_to_bytes`."""
    found = re.fullmatch(r"\s*([\d.]+)\s*([KMGTP]?)i?[Bb]?\s*", str(text))
    if found is None:
        raise FilterArgumentError("no size such as 10M")
    return int(float(found[1]) * 1024 ** " KMGTP".index(found[2] or " "))


FILTERS: dict[str, Callable[..., Any]] = {
    "b64decode": lambda text: base64.b64decode(str(text)).decode(),
    "b64encode": lambda text: base64.b64encode(str(text).encode()).decode(),
    "basename": lambda path: os.path.basename(str(path)),
    "bool": to_bool,
    "checksum": hashed,
    "combine": combine,
    "comment": comment,
    "dict2items": dict2items,
    "difference": difference,
    "dirname": lambda path: os.path.dirname(str(path)),
    "extract": extract,
    "flatten": flatten,
    "from_json": lambda text: json.loads(str(text)),
    "hash": hashed,
    "human_to_bytes": human_to_bytes,
    "intersect": intersect,
    "items2dict": items2dict,
    "log": lambda value, base=math.e: math.log(value, base),
    "mandatory": mandatory,
    "md5": lambda text: hashed(text, "md5"),
    "pow": math.pow,
    "quote": lambda text: shlex.quote(str(text)),
    "random": seeded,
    "regex_escape": lambda text, *_rest: re.escape(str(text)),
    "regex_findall": regex_findall,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
    "sha1": hashed,
    "split": split,
    "symmetric_difference": symmetric_difference,
    "ternary": ternary,
    "to_json": to_json,
    "to_nice_json": to_nice_json,
    "to_uuid": lambda text, *_rest: str(uuid.uuid5(_UUID, str(text))),
    "type_debug": lambda value: type(value).__name__,
    "union": union,
    "urlsplit": url,
    "zip": lambda one, *rest: [list(each) for each in zip(one, *rest, strict=False)],
}
"""By name; `ansible.builtin.NAME` is the same."""

TESTS: dict[str, Callable[..., Any]] = {
    "contains": lambda value, each: each in value,
    "match": lambda text, pattern, ignorecase=False, multiline=False: bool(
        _pattern(pattern, _flags(ignorecase, multiline)).match(str(text))
    ),
    "search": lambda text, pattern, ignorecase=False, multiline=False: bool(
        _pattern(pattern, _flags(ignorecase, multiline)).search(str(text))
    ),
    "regex": lambda text, pattern, ignorecase=False, multiline=False: bool(
        _pattern(pattern, _flags(ignorecase, multiline)).search(str(text))
    ),
    "subset": lambda one, other: set(one) <= set(other),
    "superset": lambda one, other: set(one) >= set(other),
    "any": any,
    "all": all,
    "truthy": bool,
    "falsy": lambda value: not value,
}
"""By name; `ansible.builtin.NAME` is the same."""
