"""What is wrong with a requirement's text."""

from __future__ import annotations

from kalint.errors import KalintError


class RequirementError(KalintError):
    """A requirement that says nothing: what is wrong, and where in its line.

    Args:
        message: what is wrong, without a place.
        line: the whole line; empty: it is not shown.
        column: where, 1-based.
        length: how many characters are wrong.
        advice: what could stand there, or nothing.
        file: where the line is written; empty: on the command line.
        number: the line's number in the file.
        shift: how many characters stand in front of the line's text in the file.
    """

    lines = True

    def __init__(
        self,
        message: str,
        line: str,
        column: int,
        length: int = 1,
        advice: str = "",
        file: str = "",
        number: int = 1,
        shift: int = 0,
    ) -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.length, self.advice = message, line, column, length, advice
        self.file, self.number, self.shift = file, number, shift

    def at(self, file: str, number: int, shift: int = 0) -> RequirementError:
        """The same with the place of the line."""
        return RequirementError(self.message, self.line, self.column, self.length, self.advice, file, number, shift)

    def __str__(self) -> str:
        """The message with the line, a caret, and what could stand there; what is secret in the line is masked."""
        from kalint.findings.secrets import Secrets

        secrets = Secrets({"": [self.line]})
        place = f"{self.file}:{self.number}:{self.column + self.shift}: " if self.file else ""
        shown = [f"{place}{secrets.text(self.message)}"]
        if self.line:
            caret = " " * (self.column - 1) + "^" * max(1, self.length)
            shown += [f"  {secrets.line('', 1).replace(chr(9), ' ')}", f"  {caret}"]
        return "\n".join(shown + ([f"  help: {secrets.text(self.advice)}"] if self.advice else []))
