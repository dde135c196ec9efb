"""Trying the fixes of findings on copies, and edits on the bytes of files."""
