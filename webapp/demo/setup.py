"""Sets the demo up in an empty database, once; refuses where a real school lives."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, inspect, select, update
from sqlalchemy.orm import Session, sessionmaker

from webapp.clock import set_demo_offset, utc_now
from webapp.jobs import run_due
from webapp.models import Case, Employer, Graduate, Person, School, Setting
from webapp.services.accounts.identity import add_person
from webapp.services.accounts.passwords import hash_password
from webapp.services.cases.sweep import run_sweep
from webapp.services.design.releases import publish_packaged
from webapp.services.imports import ImportReport, import_employers, import_graduates

from . import (
    accounts,
    cards,
    destinations,
    offline,
    outside,
    recruiting,
    registrations,
    signings,
    versions,
)
from .cast import (
    CAST,
    OTHER_SCHOOL_CODE,
    PASSWORD,
    SCHOOL_CODE,
    SCHOOL_CODES,
    SCHOOLS,
    STAFF,
    THIRD_SCHOOL_CODE,
)
from .people import make_employers, make_graduates
from .sheets import employers_workbook, national_workbook, school_csv
from .stories import (
    STORIES,
    college_named,
    confirm_most,
    graduates_of,
    tell,
)

log = logging.getLogger(__name__)
MARK = "demo"
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
GRADUATES, OTHER_GRADUATES = 240, 24  # at the first school, and at each of the others


class RefusedDemo(Exception):
    """The demo does not touch this database; the message says why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """What the demo holds. `made` is False when it was there already."""

    made: bool
    graduates: int
    cases: int
    folder: Path


def prepare_demo(
    sessions: sessionmaker[Session], folder: Path, now: datetime | None = None
) -> Prepared:
    """Make the demo schools in a migrated database, or find them made. Twice is once."""
    with sessions() as session:
        if not is_made(session):
            moment = now or utc_now(session)
            _make(session, folder, moment)
            session.commit()
            made = True
        else:
            moment, made = now or utc_now(session), False
    if made:
        outside.let_letters_fail(sessions, moment)
        run_sweep(sessions, moment)
        while any(run_due(sessions, moment)):  # one round takes only so many
            pass
        with sessions.begin() as session:
            versions.print_some(session, moment)
    with sessions() as session:
        graduates = session.scalar(select(func.count()).select_from(Graduate)) or 0
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
    return Prepared(made, graduates, cases, folder)


def is_made(session: Session) -> bool:
    """Whether the demo is there. Raises RefusedDemo where anything else is."""
    codes = set(session.scalars(select(School.code)))
    marked = session.get(Setting, MARK) is not None
    if marked and codes <= SCHOOL_CODES:
        return bool(codes)
    if codes or session.scalar(select(func.count()).select_from(Person)):
        raise RefusedDemo(
            "这个数据库里有演示以外的学校或账号，没有改动。"
            "请换一个数据库：DATABASE_URL=sqlite:////tmp/qianyue-demo.db qianyue demo"
        )
    return False


def require_demo_or_empty(engine: Engine) -> None:
    """Look before anything is touched, migrations included. Raises RefusedDemo."""
    if inspect(engine).has_table(School.__tablename__):
        with Session(engine) as session:
            is_made(session)


def clear_demo(engine: Engine) -> None:
    """Drop every table of a database that holds the demo alone; migrate again afterwards."""
    require_demo_or_empty(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def _make(session: Session, folder: Path, now: datetime) -> None:
    session.add(Setting(key=MARK, value={"made_at": now.isoformat()}))
    people = [
        {"login": member.login, "label": member.label, "place": member.place} for member in CAST
    ]
    session.add(Setting(key="demo_cast", value={"people": people}))
    set_demo_offset(session, timedelta())
    folder.mkdir(parents=True, exist_ok=True)
    early = now - timedelta(days=30)
    schools = {one[0]: _open_school(session, *one, early) for one in SCHOOLS}
    home, other, third = (
        schools[code] for code in (SCHOOL_CODE, OTHER_SCHOOL_CODE, THIRD_SCHOOL_CODE)
    )

    national = national_workbook(make_graduates(SCHOOL_CODE, GRADUATES, seed=20270301))
    registers = [
        school_csv(make_graduates(code, OTHER_GRADUATES, seed=seed))
        for code, seed in ((OTHER_SCHOOL_CODE, 20270302), (THIRD_SCHOOL_CODE, 20270303))
    ]
    units = employers_workbook(make_employers())
    for source, school, name in (
        (national, home, "青禾大学2027届生源（全国74列）.xlsx"),
        (registers[0], other, "云杭学院2027届学籍（32列）.csv"),
        (registers[1], third, "松澜学院2027届学籍（32列）.csv"),
    ):
        _keep(folder / name, source)
        _require(import_graduates(session, school, source, name, early))
    others = make_graduates(OTHER_SCHOOL_CODE, OTHER_GRADUATES, seed=20270302)
    accounts.plan(session, other, others, early)
    _keep(folder / "用人单位.xlsx", units)
    _require(import_employers(session, units, "用人单位.xlsx", early))

    for login, name, role, code, college in STAFF:
        school = schools[code]
        place = college_named(session, school, college).id if college else None
        add_person(session, login, name, role, early, school_id=school.id, college_id=place)
    session.execute(
        update(Person).values(
            password_hash=hash_password(PASSWORD),
            must_change_password=False,
            password_changed_at=early,
        )
    )
    session.flush()
    session.expire_all()
    hengxin = session.scalars(select(Employer).order_by(Employer.uscc).limit(1)).one()
    versions.sign(session, hengxin, early)
    for school, stories in ((home, STORIES), (other, ()), (third, ())):
        confirm_most(session, graduates_of(session, school), now - timedelta(days=20))
        tell(session, school, stories, now)
        outside.bind_wechat(session, graduates_of(session, school)[:20], early)
    recruiting.recruit(session, graduates_of(session, other), now)
    employers = list(session.scalars(select(Employer).order_by(Employer.uscc)))
    registrations.register(session, graduates_of(session, home), employers[0], now)
    offline.sign(session, graduates_of(session, home), employers[0], now)
    for school, told in ((third, signings.STUDENT_SIGNINGS), (other, signings.DIRECT_SIGNINGS)):
        signings.sign(session, graduates_of(session, school), employers, told, now)
    destinations.tell_other_school(session, graduates_of(session, other), employers[0], now)
    for school, filings in ((home, destinations.FILINGS), (third, destinations.REVIEWED)):
        destinations.register(session, graduates_of(session, school), filings, now)
    versions.edit(session, graduates_of(session, other), hengxin, now)
    cards.sign(session, graduates_of(session, other), employers[0], now)
    accounts.certify(session, other, now)
    accounts.correct(session, graduates_of(session, home)[accounts.CORRECTING - 1], now)
    accounts.provide(session, early)


def _open_school(
    session: Session, code: str, name: str, phone: str, settings: dict[str, Any], now: datetime
) -> School:
    school = School(code=code, name=name, phone=phone, settings=settings)
    session.add(school)
    session.flush()
    publish_packaged(session, school.id, now)
    return school


def _require(report: ImportReport) -> None:
    if not report.accepted:
        raise RuntimeError("\n".join(remark.text for remark in report.errors[:20]))
    for remark in report.warnings:
        log.info("%s: %s", report.filename, remark.text)


def _keep(path: Path, content: bytes) -> None:
    """Leave the sheet beside the database, for trying the import page; the codes in it are nobody's."""
    path.write_bytes(content)
    os.chmod(path, 0o600)
