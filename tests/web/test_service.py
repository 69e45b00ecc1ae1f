"""What a client gets: the library's own answers, and sentences where something is wrong."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import pytest
from served import SAMPLE, Served, answers, request, served

import cleaner
from tests.conftest import Sample
from tests.test_cli import ASK, BODY, TITLE, page

PAGE = page().encode()
URL = "https://harbour.example/ferry"
FORMATS = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}


def by_library(content: bytes, **known: Any) -> cleaner.Document:
    return cleaner.clean(cleaner.Page(content, **known))


def test_each_sample_comes_out_as_from_the_library(service: Served, sample: Sample) -> None:
    content = sample.page.read_bytes()
    kind = "text/plain" if sample.page.suffix == ".txt" else "text/html"
    answer = service.post("/clean", content, kind, params={"url": URL})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    (loaded,) = cleaner.load(sample.page, url=URL)
    assert answer.json() == json.loads(json.dumps(cleaner.clean(loaded).to_dict()))


@pytest.mark.parametrize("form", FORMATS)
def test_formats(service: Served, form: str) -> None:
    answer = service.post("/clean", SAMPLE.read_bytes(), params={"format": form, "url": URL})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == f"{FORMATS[form]}; charset=utf-8"
    assert answer.content.decode() == getattr(by_library(SAMPLE.read_bytes(), url=URL), form)


def test_a_page_in_json(service: Served) -> None:
    answer = service.ask("/clean", html=page(), url=URL)
    assert answer.json() == json.loads(json.dumps(cleaner.clean(page(), URL).to_dict()))


def test_labels_to_keep_and_to_drop(service: Served) -> None:
    text = "\n\n".join([*BODY, ASK])
    assert service.ask("/clean", html=page(), keep=["newsletter"], format="text").text == text
    assert service.ask("/clean", html=page(), keep="newsletter,title", format="text").text == f"{TITLE}\n\n{text}"
    assert service.post("/clean?keep=newsletter&keep=title&format=text", PAGE).text == f"{TITLE}\n\n{text}"
    assert service.post("/clean?keep=newsletter,title&drop=body&format=text", PAGE).text == f"{TITLE}\n\n{ASK}"


def test_the_charset_of_the_transport(service: Served) -> None:
    content = "<article><h1>Паром</h1><p>Паром вернулся в гавань после ремонта.</p></article>".encode("koi8-r")
    answer = service.post("/clean", content, "text/html; charset=KOI8-R")
    assert answer.json() == json.loads(json.dumps(by_library(content, charset="koi8-r").to_dict()))
    assert "Паром вернулся" in answer.text


def test_characters_that_there_are_not(service: Served) -> None:
    answer = service.post(
        "/clean", b'{"html": "<h1>A\\ud83d</h1><p>The ferry \\udc00 is back.</p>"}', "application/json"
    )
    assert answer.status_code == 200
    assert "The ferry" in answer.text


def test_plain_text(service: Served) -> None:
    text = "The council voted on Monday to open the library on Sundays again.\n\nSign up for our newsletter"
    expected = json.loads(json.dumps(cleaner.clean_text(text).to_dict()))
    assert service.ask("/clean_text", text=text).json() == expected
    assert service.post("/clean_text", text.encode(), "text/plain").json() == expected
    assert service.post("/clean_text?format=text", text.encode(), None).text == cleaner.clean_text(text).text
    marked_up = service.ask("/clean_text", text="Not a <b>page</b>", format="text", keep="other,navigation,title")
    assert marked_up.text == "Not a <b>page</b>"


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("x-gzip", gzip.compress)]
)
def test_bodies_that_are_packed(service: Served, coding: str, pack: Any) -> None:
    answer = service.post("/clean?format=text", pack(PAGE), headers={"Content-Encoding": coding})
    assert answer.text == "\n\n".join(BODY)
    told = json.dumps({"html": page(), "format": "text"}).encode()
    answer = service.post("/clean", pack(told), "application/json", headers={"Content-Encoding": coding})
    assert answer.text == "\n\n".join(BODY)


def test_a_body_in_several_gzip_members(service: Served) -> None:
    body = gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])
    answer = service.post("/clean?format=text", body, headers={"Content-Encoding": "gzip"})
    assert answer.text == "\n\n".join(BODY)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip;q=0.5, br;q=0.9", "br"),
        ("gzip;q=0, *", "br"),
        ("*", "gzip"),
        ("gzip;q=0.1, identity;q=0.9", None),
        ("deflate, zstd", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_answers_are_packed_as_the_client_likes(service: Served, accepted: str, coding: str | None) -> None:
    answer = service.post("/clean", SAMPLE.read_bytes(), headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.json() == json.loads(json.dumps(by_library(SAMPLE.read_bytes()).to_dict()))


def test_what_the_service_keeps_where_a_request_does_not_say() -> None:
    with served("--workers", "1", "--keep", "newsletter", "--drop", "body") as service:
        assert service.post("/clean?format=text", PAGE).text == ASK
        assert service.post("/clean?format=text&drop=", PAGE).text == "\n\n".join([*BODY, ASK])
        assert service.ask("/clean", html=page(), format="text", keep=[], drop=[]).text == "\n\n".join(BODY)


def test_rules_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.rules").write_text("text:ferry -> drop\ntext:ferry -> nonsense\n")
    with served("--workers", "1", "--rules", str(tmp_path / "mine.rules")) as service:
        ours = cleaner.Cleaner(rules=tmp_path / "mine.rules")
        expected = ours.clean(PAGE)
        assert any(block.reason.startswith("user rule 1") for block in expected.blocks)
        assert service.post("/clean", PAGE).json() == json.loads(json.dumps(expected.to_dict()))
        (warning,) = service.log("warning")
        assert [warning["message"]] == list(ours.rules[0].mistakes)


JSON = "application/json"
HTML = "text/html"
# fmt: off
WRONG = {
    "no page": ("/clean", HTML, b"", 422, "The page is empty."),
    "a pdf": ("/clean", HTML, b"%PDF-1.7\n", 422, "The page is a PDF, not a web page."),
    "a picture": ("/clean", "image/png", b"\x89PNG", 415, "declared as image/png: send a page as text/html"),
    "a form": ("/clean", "application/x-www-form-urlencoded", PAGE, 415, "text/html, or JSON with its html"),
    "an unknown type": ("/clean", "nonsense", PAGE, 200, "{"),
    "html as text": ("/clean_text", HTML, PAGE, 415, "send text as text/plain"),
    "no json": ("/clean", JSON, b"{", 400, "This is no JSON"),
    "empty json": ("/clean", JSON, b"", 400, "This is no JSON"),
    "no object": ("/clean", JSON, b"[]", 422, "must be an object"),
    "bytes in json": ("/clean", JSON, b'{"html": "\xff"}', 400, "not in UTF-8"),
    "deep json": ("/clean", JSON, b"[" * 1_000_000, 400, "nested too deeply"),
    "deep html field": ("/clean", JSON, b'{"html":' + b'{"a":' * 500_000, 400, "nested too deeply"),
    "a long number": ("/clean", JSON, b'{"id": ' + b"9" * 5000 + b"}", 400, "This is no JSON"),
    "no field": ("/clean", JSON, b"{}", 422, "There is no page: give its html."),
    "null": ("/clean", JSON, b'{"html": null}', 422, "There is no page"),
    "unknown field": ("/clean", JSON, b'{"hmtl": ""}', 422, "There is no field hmtl; the fields are"),
    "text for html": ("/clean", JSON, b'{"text": "a"}', 422, "There is no page: give its html."),
    "html for text": ("/clean_text", JSON, b'{"html": "a"}', 422, "There is no page: give its text."),
    "a number": ("/clean", JSON, b'{"html": 5}', 422, "html must be a string."),
    "unknown label": ("/clean", JSON, b'{"html": "a", "keep": ["ads"]}', 422, "keep: there is no label ads"),
    "labels in a number": ("/clean", JSON, b'{"html": "a", "keep": 5}', 422, "keep must be a list of labels"),
    "unknown format": ("/clean?format=pdf", HTML, PAGE, 422, "no format pdf; the formats are json, text"),
    "unknown parameter": ("/clean?from=here", HTML, PAGE, 422, "There is no parameter from"),
    "a bad address": ("/clean?url=ferry", HTML, PAGE, 422, "url must be an http or https address."),
    "a worse address": ("/clean", JSON, b'{"html": "a", "url": "http://[\\ud800"}', 422, "url must be an http"),
    "an address alone": ("/clean", JSON, b'{"url": "http://harbour.example/"}', 422, "Nothing is fetched here"),
}
# fmt: on


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told(service: Served, case: str) -> None:
    path, kind, body, status, sentence = WRONG[case]
    answer = service.post(path, body, kind)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, JSON)
    assert sentence in (answer.json()["error"] if status != 200 else answer.text)


@pytest.mark.parametrize(
    ("coding", "body", "status", "sentence"),
    [
        ("gzip", PAGE, 400, "The gzip data of the body is damaged."),
        ("gzip", gzip.compress(PAGE)[:-20], 400, "The gzip data of the body is cut short."),
        ("br", PAGE, 400, "The br data of the body is damaged."),
        ("br", brotli.compress(PAGE)[:-20], 400, "The br data of the body is cut short."),
        ("zstd", PAGE, 415, "packed in gzip or br, not in zstd"),
        ("gzip, gzip", PAGE, 415, "packed in gzip or br"),
    ],
)
def test_bodies_that_cannot_be_unpacked(service: Served, coding: str, body: bytes, status: int, sentence: str) -> None:
    answer = service.post("/clean", body, headers={"Content-Encoding": coding})
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_nobody_can_ask_which_files_there_are(service: Served) -> None:
    for name in (str(SAMPLE), f"{SAMPLE}-that-there-is-not"):
        for answer in (service.ask("/clean", html=name), service.post("/clean", name.encode())):
            # Whether a lone path reads as an article is the model's to say; that it is a text is not.
            assert answer.status_code == 200
            assert set(answer.json()["warnings"]) <= {"No article text was found."}
            assert [block["text"] for block in answer.json()["blocks"]] == [name]


def test_paths_and_methods_that_there_are_not(service: Served) -> None:
    assert service.get("/ferry").status_code == 404
    assert service.get("/ferry").json() == {"error": "There is nothing at this path: see /docs."}
    wrong = service.get("/clean")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert "error" in wrong.json()
    with service.connection() as connection:
        connection.sendall(request("/clean", method="OPTIONS"))
        assert [status for status, _ in answers(connection, 1)] == [405]


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/docs"])
def test_heads(service: Served, path: str) -> None:
    with service.connection() as connection:
        connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert not body


def test_health_and_counters(service: Served) -> None:
    assert service.get("/healthz").json() == {"status": "ready", "workers": 2, "up": 2, "waiting": 0}
    pages = service.counted('cleaner_pages_total{page_type="article"}')
    wrong = service.counted('cleaner_requests_total{route="/clean",status="415"}')
    assert service.post("/clean", SAMPLE.read_bytes()).json()["page_type"] == "article"
    service.post("/clean", b"", "image/png")
    service.get("/a/path/of/my/own")
    assert service.counted('cleaner_pages_total{page_type="article"}') == pages + 1
    assert service.counted('cleaner_requests_total{route="/clean",status="415"}') == wrong + 1
    assert service.counted('cleaner_requests_total{route="other",status="404"}') > 0
    assert service.counted("cleaner_queue_length") == 0
    assert service.counted('cleaner_workers{state="idle"}') == 2
    assert service.counted('cleaner_request_seconds_count{route="/clean"}') > 1
    assert "/a/path/of/my/own" not in service.get("/metrics").text


def test_the_page_about_it_needs_nothing_from_elsewhere(service: Served) -> None:
    answer = service.get("/")
    assert answer.url == service.url + "/docs"
    assert "default-src 'none'; style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    for loads in ("<script", "src=", "<link", "@import", "url("):
        assert loads not in answer.text
    for path in ("/clean", "/clean_text", "/batch", "/healthz", "/metrics"):
        assert path in service.get("/openapi.json").json()["paths"]
        assert path in answer.text


def test_every_answer_has_headers_that_keep_it_harmless(service: Served) -> None:
    article = service.post("/clean?format=html", b"<h1>A</h1><p>The ferry is back.<script>alert(1)</script>")
    assert "sandbox" in article.headers["Content-Security-Policy"]
    assert "script" not in article.text
    for answer in (article, service.get("/ferry"), service.post("/clean", b"", "image/png"), service.get("/metrics")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "host", ["harbour.example", "127.0.0.1.harbour.example", "localhost.example:8000", "10.0.0.1", ""]
)
def test_a_name_that_was_made_to_lead_here(service: Served, host: str) -> None:
    answer = service.get("/healthz", headers={"Host": host})
    assert answer.status_code == 400
    assert "localhost" in answer.json()["error"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8000"])
def test_the_names_of_this_machine(service: Served, host: str) -> None:
    assert service.get("/healthz", headers={"Host": host}).status_code == 200


def test_requests_with_one_id_are_not_mixed_up(service: Served) -> None:
    def asked(number: int) -> bool:
        answer = service.post(
            "/clean_text?format=text&keep=title,other",
            f"Line {number} of many.".encode(),
            "text/plain",
            headers={"X-Request-Id": "one"},
        )
        return (answer.headers["X-Request-Id"], answer.text) == ("one", f"Line {number} of many.")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(asked, range(40)))


@pytest.mark.parametrize("name", ["a b", "x" * 65, "é", '"', "{}"])
def test_an_id_that_a_log_should_not_hold(service: Served, name: str) -> None:
    given = service.get("/healthz", headers={"X-Request-Id": name.encode()}).headers["X-Request-Id"]
    assert len(given) == 32
    assert given.isalnum()


def test_the_log_is_json_and_holds_nothing_of_a_page(service: Served) -> None:
    answer = service.post("/clean?url=https://harbour.example/secret", PAGE, headers={"X-Request-Id": "logged"})
    assert service.ask("/clean", html=page(), hmtl="secret").status_code == 422
    (line,) = service.log("request", id="logged")
    assert line.pop("ms") > 0
    del line["time"]
    assert line == {
        "level": "info",
        "event": "request",
        "id": "logged",
        "method": "POST",
        "route": "/clean",
        "status": 200,
        "bytes_in": len(PAGE),
        "bytes_out": int(answer.headers["Content-Length"]),
        "pages": 1,
    }
    written = "".join(service.lines)
    for secret in ("secret", "ferry", "Ferry", "harbour"):
        assert secret not in written


def test_pipelined_requests_are_answered_in_order(service: Served) -> None:
    texts = [f"Line {number} of many." for number in range(20)]
    path = "/clean_text?format=text&keep=title,other"
    with service.connection() as connection:
        connection.sendall(b"".join(request(path, text.encode(), "text/plain") for text in texts))
        assert answers(connection, 20) == [(200, text.encode()) for text in texts]


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /clean HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /clean HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /clean HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["words", "tls", "length", "chunks", "path", "smuggling"],
)
def test_what_is_no_http(service: Served, sent: bytes) -> None:
    with service.connection() as connection:
        connection.sendall(sent)
        ((status, body),) = answers(connection, 2)
    assert status == 400
    assert "error" in json.loads(body)
