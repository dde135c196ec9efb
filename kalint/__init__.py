"""kalint: what a keepalived.conf really does, before the outage."""

from __future__ import annotations

__version__ = "0.1.0"
