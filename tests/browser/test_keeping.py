"""What is typed is not lost: drafts by themselves, a question before leaving, photographs made small."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.test_paper_registration import begin
from tests.browser.visitor import PHONE

CLASSMATE = 61


@pytest.fixture
def classmate(house, visit):
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(CLASSMATE), "graduate")
    return visitor


def photo(width: int, height: int, turned: int) -> bytes:
    """A grainy photograph, red at its top edge, which the camera noted as `turned` (EXIF)."""
    upright = Image.effect_noise((width, height), 80).convert("RGB")
    upright.paste("red", (0, 0, width, height // 8))
    stored = upright.transpose(Image.Transpose.ROTATE_90) if turned == 6 else upright
    exif = Image.Exif()
    exif[0x0112] = turned
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


@pytest.mark.requirement("F23")
def test_a_draft_is_kept_when_the_page_is_left(house, classmate):
    page = begin(classmate)
    address = page.url
    page.locator("#employer_name").fill("听涛海洋仪器有限公司")

    page.goto(classmate.address + "/notices")

    for _ in range(120):  # the page that was left sends its draft while the next one opens
        page.goto(address)
        if page.locator("#employer_name").input_value():
            break
        page.wait_for_timeout(500)
    expect(page.locator("#employer_name")).to_have_value("听涛海洋仪器有限公司")


def test_a_pause_saves_and_an_older_page_stops(house, classmate):
    page = begin(classmate)
    other = classmate.context.new_page()
    other.goto(page.url)
    with page.expect_response("**/draft"):
        page.locator("#salary").fill("7000")
    expect(page.locator("[data-saved]")).to_contain_text("草稿已自动保存")
    classmate.picture("phone-draft-kept")

    with other.expect_response("**/draft") as refused:
        other.locator("#salary").fill("1")

    assert refused.value.status == 409
    expect(other.locator("[data-saved]")).to_contain_text("别处有更新的草稿")
    with other.expect_event("dialog") as asked:
        other.close(run_before_unload=True)
    asked.value.accept()
    page.reload()
    expect(page.locator("#salary")).to_have_value("7000")
    assert [fault for fault in classmate.faults if "/draft: 409" not in fault] == []
    classmate.faults.clear()


def test_a_large_photograph_is_sent_small_and_upright(house, classmate):
    page = begin(classmate)
    content = photo(2400, 3200, turned=6)
    assert len(content) > 3_000_000
    camera = page.locator("input[name=sealed_copy__camera]")
    camera.set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content})
    expect(page.locator("[data-chosen]")).to_contain_text("已选 1 个")
    sent = "(input) => [input.files[0].size, input.files[0].name]"
    expect(page.locator("[data-chosen]")).not_to_contain_text(f"{len(content) / 1048576:.1f} MB")

    size, name = camera.evaluate(sent)
    acts.press(page, "保存")

    assert size < len(content) / 2
    assert name == "IMG_1.jpg"
    expect(page.locator(".shots")).to_contain_text("IMG_1.jpg")
    kept = Image.open(io.BytesIO(classmate.fetch(page.locator(".shots img").get_attribute("src"))))
    assert kept.width < kept.height <= 2560
    red, green, _ = kept.convert("RGB").getpixel((kept.width // 2, 20))
    assert red > 200 > 60 > green


def test_what_the_browser_cannot_read_goes_as_it_is(house, classmate):
    page = begin(classmate)
    broken = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 900_000}
    page.locator("input[name=sealed_copy__camera]").set_input_files(broken)

    acts.press(page, "保存")

    expect(page.locator("main")).to_contain_text("“b.jpg”没有上传")
