"""What stops a run. Bad configuration does not: that is a `Problem` or a `Diagnostic`."""

from __future__ import annotations


class KalintError(Exception):
    """The root of everything kalint raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 2
    lines = False
    """Whether its text may have several lines, such as a source line with a caret below it."""


class CaptureError(KalintError):
    """The wire cannot be listened to: no such interface, or the rights are missing; the text says what to do."""

    lines = True


class UsageError(KalintError):
    """The arguments do not fit together."""


class InputError(KalintError):
    """A file that was asked for cannot be read, so nothing was judged."""


class FailedError(InputError):
    """kalint itself failed on one of many files or clusters: nothing was judged of that one."""

    exit_code = 3


class UnrenderedError(InputError):
    """A template was asked what only its rendering can answer."""


class SettingsError(KalintError):
    """kalint.toml or [tool.kalint] is wrong."""


class OutOfTimeError(KalintError):
    """The time of --timeout ran out; what was not finished is not judged."""
