"""Conditions and loops of a template: which lines hang on them, and whether the braces in them come in pairs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_ENDS = re.compile(r"end(?:for|if|foreach|unless|each|with|block|define|macro|call|filter)?\b|/|\}")
_MIDDLES = re.compile(r"(?:\}\s*)?(?:else|elsif|elseif|elif)\b")
_LAST = re.compile(r"(?:\}\s*)?else\s*(?:\{)?$")
_LOOPS = re.compile(r"(?:for|foreach|range|each)\b")
_OPENS = re.compile(r"(?:if|with|define|block|unless|macro|call|filter)\b")
_BLOCK_OF_ERB = re.compile(r"\{\s*(?:\|[^|]*\|\s*)?-?%>$|\bdo\b[^%]*%>$")
_COMMENTS = ("{#", "{{/*", "{{!", "{{- /*", "{{-/*", "<%#")
_COMMENT = re.compile(r'"[^"\n]*"|[#!][^\n]*')


class _Open:
    """A condition or a loop that has begun: the depth of braces there, and at the ends of its branches so far.

    `starts` has where each branch begins in the text.
    """

    def __init__(self, depth: int, loop: bool, start: int) -> None:
        self.depth = depth
        self.starts = [start]
        self.loop = loop
        self.ends: list[int] = []
        self.complete = loop


class Branches:
    """What control tags do to the lines and the braces of a template.

    `depths` has the number of conditions and loops that are open where each line begins. `balanced` says whether each
    branch of a condition closes as many braces as it opens, and `missing` how many closing braces are missing
    whichever branch is taken.

    `chains` has for each condition with several branches where they begin, and where the last one ends.

    Args:
        text: the template with blanks for control tags.
        tags: the control tags, where they stood in it.
    """

    def __init__(self, text: str, tags: Sequence[re.Match[str]]) -> None:
        self._depth = 0
        self._varied: list[int] = []
        self._open: list[_Open] = []
        self.chains: list[tuple[int, ...]] = []
        self.balanced = True
        starts = [0, *(found.end() for found in re.finditer("\n", text))]
        depths: list[int] = []
        bare = _COMMENT.sub(lambda found: found.group() if found.group()[0] == '"' else " " * len(found.group()), text)
        done = 0
        for tag in tags:
            self._count(bare[done : tag.start()])
            depths += [len(self._open)] * (bisect_right(starts, tag.start()) - len(depths))
            self._take(tag.group(), tag.start(), tag.end())
            done = tag.end()
        self._count(bare[done:])
        self.depths = (*depths, *[len(self._open)] * (len(starts) - len(depths)))
        self.missing = 0 if self._open else self._missing()

    def _count(self, text: str) -> None:
        self._depth += text.count("{") - text.count("}")

    def _take(self, tag: str, start: int, end: int) -> None:
        """A control tag: what begins, goes on or ends there."""
        if tag.startswith(_COMMENTS):
            return
        words = tag.strip("{}%<>#-~=+ \t\r\n")
        ends = _ENDS.match(words) is not None or tag.startswith("{{/") or re.match(r"<%-?\s*\}", tag) is not None
        goes_on = _MIDDLES.match(words) is not None or tag.startswith("{{^}}")
        begins = tag[2:3] in ("#", "^") or _BLOCK_OF_ERB.search(tag) is not None
        loop = _LOOPS.match(words) is not None or (begins and not _OPENS.match(words))
        if (goes_on or ends) and self._open:
            known = self._open[-1]
            known.ends.append(self._depth)
            known.complete |= goes_on and _LAST.match(words) is not None
            if goes_on:
                known.starts.append(end)
                self._depth = known.depth
            else:
                self._close(self._open.pop(), start)
        elif (loop or begins or _OPENS.match(words)) and not ends:
            self._open.append(_Open(self._depth, loop, end))

    def _close(self, known: _Open, end: int) -> None:
        """The end of a condition or a loop; what most of its branches do to the braces stands for all."""
        if len(known.starts) > 1:
            self.chains.append((*known.starts, end))
        changes = {depth - known.depth for depth in known.ends}
        if not known.complete:
            changes.add(0)
        self.balanced &= known.loop or changes == {0}
        least = min(changes, key=abs)
        self._varied += changes - {least}
        self._depth = known.depth + least

    def _missing(self) -> int:
        """Outside of conditions, or in one branch of a single condition; two may make up for one another."""
        if not self._varied:
            return self._depth
        return self._varied[0] if len(self._varied) == 1 and not self._depth else 0
