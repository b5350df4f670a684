"""Coverage as one HTML file that needs nothing else: drawings tinted by how often they were taken."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from processes.coverage import Coverage
from processes.diagram import Diagram
from webapp.pages.tints import missing_flows, tints

if TYPE_CHECKING:
    from .cover import Covered

DRAWING = Path(__file__).parents[1] / "static" / "diagram"
STYLE = """body{font:16px/1.6 system-ui,sans-serif;margin:24px auto;max-width:1400px;padding:0 16px;color:#16211d;background:#f3f5f4}
section{background:#fff;border:1px solid #d9e0dd;border-radius:10px;padding:16px;margin:0 0 24px}
.diagram{overflow:auto;border:1px solid #d9e0dd;margin:12px 0}table{border-collapse:collapse}
th,td{text-align:left;padding:4px 16px 4px 0}.missing{color:#a3241b}.all{color:#17633a}"""


def draw_sheet(covered: Iterable[Covered]) -> str:
    """The whole file. Green was taken, red was not; a number says how often a step was reached."""
    shown = list(covered)
    script, style = bundle()
    sections = "\n".join(_section(one) for one in shown)
    rows = "\n".join(
        f"<tr><td>{escape(one.source.file)}</td><td class={'all' if one.percent == 100 else 'missing'}>"
        f"{one.percent:g} %</td></tr>"
        for one in shown
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>场景走过的连线</title>'
        f"<style>{style}\n{STYLE}</style></head><body><h1>场景走过的连线</h1>"
        f"<table><tr><th>流程图</th><th>走过</th></tr>{rows}</table>{sections}"
        f"<script>{script}</script></body></html>\n"
    )


def bundle() -> tuple[str, str]:
    """Script and style of the drawings, to be put into a file."""
    # a closing tag inside the bundle would end the script
    script = (DRAWING / "viewer.js").read_text("utf-8").replace("</script", "<\\/script")
    return script, (DRAWING / "viewer.css").read_text("utf-8")


def _section(covered: Covered) -> str:
    if covered.coverage is None:
        return f"<section><h2>{escape(covered.source.file)}</h2><p class=missing>{escape(covered.story)}</p></section>"
    coverage = covered.coverage
    drawings = "".join(_drawing(one, coverage) for one in covered.diagrams.values())
    missing = "".join(
        f"<li class=missing>{escape(line)}</li>"
        for line in missing_flows(coverage, covered.diagrams)
    )
    failed = "".join(f"<li class=missing>{escape(story)}</li>" for story in covered.failed)
    return (
        f"<section><h2>{escape(covered.source.file)}</h2>"
        f"<p>{len(coverage.flows)} 条连线，走过 {len(coverage.taken)} 条（{covered.percent:g} %）。</p>"
        f"{f'<p>没有走过的：</p><ul>{missing}</ul>' if missing else ''}"
        f"{f'<p>不符的场景：</p><ul>{failed}</ul>' if failed else ''}{drawings}</section>"
    )


def _drawing(diagram: Diagram, coverage: Coverage) -> str:
    data = b64encode(diagram.xml).decode()
    marks, notes = tints(diagram, coverage)
    return (
        f"<h3>{escape(diagram.name or diagram.process)}</h3><div class=diagram"
        f' data-diagram="data:application/xml;base64,{data}"'
        f' data-marks="{escape(json.dumps(marks))}" data-notes="{escape(json.dumps(notes))}"></div>'
    )
