"""Text from a file or the wire, made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with whatever a terminal might obey, hide or cannot encode, written as a hexadecimal escape.

    That is every character without a shape of its own: controls, bidirectional overrides, blanks that only look like a
    blank (a no-break space where keepalived wants a space is a mistake worth seeing), and undecodable bytes.
    """
    return text if text.isprintable() else "".join(map(_escaped, text))


def inert(text: str) -> str:
    """The text without what the runner of GitHub or Azure takes for a command wherever it stands: `##[`."""
    return text.replace("##[", "#\\x23[")


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: the byte itself
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
