"""What a project settles for everybody: kalint.toml, or [tool.kalint] of pyproject.toml."""
