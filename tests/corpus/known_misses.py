"""Messages of the daemon that kalint knowingly does not match, each with the reason."""

KNOWN_MISSES: dict[tuple[str, str], str] = {
    ("0080", "unknown keyword"): (
        "the daemon counts the last line, which has no newline, once one too few; KA002 is on the line itself"
    ),
    ("0696", "own interface tracked"): (
        "several instances track the same word of a $definition: kalint says it once (KA107), where the word is"
    ),
    ("1159", "definition incomplete"): "the track_file that FILE_CHECK names has its file on lines of other @ids",
    ("1211", "given again"): "a build without iptables takes vrrp_iptables for nftables, and finds it given again",
}
