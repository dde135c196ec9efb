"""JSON Schemas (draft 7) of all JSON that kalint writes, and of its settings: the one place that lists their fields.

`python -m kalint.report.schemas docs/schemas` writes a file for each; a test holds what the commands print against
them.
"""
