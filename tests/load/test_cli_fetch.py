"""The command line and addresses: lists that are fetched when asked for, pages written by address, several sites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from local_site import Site
from packing import zipped

from tests.test_cli import BODY, complaints, files, page, run

PAGE = page().encode()
TEXT = "\n\n".join(BODY) + "\n"


def bookmarks(*addresses: str) -> bytes:
    links = "".join(f'<DT><A HREF="{address}" ADD_DATE="1764000000">A page</A>\n' for address in addresses)
    return f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n{links}</DL>".encode()


@pytest.fixture
def listed(site: Site, tmp_path: Path) -> Path:
    """A folder with a list of four addresses, two of which cannot be had."""
    addresses = [site.put(path, PAGE) for path in ("/2026/ferry.html", "/2026/ferry?id=7", "/closed/a")]
    site.put("/robots.txt", b"User-agent: *\nDisallow: /closed/\n", "text/plain")
    (tmp_path / "list.html").write_bytes(bookmarks(*addresses, site.address + "/gone"))
    return tmp_path


def host(site: Site) -> str:
    return site.address.removeprefix("http://").replace(":", "_")


def test_a_list_is_not_fetched_unless_asked(listed: Path, site: Site) -> None:
    done = run("clean", "list.html", "-o", "out", "--allow-private", cwd=listed)
    assert done.returncode == 1
    assert complaints(done.stderr) == "list.html: is a list of addresses: to fetch them (4), say --fetch\n"
    assert files(listed) == ["list.html"]
    assert not site.seen


def test_lists_among_pages_are_told_in_one_line_each(listed: Path) -> None:
    (listed / "page.html").write_bytes(PAGE)
    (listed / "saved.zip").write_bytes(zipped(("a.html", PAGE), ("list.html", (listed / "list.html").read_bytes())))
    done = run("clean", "list.html", "page.html", "saved.zip", "-o", "out", cwd=listed)
    assert done.returncode == 1
    assert complaints(done.stderr).splitlines() == [
        "list.html: is a list of addresses: to fetch them (4), say --fetch",
        "saved.zip: is a list of addresses: to fetch them (4), say --fetch",
    ]
    assert files(listed / "out") == ["page.txt", "saved/a.txt"]


def test_a_list_that_is_fetched_is_written_by_address(listed: Path, site: Site) -> None:
    done = run("clean", "list.html", "--fetch", "--allow-private", "-o", "out", cwd=listed)
    assert done.returncode == 1
    assert files(listed / "out") == [f"{host(site)}/2026/ferry.txt", f"{host(site)}/2026/ferry_id_7.txt"]
    assert (listed / "out" / host(site) / "2026/ferry.txt").read_text() == TEXT
    closed, gone = complaints(done.stderr).splitlines()
    assert closed.startswith(f"list.html: {site.address}/closed/a: ")
    assert "robots.txt" in closed
    assert gone == f"list.html: {site.address}/gone: the server answered 404 Not Found"
    assert site.asked("/closed/a") == 0
    assert site.asked("/robots.txt") == 1


def test_a_list_is_fetched_from_public_addresses_only(listed: Path, site: Site) -> None:
    done = run("clean", "list.html", "--fetch", cwd=listed)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("is not a public address") == 4
    assert not site.seen


def test_one_page_of_a_list_may_go_into_a_file(tmp_path: Path, site: Site) -> None:
    (tmp_path / "list.html").write_bytes(bookmarks(site.put("/ferry", PAGE)))
    done = run("clean", "list.html", "--fetch", "--allow-private", "-o", "ferry.txt", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "ferry.txt").read_text() == TEXT


def test_several_addresses_keep_to_robots_txt_and_one_does_not_ask(site: Site, tmp_path: Path) -> None:
    first, closed = site.put("/ferry", PAGE), site.put("/closed/a", PAGE)
    site.put("/robots.txt", b"User-agent: *\nDisallow: /closed/\n", "text/plain")
    done = run("clean", first, closed, "--allow-private", "-o", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{closed}: ")
    assert "robots.txt" in done.stderr
    assert files(tmp_path) == [f"{host(site)}/ferry.txt"]
    site.seen.clear()
    assert run("clean", closed, "--allow-private").stdout == TEXT
    assert site.asked("/robots.txt") == 0


def test_the_cache_keeps_what_a_list_led_to(listed: Path, site: Site) -> None:
    for _ in range(2):
        run("clean", "list.html", "--fetch", "--allow-private", "--cache", "kept.sqlite", "-o", "out", cwd=listed)
    assert site.asked("/2026/ferry.html") == 1
    assert len(files(listed / "out")) == 2


def test_inspect_an_address(site: Site) -> None:
    address = site.put("/ferry", PAGE, "text/html; charset=utf-8")
    done = run("inspect", address, "--allow-private")
    assert (done.returncode, done.stderr) == (0, "")
    head, first, end = done.stdout.splitlines()
    assert (head, end) == (f"{address}: html", "  1 page")
    assert first.split() == ["html", "utf-8", str(len(PAGE)), address]
    done = run("inspect", address, "-f", "json")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{address}: 127.0.0.1 is not a public address")


def test_inspect_a_list_that_is_fetched(listed: Path, site: Site) -> None:
    done = run("inspect", "list.html", "--fetch", "--allow-private", "-f", "json", cwd=listed)
    assert done.returncode == 1
    *found, sums = map(json.loads, done.stdout.splitlines())
    assert [row["kind"] for row in found] == ["html", "html", None, None]
    assert found[0]["url"] == site.address + "/2026/ferry.html"
    assert found[0]["saved"] == "2025-11-24T16:00:00Z"
    assert (sums["page"], sums["error"]) == (2, 2)
    assert done.stderr.count("list.html: ") == 2
