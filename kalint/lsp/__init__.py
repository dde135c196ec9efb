"""The language server: `kalint lsp` speaks LSP 3.17 over standard input and output (an extra, `kalint[lsp]`).

Each feature is a small module that asks what the rest of kalint knows and puts the answer in the protocol's words;
`project` holds the open documents, and what was worked out of them. `server` is the only one that knows a client.
"""
