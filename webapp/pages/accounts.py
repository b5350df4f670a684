"""What a person reads about themselves, and an employer's member about the employer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import College, Employer, Graduate, Person
from webapp.pages.graduates import path_word, register_groups, word
from webapp.pages.labels import say_role
from webapp.services.actors import Actor

Groups = list[tuple[str, list[tuple[str, str]]]]
VERIFICATION = {
    "none": "未核验",
    "phone": "已核验电话",
    "letter": "已核验授权书",
    "register": "已核验工商登记",
}


def own_base_data(session: Session, actor: Actor) -> tuple[Graduate, Groups]:
    """The own line of the school's register, in words."""
    graduate = session.get_one(Graduate, actor.graduate_id)
    college = session.get_one(College, graduate.college_id)
    return graduate, register_groups(graduate, college.name)


def about_me(session: Session, actor: Actor) -> Groups:
    """The groups of facts of the account page, by role."""
    if actor.role == "graduate":
        return own_base_data(session, actor)[1]
    if actor.role == "employer":
        return [(("单位"), about_employer(session.get_one(Employer, actor.employer_id)))]
    person = session.get_one(Person, actor.person_id)
    rows = [
        ("姓名", person.name),
        ("登录名", person.login),
        ("身份", say_role(session, actor)),
        ("手机", person.mobile),
        ("邮箱", person.email),
    ]
    return [("账号", [row for row in rows if row[1]])]


def about_employer(employer: Employer) -> list[tuple[str, str]]:
    rows = [
        ("单位名称", employer.name),
        ("统一社会信用代码", employer.uscc),
        ("单位性质", word("employer_nature", employer.nature)),
        ("单位行业", word("industry", employer.industry)),
        ("所在地", path_word("region", employer.region)),
        ("地址", employer.address),
        ("邮编", employer.postcode),
        ("联系人", employer.contact_name),
        ("电话", employer.contact_phone),
        ("手机", employer.contact_mobile),
        ("邮箱", employer.contact_email),
        ("上级主管单位", employer.superior),
        ("核验", VERIFICATION[employer.verification]),
    ]
    return [row for row in rows if row[1]]
