"""Every fact that a case fixes, and every one that a packaged diagram reads, has a Chinese name in one place."""

from __future__ import annotations

import re
import uuid

import pytest

from processes import library
from webapp.models import Graduate, School
from webapp.services.accounts.actors import Actor
from webapp.services.cases import facts as fact_words
from webapp.services.cases.cases import facts_at_start
from webapp.services.cases.facts import known_facts

READ = re.compile(r"\b((?:case|school)\.[a-z_]+)")


def test_what_a_case_fixes_at_its_start_has_words():
    actor = Actor(uuid.uuid4(), "林知夏", uuid.uuid4(), "graduate")
    graduate = Graduate(name="林知夏", training_mode="1", cohort=2027)
    school = School(settings={"reply_days": 7, "rescission_reply_days": 3})
    fixed = facts_at_start(actor, school, graduate, None, "online_signing", {})

    paths = {f"{root}.{key}" for root, values in fixed.items() for key in values}

    assert paths <= known_facts().keys()


@pytest.mark.parametrize("found", library.find_diagram_files(), ids=lambda one: one.source)
def test_what_a_packaged_diagram_reads_has_words(found):
    diagram, called = library.load_family(found.family, found.variant)
    texts = [one.xml.decode() for one in (diagram, *called.values())]

    assert {path for text in texts for path in READ.findall(text)} <= known_facts().keys()


def test_words_are_chinese_and_a_setting_is_called_as_on_its_page():
    assert all(re.search("[\u4e00-\u9fff]", one.label) for one in known_facts().values())
    levels = known_facts()["school.review_levels"]
    assert (levels.label, levels.values["college"]) == ("审核级次", "只由院系审核")
    assert known_facts()["case.destination"].values["10"]
    assert known_facts()["school.unlock_needs_second"].values == fact_words.YES_OR_NO
