"""A phone reads the code from paper, also from a poor photograph of it."""

import random
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from pdf.qr import qr_png

PRINT_DPI = 150


@pytest.fixture(scope="module")
def first_page(drawn, pictures_of):
    return pictures_of(drawn.content, PRINT_DPI)[0]


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def turned(picture):
    return picture.rotate(2, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def blurred(picture):
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def noisy(picture):
    dice = random.Random(7)
    spots = bytes(dice.randrange(256) for _ in range(picture.width * picture.height))
    return Image.blend(picture, Image.frombytes("L", picture.size, spots), 0.25)


def compressed(picture):
    out = BytesIO()
    picture.save(out, "JPEG", quality=60)
    return Image.open(BytesIO(out.getvalue()))


def photographed(picture):
    return compressed(blurred(turned(picture)))


@pytest.mark.requirement("F15")
@pytest.mark.parametrize("harm", [lambda p: p, turned, blurred, noisy, compressed, photographed])
def test_the_code_is_read_from_the_drawn_page(first_page, values, harm):
    assert read(harm(first_page)) == [values["verify_url"]]


def test_the_code_keeps_its_quiet_zone(first_page):
    side = round(25 / 25.4 * PRINT_DPI)
    (found,) = zxingcpp.read_barcodes(first_page)
    corner = found.position.top_left

    quiet = first_page.crop((corner.x - 10, corner.y - 10, corner.x + side, corner.y - 3))

    assert quiet.getextrema()[0] > 200


def test_equal_addresses_give_equal_pictures():
    assert qr_png("https://example.edu.cn/v/1") == qr_png("https://example.edu.cn/v/1")


def test_too_long_an_address_is_not_squeezed_in():
    with pytest.raises(ValueError, match="too long"):
        qr_png("https://example.edu.cn/" + "a" * 100)


def test_a_document_without_address_has_no_code(values, pictures_of):
    from pdf.agreement import render_agreement

    values["verify_url"] = ""

    assert read(pictures_of(render_agreement(values).content, PRINT_DPI)[0]) == []
