"""A release that nobody has made, 2.5.0, in which a weight on the own interface counts: `pytest -p imaginary_release`.

Everything that takes the newest release by its name takes this one then.
"""

from __future__ import annotations

import kalint.version

kalint.version.NEWEST = kalint.version.Version(2, 5, 0)
kalint.version.COMING = kalint.version.Version(2, 5, 1)

from kalint.semantics import profiles  # noqa: E402 - the newest release must be known before

_newest = profiles.PROFILES[-1]
profiles.PROFILES = (
    *profiles.PROFILES,
    _newest._replace(since=kalint.version.NEWEST, own_interface_ignored=False),
)
