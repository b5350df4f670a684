"""Handwritten signatures in print: in the line of whoever signed, or refused with a reason."""

import base64
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from pdf.agreement import render_agreement
from pdf.errors import DocumentRefused
from pdf.pictures import HEIGHT, MOST_WIDTH, size_on_paper


def picture(size=(400, 120), kind="PNG") -> str:
    made = Image.new("L", size, 255)
    ImageDraw.Draw(made).rectangle((20, 20, size[0] - 20, size[1] - 20), fill=0)
    out = BytesIO()
    made.save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def dark(page: Image.Image, box: tuple[float, float, float, float]) -> int:
    """How many dark dots there are in a part of the page, given in millimetres."""
    dots = [round(value * page.width / 210) for value in box]
    return sum(page.convert("L").crop(tuple(dots)).histogram()[:60])


@pytest.mark.requirement("A22", "A23")
def test_each_side_signs_in_its_own_line(values, pictures_of):
    both = {"graduate": picture(), "employer": picture((300, 200))}
    plain = pictures_of(render_agreement(values).content, 72)[1]
    signed = pictures_of(render_agreement({**values, "signatures": both}).content, 72)[1]

    difference = [
        dark(signed, box) - dark(plain, box) for box in ((14, 90, 105, 190), (105, 90, 196, 190))
    ]
    assert all(more > 200 for more in difference)


def test_a_signature_fits_its_line():
    assert size_on_paper(picture((400, 120)))[1] == HEIGHT
    wide = size_on_paper(picture((1200, 100)))
    assert (wide[0], wide[1] < HEIGHT) == (MOST_WIDTH, True)


@pytest.mark.parametrize(
    "given",
    ["not base64!", base64.b64encode(b"GIF89a").decode(), picture(kind="JPEG"), picture((1300, 90)),
     "A" * 500_000, 7, {"path": "/etc/passwd"}],
)  # fmt: skip
def test_what_is_no_small_png_is_refused_with_whose_it_is(values, given):
    with pytest.raises(DocumentRefused, match="乙方的手写签名"):
        render_agreement({**values, "signatures": {"employer": given}})


def test_an_unknown_signer_is_left_out(values):
    assert render_agreement({**values, "signatures": {"nils": "x"}}).pages == 2
