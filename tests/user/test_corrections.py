"""Labels that a person set: kept in a file whatever happens, and obeyed when the page comes again."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Document, Label, Page
from cleaner.html.seen import Came
from cleaner.site.fingerprint import fingerprint
from cleaner.user.corrections import Corrections
from cleaner.user.rows import Correction, Reviewed, as_line, parse_row
from tests.conftest import SAMPLES
from tests.test_cli import run

SAMPLE = SAMPLES / "wordpress-local-news" / "page.html"
URL = "https://beacon.example/library"
CONTENT = SAMPLE.read_bytes()
RULES = Cleaner(model=False)
HOME = str(Path(__file__).parents[2])


def correction(doc: Document, index: int, label: Label | None, page: str = URL, content: bytes = CONTENT) -> Correction:
    block = doc.blocks[index]
    digest = sha256(content).hexdigest()
    return Correction(page, digest, index, fingerprint(block.text), label, block.label, "2026-11-25T08:00:00Z")


def reviewed(doc: Document, first: int, last: int, done: bool = True) -> Reviewed:
    blocks = doc.blocks[first : last + 1]
    labels, prints = tuple(b.label for b in blocks), tuple(fingerprint(b.text) for b in blocks)
    return Reviewed(URL, sha256(CONTENT).hexdigest(), done, first, last, labels, prints)


@pytest.fixture(scope="module")
def doc() -> Document:
    return RULES.clean(CONTENT, URL)


def texts(doc: Document) -> list[str]:
    return [block.text for block in doc.blocks]


def changed(before: Document, after: Document) -> dict[str, Label]:
    """The blocks whose label is no more what it was, by their text."""
    was = {(b.text, b.label) for b in before.blocks}
    return {b.text: b.label for b in after.blocks if (b.text, b.label) not in was}


def cleaned(corrections: Corrections | Path, content: bytes = CONTENT, url: str | None = URL) -> Document:
    return Cleaner(model=False, corrections=corrections).clean(content, url)


def test_a_corrected_block_has_its_label(doc: Document, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    body = next(b for b in doc.blocks if b.label is Label.BODY and len(b.text) > 60)
    Corrections.open(path).append(correction(doc, body.index, Label.COMMENTS))
    after = cleaned(path)
    block = after.blocks[body.index]
    assert (block.label, block.confidence, block.reason) == (Label.COMMENTS, 1.0, "correction")
    assert changed(doc, after) == {body.text: Label.COMMENTS}
    assert body.text in doc.text
    assert body.text not in after.text


def test_the_row_is_what_is_documented(doc: Document, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    Corrections.open(path).append(correction(doc, 5, Label.BODY))
    assert json.loads(path.read_bytes()) == {
        "schema": 1,
        "page": URL,
        "sha256": sha256(CONTENT).hexdigest(),
        "index": 5,
        "fingerprint": fingerprint(doc.blocks[5].text),
        "label": "body",
        "was": str(doc.blocks[5].label),
        "time": "2026-11-25T08:00:00Z",
    }


def test_the_last_row_wins_and_null_takes_back(doc: Document) -> None:
    corrections = Corrections()
    corrections.append(correction(doc, 7, Label.LEGAL), correction(doc, 8, Label.LEGAL))
    corrections.append(correction(doc, 7, Label.SOCIAL))
    corrections.append(correction(doc, 8, None))
    came = Came(URL, "", sha256(CONTENT).hexdigest())
    assert corrections.labels(came, texts(doc)) == {7: Label.SOCIAL}
    assert len(corrections) == 1
    assert [row.label for row in corrections] == [Label.SOCIAL]
    assert corrections.pages == 1


def test_the_same_content_needs_no_name(doc: Document) -> None:
    corrections = Corrections()
    corrections.append(correction(doc, 7, Label.LEGAL, page="saved/elsewhere.html"))
    assert cleaned(corrections, url=None).blocks[7].label is Label.LEGAL


def test_a_page_that_changed_keeps_its_corrections(doc: Document) -> None:
    body = [b for b in doc.blocks if b.label is Label.BODY and len(b.text) > 60]
    corrections = Corrections()
    corrections.append(correction(doc, body[1].index, Label.COMMENTS), correction(doc, body[2].index, Label.LEGAL))
    banner = b"<p>New here: a line over the page.</p><p>And another.</p>"
    content = CONTENT.replace(b"<body", b"<body data-new", 1).replace(b"<header", banner + b"<header", 1)
    content = content.replace(body[2].text[:20].encode(), b"Quite other words", 1)
    after = {b.text: b for b in cleaned(corrections, content).blocks}
    assert content != CONTENT
    assert after[body[1].text].label is Label.COMMENTS
    assert body[2].text not in after
    assert not [b for b in after.values() if b.label is Label.LEGAL and b.reason == "correction"]
    # Another page is another page, whatever its text.
    other = cleaned(corrections, content, "https://beacon.example/other")
    assert not [b for b in other.blocks if b.reason == "correction"]


def test_repeated_texts_are_told_apart_by_their_place() -> None:
    page = "<body>" + "".join(f"<p>Read more</p><p>Paragraph {'abcdefgh'[i]} of the story.</p>" for i in range(8))
    doc = RULES.clean(page, URL)
    places = [b.index for b in doc.blocks if b.text == "Read more"]
    corrections = Corrections()
    corrections.append(
        correction(doc, places[2], Label.SOCIAL, content=page.encode()),
        correction(doc, places[5], Label.LEGAL, content=page.encode()),
        correction(doc, places[5] + 1, Label.COMMENTS, content=page.encode()),
    )
    longer = page.replace("<body>", "<body><p>One line more.</p>")
    after = Cleaner(model=False, corrections=corrections).clean(longer, URL)
    found = {b.index: b.label for b in after.blocks if b.reason == "correction"}
    assert found == {places[2] + 1: Label.SOCIAL, places[5] + 1: Label.LEGAL, places[5] + 2: Label.COMMENTS}


def test_a_page_cut_otherwise_than_it_was(doc: Document) -> None:
    """A later version may cut the same content into other blocks: the text finds its block, or none."""
    row = correction(doc, 12, Label.LEGAL)
    corrections = Corrections()
    corrections.append(replace(row, index=3), replace(row, index=4000, fingerprint="0" * 16))
    found = [b for b in cleaned(corrections).blocks if b.reason == "correction"]
    assert [fingerprint(b.text) for b in found] == [row.fingerprint]


def test_what_is_taken_back_on_the_new_content_is_gone(doc: Document) -> None:
    corrections = Corrections()
    corrections.append(correction(doc, 7, Label.LEGAL))
    content = CONTENT + b"<!-- saved again -->"
    again = RULES.clean(content, URL)
    assert cleaned(corrections, content).blocks[7].label is Label.LEGAL
    corrections.append(correction(again, 7, None, content=content))
    assert cleaned(corrections, content).blocks[7].label is doc.blocks[7].label
    assert cleaned(corrections).blocks[7].label is Label.LEGAL


def test_plain_text_is_corrected_too(tmp_path: Path) -> None:
    text = "A story that goes on for a while, and says a thing or two.\n\nSign up for our newsletter."
    doc = RULES.clean(text)
    path = tmp_path / "corrections.jsonl"
    Corrections.open(path).append(correction(doc, 1, Label.BODY, "mail.txt", text.encode()))
    assert "Sign up" in Cleaner(model=False, corrections=path).clean(Page(text, name="mail.txt", kind="text")).text


def test_asks_follow_the_corrections(doc: Document) -> None:
    ask = next(ask for ask in doc.asks if ask.label is Label.DONATION)
    corrections = Corrections()
    corrections.append(*(correction(doc, b.index, Label.BODY) for b in ask.blocks))
    after = cleaned(corrections)
    assert ask.text not in [a.text for a in after.asks]
    assert all(b.text in after.text for b in ask.blocks)


def test_what_is_no_article_by_hand_is_none_from_the_pages_data_either() -> None:
    """Whether the article is looked for in the page's data follows from the page, not from what was corrected on it."""
    story = [f"Paragraph {i} tells at some length of the harbour and of the boats that come and go." for i in range(8)]
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(story)})
    page = f"<script type='application/ld+json'>{data}</script><h1>The harbour</h1><p>{'<p>'.join(story)}"
    doc = RULES.clean(page, URL)
    body = [block.index for block in doc.blocks if block.label is Label.BODY]
    corrections = Corrections()
    corrections.append(*(correction(doc, index, Label.OTHER, content=page.encode()) for index in body))
    after = Cleaner(model=False, corrections=corrections).clean(page, URL)
    assert len(body) == 8
    assert (after.text, len(after.blocks)) == ("", len(doc.blocks))


def test_an_article_from_the_pages_data_is_corrected() -> None:
    content = (SAMPLES / "next-data-hydration" / "page.html").read_bytes()
    doc = RULES.clean(content, URL)
    found = [b for b in doc.blocks if b.label is Label.BODY and " from " in b.reason and len(b.text) > 60]
    corrections = Corrections()
    corrections.append(correction(doc, found[1].index, Label.LEGAL, content=content))
    block = cleaned(corrections, content).blocks[found[1].index]
    assert (block.text, block.label, block.reason) == (found[1].text, Label.LEGAL, "correction")


@pytest.mark.parametrize("name", ["", "-", "<stdin>"])
def test_pages_without_a_name_are_not_one_page(doc: Document, name: str) -> None:
    corrections = Corrections()
    corrections.append(correction(doc, 7, Label.LEGAL, page=name))
    page = Page(CONTENT + b" ", name=name)
    assert not [b for b in Cleaner(model=False, corrections=corrections).clean(page).blocks if b.reason == "correction"]


def test_gold_is_what_was_set_and_what_was_seen(doc: Document) -> None:
    came = Came(URL, "", sha256(CONTENT).hexdigest())
    corrections = Corrections()
    corrections.append(correction(doc, 30, Label.LEGAL))
    assert corrections.gold(came, texts(doc)) == {30: Label.LEGAL}
    corrections.append(reviewed(doc, 2, 9), correction(doc, 4, Label.SOCIAL))
    seen = {i: doc.blocks[i].label for i in range(2, 10)}
    assert corrections.gold(came, texts(doc)) == seen | {4: Label.SOCIAL, 30: Label.LEGAL}
    # A block whose text is another now was never seen.
    other = [*texts(doc)[:3], "Another text", *texts(doc)[4:]]
    assert 3 not in corrections.gold(came, other)
    corrections.append(correction(doc, 4, None))
    assert corrections.gold(came, texts(doc)) == seen | {30: Label.LEGAL}
    assert corrections.reviewed(came) == reviewed(doc, 2, 9)
    corrections.append(replace(reviewed(doc, 2, 9), done=False))
    assert corrections.gold(came, texts(doc)) == {30: Label.LEGAL}
    assert corrections.reviewed(came) is None


def test_a_page_marked_by_hand_leaves_the_labels_to_the_cleaner(doc: Document, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    digest = sha256(CONTENT).hexdigest()
    path.write_text(json.dumps({"page": URL, "sha256": digest, "done": True, "first": 1, "last": 2}))
    assert Corrections.load(path).gold(Came(sha256=digest), texts(doc)) == {1: None, 2: None}


WRONG = {
    "no json": "no JSON",
    "[]": "no object",
    "{}": "no page",
    '{"page": "a", "index": 0, "fingerprint": "0123456789abcdef"}': "no label",
    '{"page": "a", "index": 0, "fingerprint": "0123456789abcdef", "label": "advert"}': "no label 'advert'; the",
    '{"page": "a", "index": -1, "fingerprint": "0123456789abcdef", "label": "body"}': "index '-1'",
    '{"page": "a", "index": true, "fingerprint": "0123456789abcdef", "label": "body"}': "index 'True'",
    '{"page": "a", "index": 0, "fingerprint": "?", "label": "body"}': "fingerprint '?'",
    '{"page": 7, "index": 0, "fingerprint": "0123456789abcdef", "label": "body"}': "page '7'",
    '{"page": "a", "sha256": "12", "index": 0, "fingerprint": "0123456789abcdef", "label": null}': "a sha256 that",
    '{"schema": 2, "page": "a"}': "schema 2, where 1 is known",
    '{"page": "a", "done": true, "first": 3, "last": 1}': "last 1 before first 3",
    '{"page": "a", "done": true, "first": 3}': "no last",
    '{"page": "a", "done": "yes", "first": 0, "last": 1}': "done 'yes'",
    '{"page": "a", "done": true, "first": 0, "last": 1, "labels": ["body"]}': "1 labels for the blocks 0 to 1",
    '{"page": "a", "done": true, "first": 0, "last": 0, "labels": "b"}': "labels that are no list",
    '{"page": "a", "done": true, "first": 0, "last": 0, "labels": ["body"], "fingerprints": ["x"]}': "fingerprints",
}


@pytest.mark.parametrize(("line", "why"), WRONG.items(), ids=[str(i) for i in range(len(WRONG))])
def test_a_line_that_is_no_row_is_named(tmp_path: Path, doc: Document, line: str, why: str) -> None:
    path = tmp_path / "corrections.jsonl"
    good = as_line(correction(doc, 1, Label.BODY)).decode()
    path.write_text(f"{good}\n\n{line}\n{good}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"corrections\.jsonl:3: ") as raised:
        Corrections.load(path)
    assert why in str(raised.value)
    with pytest.raises(ValueError, match=r"corrections\.jsonl:3: "):
        Cleaner(corrections=path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        Cleaner(corrections=tmp_path / "nothing.jsonl")


@given(cut=st.integers(min_value=1), zeros=st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_line_cut_short_costs_no_other(tmp_path_factory: pytest.TempPathFactory, cut: int, zeros: bool) -> None:
    path = tmp_path_factory.mktemp("cut") / "corrections.jsonl"
    rows = [Correction("a", "", i, f"{i:016x}", Label.BODY, Label.OTHER) for i in range(3)]
    Corrections.open(path).append(*rows)
    whole = path.read_bytes()
    last = whole.rindex(b'{"schema"')
    kept = last + cut % (len(whole) - last - 1)
    path.write_bytes(whole[:kept] + (b"\0" * 40 if zeros else b""))
    again = Corrections.open(path)
    assert [row.index for row in again] == [0, 1]
    again.append(replace(rows[2], index=9))
    assert [row.index for row in Corrections.load(path)] == [0, 1, 9]
    assert path.read_bytes().count(b"\n") == 3


def test_a_last_line_without_its_end_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    rows = [Correction("a", "", i, f"{i:016x}", Label.BODY, Label.OTHER) for i in range(2)]
    path.write_bytes(as_line(rows[0]))
    Corrections.open(path).append(rows[1])
    assert list(Corrections.load(path)) == rows


@pytest.mark.parametrize("content", ["a note without an end", "<p>A page", "{", '{"name": 1'])
def test_what_is_no_file_of_corrections_stays_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(content)
    if content != "{":  # of a row, that much may be all
        with pytest.raises(ValueError, match=r"notes\.txt:1: "):
            Corrections.open(path)
        assert path.read_text() == content


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    code = (
        "import resource, signal, sys\n"
        "from cleaner.user.corrections import Corrections\n"
        "from cleaner.user.rows import Correction\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "corrections = Corrections.open(sys.argv[1])\n"
        "try:\n"
        "    for i in range(1000):\n"
        "        corrections.append(Correction('a', '', i, '0' * 16, None))\n"
        "except OSError:\n"
        "    print(i)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=HOME)
    written = int(done.stdout)
    assert written > 5
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == written
    assert all(line.endswith(b"\n") and isinstance(parse_row(line), Correction) for line in lines)


WRITER = """
import sys
from cleaner.user.corrections import Corrections
from cleaner import Label
from cleaner.user.rows import Correction
corrections = Corrections.open(sys.argv[1])
print("ready", flush=True)
for i in range(int(sys.argv[3])):
    corrections.append(Correction(sys.argv[2] * 300, "", i, f"{i:016x}", Label.BODY))
"""


def writer(path: Path, name: str, rows: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(rows)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=HOME)


def test_two_at_once_tear_no_line(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    both = [writer(path, name, 60) for name in "ab"]
    assert [one.wait(60) for one in both] == [0, 0]
    for one in both:
        assert one.stdout is not None
        one.stdout.close()
    rows = [parse_row(line) for line in path.read_bytes().splitlines()]
    for name in "ab":
        own = [row.index for row in rows if isinstance(row, Correction) and row.page[0] == name]
        assert own == list(range(60))


def test_a_killed_writer_loses_at_most_its_last_row(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    one = writer(path, "a", 100_000)
    assert one.stdout is not None
    one.stdout.readline()
    while not path.exists() or path.stat().st_size < 20_000:
        time.sleep(0.01)
    os.kill(one.pid, signal.SIGKILL)
    one.wait()
    one.stdout.close()
    indices = [row.index for row in Corrections.load(path)]
    assert indices == list(range(len(indices)))
    assert len(indices) > 30


LABELS = st.one_of(st.none(), st.sampled_from(list(Label)))
NAMES = st.text(max_size=30)
ROWS = st.builds(
    Correction,
    page=NAMES,
    sha256=st.sampled_from(["", "a" * 64, "b" * 64]),
    index=st.integers(0, 200),
    fingerprint=st.integers(0, 3).map("{:016x}".format),
    label=LABELS,
    was=LABELS,
    time=st.just("2026-11-25T08:00:00Z"),
)


@given(row=ROWS)
def test_a_row_survives_its_line(row: Correction) -> None:
    line = as_line(row)
    assert b"\n" not in line
    assert parse_row(line) == row


@given(content=st.binary(max_size=400))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "corrections.jsonl"
    path.write_bytes(content)
    try:
        found = len(Corrections.load(path))
    except ValueError as error:
        said = str(error)
    else:
        said = f"{path}: {found} corrections"
    assert said.startswith(str(path))


@given(rows=st.lists(ROWS, max_size=30), texts=st.lists(st.sampled_from("abcd"), max_size=40))
def test_what_is_found_is_on_the_page(rows: list[Correction], texts: list[str]) -> None:
    corrections = Corrections()
    prints = {f"{i:016x}": fingerprint("abcd"[i]) for i in range(4)}
    corrections.append(*(replace(row, fingerprint=prints[row.fingerprint]) for row in rows))
    for row in rows:
        came = Came(row.page, "", row.sha256)
        found = corrections.labels(came, texts)
        assert all(0 <= index < len(texts) for index in found)
        allowed = {(prints[r.fingerprint], r.label) for r in rows}
        assert all((fingerprint(texts[index]), label) in allowed for index, label in found.items())


def test_corrections_go_to_other_processes(doc: Document) -> None:
    corrections = Corrections()
    corrections.append(correction(doc, 7, Label.LEGAL))
    assert list(pickle.loads(pickle.dumps(corrections))) == list(corrections)


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    doc = Cleaner().clean(CONTENT)
    body = next(b for b in doc.blocks if b.label is Label.BODY and len(b.text) > 60)
    Corrections.open(path).append(correction(doc, body.index, Label.COMMENTS, page="page.html"))
    done = run("clean", SAMPLE, "--corrections", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert body.text not in done.stdout
    assert body.text in run("clean", SAMPLE).stdout
    path.write_text("nonsense\n")
    done = run("clean", SAMPLE, "--corrections", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "corrections.jsonl:1: no JSON" in " ".join(done.stderr.split())
