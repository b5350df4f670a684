"""Real browsers on a real website: Lin, Hengxin, Rao, Wu and Ada each have one of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.house import House, make_seed, open_house
from tests.browser.visitor import DESKTOP, LOGINS, PATIENCE, PHONE, Visitor, launch, welcome
from tests.browser.walking import Walk, pages_of
from webapp.services.accounts import passwords

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password costs next to nothing here; how it is computed is shown without a browser."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "hasher", quick)
        yield


@pytest.fixture(scope="session")
def seed(tmp_path_factory, worker_id, quick_passwords) -> Path:
    base = tmp_path_factory.getbasetemp()
    return make_seed((base if worker_id == "master" else base.parent) / "browser-demo")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def house(seed, tmp_path) -> Iterator[House]:
    """The demo school as it begins, for this story alone."""
    with open_house(seed, tmp_path / "house") as house:
        yield house


@pytest.fixture(scope="module")
def standing_house(seed, tmp_path_factory) -> Iterator[House]:
    """One demo school for all tests of a module, which only look."""
    with open_house(seed, tmp_path_factory.mktemp("standing") / "house") as house:
        yield house


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visitor]]:
    """A browser for somebody. The test fails if any page in it had a fault."""
    visitors: list[Visitor] = []

    def come(house: House, **options: Any) -> Visitor:
        visitors.append(welcome(browser, house.address, **options))
        return visitors[-1]

    yield come

    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def enter(house, visit) -> Callable[..., Visitor]:
    """One of the cast, logged in through the form: `enter("lin", PHONE)`."""

    def come(key: str, device: dict[str, Any] | None = None, **options: Any) -> Visitor:
        visitor = visit(house, **{**(device or (PHONE if key == "lin" else DESKTOP)), **options})
        visitor.log_in(*LOGINS[key])
        return visitor

    return come


@pytest.fixture(scope="module")
def parts() -> set[str]:
    """What pages are built of, as far as a module has looked it over."""
    return set()


@pytest.fixture
def walk(standing_house, visit, parts) -> Callable[..., Walk]:
    """Somebody who opens every page: `walk(*LOGINS["lin"]).follow("/home")`; nobody without a login."""

    def begin(login: str = "", door: str = "") -> Walk:
        visitor = visit(standing_house, **DESKTOP)
        if login:
            visitor.log_in(login, door)
        left_out = pages_of(standing_house, "anonymous") if login else set()
        return Walk(standing_house, visitor, login or "guest", left_out, parts)

    return begin
