"""The pages look as they did when a person last looked at them.

Renew the pictures after a wanted change, then look at them before committing:

    QIANYUE_RENEW_PICTURES=1 python -m pytest tests/pdf/test_pictures.py
"""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parent / "pictures"
DPI = 50
# Grey levels after a blur that swallows a renderer's own edges; a line that moved
# by two millimetres or a missing word gives 60 and more.
LARGEST_DIFFERENCE = 40


def softened(picture):
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def difference(one, other):
    return ImageChops.difference(softened(one), softened(other)).getextrema()[1]


@pytest.mark.parametrize("page", [1, 2])
def test_the_page_looks_as_it_did(drawn, pictures_of, page):
    now = pictures_of(drawn.content, DPI)[page - 1]
    kept = FOLDER / f"agreement-{page}.png"
    if os.environ.get("QIANYUE_RENEW_PICTURES"):
        now.save(kept, optimize=True)

    then = Image.open(kept).convert("L")

    assert now.size == then.size
    assert difference(now, then) <= LARGEST_DIFFERENCE


def test_the_comparison_sees_a_line_that_moved(drawn, pictures_of):
    now = pictures_of(drawn.content, DPI)[0]

    moved = ImageChops.offset(now, 0, 4)

    assert difference(now, moved) > LARGEST_DIFFERENCE


def test_the_comparison_sees_a_missing_word(drawn, pictures_of):
    now = pictures_of(drawn.content, DPI)[0]
    wiped = now.copy()
    name = (int(40 / 25.4 * DPI), int(37 / 25.4 * DPI), int(60 / 25.4 * DPI), int(43 / 25.4 * DPI))
    wiped.paste(255, name)

    assert difference(now, wiped) > LARGEST_DIFFERENCE
