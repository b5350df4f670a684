"""Says in Chinese what is wrong with a drawing, and how good it is otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from processes.layout.labels import BORDER
from processes.layout.measuring import Flaw, Measures

_SENTENCES = {
    "missing_shape": "{element} 没有画在图上。",
    "missing_line": "连线 {element} 没有画在图上。",
    "overlap": "{element} 与 {others} 重叠。",
    "outside": "{element} 超出了 {others} 的边框。",
    "line_through_shape": "连线 {element} 穿过了 {others}。",
    "line_on_line": "连线 {element} 与 {others} 叠在一起。",
    "undocked": "连线 {element} 没有接到 {others} 的边上。",
    "label_on_line": "{element} 的文字压在 {others} 的线上。",
    "label_on_shape": "{element} 的文字压在 {others} 上。",
    "label_on_label": "{element} 的文字与 {others} 的文字重叠。",
}


def tell_flaw(flaw: Flaw, names: Mapping[str, str]) -> str:
    """One sentence; `names` gives the name of an id, where there is one."""

    def called(id_: str) -> str:
        if id_ == BORDER:
            return "泳道边框"
        return f"「{names[id_]}」({id_})" if names.get(id_) else id_

    others = "、".join(called(other) for other in flaw.others)
    return _SENTENCES[flaw.kind].format(element=called(flaw.element), others=others)


def tell_measures(measures: Measures) -> str:
    """One line with the counts."""
    return (
        f"图形 {measures.shapes} 个，连线 {measures.lines} 条，"
        f"交叉 {measures.crossings} 处，转弯 {measures.bends} 处，"
        f"画面 {measures.width}×{measures.height}"
    )
