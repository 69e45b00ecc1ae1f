"""What robots.txt says is kept to."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from importlib import import_module
from itertools import pairwise

import pytest
from local_site import BUSY, HTML, PAGE, Answer, Site, dropped, fetcher, reply


def put_robots(site: Site, text: str, status: int = 200, **headers: str) -> None:
    site.put("/robots.txt", text.encode(), "text/plain", status, **headers)


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /ferry",
        "User-agent: Cleaner\nDisallow: /ferry",
        "user-agent: cleaner/1.0 # us\nDisallow: /",
        "User-agent: Otter\nUser-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /*.html$",
        "User-agent: *\nAllow: /ferry\nDisallow: /ferry/b",
        "\ufeffUser-agent: *\r\nDisallow: /\r\nAllow: /island",
    ],
)
def test_robots_disallow(site: Site, rules: str) -> None:
    put_robots(site, rules)
    address = site.put("/ferry/back.html", HTML)
    with pytest.raises(PermissionError, match=r"^is not to be fetched, says the site's robots.txt$"):
        fetcher(robots=True).fetch(address)
    assert site.asked("/ferry/back.html") == 0
    assert fetcher().fetch(address).content == HTML


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "<html>not found</html>",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /\nUser-agent: Cleaner\nAllow: /",
        "User-agent: Otter\nDisallow: /",
        "User-agent: Cleaner\nDisallow: /island\nUser-agent: Otter\nDisallow: /\nUser-agent:\nDisallow: /",
        "User-agent: *\nDisallow: /*.php$\nDisallow: /island",
        "User-agent: *\nDisallow: /\nAllow: /ferry/*.html",
    ],
)
def test_robots_allow(site: Site, rules: str) -> None:
    put_robots(site, rules)
    with fetcher(robots=True) as reader:
        assert reader.fetch(site.put("/ferry/back.html", HTML)).content == HTML
        assert reader.fetch(site.put("/ferry/out.html", HTML)).content == HTML
    assert site.asked("/robots.txt") == 1
    assert {headers["User-Agent"] for _, headers in site.seen} == {site.seen[0][1]["User-Agent"]}
    assert "reads pages for its user" in site.seen[0][1]["User-Agent"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots(site: Site, status: int) -> None:
    put_robots(site, "User-agent: *\nDisallow: /", status)
    assert fetcher(robots=True).fetch(site.put("/ferry", HTML)).content == HTML


@pytest.mark.parametrize("failure", [reply(b"", status=500), reply(b"", status=503), dropped])
def test_robots_that_cannot_be_read(site: Site, failure: Answer) -> None:
    address = site.put("/ferry", HTML)
    site.answers["/robots.txt"] = failure
    with fetcher(robots=True, retries=1) as reader:
        for _ in range(2):
            with pytest.raises(PermissionError, match=r"/robots\.txt cannot be read: .*[a-z]{4}"):
                reader.fetch(address)
    assert (site.asked("/robots.txt"), site.asked("/ferry")) == (2, 0)


def test_robots_is_tried_again(site: Site) -> None:
    site.turns("/robots.txt", BUSY, reply(b"User-agent: *\nDisallow: /island"))
    assert fetcher(robots=True).fetch(site.put("/ferry", HTML)).content == HTML


def test_robots_may_be_elsewhere(site: Site) -> None:
    put_robots(site, "", 301, Location="/rules")
    site.put("/rules", b"User-agent: *\nDisallow: /ferry")
    with pytest.raises(PermissionError, match="is not to be fetched"):
        fetcher(robots=True).fetch(site.put("/ferry", HTML))


def test_robots_on_a_private_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server counts as public under its own address, so that only the redirect is refused.
    monkeypatch.setattr(import_module("cleaner.load.gate"), "is_public", lambda ip: ip == "127.0.0.1")
    put_robots(site, "", 302, Location="http://127.0.0.2/robots.txt")
    with pytest.raises(PermissionError, match=r"robots\.txt cannot be read: 127\.0\.0\.2 is not a public address"):
        fetcher(robots=True, allow_private=False).fetch(site.put("/ferry", HTML))
    assert [path for path, _ in site.seen] == ["/robots.txt"]


def test_robots_is_not_asked_for_on_a_private_address(site: Site) -> None:
    with pytest.raises(PermissionError, match="not a public address"):
        fetcher(robots=True, allow_private=False).fetch(site.put("/ferry", HTML))
    assert site.seen == []


def test_a_redirect_to_a_disallowed_page(site: Site) -> None:
    put_robots(site, "User-agent: *\nDisallow: /island")
    island = site.put("/island", HTML)
    with pytest.raises(PermissionError, match=f"^leads to {island}, which is not to be fetched"):
        fetcher(robots=True).fetch(site.put("/start", b"", status=302, Location="/island"))
    assert site.asked("/island") == 0


def test_each_site_on_the_way_has_its_robots(site: Site) -> None:
    def robots(handler: BaseHTTPRequestHandler) -> None:
        hidden = "/" if handler.headers["Host"].startswith("localhost") else "/island"
        reply(f"User-agent: *\nDisallow: {hidden}".encode())(handler)

    site.answers["/robots.txt"] = robots
    site.put("/ferry", HTML)
    there = site.address.replace("127.0.0.1", "localhost") + "/ferry"
    with pytest.raises(PermissionError, match=f"leads to {there}"):
        fetcher(robots=True).fetch(site.put("/start", b"", status=302, Location=there))
    assert (site.asked("/robots.txt"), site.asked("/ferry")) == (2, 0)


def test_endless_robots(site: Site) -> None:
    def endless_robots(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"User-agent: *\nDisallow: /island\n")
        while True:
            handler.wfile.write(b"# The harbour\n" * 1000)

    site.answers["/robots.txt"] = endless_robots
    site.put("/island", HTML)
    with fetcher(robots=True, timeout=5) as reader:
        assert reader.fetch(site.put("/ferry", HTML)).content == HTML
        with pytest.raises(PermissionError, match="is not to be fetched"):
            reader.fetch(site.address + "/island")


def test_robots_with_many_names_and_rules(site: Site) -> None:
    names = "".join(f"User-agent: otter{number}\n" for number in range(10_000))
    put_robots(site, names + "User agent cleaner\n" + "Disallow: /island\n" * 10_000)
    start = time.monotonic()
    assert fetcher(robots=True).fetch(site.put("/ferry", HTML)).content == HTML
    assert time.monotonic() - start < 3


def test_the_time_limit_holds_for_robots(site: Site) -> None:
    site.answers["/robots.txt"] = lambda _: time.sleep(1)
    with pytest.raises(TimeoutError):
        fetcher(robots=True, timeout=0.2).fetch(site.put("/ferry", HTML))


def timed(times: list[float]) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        times.append(time.monotonic())
        PAGE(handler)

    return answer


def test_crawl_delay(site: Site) -> None:
    put_robots(site, "User-agent: *\nCrawl-delay: 0.8")
    times: list[float] = []
    site.answers["/ferry"] = timed(times)
    with fetcher(robots=True, timeout=0.6) as reader:
        start = time.monotonic()
        for _ in range(2):
            assert reader.fetch(site.address + "/ferry").content == HTML
    assert times[0] - start < 0.6
    assert times[1] - times[0] > 0.7


def test_crawl_delay_with_threads(site: Site) -> None:
    put_robots(site, "User-agent: *\nCrawl-delay: 0.2")
    times: list[float] = []
    site.answers["/ferry"] = timed(times)
    with fetcher(robots=True) as reader, ThreadPoolExecutor(3) as pool:
        pages = list(pool.map(reader.fetch, [site.address + "/ferry"] * 3))
    assert [page.content for page in pages] == [HTML] * 3
    times.sort()
    assert all(later - earlier > 0.15 for earlier, later in pairwise(times))


def test_a_long_crawl_delay_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert import_module("cleaner.load.robots").MAX_DELAY == 10
    monkeypatch.setattr(import_module("cleaner.load.robots"), "MAX_DELAY", 0.1)
    put_robots(site, "User-agent: *\nCrawl-delay: 86400")
    with fetcher(robots=True) as reader:
        start = time.monotonic()
        reader.fetch(site.put("/ferry", HTML))
        reader.fetch(site.address + "/ferry")
    assert 0.1 < time.monotonic() - start < 2
