"""A file as the daemon reads it, mistakes and all: modules that follow the functions of keepalived's lib/parser.c.

`rows` is read_line and alloc_strvec, `stream` is process_stream and alloc_value_block. `kalint.syntax.parser` reads
what was meant; where a file has no mistake of structure, the two agree.
"""
