"""VRRP on the wire: capture (live, pcap, pcapng) and decode. It never sends, and imports nothing of kalint but errors.

A `Listener` or `read_capture` gives `Frame`s (and `Notice`s about the capture itself); `Decoder.decode` makes of each
frame an `Advert`, a `Malformed`, a `Foreign` (CARP, HSRP, GLBP), or None for anything else; a `CaptureWriter` keeps
frames in a file.
"""

from __future__ import annotations

from kalint.wire.advert import Advert, Ah, Foreign, Frame, Hmac, Malformed, Notice, SkippedFrame
from kalint.wire.decoder import Decoder
from kalint.wire.listener import Listener
from kalint.wire.reader import read_capture
from kalint.wire.secret import Secret
from kalint.wire.writer import CaptureWriter

__all__ = [
    "Advert",
    "Ah",
    "CaptureWriter",
    "Decoder",
    "Foreign",
    "Frame",
    "Hmac",
    "Listener",
    "Malformed",
    "Notice",
    "Secret",
    "SkippedFrame",
    "read_capture",
]
