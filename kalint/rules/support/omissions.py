"""What a statement that keepalived ignores costs: what its instance or definition is without it, as a message says it.

Nothing here knows a default: the values are those that `kalint.semantics` gives a block that lacks the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.model.keywords import keywords
from kalint.model.statements import TOP_LEVEL
from kalint.rules.inside import Blocks
from kalint.rules.support.losses import consequence
from kalint.rules.support.references import BLOCKS
from kalint.semantics.values import definition_weight, lacks_peers, needs_addresses, needs_interface, resolve_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.model.config import Definition
    from kalint.problem import Problem
    from kalint.rules.rule import Context
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.syntax.tree import Node

NO_START = "keepalived does not start VRRP"
_IGNORED = "keepalived ignores it, so"


def cost(context: Context, problem: Problem, meant: str, otherwise: str) -> str:
    """The end of the sentence on a statement that keepalived ignores: the worst that follows; `otherwise` if nothing.

    Args:
        context: the configuration.
        problem: the statement, and what its braces cost if it is a block.
        meant: the keyword that it was meant as.
        otherwise: what keepalived does with any such statement.
    """
    found = without(context, problem, meant)
    return found if found.startswith(NO_START) else consequence(problem, found or otherwise)


def without(context: Context, problem: Problem, meant: str) -> str:
    """What the instance or definition around a statement is because it lacks it: the end of a sentence.

    "" where the place is in no such block, the block has the statement a second time, or changes in nothing.
    """
    if not meant:
        return ""
    resolved, profile = context.resolved, context.resolved.profile
    index = context.once(_instances).around(problem.span)
    if index is not None:
        instance = resolved.instances[index]
        lacks = meant not in instance.written.settings
        return _sentence(meant, _instance(instance, profile).get(meant, "")) if lacks else ""
    index = context.once(_definitions).around(problem.span)
    if index is not None:
        definition = resolved.config.definitions[index]
        lacks = meant not in definition.settings
        return _sentence(meant, _definition(definition, profile).get(meant, "")) if lacks else ""
    return ""


def _instances(resolved: Resolved) -> Blocks:
    return Blocks(instance.written.node for instance in resolved.instances)


def _definitions(resolved: Resolved) -> Blocks:
    return Blocks(definition.node for definition in resolved.config.definitions)


def no_such_block(context: Context, block: Node, meant: str) -> str:
    """The end of the sentence on a block with a name whose keyword is misspelt; "" where another block has the name."""
    if len(block.words) < 2 or meant not in keywords(TOP_LEVEL):
        return ""
    name = block.words[1]
    for node in context.resolved.config.nodes:
        if node.keyword == meant and len(node.words) > 1 and node.words[1].text == name.text:
            return ""
    return f"{_IGNORED} there is no {meant} {name.shown}"


def _sentence(meant: str, found: str) -> str:
    if found == NO_START:
        return f"{NO_START} without {meant}"
    return f"{_IGNORED} {found}" if found else ""


def _instance(instance: Instance, profile: Profile) -> Mapping[str, str]:
    """What an instance is, by the statement that it would be otherwise with; "" where it would not."""
    name, written = instance.name, instance.written
    addresses = (*written.addresses, *written.excluded_addresses)
    without_auth = instance.vrrp_version == 3 or (instance.strict and profile.strict_clears_authentication)
    authentication = "" if without_auth else f"the adverts of {name} have no authentication"
    if instance.owner:
        priority = f"{name} is the address owner with priority 255 (state MASTER)"
    elif instance.base_priority.value:
        priority = f"{name} has the default priority of {instance.base_priority.value}"
    else:
        priority = f"this release computes the priority of {name} from 0"
    if needs_interface(written, profile):
        interface = NO_START
    elif any(address.dev is None for address in addresses):
        interface = f"addresses of {name} without dev have no interface"
    else:
        interface = f"{name} tracks no interface of its own"
    return {
        "state": f"{name} starts as {instance.state.value}",
        "interface": interface,
        "virtual_router_id": NO_START,
        "priority": priority,
        "version": f"{name} uses VRRP version {instance.vrrp_version}",
        "advert_int": f"{name} sends adverts every {instance.advert_interval.value:g} s",
        "nopreempt": f"{name} takes over from a master of lower priority",
        "authentication": authentication,
        "auth_type": authentication,
        "auth_pass": authentication,
        "unicast_peer": f"{name} stays in FAULT" if lacks_peers(written) else f"{name} uses multicast",
        "track_script": f"{name} tracks none of these scripts",
        "track_interface": f"{name} tracks none of these interfaces",
        "track_file": f"{name} tracks none of these files",
        "track_process": f"{name} tracks none of these processes",
        "track_bfd": f"{name} tracks none of these bfds",
        "virtual_ipaddress": NO_START if needs_addresses(instance) else f"{name} has no virtual address",
    }


def _definition(definition: Definition, profile: Profile) -> Mapping[str, str]:
    """What a script, file, process or bfd is, by the statement that it would be otherwise with."""
    name = f"{BLOCKS[definition.kind]} {definition.name.shown}"
    found = {"weight": f"{name} has weight {definition_weight(definition, profile)[0].value}"}
    if not definition.complete:
        found[definition.kind] = f"there is no {name}"
    if definition.kind == "script":
        found["interval"] = f"{name} runs every {resolve_script(definition, profile).interval.value:g} s"
    return found
