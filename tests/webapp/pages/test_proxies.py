"""Behind reverse proxies: whose address counts, and that nobody can choose it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from webapp.app import create_app
from webapp.config import load_config


@pytest.fixture
def seen(sessions, clock):
    """What the application sees of a request that came through so many trusted proxies."""

    def ask(proxies, **headers):
        config = replace(load_config(), proxies=proxies, public_url="https://sign.example.edu.cn")
        app = create_app(config, sessions=sessions)
        found = {}
        app.before_request(lambda: found.update(who=request.remote_addr, tls=request.is_secure))
        answer = app.test_client().get(
            "/login",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
        return {**found, "cookie": answer.headers.get("Set-Cookie", "")}

    return ask


def test_without_proxies_a_visitor_cannot_choose_an_address(seen):
    told = seen(0, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")

    assert (told["who"], told["tls"]) == ("127.0.0.1", False)


def test_a_trusted_proxy_says_who_asks_and_that_it_came_by_tls(seen):
    told = seen(1, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")

    assert (told["who"], told["tls"]) == ("203.0.113.7", True)
    assert "Secure" in told["cookie"]


def test_only_so_many_proxies_are_believed(seen):
    told = seen(1, X_Forwarded_For="198.51.100.1, 203.0.113.7", X_Forwarded_Proto="https")

    assert told["who"] == "203.0.113.7"


@pytest.mark.parametrize("given", ["-1", "many", "99", ""])
def test_a_number_that_is_none_stops_the_start(monkeypatch, given):
    monkeypatch.setenv("QIANYUE_PROXIES", given)

    with pytest.raises(SystemExit, match="QIANYUE_PROXIES"):
        load_config()


def test_the_number_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("QIANYUE_PROXIES", "2")

    assert load_config().proxies == 2


@pytest.mark.parametrize(("proxies", "cleared"), [("0", True), ("1", False)])
def test_the_server_hands_on_what_proxies_say_only_where_they_are_trusted(
    monkeypatch, sessions, proxies, cleared
):
    from webapp.commands import serve

    given = {}

    def refuse(app, **settings):
        given.update(settings)
        raise OSError(0, "in a test")

    monkeypatch.setenv("QIANYUE_PROXIES", proxies)
    monkeypatch.setattr("waitress.create_server", refuse)
    with pytest.raises(Exception, match="不能监听"):
        serve.serve("127.0.0.1", 8000)

    assert given["clear_untrusted_proxy_headers"] is cleared
