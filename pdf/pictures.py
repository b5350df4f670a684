"""Pictures of handwritten signatures, as they come in: PNG in base64, and nothing else.

A picture is opened before it is drawn, so that the page never meets one that its library cannot
read, or one that would fill the machine.
"""

import base64
import binascii
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

SIGNERS = {"graduate": "甲方", "employer": "乙方"}
LARGEST = 400_000  # characters
WIDEST, HIGHEST = 1200, 600  # dots
HEIGHT, MOST_WIDTH = 9.0, 42.0  # millimetres on paper


def read_pictures(given: Any, faults: list[str]) -> dict[str, str]:
    """The signatures by who signed; one that cannot be read is a fault, an unknown signer is left out."""
    if not isinstance(given, Mapping):
        return {}
    found = {}
    for who, side in SIGNERS.items():
        text = given.get(who)
        if not text:
            continue
        if size_of(text) is None:
            faults.append(f"{side}的手写签名读不出来，请重新签名")
        else:
            found[who] = str(text)
    return found


def size_of(text: Any) -> tuple[int, int] | None:
    """Width and height in dots of a PNG that may be printed; None for anything else."""
    if not isinstance(text, str) or len(text) > LARGEST:
        return None
    try:
        with Image.open(BytesIO(base64.b64decode(text, validate=True)), formats=["PNG"]) as picture:
            width, height = picture.size
            if not (0 < width <= WIDEST and 0 < height <= HIGHEST):
                return None
            picture.load()
    except (binascii.Error, OSError, ValueError, SyntaxError):  # Pillow's ways to say: damaged
        return None
    return width, height


def size_on_paper(text: str) -> tuple[float, float]:
    """Width and height in millimetres, as high as the line allows."""
    width, height = size_of(text) or (1, 1)
    scale = min(HEIGHT / height, MOST_WIDTH / width)
    return round(width * scale, 2), round(height * scale, 2)
