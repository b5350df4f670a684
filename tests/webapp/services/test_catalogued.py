"""Operators do what the catalogue says and nothing else."""

from __future__ import annotations

import inspect

import pytest

from processes.engine import OperatorResult
from processes.operators import CATALOGUE
from webapp.services.cases import catalogued
from webapp.services.cases.catalogued import NotInCatalogue, require_call, require_outcome
from webapp.services.cases.operators import CaseOperators
from webapp.services.notices import notices


@pytest.fixture
def operators(story, session, monday):
    case, _ = story.invite()
    return CaseOperators(session, case, monday)


def test_an_outcome_that_no_gateway_was_checked_for_is_an_error(operators, monkeypatch):
    monkeypatch.setattr(operators, "acquire_claim", lambda: "perhaps", raising=True)

    with pytest.raises(
        NotInCatalogue, match="acquire_claim gave 'perhaps', but knows only ok, taken"
    ):
        operators.call("acquire_claim", {}, "Acquire_claim")


def test_an_outcome_with_values_is_judged_alike():
    assert require_outcome("issue_agreement", OperatorResult("ok", {"number": "1"}))
    with pytest.raises(NotInCatalogue):
        require_outcome("issue_agreement", OperatorResult("late", {}))


@pytest.mark.parametrize(
    ("operator", "parameters", "why"),
    [
        ("acquire_claim", {"by_force": True}, "does not know the parameter by_force"),
        ("open_invitation", {}, "needs the parameter reply_by"),
        ("store", {"model": None}, "there is no operator store"),
        ("__class__", {}, "there is no operator __class__"),
    ],
)
def test_only_what_the_catalogue_lists_is_called(operators, operator, parameters, why):
    with pytest.raises(NotInCatalogue, match=why):
        operators.call(operator, parameters, "Somewhere")


@pytest.mark.parametrize("operator", sorted(set(CATALOGUE) & set(vars(CaseOperators))))
def test_an_operator_takes_nothing_that_its_catalogue_entry_does_not_name(operator):
    taken = inspect.signature(getattr(CaseOperators, operator)).parameters

    assert set(taken) - {"self"} <= set(CATALOGUE[operator].parameters)


def test_a_notice_takes_the_parameters_of_its_catalogue_entry():
    assert set(CATALOGUE["notify"].parameters) <= set(inspect.signature(notices.notify).parameters)


def test_optional_parameters_may_be_left_out():
    assert catalogued.require_call("open_rescission", {}) is None
    assert require_call("write_destination", {"code": "10"}) is None
