"""The browser that tests use."""

from __future__ import annotations

import os
import shutil

import pytest


def chromium() -> str:
    """The browser; a machine without one skips, except where everything has to be there."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("KALINT_REQUIRE_DAEMON"):
            pytest.fail("needs chromium")
        pytest.skip("needs chromium")
    return found
