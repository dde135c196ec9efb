"""The lines of files as a report may show them: what is secret in them is masked before anything keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Sources(Mapping[str, list[str]]):
    """Each file's own lines, masked; none of a file that is only known by its name.

    A file is kept as one text, and split when somebody asks: thousands of them take little memory.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._masked: dict[str, dict[int, int]] = {}
        self._last: tuple[str, list[str]] = ("", [])

    def name(self, files: Iterable[str]) -> None:
        """Take in files of which no line is shown, unless somebody else brings their lines."""
        for file in files:
            self._texts.setdefault(file, "")

    def put(self, file: str, text: str, masked: Mapping[int, int]) -> None:
        """Take in a masked text; `masked` has the offset of the first star of each line that has some.

        Readings of one file may hide different things in it: what one of them hides stays hidden.
        """
        known = self._texts.get(file)
        if known and text and known != text:
            text = "".join(a if a == b else "*" for a, b in zip(known, text, strict=False))
        starts = self._masked.setdefault(file, {}) if masked else self._masked.get(file, {})
        for number, start in masked.items():
            starts[number] = min(start, starts.get(number, start))
        self._texts[file] = text or known or ""
        self._last = ("", [])

    def text(self, file: str) -> str:
        """The lines of a file as one text."""
        return self._texts[file]

    def merge(self, other: Sources) -> None:
        """Take in all that others have."""
        for file, text in other._texts.items():
            if text:
                self.put(file, text, other._masked.get(file, {}))
            else:
                self._texts.setdefault(file, "")

    def masked(self, file: str) -> Mapping[int, int]:
        """The lines of a file in which something is masked, with the offset where that begins."""
        return self._masked.get(file, {})

    def line(self, file: str, number: int) -> str | None:
        """A line (the first is 1); None where the file has none of this number, or is not shown."""
        lines = self.get(file, [])
        return lines[number - 1] if 0 < number <= len(lines) else None

    def __getitem__(self, file: str) -> list[str]:
        if self._last[0] != file:
            text = self._texts[file]
            self._last = file, text.split("\n") if text else []
        return self._last[1]

    def __contains__(self, file: object) -> bool:
        return file in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
