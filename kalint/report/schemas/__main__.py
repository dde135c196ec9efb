"""Write all schemas into a folder: `python -m kalint.report.schemas docs/schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kalint.report.schemas import clusters, files, tables, times

DOCUMENTS = (*files.DOCUMENTS, *clusters.DOCUMENTS, *times.DOCUMENTS, *tables.DOCUMENTS)


def texts() -> dict[str, str]:
    """The name and the text of each schema's file."""
    return {each["$id"].rpartition("/")[2]: json.dumps(each, indent=1) + "\n" for each in DOCUMENTS}


def write(folder: Path) -> None:
    """Write every schema; remove those that are gone."""
    for stale in folder.glob("*.json"):
        stale.unlink()
    for name, text in texts().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
