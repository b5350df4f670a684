"""What docs/publishing.md shows: a changed flow before its publication, its move, and its times."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser import acts
from tests.browser.house import House
from tests.browser.visitor import Visitor
from webapp.clock import utc_now
from webapp.models import Draft, Person
from webapp.services.accounts.actors import actors_of
from webapp.services.design.drafts import save_parts

VARIANT = "employer_invitation"
CHANGES = (
    ('"Answer_invitation"', '"Reply"'),
    (">Answer_invitation<", ">Reply<"),
    ("Answer_invitation.", "Reply."),
    (
        '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">Fill_invitation.reply_by</bpmn:timeDate>',
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P7D</bpmn:timeDuration>',
    ),
)


def publishing_pictures(ada: Visitor, house: House) -> dict[str, Image.Image]:
    """Ada changes the invitation, publishes it and moves the running cases; by the picture's name."""
    page = ada.go("/design")
    page.locator("tr", has_text=VARIANT).get_by_role("button", name="改流程").click()
    page.wait_for_url("**/design/*-*")
    change_draft(house)
    page.goto(f"{page.url}/publish")
    expect(page.locator("[data-drawn]")).to_have_count(2)
    found = {
        "publishing-difference": card(page, "改了什么"),
        "publishing-impact": card(page, "影响"),
    }
    page.locator("#note").fill("应约期限统一为七天")
    if page.locator("[name=confirmed]").count():
        page.locator("[name=confirmed]").check()
    acts.press(page, "发布第 2 版")
    release = page.url
    page.get_by_role("link", name="把正在办理的改按这一版").click()
    page.locator("[name='rename.Answer_invitation']").select_option("Reply")
    acts.press(page, "再试算一次")
    page.locator("#note").fill("应约期限统一为七天")
    acts.press(page, "开始迁移")
    page.wait_for_url("**/design/moves/*-*")
    house.sweep()
    page.reload()
    found["publishing-move"] = shot(page)
    page.goto(release)
    page.get_by_role("link", name="各步用时").click()
    expect(page.locator("[data-drawn]")).to_have_count(2)
    expect(page.locator(".heat").first).to_be_visible()
    found["publishing-heat"] = shot(page, whole=True)
    return found


def change_draft(house: House) -> None:
    """What the modeler saves: the answer step has another id, and its deadline another form."""
    with house.sessions() as session:
        draft = session.scalars(select(Draft).where(Draft.variant == VARIANT)).one()
        ada = session.scalars(select(Person).where(Person.login == "ada")).one()
        actor = next(one for one in actors_of(session, ada.id) if one.role == "admin")
        xml = draft.diagram.decode()
        for old, new in CHANGES:
            xml = xml.replace(old, new)
        save_parts(
            session, actor, draft.id, revision=draft.revision, now=utc_now(session),
            diagram=xml.encode(),
        )  # fmt: skip
        session.commit()


def card(page: Page, heading: str) -> Image.Image:
    section = page.locator("section.card").filter(
        has=page.get_by_role("heading", name=heading, exact=True)
    )
    return as_image(section.first.screenshot())


def shot(page: Page, whole: bool = False) -> Image.Image:
    return as_image(page.screenshot(full_page=whole))


def as_image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")
