"""The requests that the server answers: each one's method, what the client is told of it, and what answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from kalint.lsp import actions, completion, hints, hovers, navigation, outline, renaming, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    Feature = tuple[str, object, Callable[..., Any]]

WATCHED = ("**/*.conf", "**/kalint.toml", "**/pyproject.toml")
"""Files whose change on the disk can change what is found."""
FEATURES: tuple[Feature, ...] = (
    (types.TEXT_DOCUMENT_HOVER, None, hovers.answer),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=completion.TRIGGERS, resolve_provider=True),
        completion.answer,
    ),
    (types.COMPLETION_ITEM_RESOLVE, None, completion.resolve),
    (types.TEXT_DOCUMENT_DEFINITION, None, navigation.definition),
    (types.TEXT_DOCUMENT_REFERENCES, None, navigation.references),
    (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, None, navigation.highlights),
    (types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(), navigation.links),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, outline.symbols),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, None, outline.folds),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, None, renaming.prepare),
    (types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True), renaming.rename),
    (types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, tokens.LEGEND, tokens.tokens),
    (types.TEXT_DOCUMENT_INLAY_HINT, None, hints.answer),
    (types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=actions.KINDS), actions.answer),
)
