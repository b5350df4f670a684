"""What throwing and catching events agree on: names of signals, codes of errors and escalations.

Ids mean nothing outside their file, so diagrams that call each other agree on these words.
"""

from __future__ import annotations

from processes import node_reading as nodes
from processes.node_reading import Node, name_of

WORDS = {"signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def read_words(root: Node) -> dict[tuple[str, str], str | None]:
    """Return by kind and id the word of each signal, error and escalation; None without one."""
    return {
        (kind, str(node.get("id"))): _word(node, kind, attribute)
        for kind, attribute in WORDS.items()
        for node in nodes.bpmn_children(root, kind)
        if node.get("id")
    }


def _word(node: Node, kind: str, attribute: str) -> str | None:
    if kind == "signal":
        return name_of(node) or str(node.get("id"))
    return " ".join((node.get(attribute) or "").split()) or None
