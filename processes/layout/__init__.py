"""Draws diagrams: `renew_drawing` writes the BPMN DI of a file anew, `measure` judges one.

Pools and lanes are kept, time runs from left to right, the main path is straight, exceptions
lie below. Only the drawing changes; what the file says stays byte for byte.
"""

from __future__ import annotations

from processes.layout.composing import draw
from processes.layout.measuring import Flaw, Measures, measure
from processes.layout.reading import read_scene
from processes.layout.splicing import indentation, line_break, splice, unseal
from processes.layout.writing import write_drawing
from processes.safe_xml import read_xml

__all__ = ["Flaw", "Measures", "measure", "renew_drawing"]


def renew_drawing(data: bytes) -> bytes:
    """Return the same BPMN file with a new drawing.

    Raises UnreadableDiagram as `read_diagram` does.
    """
    root, _ = read_xml(data)
    scene = read_scene(root)
    envelope = unseal(data)
    drawing = write_drawing(
        root, scene, draw(scene), indentation(envelope.text), line_break(envelope.text)
    )
    return envelope.seal(splice(envelope.text, drawing))
