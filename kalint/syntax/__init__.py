"""Logical lines to a tree of statements and blocks."""

from __future__ import annotations

from kalint.syntax.parser import parse
from kalint.syntax.words import command_words, words

__all__ = ["command_words", "parse", "words"]
