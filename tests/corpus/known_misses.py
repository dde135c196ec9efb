"""Messages of the daemon that kalint knowingly does not match, each with the reason; none at present."""

KNOWN_MISSES: dict[tuple[str, str], str] = {}
