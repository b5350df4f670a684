"""Does everything fit on the paper: asked before anybody signs.

What does not fit even at 6 points is told in Chinese, with the length that would.
"""

from collections.abc import Mapping
from typing import Any

from pdf.errors import DocumentRefused
from pdf.page import lay_out


def check(values: Mapping[str, Any]) -> list[str]:
    """What keeps these values from being printed, one Chinese line each; empty when all fit.

    Call it when the form is submitted and again before approval. It draws
    nothing and takes some milliseconds.
    """
    try:
        return list(lay_out(values).faults)
    except DocumentRefused as refused:
        return list(refused.messages)
