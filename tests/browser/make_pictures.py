"""Makes the pictures of the README and of docs/publishing.md from the running demo: python tests/browser/make_pictures.py

`--guide` renews those of the guide to editing diagrams, from what tests/browser/test_designing.py left.
Run it again after a visible change of the pages, look at what comes out in docs/pictures, and
commit it. Needs what the browser tests need (`sh tests/tools.sh`).
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.house import House, make_seed, open_house  # noqa: E402
from tests.browser.papers import draw  # noqa: E402
from tests.browser.publishing_pictures import publishing_pictures  # noqa: E402
from tests.browser.visitor import LOGINS, PHONE, Visitor, launch, welcome  # noqa: E402
from tests.browser.visitor import PICTURES as SEEN  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESK = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "viewport": {"width": 1280, "height": 860},
    "device_scale_factor": 2,
}
PAPER = (232, 238, 235)
GUIDE = ("try", "finding", "form", "called", "table", "phone")
LARGEST, LARGEST_OVERVIEW = 200_000, 400_000
TALLEST = 1300


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        seed = make_seed(Path(folder) / "seed")
        browser = launch(playwright)
        with open_house(seed, Path(folder) / "house", demo=False) as house:
            phone, review = invitation(browser, house), review_page(browser, house)
            case, paper = case_page(browser, house), agreement(browser, house)
            with visitor(browser, house, "ada", **DESK) as ada:
                published = publishing_pictures(ada, house)
        browser.close()
    keep(framed(phone.resize((585, 1266)), 28), "invitation", LARGEST)
    keep(framed(review.resize((1440, 968))), "review", LARGEST)
    keep(framed(case.resize((1280, 1180))), "case", LARGEST)
    keep(paper, "agreement", LARGEST)
    keep(overview(phone, review, case), "overview", LARGEST_OVERVIEW)
    for name, picture in published.items():
        keep(framed(narrowed(picture)), name, LARGEST)


def keep_guide() -> None:
    """What the tests of the modeler saw, as the guide shows it."""
    for name in GUIDE:
        picture = Image.open(SEEN / f"design-{name}.png").convert("RGB")
        width = min(picture.width, 1280)
        height = min(picture.height, picture.width * 2) * width // picture.width
        picture = picture.crop((0, 0, picture.width, height * picture.width // width))
        keep(picture.resize((width, height)), f"editing-{name}", LARGEST // 2)


@contextmanager
def visitor(browser: Browser, house: House, key: str, **device: object) -> Iterator[Visitor]:
    one = welcome(browser, house.address, **device)
    one.log_in(*LOGINS[key])
    yield one
    one.context.close()


def shot(one: Visitor) -> Image.Image:
    return Image.open(io.BytesIO(one.page.screenshot())).convert("RGB")


def invitation(browser: Browser, house: House) -> Image.Image:
    """What Lin reads on a phone before answering."""
    with visitor(browser, house, "lin", **PHONE) as lin:
        lin.page.get_by_role("link", name="恒信软件有限公司邀请您签约").click()
        expect(lin.page.get_by_role("link", name="接受签约")).to_be_visible()
        return shot(lin)


def review_page(browser: Browser, house: House) -> Image.Image:
    """Rao about to decide, with the queue beside."""
    with visitor(browser, house, "rao", **DESK) as rao:
        rao.page.get_by_role("link", name="从最久的开始审核").click()
        rao.page.get_by_role("radio", name="通过").first.check()
        return shot(rao)


def case_page(browser: Browser, house: House) -> Image.Image:
    """Hengxin sees who holds the case, in words and on the live diagram."""
    tall = {**DESK, "viewport": {"width": 1280, "height": 1180}}
    with visitor(browser, house, "hengxin", **tall) as hengxin:
        case = house.task(56, "恒信").case_id
        hengxin.go(f"/cases/{case}")
        expect(hengxin.page.locator(".diagram svg").first).to_be_visible()
        expect(hengxin.page.locator(".diagram .is-here").first).to_be_visible()
        return shot(hengxin)


def agreement(browser: Browser, house: House) -> Image.Image:
    """Both pages of a finished agreement."""
    with visitor(browser, house, "wu", **DESK) as wu:
        pages = draw(wu.fetch(f"/agreements/{house.agreement(31).id}.pdf"), dots=82)
    gap = 24
    width = sum(page.width for page in pages) + gap * (len(pages) + 1)
    sheet = Image.new("RGB", (width, pages[0].height + 2 * gap), PAPER)
    left = gap
    for page in pages:
        sheet.paste(page, (left, gap))
        left += page.width + gap
    return sheet


def overview(phone: Image.Image, review: Image.Image, case: Image.Image) -> Image.Image:
    """The three at once: the desks behind, the phone in front."""
    canvas = Image.new("RGB", (1600, 1080), PAPER)
    place(canvas, review.resize((1000, 672)), (40, 40))
    place(canvas, case.resize((960, 885)), (600, 155))
    place(canvas, phone.resize((348, 753)), (150, 287), radius=22)
    return canvas


def narrowed(picture: Image.Image) -> Image.Image:
    """As wide as a page of docs, without the end of what is very tall."""
    small = picture.resize((1200, round(picture.height * 1200 / picture.width)))
    return small.crop((0, 0, small.width, min(small.height, TALLEST)))


def place(canvas: Image.Image, picture: Image.Image, at: tuple[int, int], radius: int = 10) -> None:
    """Lay a picture down with round corners and a soft shadow."""
    shadow = Image.new("L", canvas.size, 0)
    box = (at[0], at[1] + 8, at[0] + picture.width, at[1] + picture.height + 8)
    ImageDraw.Draw(shadow).rounded_rectangle(box, radius, fill=90)
    canvas.paste((40, 55, 50), (0, 0), shadow.filter(ImageFilter.GaussianBlur(14)))
    canvas.paste(picture, at, rounded(picture.size, radius))


def framed(picture: Image.Image, radius: int = 10) -> Image.Image:
    margin = 24
    size = (picture.width + 2 * margin, picture.height + 2 * margin)
    canvas = Image.new("RGB", size, PAPER)
    place(canvas, picture, (margin, margin), radius)
    return canvas


def rounded(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)
    return mask


def keep(picture: Image.Image, name: str, largest: int) -> None:
    """Store with as many colours as the size allows."""
    path = PICTURES / f"{name}.png"
    for colours in (0, 256, 128, 64):
        fewer = picture.quantize(colours, kmeans=3, dither=0) if colours else picture
        fewer.save(path, optimize=True)
        if path.stat().st_size <= largest:
            print(f"{path.relative_to(ROOT)}: {picture.size}, {path.stat().st_size // 1000} KB")
            return
    raise ValueError(f"{path} is larger than {largest} bytes")


if __name__ == "__main__":
    keep_guide() if "--guide" in sys.argv else main()
