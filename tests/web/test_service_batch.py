"""Many pages in one request: every line is answered, in order, while others still come."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import zlib
from typing import Any

import brotli
import pytest
from served import LINES, ROOT, SAMPLE, Served, Talk, line, served, wait_for

import cleaner
from tests.test_cli import BODY, page

TEXT = "\n\n".join(BODY)


def answered(service: Served, body: Any, **headers: str) -> list[dict[str, Any]]:
    answer = service.post("/batch", body, LINES, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, LINES)
    return [json.loads(found) for found in answer.content.splitlines()]


def test_lines_are_answered_in_order_with_their_ids(service: Served) -> None:
    sample = SAMPLE.read_bytes()
    lines = [
        line(id="first", html=sample.decode(), url="https://harbour.example/1"),
        line(id=7, html=page(), format="text", keep=["caption"]),
        b"\n",
        line(id=7, text="The council voted on Monday.", format="text", keep="other,title"),
        b'   {"html": "<h1>A</h1>", "format": "markdown"}  \r\n',
    ]
    found = answered(service, b"".join(lines).rstrip(b"\n"))
    assert found[0] == {
        "id": "first",
        "line": 1,
        "status": 200,
        "result": json.loads(json.dumps(cleaner.clean(sample.decode(), "https://harbour.example/1").to_dict())),
    }
    assert found[1:] == [
        {"id": 7, "line": 2, "status": 200, "result": TEXT},
        {"id": 7, "line": 4, "status": 200, "result": "The council voted on Monday."},
        {"id": None, "line": 5, "status": 200, "result": cleaner.clean("<h1>A</h1>").markdown},
    ]


def test_what_is_wrong_with_a_line_is_its_answer(service: Served) -> None:
    wrong = {
        b"nonsense": (None, 400, "This is no JSON"),
        b"5": (None, 422, "must be an object"),
        b'{"id": "\xff"}': (None, 400, "not in UTF-8"),
        b"[" * 200_000: (None, 400, "nested too deeply"),
        b'{"id": [1], "html": "a"}': (None, 422, "id must be a string or a whole number."),
        b'{"id": "two", "html": "a", "text": "b"}': ("two", 422, "Only one of html and text"),
        b'{"id": "none"}': ("none", 422, "There is no page: give its html or its text."),
        b'{"id": "pdf", "html": "%PDF-1.7"}': ("pdf", 422, "The page is a PDF, not a web page."),
        b'{"id": "far", "url": "http://harbour.example/"}': ("far", 422, "Nothing is fetched here"),
    }
    found = answered(service, b"\n".join([*wrong, line(id="last", html=page(), format="text")]))
    for number, ((name, status, sentence), answer) in enumerate(zip(wrong.values(), found, strict=False), 1):
        assert sentence in answer.pop("error")
        assert answer == {"id": name, "line": number, "status": status}
    assert found[-1] == {"id": "last", "line": len(wrong) + 1, "status": 200, "result": TEXT}


def test_options_for_all_lines_and_for_one(service: Served) -> None:
    lines = line(html=page()) + line(html=page(), format="markdown", keep=[])
    answer = service.post("/batch?format=text&keep=title&drop=body", lines, LINES)
    document = cleaner.clean(page(), keep={"title"}, drop={"body"})
    assert [json.loads(found)["result"] for found in answer.content.splitlines()] == [
        document.text,
        cleaner.clean(page(), drop={"body"}).markdown,
    ]


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_batches_that_are_packed(service: Served, coding: str, pack: Any) -> None:
    lines = b"".join(line(id=number, html=page(), format="text") for number in range(50))
    found = answered(service, pack(lines), **{"Content-Encoding": coding, "Accept-Encoding": coding})
    assert found == [{"id": number, "line": number + 1, "status": 200, "result": TEXT} for number in range(50)]


def test_answers_come_while_the_client_still_sends(service: Served) -> None:
    for headers in ({}, {"Accept_Encoding": "gzip"}):
        talk = Talk(service, **headers)
        for number in range(5):
            talk.send(line(id=number, html=page(), format="text"))
            if not headers:
                assert talk.next()["id"] == number
        if headers:
            # Without an end, and with all that there is so far in it.
            inflate, found = zlib.decompressobj(31), b""
            while found.count(b"\n") < 5:
                found += inflate.decompress(talk.answer.read1(65_536))
        talk.finish()
        talk.close()


def test_a_long_batch_is_never_held_as_a_whole(service: Served) -> None:
    body = line(html=f"{page()}<!--{'The ferry is back in service. ' * 10_000}-->", format="text")
    count = 60
    before = service.counted("process_resident_memory_bytes")
    talk = Talk(service)
    talk.send_all(body for _ in range(count))
    most = 0.0
    for number, answer in enumerate(talk.rest(), 1):
        assert (answer["line"], answer["status"]) == (number, 200)
        if number % 10 == 0:
            most = max(most, service.counted("process_resident_memory_bytes"))
    assert number == count
    assert len(body) * count > 16_000_000
    assert most - before < 8_000_000


def test_a_client_that_reads_nothing_is_sent_no_more(service: Served) -> None:
    body = line(html=page(body=["The ferry is back in service. " * 30] * 100))
    sent = 0
    talk = Talk(service)
    assert talk.connection.sock is not None
    talk.connection.sock.settimeout(2)
    try:
        for _ in range(1000):
            talk.send(body)
            sent += 1
    except TimeoutError:
        pass
    talk.close()
    assert 0 < sent < 1000
    assert service.post("/clean?format=text", page().encode()).text == TEXT
    assert wait_for(lambda: service.log("request", route="/batch", status=499), "nobody saw that it left")


def test_a_batch_that_is_cut_short(service: Served) -> None:
    body = gzip.compress(line(id=1, html=page(), format="text") + line(id=2, html=SAMPLE.read_text()))
    found = answered(service, body[:-30], **{"Content-Encoding": "gzip"})
    assert found[0] == {"id": 1, "line": 1, "status": 200, "result": TEXT}
    assert found[-1]["error"] == "The gzip data of the body is cut short."


def test_a_bomb_in_a_batch(service: Served) -> None:
    bomb = brotli.compress(b"\n" * 100_000_000, quality=1)
    found = answered(service, bomb, **{"Content-Encoding": "br"})
    assert [(answer["status"], answer["error"]) for answer in found] == [
        (413, "The body unpacks to over 1,000 times its size.")
    ]


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [("/batch", "text/html", 415), ("/batch?url=http://a.example", LINES, 422), ("/batch?keep=ads", LINES, 422)],
)
def test_batches_that_are_none(service: Served, path: str, kind: str, status: int) -> None:
    answer = service.post(path, line(html=page()), kind)
    assert answer.status_code == status
    assert "error" in answer.json()


def test_too_many_batches(service: Served) -> None:
    talks = [Talk(service) for _ in range(8)]
    for talk in talks:
        talk.send(line(html=page(), format="text"))
        assert talk.next()["result"] == TEXT
    refused = service.post("/batch", line(html=page()), LINES)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    for talk in talks:
        talk.finish()
        assert talk.next() is None
        talk.close()
    assert answered(service, line(id=1, html=page(), format="text"))[0]["result"] == TEXT


def test_the_work_of_a_batch_whose_client_left_is_dropped(service: Served) -> None:
    left = len(service.log("request", route="/batch", status=499))
    talk = Talk(service)
    talk.send(line(html=page()))
    talk.next()
    assert talk.connection.sock is not None
    talk.connection.sock.shutdown(socket.SHUT_RDWR)
    talk.close()
    wait_for(lambda: len(service.log("request", route="/batch", status=499)) > left, "nobody saw that it left")


def test_a_stop_ends_a_batch_with_a_line_that_says_so() -> None:
    with served("--workers", "1") as service:
        talk = Talk(service)
        talk.send(line(id=1, html=page(), format="text"))
        assert talk.next()["result"] == TEXT
        service.process.send_signal(signal.SIGTERM)
        assert talk.next() == {
            "id": None,
            "line": 2,
            "status": 503,
            "error": "The service is stopping. From this line on nothing was read.",
        }
        assert talk.next() is None
        assert service.ended() == 0


def test_the_example_of_the_documentation(service: Served) -> None:
    text = (ROOT / "docs" / "service.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    port = service.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-c", code.replace("8000", port)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == [str({"id": n, "line": n + 1, "status": 200, "result": ""}) for n in range(2)]
