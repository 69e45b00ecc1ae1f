"""Pages from their address: what is followed, what is refused, and where it ends."""

from __future__ import annotations

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from local_site import Site

import cleaner
from cleaner.load.gate import is_public
from cleaner.load.url import Fetcher

HTML = b"<h1>Harbour</h1><p>The ferry is back.</p>"


def fetch(address: str, **options: Any) -> cleaner.Page:
    (page,) = cleaner.load(address, allow_private=True, **options)
    return page


def test_a_page(site: Site) -> None:
    address = site.put("/ferry", HTML, "text/html; charset=ISO-8859-2")
    page = fetch(address)
    assert page == cleaner.Page(HTML, address, "iso-8859-2", "text/html", address, "html")
    (_, headers) = site.seen[0]
    assert "Cleaner/" in headers["User-Agent"]


def test_a_given_address_wins(site: Site) -> None:
    page = fetch(site.put("/copy", HTML), url="https://harbour.example/ferry")
    assert page.url == "https://harbour.example/ferry"


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        (None, "html"),
        ("application/xhtml+xml", "html"),
        ("application/xml; charset=utf-8", "html"),
        ("text/xml", "html"),
        ("text/plain", "text"),
    ],
)
def test_content_types(site: Site, content_type: str | None, kind: str) -> None:
    page = fetch(site.put("/ferry", HTML, content_type))
    assert (page.error, page.kind, page.content) == (None, kind, HTML)


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/json", "text/css"])
def test_other_content_types(site: Site, content_type: str) -> None:
    page = fetch(site.put("/ferry", HTML, content_type))
    assert str(page.error) == f"is {content_type}, not a web page"
    assert not page.content


def test_the_bytes_count_more_than_the_content_type(site: Site) -> None:
    assert str(fetch(site.put("/ferry", b"%PDF-1.7\n%\xe2\xe3")).error) == "is a PDF, not a web page"


def test_status(site: Site) -> None:
    page = fetch(site.put("/ferry", HTML, status=404))
    assert str(page.error) == "the server answered 404 Not Found"


def test_redirects(site: Site) -> None:
    end = site.put("/end", HTML)
    site.put("/second", b"", status=307, Location="/end")
    start = site.put("/start", b"", status=302, Location="second?x=1")
    site.answers["/second?x=1"] = site.answers["/second"]
    page = fetch(start)
    assert (page.content, page.url, page.name) == (HTML, end, start)


def test_a_ring_of_redirects(site: Site) -> None:
    address = site.put("/ring", b"", status=302, Location="/ring")
    with pytest.raises(OSError, match="more than 10 redirects"):
        fetch(address)
    assert len(site.seen) == 11


@pytest.mark.parametrize("target", ["file:///page.html", "ftp://harbour.example/", "data:text/html,x", "javascript:x"])
def test_redirects_out_of_http(site: Site, target: str) -> None:
    address = site.put("/start", b"", status=302, Location=target)
    with pytest.raises(PermissionError, match="only http and https"):
        fetch(address)


def test_the_size_limit(site: Site) -> None:
    address = site.put("/ferry", HTML)
    assert fetch(address, max_bytes=len(HTML)).error is None
    assert str(fetch(address, max_bytes=len(HTML) - 1).error) == "is larger than 40 bytes"


def test_the_size_limit_counts_unpacked_bytes(site: Site) -> None:
    address = site.put("/ferry", gzip.compress(HTML * 100_000), Content_Encoding="gzip")
    assert str(fetch(address, max_bytes=100_000).error) == "is larger than 100,000 bytes"
    assert fetch(address).content == HTML * 100_000


def test_the_size_limit_ends_an_endless_page(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(HTML * 1000)

    site.answers["/endless"] = endless
    assert str(fetch(site.address + "/endless", max_bytes=1_000_000).error) == "is larger than 1,000,000 bytes"


@pytest.mark.parametrize("in_header", [True, False])
def test_the_time_limit_holds_for_a_server_that_drips(site: Site, in_header: bool) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if in_header:
            handler.flush_headers()
            handler.wfile.write(b"X-Slow: ")
        else:
            handler.end_headers()
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.answers["/drip"] = drip
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"timed out after 0\.5 s"):
        fetch(site.address + "/drip", timeout=0.5)
    assert time.monotonic() - start < 5


def test_the_time_limit_holds_for_a_silent_server(site: Site) -> None:
    site.answers["/silent"] = lambda _: time.sleep(2)
    with pytest.raises(TimeoutError):
        fetch(site.address + "/silent", timeout=0.3)


def fetch_once(address: str) -> cleaner.Page:
    with Fetcher(allow_private=True, max_bytes=1_000_000, retries=0) as fetcher:
        return fetcher.fetch(address)


def test_a_connection_that_breaks(site: Site) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(HTML)
        handler.close_connection = True

    site.answers["/broken"] = broken
    with pytest.raises(OSError, match="cannot be fetched"):
        fetch_once(site.address + "/broken")


def test_nobody_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="Connection refused"):
            fetch_once(f"http://127.0.0.1:{held.getsockname()[1]}/")


@pytest.mark.parametrize("address", ["http://[::1", "http://", "https:///x", "http://x:99999999/"])
def test_no_address(address: str) -> None:
    with pytest.raises(OSError, match=r"address|Failed to parse"):
        fetch(address)


def test_private_addresses_are_refused(site: Site) -> None:
    address = site.put("/ferry", HTML)
    port = address.rpartition(":")[2].partition("/")[0]
    for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254", "10.1.2.3"):
        with pytest.raises(PermissionError, match="not a public address"):
            cleaner.load(f"http://{host}:{port}/ferry")
    assert site.seen == []


def test_a_host_that_resolves_anew_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    address = site.put("/ferry", HTML)
    true = socket.getaddrinfo
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def rebinding(host: str, *rest: Any, **options: Any) -> Any:
        assert host == "rebinding.example"
        return true(next(answers), *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(PermissionError, match="not a public address"):
        cleaner.load(address.replace("127.0.0.1", "rebinding.example"))
    assert site.seen == []


def test_each_redirect_is_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server counts as public under its own address, so that only the redirect is refused.
    # (The module by its name: the attribute cleaner.load is the function.)
    monkeypatch.setattr(import_module("cleaner.load.gate"), "is_public", lambda ip: ip == "127.0.0.1")
    address = site.put("/start", b"", status=302, Location="http://127.0.0.2/inside")
    with pytest.raises(PermissionError, match=r"127\.0\.0\.2 is not a public address"):
        cleaner.load(address)
    assert [path for path, _ in site.seen] == ["/start"]


def test_no_passwords_or_proxies_of_the_environment(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login reader password harbour\n")
    monkeypatch.setenv("NETRC", str(netrc))
    fetch(site.put("/ferry", HTML))
    assert "Authorization" not in site.seen[0][1]
    monkeypatch.setenv("HTTP_PROXY", site.address)
    monkeypatch.setenv("http_proxy", site.address)
    with pytest.raises(PermissionError):
        cleaner.load("http://10.1.2.3/ferry")
    assert len(site.seen) == 1


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"])
def test_public(ip: str) -> None:
    assert is_public(ip)


# fmt: off
NOT_PUBLIC = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fc00::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]
# fmt: on


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_not_public(ip: str) -> None:
    assert not is_public(ip)
