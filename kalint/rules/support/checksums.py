"""What the forms of a checksum are called."""

from __future__ import annotations

from kalint.semantics.acceptance import BROKEN as BROKEN

CHECKSUMS = {
    "plain": "a checksum without a pseudo header",
    "pseudo": "a checksum with the real destination",
    "multicast-pseudo": "the old checksum, with the multicast group as destination",
    "zero": "a checksum field of zero",
    "bad": "a wrong checksum",
}


def checksum(forms: str) -> str:
    """The words for a form, or for several with ` or ` between them."""
    return " or ".join(CHECKSUMS.get(form, f"a checksum of the form {form}") for form in forms.split(" or "))
