"""Reads a PDF as a person with the paper and a phone does."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image
from pypdf import PdfReader


def page_count(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def draw(content: bytes, dots: int = 150) -> list[Image.Image]:
    """The pages as pictures, drawn by poppler."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-png", "-r", str(dots), "-", f"{folder}/page"]
        subprocess.run(command, input=content, check=True, capture_output=True)
        drawn = [Image.open(path) for path in sorted(Path(folder).glob("*.png"))]
        return [one.convert("RGB") for one in drawn]


def decode_codes(content: bytes) -> list[str]:
    """What the QR codes on the paper say."""
    return [code.text for page in draw(content) for code in zxingcpp.read_barcodes(page)]
