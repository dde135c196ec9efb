"""`python -m kalint`."""

from __future__ import annotations

from kalint.cli import main

main()
