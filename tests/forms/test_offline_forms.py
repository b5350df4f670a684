"""The forms of offline signing and of registering a signed paper agreement."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from forms.compiler import form_class
from forms.definitions import get

SCANS = {"a1": {"name": "协议书第 1 页.jpg"}, "a2": {"name": "协议书第 2 页.jpg"}}
REQUIRED = [
    "employer_name",
    "uscc",
    "nature",
    "industry",
    "region",
    "address",
    "position_category",
    "position_name",
    "contact_name",
    "contact_mobile",
    "contact_email",
    "hukou",
]
OPTIONAL = {
    "contact_phone": "0551-12345678",
    "trial_period": "1个月",
    "trial_salary": "1000",
    "salary": "3000",
    "penalty": "100",
    "report_place": "人力资源部",
    "report_by": "2026-07-05",
    "work_place": "合肥",
    "supplement": "无",
}


@pytest.fixture
def application(invitation):
    """What Lin posts to apply for offline signing."""
    data = {key: text for key, text in invitation.items() if key != "reply_by"}
    return data | {"outcome": "submit", "ack": "y"}


@pytest.fixture
def registration(application):
    return application | {"signed_on": "2026-05-10", "paper_number": "340001260012"}


@pytest.fixture
def fill(monday, register):
    """Fill one of the forms: fill(key, posted, sealed_copy=[…], **case)."""

    def make(key, posted=None, sealed_copy=(), **case):
        data = MultiDict(posted or {})
        data.setlist("sealed_copy", list(sealed_copy))
        context = {"now": monday, "case": case, "uploads": SCANS}
        context["register"] = {"graduate": register["graduate"], "employer": {}}
        return form_class(key)(data if posted is not None else None, None, context)

    return make


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


def shown(form):
    """The notes and blocks on the page."""
    said = []
    for node in form.layout:
        if node.kind == "note":
            said.append(node.component.text)
        said += [fact.text for fact in node.facts]
    return said


@pytest.mark.requirement("J02", "J05")
def test_an_application_with_everything_required_can_be_submitted(fill, application):
    form = fill("offline/fill_application", application)

    assert form.validate(), form.problems
    assert form.answers["outcome"] == "submit"


@pytest.mark.requirement("J02")
@pytest.mark.parametrize("key", REQUIRED)
def test_each_required_part_of_an_application_is_asked_for(fill, application, key):
    del application[key]

    assert len(stories(fill("offline/fill_application", application))) == 1


@pytest.mark.requirement("J03")
@pytest.mark.parametrize("key", sorted(OPTIONAL))
def test_what_the_platform_calls_optional_may_be_given_or_left_out(fill, application, key):
    without = fill("offline/fill_application", application)
    given = fill("offline/fill_application", application | {key: OPTIONAL[key]})

    assert without.validate()
    assert given.validate(), given.problems
    assert given.answers[key]


def test_a_paper_that_is_signed_may_name_a_day_that_is_past(fill, application, registration):
    past = {"report_by": "2026-01-05"}

    new = stories(fill("offline/fill_application", application | past))
    signed = stories(fill("registration/fill_registration", registration | past, ["a1", "a2"]))

    assert len(new) == 1
    assert signed == []


@pytest.mark.requirement("J03")
def test_the_supplement_has_at_most_a_thousand_characters(fill, application):
    longest = fill("offline/fill_application", application | {"supplement": "字" * 1000})
    longer = fill("offline/fill_application", application | {"supplement": "字" * 1001})

    assert longest.validate()
    assert not longer.validate()


@pytest.mark.requirement("J04")
def test_the_household_choice_is_one_of_four(fill):
    form = fill("offline/fill_application")

    labels = [choice.label for choice in form.own_fields["hukou"].offered]
    assert labels == ["签约单位接收", "托管单位接收", "上级主管单位接收", "不接收"]


@pytest.mark.requirement("J05", "L02")
@pytest.mark.parametrize("key", ["offline/fill_application", "registration/fill_registration"])
def test_submitting_is_confirmed_once_more_and_cancelling_needs_nothing(fill, registration, key):
    del registration["ack"]

    unconfirmed = stories(fill(key, registration, ["a1"]))

    assert len(unconfirmed) == 1
    assert "勾选" in unconfirmed[0]
    assert fill(key, {"outcome": "cancel"}).validate()


@pytest.mark.requirement("J06")
def test_a_graduate_bound_elsewhere_reads_why_the_form_came_back(fill):
    checked = {"outcome": "ok"}

    bound = fill(
        "offline/fill_application", Check_eligibility=checked, Acquire_claim={"outcome": "taken"}
    )
    free = fill("offline/fill_application")

    assert any("一次只能办一份" in text for text in shown(bound))
    assert not any("一次只能办一份" in text for text in shown(free))


@pytest.mark.requirement("J09", "L04")
@pytest.mark.parametrize(
    ("key", "review"),
    [
        ("offline/fill_application", "Review_application"),
        ("registration/fill_registration", "Review_registration"),
        ("offline/upload_sealed_copy", "Review_sealed_copy"),
    ],
)
def test_the_reason_of_a_return_stands_on_the_form(fill, key, review):
    decided = {"outcome": "returned", "College_review": {"reason": "单位名称与公章不一致"}}

    assert "单位名称与公章不一致" in shown(fill(key, **{review: decided}))
    assert "单位名称与公章不一致" not in shown(
        fill(key, **{review: decided | {"outcome": "passed"}})
    )


@pytest.mark.requirement("J13", "F25")
def test_the_graduate_sends_the_image_of_the_sealed_agreement(fill):
    form = fill("offline/upload_sealed_copy", {"outcome": "upload"}, ["a1", "a2"])

    assert form.validate(), form.problems
    assert form.answers["sealed_copy"] == ["a1", "a2"]
    assert form.answers.get("mobile") in (None, "")
    assert len(stories(fill("offline/upload_sealed_copy", {"outcome": "upload"}))) == 1


@pytest.mark.requirement("J14")
def test_asking_the_employer_begins_with_the_mobile_of_the_application(fill):
    applied = {"contact_mobile": "13800000002"}
    asked = {"outcome": "ask_employer", "mobile": "13800000002"}

    assert fill("offline/upload_sealed_copy", Fill_application=applied).answers["outcome"] is None
    assert fill("offline/upload_sealed_copy", asked).validate()
    assert len(stories(fill("offline/upload_sealed_copy", {"outcome": "ask_employer"}))) == 1


@pytest.mark.requirement("J15")
def test_the_employer_uploads_or_declines_with_a_reason(fill):
    key = "offline/guest_upload"

    assert fill(key, {"outcome": "upload"}, ["a1"]).validate()
    assert not fill(key, {"outcome": "upload"}).validate()
    assert fill(key, {"outcome": "decline", "reason": "不是我单位录用的毕业生"}).validate()
    assert not fill(key, {"outcome": "decline"}).validate()


@pytest.mark.requirement("J15")
def test_a_guest_reads_the_offer_but_no_identity_number(fill):
    form = fill("offline/guest_upload", Fill_application={"employer_name": "恒信软件有限公司"})

    assert "恒信软件有限公司" in shown(form)
    assert "林知夏" in shown(form)
    assert not any("0024" in text for text in shown(form))


def test_while_the_employer_is_asked_the_graduate_may_upload_or_recall_the_link(fill):
    key = "offline/upload_meanwhile"

    assert fill(key, {"outcome": "upload"}, ["a1"]).validate()
    assert fill(key, {"outcome": "recall"}).validate()
    assert not fill(key, {"outcome": "upload"}).validate()


@pytest.mark.requirement("L02")
def test_a_registration_needs_the_date_and_the_image_of_the_paper(fill, registration):
    key = "registration/fill_registration"

    assert fill(key, registration, ["a1"]).validate()
    assert len(stories(fill(key, registration))) == 1
    assert len(stories(fill(key, registration | {"signed_on": ""}, ["a1"]))) == 1
    assert not fill(key, registration | {"signed_on": "2026-05-19"}, ["a1"]).validate()


@pytest.mark.requirement("L06")
def test_the_number_of_the_paper_may_be_left_out(fill, registration):
    form = fill("registration/fill_registration", registration | {"paper_number": ""}, ["a1"])

    assert form.validate()
    assert form.answers["paper_number"] == ""


@pytest.mark.requirement("L04")
def test_a_reviewer_of_a_registration_sees_the_paper_s_date_and_number(fill):
    filled = {"signed_on": "2026-05-10", "paper_number": "340001260012"}

    assert "340001260012" in shown(fill("review/decide", Fill_registration=filled))


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("offline/upload_sealed_copy", "offline_final"),
        ("offline/upload_meanwhile", "offline_final"),
        ("offline/guest_upload", "offline_final"),
        ("registration/fill_registration", "registration"),
    ],
)
def test_every_file_says_which_evidence_it_is(key, kind):
    files = [field for field in get(key).fields.values() if field.type == "file"]

    assert [field.properties["evidence"] for field in files] == [kind]
