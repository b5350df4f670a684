"""Every file that a page shows opens for its reader, and no other file does."""

from __future__ import annotations

import io
import uuid

import pytest
from PIL import Image

from webapp.errors import NotYours
from webapp.models import Case, Certification, Release, Task
from webapp.pages.certifying import credentials_of
from webapp.services.accounts.actors import Guest, queue
from webapp.services.files.attachments import attachments_of
from webapp.services.files.uploads import read, store

KINDS = ("plain", "internal", "private", "credential")
FORM = {
    "title": "材料",
    "components": [
        {
            "type": "file",
            "key": kind,
            "label": kind,
            "properties": {} if kind == "plain" else {kind: True},
        }
        for kind in KINDS
    ],
}
ALL = frozenset(KINDS)
OPEN = frozenset({"plain", "credential"})
NOTHING: frozenset[str] = frozenset()
# Who opens which kinds of a file that this side has submitted; the side itself opens all.
SUBMITTED = {
    "graduate": {
        "lin": ALL, "hengxin": OPEN, "rao": ALL - {"private"}, "wu": ALL,
        "ada": ALL - {"private"}, "nils": NOTHING, "far": frozenset({"credential"}),
    },
    "employer": {
        "lin": OPEN, "hengxin": ALL, "rao": ALL - {"private"}, "wu": ALL,
        "ada": ALL - {"private"}, "nils": NOTHING, "far": frozenset({"credential"}),
    },
    "reviewer": {
        "lin": OPEN, "hengxin": OPEN, "rao": ALL, "wu": ALL,
        "ada": ALL - {"private"}, "nils": NOTHING, "far": frozenset({"credential"}),
    },
    "guest": {
        "lin": OPEN, "hengxin": OPEN, "rao": ALL - {"private"}, "wu": ALL,
        "ada": ALL - {"private"}, "nils": NOTHING, "far": frozenset({"credential"}),
    },
}  # fmt: skip
READERS = ("lin", "hengxin", "rao", "wu", "ada", "nils", "far")


@pytest.fixture
def case(session, cast, monday) -> Case:
    """A case between Lin and Hengxin that certified Hengxin as well, so that papers are credentials."""
    school = cast.school
    release = cast.make.add(
        Release(
            school_id=school.id, family="online_signing", variant="employer_invitation", number=1,
            title="网上签约", content_hash="0" * 64, diagram=b"", forms={"test/files": FORM},
            published_at=monday,
        )
    )  # fmt: skip
    case = cast.make.add(case_of(release, school.id, cast.graduate.id, cast.employer.id, monday))
    cast.make.add(
        Certification(
            school_id=school.id, employer_id=cast.employer.id, case_id=case.id, level="letter",
            seal="official", looked_up="exempt", manager_name="周宁", at=monday,
        )
    )  # fmt: skip
    session.commit()
    return case


@pytest.fixture
def far(session, cast, case, monday):
    """A reviewer of another school, who has a case of her own with the employer."""
    school = cast.make.school("远山学院", "10003")
    college = cast.make.college(school)
    graduate, _ = cast.make.graduate(school, college, "外校生")
    reviewer = cast.make.actor(
        cast.make.person("方老师"), "reviewer", school_id=school.id, college_id=college.id
    )
    release = session.get(Release, case.release_id)
    cast.make.add(case_of(release, school.id, graduate.id, cast.employer.id, monday))
    session.commit()
    return reviewer


def case_of(release, school_id, graduate_id, employer_id, now) -> Case:
    return Case(
        school_id=school_id, release_id=release.id, family=release.family, variant=release.variant,
        title=release.title, graduate_id=graduate_id, employer_id=employer_id, opened_at=now,
        status="waiting_answer",
    )  # fmt: skip


@pytest.fixture
def step(session, cast, case, monday):
    """A step of one side with a file of every kind; gives {kind: upload}."""

    def step(role: str, state: str = "done", named: bool = True):
        actor = actor_of(cast, case, role)
        place = case.id if role == "guest" else actor.place
        task = cast.make.add(
            Task(
                school_id=case.school_id, case_id=case.id, token=uuid.uuid4().hex[:20],
                element="Send_files", name="交材料", role=role, form="test/files",
                queue=queue(role, place), opened_at=monday,
            )
        )  # fmt: skip
        files = {
            kind: store(session, actor, task.id, kind, f"{kind}.jpg", picture(), monday)
            for kind in KINDS
        }
        if state == "done":
            task.state, task.closed_at, task.closed_by = "done", monday, actor.person_id
            answers = {kind: [upload.id.hex] for kind, upload in files.items()} if named else {}
            case.variables = {**case.variables, "Send_files": answers}
        session.commit()
        return files

    return step


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def actor_of(cast, case, role):
    if role == "guest":
        return Guest(uuid.uuid4(), uuid.uuid4(), "13800000001", case.school_id, case.id)
    return {"graduate": cast.lin, "employer": cast.hengxin, "reviewer": cast.rao}[role]


def readable(session, actor, files) -> set[str]:
    return {kind for kind, upload in files.items() if may_read(session, actor, upload.id)}


def may_read(session, actor, upload_id) -> bool:
    try:
        read(session, actor, upload_id)
    except NotYours:
        return False
    return True


def shown(session, actor, case) -> set[str]:
    return {attachment.label for attachment in attachments_of(session, actor, case)}


@pytest.mark.requirement("A13", "A21", "I9")
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("role", list(SUBMITTED))
def test_what_is_shown_opens_and_what_is_kept_does_not(session, cast, case, far, step, role, who):
    files = step(role)
    reader = far if who == "far" else getattr(cast, who)

    assert readable(session, reader, files) == SUBMITTED[role][who]
    assert shown(session, reader, case) == SUBMITTED[role][who]


@pytest.mark.parametrize("who", READERS)
def test_a_draft_opens_for_its_own_side_alone_and_is_no_attachment(
    session, cast, case, far, step, who
):
    files = step("graduate", state="open")
    reader = far if who == "far" else getattr(cast, who)

    assert readable(session, reader, files) == (ALL if who == "lin" else NOTHING)
    assert shown(session, reader, case) == NOTHING


@pytest.mark.parametrize("who", READERS)
def test_a_file_that_the_answer_no_longer_names_is_not_shown(session, cast, case, far, step, who):
    step("graduate", named=False)

    assert shown(session, far if who == "far" else getattr(cast, who), case) == NOTHING


@pytest.mark.requirement("A21")
@pytest.mark.parametrize("who", ["rao", "wu", "far"])
def test_every_paper_beside_a_review_opens(session, cast, case, far, step, who, monday):
    files = step("employer")
    reader = far if who == "far" else getattr(cast, who)

    beside = {one.label for one in credentials_of(session, reader, cast.employer, monday).files}

    assert beside
    assert beside <= readable(session, reader, files)


def test_another_guest_opens_nothing(session, case, step):
    files = step("guest")
    stranger = Guest(uuid.uuid4(), uuid.uuid4(), "13800000009", case.school_id, uuid.uuid4())

    assert readable(session, stranger, files) == NOTHING
