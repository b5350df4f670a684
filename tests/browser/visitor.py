"""Somebody at a browser of their own: logs in through the page, and notices every fault."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Response

from webapp.demo import CAST, PASSWORD

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--lang=zh-CN",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
HERE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
DESKTOP = {**HERE, "viewport": {"width": 1280, "height": 850}}
PHONE = {
    **HERE,
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0 Mobile Safari/537.36",
}
PICTURES = Path(__file__).resolve().parents[2] / "test-results" / "pictures"
REPORT_POLICY = """document.addEventListener('securitypolicyviolation', (event) =>
    console.error('blocked by the policy: ' + event.violatedDirective + ' ' + event.blockedURI))"""
PATIENCE = 60_000  # milliseconds; a machine that is busy otherwise takes its time
LOGINS = {member.key: (member.login, member.door) for member in CAST}
DOORS = {"graduate": "学生登录", "employer": "用人单位登录", "school": "学校登录"}


def find_browser() -> str:
    """The system's Chromium. Raises FileNotFoundError with the way out."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        "no browser found (" + ", ".join(BROWSERS) + "); install one: sh tests/tools.sh"
    )


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=find_browser(), args=list(SWITCHES), env={**os.environ, "LANGUAGE": "zh_CN"}
    )


@dataclass
class Visitor:
    """One person, one browser, one page."""

    context: BrowserContext
    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path if path.startswith("/") else path)
        return self.page

    def log_in(self, login: str, door: str, password: str = PASSWORD) -> Page:
        """Through the form, as everybody does."""
        page = self.go("/login")
        page.get_by_role("navigation", name="您的身份").get_by_text(DOORS[door]).click()
        page.locator("#login").fill(login)
        page.locator("#password").fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    def picture(self, name: str) -> None:
        """Keep how the page looks, where QIANYUE_PICTURES=1 asks for it: people look at these, tests
        do not.
        """
        if os.environ.get("QIANYUE_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            path = PICTURES / f"{name}.png"
            self.page.screenshot(path=path, full_page=True, animations="disabled")

    def fetch(self, address: str) -> bytes:
        """A file behind a link, with this visitor's cookie."""
        answer = self.context.request.get(
            self.address + address if address.startswith("/") else address
        )
        assert answer.ok, f"{address}: {answer.status}"
        return answer.body()


def welcome(browser: Browser, address: str, **options: Any) -> Visitor:
    """A new visitor with an empty browser; what goes wrong in it is written down."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    if options.get("java_script_enabled", True):
        context.add_init_script(REPORT_POLICY)
    visitor = Visitor(context, context.new_page(), address)
    context.on("page", lambda page: watch(page, visitor.faults))
    watch(visitor.page, visitor.faults)
    return visitor


def watch(page: Page, faults: list[str]) -> None:
    """Console errors, blocked content, uncaught errors, failed requests and broken answers."""

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a download, or a page left in time
            faults.append(f"{request.url}: {request.failure}")

    def answered(response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            faults.append(f"{response.url}: {response.status}")

    def said(message: Any) -> None:
        # A page that answers 404 or 422 is told on the console too; `answered` judges those.
        if message.type in ("error", "warning") and not re.match(
            r"Failed to load resource: the server responded", message.text
        ):
            faults.append(f"{page.url}: console: {message.text}")

    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
