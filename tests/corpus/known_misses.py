"""Messages of the daemon that kalint knowingly does not match, each with the reason."""

KNOWN_MISSES: dict[tuple[str, str], str] = {
    ("0601", "address option ignored"): "`scope link` of an address in fe80::/10, which has that scope anyway",
}
