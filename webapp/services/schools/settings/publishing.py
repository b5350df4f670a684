"""Who may change the school's diagrams."""

from __future__ import annotations

from . import Setting

GROUP, PLACE = "流程发布", 75
SETTINGS = (
    Setting(
        "publication_approval",
        "flag",
        "发布流程须两人办理",
        "流程改好以后，要不要另一位管理员同意才发布。",
        False,
    ),
)
