"""`kalint lsp` with a file of 200 lines: from each change to its findings, and answers about it. Limit: 100 ms."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from clock import kalint
from lsprotocol import types
from pygls.lsp.client import LanguageClient

LIMIT = 0.1
INSTANCE = """vrrp_script chk_{0} {{
    script "/usr/local/bin/check {0}"
    interval 2
    weight {1}
}}
vrrp_instance VI_{0} {{
    interface eth{0}
    virtual_router_id {2}
    priority {3}
    virtual_ipaddress {{
        10.0.{0}.1/24
    }}
    track_script {{
        chk_{0}
        chk_1
    }}
    track_interface {{
        eth{0}
    }}
}}
"""
TEXT = "".join(INSTANCE.format(number, 10 + number, 10 + number, 100 + number) for number in range(1, 11))


async def measure(rounds: int) -> bool:
    """Print the median of each question; whether all are within the limit."""
    assert TEXT.count("\n") == 200
    client = LanguageClient("benchmark", "1")
    published: dict[int, asyncio.Future[None]] = {}

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        if params.version in published and not published[params.version].done():
            published[params.version].set_result(None)

    seconds: dict[str, list[float]] = {}

    async def timed(name: str, question: Callable[[], Awaitable[object]]) -> None:
        start = time.perf_counter()
        await question()
        seconds.setdefault(name, []).append(time.perf_counter() - start)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keepalived.conf"
        path.write_text(TEXT)
        uri = path.as_uri()
        command = kalint("lsp")
        await client.start_io(command[0], *command[1:])
        await client.initialize_async(
            types.InitializeParams(types.ClientCapabilities(), root_uri=Path(folder).as_uri())
        )
        client.initialized(types.InitializedParams())
        loop = asyncio.get_running_loop()
        identifier = types.TextDocumentIdentifier(uri)
        line = types.Position(28, 17)  # in the name of the second instance
        at, context = types.Range(line, line), types.CodeActionContext([])
        for version in range(1, rounds + 2):
            published[version] = loop.create_future()
            text = f"{TEXT}# {version}\n"

            async def change(version: int = version, text: str = text) -> None:
                if version == 1:
                    item = types.TextDocumentItem(uri, "keepalived", version, text)
                    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
                else:
                    whole = types.TextDocumentContentChangeWholeDocument(text)
                    versioned = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
                    client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [whole]))
                await published[version]

            await timed("findings after a change", change)
            for name, question in {
                "hover of an instance": lambda: client.text_document_hover_async(types.HoverParams(identifier, line)),
                "completion": lambda: client.text_document_completion_async(
                    types.CompletionParams(identifier, types.Position(29, 4))
                ),
                "code actions": lambda: client.text_document_code_action_async(
                    types.CodeActionParams(identifier, at, context)
                ),
                "semantic tokens": lambda: client.text_document_semantic_tokens_full_async(
                    types.SemanticTokensParams(identifier)
                ),
                "inlay hints": lambda: client.text_document_inlay_hint_async(
                    types.InlayHintParams(identifier, types.Range(types.Position(0, 0), types.Position(200, 0)))
                ),
            }.items():
                await timed(name, question)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
    print(f"{'':26}{'first':>10}{'median':>10}{'slowest':>10}   ({rounds} changes after the first)")
    for name, (first, *rest) in seconds.items():
        print(f"{name:26}{first * 1000:8.1f}ms{statistics.median(rest) * 1000:8.1f}ms{max(rest) * 1000:8.1f}ms")
    return all(statistics.median(rest) <= LIMIT for _, *rest in seconds.values())


def main() -> int:
    kept = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 31))
    print(f"limit {LIMIT * 1000:.0f} ms: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
