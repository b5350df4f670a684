"""Draws diagrams: `renew_drawing` writes the BPMN DI of a file anew, `measure` judges one.

Pools and lanes are kept, time runs from left to right, the main path is straight, exceptions
lie below. Only the drawing changes; what the file says stays byte for byte.
"""

from __future__ import annotations

from processes.diagram import read_diagram
from processes.layout.composing import draw
from processes.layout.measuring import Flaw, Measures, measure
from processes.layout.reading import read_scene
from processes.layout.splicing import indentation, line_break, splice, unseal
from processes.layout.telling import tell_flaw, tell_measures
from processes.layout.writing import write_drawing
from processes.safe_xml import read_xml

__all__ = [
    "Flaw",
    "Measures",
    "measure",
    "names_in",
    "renew_drawing",
    "tell_flaw",
    "tell_measures",
]


def renew_drawing(data: bytes) -> bytes:
    """Return the same BPMN file with a new drawing.

    The same bytes give the same drawing, and a drawing made here is not changed by a second run.
    Raises UnreadableDiagram when `read_diagram` would.
    """
    read_diagram(data)
    root, _ = read_xml(data)
    scene = read_scene(root)
    envelope = unseal(data)
    drawing = write_drawing(
        root, scene, draw(scene), indentation(envelope.text), line_break(envelope.text)
    )
    return envelope.seal(splice(envelope.text, drawing))


def names_in(data: bytes) -> dict[str, str]:
    """Return the name of every shape and line of a file that has one."""
    scene = read_scene(read_xml(data)[0])
    names = {pool.id: pool.name for sheet in scene.sheets for pool in sheet.pools}
    names |= {node.id: node.name for node in scene.nodes.values()}
    names |= {link.id: link.name for link in scene.links.values()}
    return {id_: name for id_, name in names.items() if name}
