"""A school changes its diagrams in drafts: one of each variant, never overwritten by accident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes import library
from processes.diagram import UnreadableDiagram, read_diagram
from processes.scenario import ScenarioError, read_scenarios
from webapp.errors import NotYours
from webapp.models import Draft
from webapp.services.design import releases
from webapp.services.design.drafts import (
    BadVariant,
    DraftChanged,
    add_scenario,
    discard,
    drop_form,
    find_draft,
    list_drafts,
    open_draft,
    print_of,
    save_form,
    save_parts,
)

FAMILY, VARIANT = "paper_registration", "signed_agreement"


@pytest.fixture
def draft(session, cast, monday) -> Draft:
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, monday)
    session.commit()
    return draft


def test_a_draft_begins_as_the_packaged_diagram_with_what_it_calls_and_its_scenarios(draft):
    diagram, called = library.load_family(FAMILY, VARIANT)

    assert read_diagram(draft.diagram).process == diagram.process
    assert set(draft.called) == set(called)
    assert draft.forms == releases.definitions_for([diagram, *called.values()]) != {}
    assert read_scenarios(draft.scenarios)
    assert (draft.revision, draft.base_release_id) == (1, None)


def test_a_draft_begins_as_the_release_in_force(session, cast, monday):
    release = releases.publish_variant(session, cast.school.id, FAMILY, VARIANT, monday)

    draft = open_draft(session, cast.ada, FAMILY, VARIANT, monday)

    assert draft.base_release_id == release.id
    assert draft.diagram == release.diagram
    assert draft.scenarios == release.scenarios != ""


def test_whoever_opens_it_second_gets_the_same_draft(session, cast, draft, monday):
    again = open_draft(session, cast.ada, FAMILY, VARIANT, monday + timedelta(hours=1))

    assert again.id == draft.id
    assert [one.id for one in list_drafts(session, cast.ada)] == [draft.id]


def test_two_people_on_one_draft_never_overwrite_each_other(session, sessions, cast, draft, monday):
    """Both opened revision 1. The first save wins; the second is told who was faster, and nothing is lost."""
    colleague = cast.make.actor(cast.make.person("柏老师"), "admin", school_id=cast.school.id)
    session.commit()
    save_parts(session, colleague, draft.id, revision=1, now=monday, title="柏老师的改动")
    session.commit()

    with sessions() as other, pytest.raises(DraftChanged) as told:
        save_parts(other, cast.ada, draft.id, revision=1, now=monday, title="安达的改动")

    assert (told.value.who, told.value.revision) == ("柏老师", 2)
    session.expire_all()
    assert session.get_one(Draft, draft.id).title == "柏老师的改动"


def test_a_save_changes_only_what_it_brings(session, cast, draft, monday):
    before = draft.diagram

    save_parts(
        session, cast.ada, draft.id, revision=1, now=monday, forms={"own/form": {"components": []}}
    )
    session.commit()
    session.expire_all()

    assert draft.diagram == before
    assert draft.forms == {"own/form": {"components": []}}
    assert draft.revision == 2


def test_bytes_that_are_no_diagram_are_not_saved(session, cast, draft, monday):
    with pytest.raises(UnreadableDiagram):
        save_parts(session, cast.ada, draft.id, revision=1, now=monday, diagram=b"<html/>")

    session.rollback()
    assert session.get_one(Draft, draft.id).revision == 1


def test_the_draft_of_another_school_does_not_exist(session, cast, draft, monday):
    elsewhere = cast.make.school("远方大学", "10003")
    stranger = cast.make.actor(cast.make.person("远老师"), "admin", school_id=elsewhere.id)

    for act in (
        lambda: find_draft(session, stranger, draft.id),
        lambda: save_parts(session, stranger, draft.id, revision=1, now=monday, title="x"),
        lambda: discard(session, stranger, draft.id),
    ):
        with pytest.raises(NotYours):
            act()


def test_a_new_variant_begins_blank_or_like_another(session, cast, monday):
    blank = open_draft(session, cast.ada, FAMILY, "summer", monday, title="暑期登记")
    copy = open_draft(session, cast.ada, FAMILY, "copy_of_it", monday, like=VARIANT)

    assert read_diagram(blank.diagram).process == "summer"
    assert blank.title == "暑期登记"
    assert read_diagram(copy.diagram).elements.keys() == (
        library.load_family(FAMILY, VARIANT)[0].elements.keys()
    )


@pytest.mark.parametrize(
    ("family", "variant"), [("nothing", "good"), (FAMILY, "Bad Name"), (FAMILY, "../x")]
)
def test_what_is_no_name_is_refused(session, cast, monday, family, variant):
    with pytest.raises(BadVariant):
        open_draft(session, cast.ada, family, variant, monday)


def test_a_draft_given_up_is_gone(session, cast, draft):
    discard(session, cast.ada, draft.id)
    session.commit()

    assert list_drafts(session, cast.ada) == []


def test_a_form_and_the_diagram_are_saved_side_by_side(session, cast, monday):
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", monday)
    read = print_of(draft.forms.get("signing/more"))
    save_parts(session, cast.ada, draft.id, revision=1, now=monday, title="改过")
    session.commit()

    def is_as_read(found):
        return print_of(found.forms.get("signing/more")) == read

    raw = {"title": "更多", "components": []}
    more = {"revision": 1, "now": monday, "is_as_read": is_as_read}
    save_form(session, cast.ada, draft.id, "signing/more", raw, **more)
    session.commit()

    kept = find_draft(session, cast.ada, draft.id)
    assert (kept.title, kept.revision, kept.forms["signing/more"]) == ("改过", 3, raw)
    with pytest.raises(DraftChanged):
        save_form(session, cast.ada, draft.id, "signing/more", {**raw, "title": "我的"}, **more)


def test_a_form_is_taken_out_only_over_what_was_read(session, cast, monday):
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", monday)
    save_form(session, cast.ada, draft.id, "signing/more", {"title": "x"}, revision=1, now=monday)
    session.commit()

    with pytest.raises(DraftChanged):
        drop_form(session, cast.ada, draft.id, "signing/more", revision=1, now=monday)
    session.rollback()
    drop_form(session, cast.ada, draft.id, "signing/more", revision=2, now=monday)
    session.commit()

    assert "signing/more" not in find_draft(session, cast.ada, draft.id).forms


def test_a_scenario_is_added_behind_the_others_or_not_at_all(session, cast, monday):
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", monday)
    session.commit()
    before = read_scenarios(draft.scenarios)
    one = '[[scenario]]\ntitle = "新的"\n[[scenario.step]]\nafter = "P1D"\nexpect_waiting = []\n'

    add_scenario(session, cast.ada, draft.id, one, monday)
    session.commit()
    with pytest.raises(ScenarioError):
        add_scenario(session, cast.ada, draft.id, one, monday)
    session.rollback()

    titles = [s.title for s in read_scenarios(find_draft(session, cast.ada, draft.id).scenarios)]
    assert titles == [*(s.title for s in before), "新的"]
