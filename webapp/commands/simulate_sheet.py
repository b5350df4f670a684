"""A simulated term as one HTML file that needs nothing else: the drawing with its waits, the queues."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape

from processes.diagram import Diagram
from processes.simulation import QueueResult, Simulated

from .cover_sheet import STYLE, bundle
from .explore import Source

WIDTH, HEIGHT, LEFT, BOTTOM = 760, 220, 44, 28


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


def chart(queue: QueueResult) -> str:
    """A line over the days, with its highest value written."""
    most = max(queue.waiting, default=0) or 1
    days = max(1, len(queue.waiting) - 1)
    points = " ".join(
        f"{LEFT + (WIDTH - LEFT - 8) * day / days:.0f},{8 + (HEIGHT - BOTTOM - 8) * (1 - value / most):.0f}"
        for day, value in enumerate(queue.waiting)
    )
    floor = HEIGHT - BOTTOM
    label = f"每天傍晚积压的件数，最多 {most} 件"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="{label}">'
        f'<path d="M{LEFT} 8V{floor}H{WIDTH - 8}" fill="none" stroke="#77847f"/>'
        f'<polyline points="{points}" fill="none" stroke="#0b5f56" stroke-width="2"/>'
        f'<text x="{LEFT - 6}" y="14" text-anchor="end" font-size="12">{most}</text>'
        f'<text x="{LEFT - 6}" y="{floor}" text-anchor="end" font-size="12">0</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}" font-size="12">第 1 天</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 8}" text-anchor="end" font-size="12">第 {len(queue.waiting)} 天</text></svg>'
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
