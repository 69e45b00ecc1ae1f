"""The review page's server: what it gives, what it keeps, and to whom it says nothing."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from cleaner import Cleaner, Label, install
from cleaner.site.fingerprint import fingerprint
from cleaner.user.corrections import Corrections
from tests.load.packing import zipped
from tests.test_cli import environment, run
from tests.web.reviewed import Review, reviewing

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("wordpress-local-news", "de-tageszeitung", "ar-sahifa")


def content(name: str) -> bytes:
    return (SAMPLES / name / "page.html").read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some pages."""
    made = tmp_path_factory.mktemp("saved")
    for name in NAMES:
        (made / f"{name}.html").write_bytes(content(name))
    return made


@pytest.fixture(scope="module")
def review(folder: Path) -> Iterator[Review]:
    """A review that the tests share which change nothing."""
    with reviewing(folder, "-o", folder / "corrections.jsonl") as running:
        yield running


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_pages_and_how_unsure_they_are(review: Review, folder: Path) -> None:
    pages = review.pages()
    assert set(pages) == {str(folder / f"{name}.html") for name in NAMES}
    for name in NAMES:
        document = Cleaner().clean(content(name))
        page = pages[str(folder / f"{name}.html")]
        assert (page["title"], page["blocks"]) == (document.title, len(document.blocks))
        assert page["words"] > 300
        assert 0 < page["doubt"] < 1
        assert (page["corrected"], page["done"]) == (0, False)


def test_a_page_and_its_blocks(review: Review, folder: Path) -> None:
    document = Cleaner().clean(content(NAMES[0]))
    number = review.pages()[str(folder / f"{NAMES[0]}.html")]["id"]
    page = review.get(f"api/pages/{number}").json()
    assert [block["text"] for block in page["all"]] == [block.text for block in document.blocks]
    assert [block["label"] for block in page["all"]] == [block.label for block in document.blocks]
    assert [block["reason"] for block in page["all"]] == [block.reason for block in document.blocks]
    assert not any(block["corrected"] for block in page["all"])
    assert review.get(f"api/pages/{number}/text").json() == {"text": document.text}
    framed = review.get(f"pages/{number}")
    assert framed.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f'data-block="{i}"' in framed.text for i in range(len(document.blocks)))


def test_each_label_has_a_key_of_its_own(review: Review) -> None:
    labels = review.get("api/about").json()["labels"]
    assert [one["label"] for one in labels] == list(Label)
    keys = [one["key"] for one in labels]
    assert len(set(keys)) == len(keys)
    # These move about, undo, and finish a page.
    assert not set(keys) & set("jknpudx")


@pytest.mark.parametrize("path", ["", "main.js", "api/pages", "pages/0", "nothing"])
def test_everything_comes_with_its_walls(review: Review, path: str) -> None:
    headers = review.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'none'" in policy
    assert "unsafe-eval" not in policy
    if path == "pages/0":
        assert policy.startswith("sandbox allow-same-origin;")
        assert "script-src" not in policy
        assert "frame-ancestors 'self'" in policy
    else:
        assert "script-src 'self';" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["", "main.js", "review.css", "api/pages", "api/pages/0", "pages/0", "api/undo"])
def test_who_does_not_know_the_address_gets_nothing(review: Review, path: str) -> None:
    token = review.url.rsplit("/", 2)[1]
    for wrong in (
        "",
        f"{token[:-1]}/",
        f"{token}x/",
        f"x/{token}/",
        "%00/",
        f"{token.swapcase()}/",
        "é/",
        f"/{token}/",
    ):
        answer = requests.get(f"{review.origin}/{wrong}{path}", timeout=10)
        assert answer.status_code == 404
        assert "not the address" in answer.json()["error"]
        assert token not in answer.text
    answer = requests.post(f"{review.origin}/{path}", json={}, timeout=10)
    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]"])
def test_another_name_for_this_machine_is_refused(review: Review, host: str) -> None:
    answer = review.get("api/pages", headers={"Host": host})
    assert (answer.status_code, "localhost" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=["origin", "null origin", "cross-site", "typed in"],
)
def test_only_the_page_itself_changes_anything(review: Review, folder: Path, headers: dict[str, str]) -> None:
    answer = review.post("api/pages/0/labels", {"blocks": [1], "label": "legal"}, headers=headers)
    assert answer.status_code == 403
    assert not (folder / "corrections.jsonl").exists()


def test_it_listens_on_this_machine_alone(review: Review) -> None:
    found = psutil.Process(review.process.pid).net_connections()
    listening = [connection.laddr.ip for connection in found if connection.status == psutil.CONN_LISTEN]
    assert listening == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("api/pages/0/labels", {"blocks": [1], "label": "advert"}, 422),
        ("api/pages/0/labels", {"blocks": [-1], "label": "body"}, 422),
        ("api/pages/0/labels", {"blocks": "all", "label": "body"}, 422),
        ("api/pages/0/labels", {"blocks": [1]}, 422),
        ("api/pages/0/labels", [], 422),
        ("api/pages/0/labels", {"blocks": [100_000], "label": "body"}, 404),
        ("api/pages/99/labels", {"blocks": [1], "label": "body"}, 404),
        ("api/pages/-1/labels", {"blocks": [1], "label": "body"}, 404),
        ("api/pages/x/labels", {"blocks": [1], "label": "body"}, 422),
        ("api/pages/0/done", {"last": 100_000}, 404),
        ("api/pages/0/done", {}, 422),
        ("api/nothing", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(review: Review, folder: Path, path: str, body: Any, status: int) -> None:
    answer = review.post(path, body)
    assert answer.status_code == status
    assert not (folder / "corrections.jsonl").exists()


def test_corrections_are_kept_at_once_and_obeyed(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "made" / "corrections.jsonl"
    document = Cleaner().clean(content(NAMES[0]))
    body = [block for block in document.blocks if block.label is Label.BODY][2:5]
    with reviewing(folder, "-o", path) as review:
        number = review.pages()[str(folder / f"{NAMES[0]}.html")]["id"]
        answer = review.post(f"api/pages/{number}/labels", {"blocks": [b.index for b in body], "label": "legal"}).json()
        assert answer["labels"] == {str(b.index): "legal" for b in body}
        assert (answer["corrections"], answer["corrected"], answer["undoable"]) == (3, 1, 1)
        assert [(row["index"], row["label"], row["was"]) for row in rows(path)] == [
            (b.index, "legal", "body") for b in body
        ]
        assert {row["fingerprint"] for row in rows(path)} == {fingerprint(b.text) for b in body}
        text = review.get(f"api/pages/{number}/text").json()["text"]
        # Killed: what was set is there all the same.
        assert review.stop(signal.SIGKILL) == -signal.SIGKILL
    assert all(b.text not in text for b in body)
    done = run("clean", folder / f"{NAMES[0]}.html", "--corrections", path)
    assert done.stdout == text + "\n"
    with reviewing(folder, "-o", path) as review:
        page = review.pages()[str(folder / f"{NAMES[0]}.html")]
        assert page["corrected"] == 3
        found = review.get(f"api/pages/{page['id']}").json()["all"]
        assert [block["label"] for block in found if block["corrected"]] == ["legal"] * 3


def test_undo_takes_back_one_change_after_the_other(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    with reviewing(folder, "-o", path) as review:
        names = sorted(review.pages())
        first, second = (review.pages()[name]["id"] for name in names[:2])
        assert review.post("api/undo").json() == {"page": None}
        review.post(f"api/pages/{first}/labels", {"blocks": [4, 5], "label": "legal"})
        review.post(f"api/pages/{first}/labels", {"blocks": [5], "label": "social"})
        review.post(f"api/pages/{second}/labels", {"blocks": [6], "label": "body"})
        review.post(f"api/pages/{second}/done", {"last": 9})
        assert review.post("api/undo").json()["seen"] == -1
        undone = review.post("api/undo").json()
        assert (undone["page"]["id"], undone["labels"]) == (second, {})
        assert review.post("api/undo").json()["labels"] == {"4": "legal", "5": "legal"}
        assert review.post("api/undo").json()["labels"] == {}
        assert review.post("api/undo").json() == {"page": None}
        # What is so already is no change.
        assert review.post(f"api/pages/{first}/labels", {"blocks": [4], "label": None}).json()["undoable"] == 0
        assert review.stop() == 0
        assert f"{path}: 0 corrections, 0 pages corrected or done" in review.said
    assert len(Corrections.load(path)) == 0


def test_a_page_that_is_done(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    document = Cleaner().clean(content(NAMES[1]))
    with reviewing(folder / f"{NAMES[1]}.html", "-o", path) as review:
        review.pages()
        review.post("api/pages/0/labels", {"blocks": [3], "label": "legal"})
        answer = review.post("api/pages/0/done", {"last": len(document.blocks) - 1}).json()
        assert (answer["page"]["done"], answer["seen"]) == (True, len(document.blocks) - 1)
        (row,) = (row for row in rows(path) if "done" in row)
        assert (row["done"], row["first"], row["last"]) == (True, 0, len(document.blocks) - 1)
        assert row["labels"] == [block.label for block in document.blocks]
        assert row["fingerprints"] == [fingerprint(block.text) for block in document.blocks]
        answer = review.post("api/pages/0/done", {"last": None}).json()
        assert (answer["page"]["done"], answer["seen"]) == (False, -1)


def test_what_cannot_be_written_is_said_and_not_done(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with reviewing(folder, "-o", tmp_path / "file" / "corrections.jsonl") as review:
        review.pages()
        answer = review.post("api/pages/0/labels", {"blocks": [4], "label": "legal"})
        assert answer.status_code == 507
        assert answer.json()["error"].startswith("The change is not kept: ")
        assert review.get("api/pages/0").json()["corrected"] == 0


def test_pages_of_archives_and_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "saved.zip").write_bytes(zipped(*((f"{name}/index.html", content(name)) for name in NAMES)))
    (tmp_path / "broken.html").write_bytes(b"%PDF-1.7 no page")
    with reviewing(".", "nothing.html", "-o", "c.jsonl", cwd=tmp_path) as review:
        pages = review.pages()
        assert set(pages) == {f"saved.zip: {name}/index.html" for name in NAMES}
        problems = review.get("api/pages").json()["problems"]
        assert any(one.startswith("broken.html: is a PDF") for one in problems)
        assert any(one.startswith("nothing.html: ") for one in problems)
        for page in pages.values():
            assert review.get(f"pages/{page['id']}").status_code == 200
        number = pages[f"saved.zip: {NAMES[2]}/index.html"]["id"]
        review.post(f"api/pages/{number}/labels", {"blocks": [2], "label": "legal"})
        assert review.stop(signal.SIGTERM) == 1
        assert any(line.startswith("broken.html: is a PDF") for line in review.said)
    corrected = Cleaner(corrections=tmp_path / "c.jsonl").clean(content(NAMES[2]))
    assert corrected.blocks[2].label is Label.LEGAL


def test_a_page_from_a_pipe(tmp_path: Path) -> None:
    with reviewing("-", "-o", "c.jsonl", cwd=tmp_path, stdin=content(NAMES[0])) as review:
        (page,) = review.pages().values()
        assert page["name"] == "-"
        assert "data-block" in review.get("pages/0").text


def test_more_pages_than_are_kept_open(tmp_path: Path) -> None:
    """Each comes out as it was, whatever was looked at before."""
    for number in range(12):
        (tmp_path / f"{number:02}.html").write_text(
            f"<title>Page {number}</title><p>The story of day {number} goes on."
        )
    (tmp_path / "last.txt").write_text("A text of\n\ntwo paragraphs.")
    with reviewing(tmp_path, "-o", tmp_path / "c.jsonl") as review:
        pages = review.pages()
        assert len(pages) == 13
        for name, page in [*pages.items(), *pages.items()]:
            words = review.get(f"api/pages/{page['id']}").json()["all"][0]["text"]
            assert words in (tmp_path / name).read_text()
        for page in reversed(list(pages.values())):
            after = review.post(f"api/pages/{page['id']}/labels", {"blocks": [0], "label": "legal"}).json()
            assert after["page"]["corrected"] == 1


def test_the_corrections_may_lie_among_the_pages(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(content(NAMES[0]))
    for corrected in (0, 1):
        with reviewing(".", cwd=tmp_path) as review:
            assert {name: page["corrected"] for name, page in review.pages().items()} == {"page.html": corrected}
            assert review.get("api/pages").json()["problems"] == []
            review.post("api/pages/0/labels", {"blocks": [3], "label": "legal"})
            assert review.stop() == 0
    assert len(Corrections.load(tmp_path / "corrections.jsonl")) == 1


def test_a_page_that_is_there_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_bytes(content(NAMES[0]))
    with reviewing(tmp_path, "-o", tmp_path / "c.jsonl") as review:
        assert len(review.pages()) == 2
        after = review.post("api/pages/1/labels", {"blocks": [3], "label": "legal"}).json()
        assert [(page["id"], page["corrected"]) for page in after["pages"]] == [(1, 1), (0, 1)]
        assert review.get("api/pages/0").json()["all"][3]["label"] == "legal"


def test_only_changes_are_told_again(folder: Path, tmp_path: Path) -> None:
    with reviewing(folder, "-o", tmp_path / "c.jsonl") as review:
        review.pages()
        change = review.get("api/pages").json()["change"]
        assert review.get(f"api/pages?since={change}").json()["pages"] == []
        review.post("api/pages/1/labels", {"blocks": [0], "label": "legal"})
        assert [page["id"] for page in review.get(f"api/pages?since={change}").json()["pages"]] == [1]


def test_a_file_that_holds_no_corrections(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary,\nnothing.\n")
    done = run("review", "--no-browser", folder, "-o", path)
    assert done.returncode == 2
    assert "notes.txt:1: no JSON" in " ".join(done.stderr.split())
    assert path.read_text() == "Dear diary,\nnothing.\n"


def test_a_port_that_is_taken(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("review", "--no-browser", folder, "--port", str(port), "-o", tmp_path / "c.jsonl")
    assert done.returncode == 1
    assert f"review: cannot listen on port {port}: " in done.stderr


def test_nothing_to_review(tmp_path: Path) -> None:
    done = run("review", "--no-browser", tmp_path, "-o", tmp_path / "c.jsonl")
    assert done.returncode == 1
    assert "holds no file that is named like a page" in done.stderr


def test_without_the_extra_it_says_what_to_install(folder: Path, tmp_path: Path) -> None:
    """As on a machine where FastAPI is not installed."""
    (tmp_path / "fastapi.py").write_text("raise ModuleNotFoundError(\"No module named 'fastapi'\", name='fastapi')\n")
    path = f"{tmp_path}:{environment()['PYTHONPATH']}"
    done = run("review", "--no-browser", folder, "-o", tmp_path / "c.jsonl", PYTHONPATH=path)
    assert done.returncode == 1
    assert f"review: needs {install.command('web')} (" in done.stderr
