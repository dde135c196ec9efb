"""Where kalint judges many files or clusters: its own failure on one of them leaves the others their answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kalint.errors import FailedError, KalintError


@contextmanager
def one_of_many(name: str = "") -> Iterator[None]:
    """Make of kalint's own failure that of one file, which `name` names unless somebody else does.

    Raises:
        FailedError: kalint failed; the text says where in kalint, and holds no value of a file.
    """
    try:
        yield
    except KalintError:
        raise
    except Exception as error:
        from kalint.rules.internal_error import places

        where = f"{type(error).__name__} at {', '.join(places(error.__traceback__))}"
        said = f"kalint failed here; report this bug of kalint with this line and, if you can, the files: {where}"
        raise FailedError(f"{name}: {said}" if name else said) from error
