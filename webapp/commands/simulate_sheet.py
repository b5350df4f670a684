"""A simulated term as one HTML file that needs nothing else: the drawing with its waits, the queues."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape

from processes.diagram import Diagram
from processes.simulation import Simulated
from webapp.pages.queue_chart import chart

from .cover_sheet import STYLE, bundle
from .explore import Source


def draw_sheet(source: Source, found: Simulated) -> str:
    """The whole file: figures, queues by day, and each drawing with how long its steps stood."""
    from .simulate import span, told, who

    lines = "".join(f"<li>{escape(line.strip())}</li>" for line in told(source, found))
    charts = "".join(
        f"<h3>{who(queue.role)}（{queue.people} 人）：每天傍晚积压的件数</h3>{chart(queue)}"
        for queue in found.queues
    )
    diagrams = [source.diagram, *(source.called or {}).values()]
    drawings = "".join(drawing(one, found, span) for one in diagrams if one)
    script, style = bundle()
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>模拟</title>'
        f"<style>{style}\n{STYLE}</style></head><body><h1>模拟：{escape(source.file)}</h1>"
        f"<section><ul>{lines}</ul></section><section>{charts}</section>"
        f"<section>{drawings}</section><script>{script}</script></body></html>\n"
    )


def drawing(diagram: Diagram, found: Simulated, span: object) -> str:
    """One diagram; the darker a step, the longer it stood."""
    assert callable(span)
    longest = max((one.median_hours for one in found.steps), default=0) or 1
    notes = {
        one.element.rpartition("/")[2]: {
            "text": f"{one.done} 次 · {span(one.median_hours)}",
            "level": 1 + min(3, int(4 * one.median_hours / longest)),
        }
        for one in found.steps
        if one.element.rpartition("/")[2] in diagram.elements
    }
    data = b64encode(diagram.xml).decode()
    return (
        f"<h3>{escape(diagram.name or diagram.process)}</h3><div class=diagram"
        f' data-diagram="data:application/xml;base64,{data}" data-notes="{escape(json.dumps(notes))}"></div>'
    )
