"""What the templates write: labels, ids, messages, and nothing that needs script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jinja2
import pytest
from lxml import html

from forms.compiler import CompiledForm, form_class
from forms.conditions import settle_options
from forms.definitions import packaged

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
PAGE = """{% from "forms/form.html" import error_summary, render_form %}
<main><h1>表</h1>{{ error_summary(form) }}<form method="post" novalidate>{{ render_form(form) }}</form></main>"""
EVERY_TYPE: list[dict[str, Any]] = [
    {"type": kind, "key": f"a_{kind}", "label": f"名称 {kind}", "description": "说明"}
    | {"validate": {"required": True}}
    for kind in ("text", "textarea", "number", "money", "date", "datetime", "checkbox", "file")
] + [
    {"type": "picker", "key": "a_picker", "label": "行业", "properties": {"scheme": "industry"}},
    {"type": "select", "key": "a_select", "label": "性质", "properties": {"scheme": "nature"}},
    {
        "type": "checklist",
        "key": "a_checklist",
        "label": "清单",
        "properties": {"scheme": "gender"},
    },
    {
        "type": "rows",
        "key": "a_rows",
        "label": "联系人",
        "components": [{"type": "text", "key": "name", "label": "姓名"}],
    },
    {"type": "note", "text": "一句说明"},
]
environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
)


def rendered(form: CompiledForm) -> Any:
    return html.fromstring(environment.from_string(PAGE).render(form=form))


def name_of(page: Any, control: Any) -> str:
    """Return the accessible name of a control, as labels and aria-labelledby give it."""
    if ids := control.get("aria-labelledby"):
        return " ".join(page.xpath(f'//*[@id="{one}"]')[0].text_content() for one in ids.split())
    labels = page.xpath(f'//label[@for="{control.get("id")}"]') if control.get("id") else []
    labels += control.xpath("ancestor::label")
    text = control.text_content() if control.tag == "button" else ""
    return (text or " ".join(label.text_content() for label in labels)).strip()


def assert_accessible(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    controls = page.xpath(
        '//input[@type!="hidden"]|//select|//textarea|//button|//input[not(@type)]'
    )
    assert controls
    for control in controls:
        assert name_of(page, control), html.tostring(control)
    for described in page.xpath("//@aria-describedby|//@aria-labelledby|//label/@for"):
        assert set(described.split()) <= set(ids), described
    for link in page.xpath('//a[starts-with(@href, "#")]/@href'):
        assert link[1:] in ids, link
    for fieldset in page.xpath("//fieldset"):
        assert fieldset.xpath("./legend"), html.tostring(fieldset)
    assert not page.xpath("//script|//style|//@style|//@onclick|//@onchange")


def open_fields(form: CompiledForm) -> list[str]:
    """The fields that this person can come to, whatever is chosen on the page."""
    return [
        place.component.key
        for place in form.definition.placed()
        if all(settle_options(one, form.options) is not False for one in place.conditions)
    ]


@pytest.fixture
def context(monday, register, invitation):
    case = {"Fill_invitation": form_class("signing/fill_invitation")(invitation).answers}
    options = {"claim_is_free": True, "any_destination": True}
    return {"now": monday, "register": register, "case": case, "options": options}


@pytest.mark.parametrize("key", sorted(packaged()))
def test_every_packaged_form_has_a_label_for_every_input(key, context):
    form = form_class(key)(None, None, context)

    page = rendered(form)

    assert_accessible(page)
    names = open_fields(form)
    assert names
    for name in names:
        asked = page.xpath(f'//*[@name="{name}" or starts-with(@name, "{name}__")]')
        assert asked or page.xpath(f'//button[@name="_row" and contains(@value, "{name}")]'), name


@pytest.mark.parametrize("choice", packaged()["destination/choose_type"].fields["code"].choices)
def test_the_page_of_each_type_of_destination_asks_what_the_type_asks(choice, context):
    context["case"]["Choose_destination_type"] = {"code": choice.value}
    form = form_class("destination/fill_destination")({"outcome": "submit"}, None, context)
    form.validate()

    page = rendered(form)

    assert_accessible(page)
    for name in open_fields(form):
        assert page.xpath(f'//*[@name="{name}" or starts-with(@name, "{name}__")]'), name


@pytest.mark.parametrize("key", sorted(packaged()))
def test_every_packaged_form_says_each_error_in_the_summary_and_at_the_field(key, context):
    form = form_class(key)({}, None, context)
    form.validate()

    page = rendered(form)

    assert_accessible(page)
    summary = [link.text_content() for link in page.xpath('//div[@class="errors"]//a')]
    beside = [part.text_content() for part in page.xpath('//p[@class="msg"]')]
    assert summary == beside
    assert summary
    assert (
        f"有 {len(summary)} 处需要修改" in page.xpath('//div[@class="errors"]/h2')[0].text_content()
    )


@pytest.mark.parametrize(
    "posted", [None, {}, {"a_picker": "C34", "a_money": "x", "a_rows-0-name": "周"}]
)
def test_every_type_is_written_accessibly(form_of, posted):
    form = form_of(EVERY_TYPE, posted)
    if posted is not None:
        form.validate()

    assert_accessible(rendered(form))


def test_what_was_typed_stands_in_the_input_again_and_cannot_break_out(form_of):
    typed = '"><script>alert(1)</script>'
    form = form_of([EVERY_TYPE[0], EVERY_TYPE[1]], {"a_text": typed, "a_textarea": f"\n{typed}"})

    page = rendered(form)

    assert page.xpath('//input[@name="a_text"]')[0].value == typed
    assert page.xpath('//textarea[@name="a_textarea"]')[0].value.strip() == typed
    assert not page.xpath("//script")


def test_optional_fields_are_marked_and_required_ones_are_not(form_of):
    optional = {"type": "text", "key": "free", "label": "随意"}

    page = rendered(form_of([EVERY_TYPE[0], optional]))

    assert "（选填）" in page.xpath('//label[@for="free"]')[0].text_content()
    assert "（选填）" not in page.xpath('//label[@for="a_text"]')[0].text_content()


def test_a_field_that_depends_on_a_choice_stands_beneath_it(context):
    page = rendered(form_class("signing/answer_invitation")(None, None, context))

    accept, refuse = page.xpath('//div[@class="choice"]')

    assert accept.xpath('./div[@class="reveal"]//input[@name="ack"]')
    assert refuse.xpath('./div[@class="reveal"]//textarea[@name="reason"]')


def test_other_conditions_are_left_to_the_script_as_data(context):
    page = rendered(form_class("signing/fill_invitation")(None, None, context))

    conditions = page.xpath('//input[@name="archive_unit"]/ancestor::*/@data-show-when')

    assert '{"field": "outcome", "op": "!=", "value": "discard"}' in conditions
    assert any('"field": "hukou"' in condition for condition in conditions)


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("==", True, "filled"),
        ("==", False, "empty"),
        ("!=", True, "empty"),
        ("!=", False, "filled"),
    ],
)
def test_a_ticked_box_is_asked_for_in_the_words_of_the_page(form_of, op, value, expected):
    box = {"type": "checkbox", "key": "ack", "label": "已阅读"}
    name = {"type": "text", "key": "name", "label": "姓名"}
    condition = {"field": "ack", "op": op, "value": value}

    page = rendered(form_of([box, name | {"conditional": condition}]))

    shown_when = page.xpath('//input[@name="name"]/ancestor::div/@data-show-when')
    assert [json.loads(one) for one in shown_when] == [{"field": "ack", "op": expected}]


def test_a_choice_that_is_closed_is_not_on_the_page(context):
    page = rendered(form_class("signing/answer_invitation")(None, None, context | {"options": {}}))

    assert page.xpath('//input[@name="outcome"]/@value') == ["refuse"]
    assert not page.xpath('//input[@name="ack"]')
    assert "您已与其他单位签约" in page.text_content()


def test_a_picker_is_a_button_that_keeps_the_code_and_shows_the_name(form_of):
    page = rendered(form_of([EVERY_TYPE[8]], {"a_picker": "C34"}))

    button = page.xpath('//button[@name="_pick"]')[0]

    assert button.get("value") == "a_picker"
    assert button.get("class") == "pick has"
    assert button.text_content() == "通用设备制造业"
    assert page.xpath('//input[@type="hidden"][@name="a_picker"]/@value') == ["C34"]


def test_enter_sends_the_form_and_opens_no_picker(context):
    page = rendered(form_class("signing/fill_invitation")(None, None, context))

    first = page.xpath("//form//button")[0]

    assert first.get("name") is None
    assert first.get("tabindex") == "-1"


def test_phones_get_the_right_keyboard(context):
    page = rendered(form_class("signing/fill_invitation")(None, None, context))

    assert page.xpath('//input[@name="contact_mobile"]/@type') == ["tel"]
    assert page.xpath('//input[@name="salary"]/@inputmode') == ["decimal"]
    assert page.xpath('//input[@name="reply_by"]/@type') == ["datetime-local"]
    assert page.xpath('//input[@name="reply_by"]/@min') == ["2026-05-19T09:30"]
    assert page.xpath('//textarea[@name="supplement"]/@data-count') == ["1000"]


def test_a_caution_is_said_beside_its_field(context, invitation):
    form = form_class("signing/fill_invitation")(
        invitation | {"uscc": "91350100M0001TGQXM"}, None, context
    )

    page = rendered(form)

    assert "可能是早期代码" in page.xpath('//p[@id="uscc-w"]')[0].text_content()
    assert "uscc-w" in page.xpath('//input[@name="uscc"]/@aria-describedby')[0]
