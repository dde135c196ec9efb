"""Authentication data that can be compared and never read."""

from __future__ import annotations


class Secret:
    """What authenticates an advert: compare it with a password or key; it never shows itself.

    Two secrets are equal when the bytes on the wire are (for PASS: the same password).
    """

    __slots__ = ("_data", "kind")

    def __init__(self, kind: str, data: bytes) -> None:
        """Keep `data` of `kind` "pass"."""
        self.kind = kind
        self._data = data

    def matches(self, password: bytes | str) -> bool:
        """Whether this password made the data. keepalived uses its first 8 characters only."""
        key = password.encode("utf-8", "surrogateescape") if isinstance(password, str) else password
        return key[:8].ljust(8, b"\0") == self._data

    def __eq__(self, other: object) -> bool:
        """Whether both are the same data."""
        return isinstance(other, Secret) and (self.kind, self._data) == (other.kind, other._data)

    def __hash__(self) -> int:
        """Equal secrets have equal hashes."""
        return hash((self.kind, self._data))

    def __repr__(self) -> str:
        """Say the kind, never the data."""
        return f"<{self.kind} secret>"
