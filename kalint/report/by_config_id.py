"""What a command prints of a file with several config ids, or several configurations: one answer for each."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING

from kalint.report import renderer
from kalint.report.cells import harmless
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO


def render(
    command: str,
    form: str,
    results: Mapping[str, object],
    stream: TextIO,
    what: str = "config id",
    *,
    color: bool = False,
) -> None:
    """Write the results by id; `what` it is that the ids name.

    As text under a heading each; as JSON the first one, with all of them in `config_ids`; as CSV with the id in a first
    column.
    """
    if form == "text":
        for number, (config_id, result) in enumerate(results.items()):
            stream.write(f"{chr(10) * (number > 0)}{what} {printable(config_id)}:\n")
            renderer(command, form)(result, stream, color=color)
        return
    written = {config_id: StringIO() for config_id in results}
    for config_id, result in results.items():
        renderer(command, form)(result, written[config_id])
    if form == "csv":
        _table({config_id: one.getvalue() for config_id, one in written.items()}, stream)
        return
    documents = {config_id: json.loads(one.getvalue()) for config_id, one in written.items()}
    first = next(iter(documents.values()))
    json.dump({**first, "config_ids": documents}, stream, indent=2)
    stream.write("\n")


def _table(tables: Mapping[str, str], stream: TextIO) -> None:
    """One table with one head, and the id before each row."""
    writer = csv.writer(stream, lineterminator="\n")
    for number, (config_id, table) in enumerate(tables.items()):
        head, *rows = csv.reader(table.splitlines())
        if not number:
            writer.writerow(["config_id", *head])
        writer.writerows([*harmless([printable(config_id)]), *row] for row in rows)
