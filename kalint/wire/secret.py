"""Authentication data that can be compared and never read."""

from __future__ import annotations


class Secret:
    """What authenticates an advert: compare it with a password or key; it never shows itself.

    Two secrets are equal when the bytes on the wire are: for PASS that is the same password, for "ah" and "hmac" it is
    the same packet, so there only `matches` says anything.
    """

    __slots__ = ("_covered", "_proof", "kind")

    def __init__(self, kind: str, proof: bytes, covered: tuple[bytes, ...] = ()) -> None:
        """Keep `proof`, as the wire has it.

        Args:
            kind: "pass", "ah" or "hmac".
            proof: the password padded with zero bytes to 8, the integrity check value, or the HMAC.
            covered: what the proof was made of; several where senders differ.
        """
        self.kind = kind
        self._proof = proof
        self._covered = covered

    def matches(self, password: bytes | str) -> bool:
        """Whether this auth_pass (its first 8 characters count) or auth_hmac key ("hex:..." or as it is) made it.

        An AH check value over IPv6 matches nothing: keepalived sends none.
        """
        key = password.encode("utf-8", "surrogateescape") if isinstance(password, str) else password
        if self.kind == "hmac":
            return self._matches_hmac(key)
        key = key[:8].ljust(8, b"\0")
        return key == self._proof if self.kind == "pass" else self._matches_ah(key)

    def _matches_ah(self, key: bytes) -> bool:
        """HMAC-MD5-96 (RFC 2403): MD5 is what is on the wire, whatever this host thinks of its safety."""
        import hashlib
        import hmac

        def md5(data: bytes = b"") -> hashlib._Hash:
            return hashlib.md5(data, usedforsecurity=False)

        return any(hmac.new(key, text, md5).digest()[: len(self._proof)] == self._proof for text in self._covered)

    def _matches_hmac(self, key: bytes) -> bool:
        """HMAC-SHA256, the first 16 bytes (keepalived 2.4.0, vrrp_auth_hmac.c)."""
        import hmac

        if key.startswith(b"hex:"):
            try:
                key = bytes.fromhex(key[4:].decode("ascii"))
            except ValueError:
                return False
        return any(hmac.digest(key, text, "sha256")[:16] == self._proof for text in self._covered)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same data."""
        return isinstance(other, Secret) and (self.kind, self._proof) == (other.kind, other._proof)

    def __hash__(self) -> int:
        """Equal secrets have equal hashes."""
        return hash((self.kind, self._proof))

    def __repr__(self) -> str:
        """Name the kind, never the data."""
        return f"<{self.kind} secret>"
