"""Files of variables: YAML, JSON or TOML; what a file says last counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kalint.errors import InputError
from kalint.text.files import UnreadableError, load, within
from kalint.text.yaml_texts import no_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES = 4 << 20
VAULTED = "vault-Pw"
"""What stands for a value that Ansible Vault has encrypted: eight characters, as a password of VRRP has."""


def variables(paths: Iterable[str], root: str | None = None) -> dict[str, Any]:
    """The variables of some files, as Ansible lays them over one another: by name, never merged.

    Args:
        paths: the files.
        root: the folder that they must be in.

    Raises:
        InputError: one cannot be read, is not of its format, or holds no variables.
    """
    found: dict[str, Any] = {}
    for path in paths:
        if root is not None and not within(path, root):
            raise InputError(f"{path}: is outside {root}, where --untrusted reads only")
        try:
            content, _ = load(path, MAX_BYTES)
        except UnreadableError as error:
            raise InputError(f"{path}: {error}") from None
        if content.startswith(b"$ANSIBLE_VAULT"):
            raise InputError(f"{path}: is encrypted by Ansible Vault: decrypt it, or pass the other variables only")
        read = _read(path, content)
        if not isinstance(read, dict) or not all(isinstance(name, str) for name in read):
            raise InputError(f"{path}: holds no variables: the top level must map names to values")
        found.update(read)
    return found


def _read(path: str, content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8") from None
    try:
        if path.endswith(".toml"):
            from kalint.settings.toml import load as load_toml

            return load_toml(path, content).values
        if path.endswith(".json"):
            return json.loads(text)
        return _yaml(path, text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise InputError(f"{path}: nested too deeply") from None


def _yaml(path: str, text: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise InputError(f"{path}: needs PyYAML: pip install 'kalint[yaml]'") from None

    class Loader(yaml.SafeLoader):
        """Ansible's tags are known: what is encrypted is some password, what is unsafe a text."""

    Loader.add_constructor("!vault", lambda _loader, _node: VAULTED)
    Loader.add_constructor("!unsafe", lambda _loader, node: node.value)
    try:
        found = yaml.load(text, Loader=Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise InputError(f"{path}{no_yaml(error)}") from None
    except (ValueError, TypeError, AttributeError, LookupError) as error:  # as of `!!timestamp x`
        raise InputError(f"{path}: not YAML: {type(error).__name__}") from None
    return {} if found is None else found
