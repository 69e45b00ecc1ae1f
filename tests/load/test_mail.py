"""E-mail, mailboxes and MHTML: which part is the page, and what is said of it."""

from __future__ import annotations

import base64
import mailbox
import quopri
import time
import tracemalloc
from email.message import EmailMessage
from pathlib import Path

import pytest
from packing import HTML, OTHER, errors, said

import cleaner
from tests.test_cli import complaints, files, page, run

WORDS = "The ferry is back.\n"
FROM_LINE = b"From keeper@harbour.example Tue Nov 24 10:00:00 2026\n"
MARKUP = HTML.decode()


def message(text: str | None = None, html: str | None = None) -> EmailMessage:
    """A message with a text part, an HTML part, or both."""
    made = EmailMessage()
    made["From"] = "Keeper <keeper@harbour.example>"
    made["To"] = "reader@harbour.example"
    made["Subject"] = "Ferry"
    made["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    if text is not None:
        made.set_content(text)
    if html is not None and text is not None:
        made.add_alternative(html, subtype="html")
    elif html is not None:
        made.set_content(html, subtype="html")
    return made


def one(content: bytes) -> cleaner.Page:
    (found,) = cleaner.load(content)
    return found


def text_of(found: cleaner.Page) -> str:
    assert isinstance(found.content, bytes)
    return found.content.decode(found.charset or "ascii").replace("\r\n", "\n").strip()


def raw(fields: str, body: bytes) -> bytes:
    """A message whose header says how the body is written."""
    return f"From: a@harbour.example\nTo: b@harbour.example\nSubject: Ferry\n{fields}\n\n".encode() + body


def test_the_html_part_is_the_page() -> None:
    found = one(message(WORDS, MARKUP).as_bytes())
    assert (text_of(found), found.kind, found.content_type) == (MARKUP, "html", "text/html")
    assert (found.saved, found.url, found.format) == ("2026-11-24T10:00:00+01:00", None, "mail")


def test_without_html_the_text_is_the_page() -> None:
    found = one(message(WORDS).as_bytes())
    assert (text_of(found), found.kind) == (WORDS.strip(), "text")
    assert text_of(one(message(html=MARKUP).as_bytes())) == MARKUP


def test_parts_in_parts_in_parts() -> None:
    made = message(WORDS, MARKUP)
    made.make_mixed()
    made.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="bridge.jpg")
    outer = message("The list adds a foot to each letter.\n")
    outer.make_mixed()
    (foot,) = outer.get_payload()
    outer.set_payload([*made.get_payload(), foot])
    assert text_of(one(outer.as_bytes())) == MARKUP


def test_attachments_are_not_the_page() -> None:
    made = message(WORDS)
    made.add_attachment(MARKUP, subtype="html", filename="old.html")
    assert text_of(one(made.as_bytes())) == WORDS.strip()


def test_an_attached_message_is_not_the_page() -> None:
    made = message(WORDS)
    made.add_attachment(message(html=MARKUP))
    assert text_of(one(made.as_bytes())) == WORDS.strip()


def test_an_empty_html_part_is_not_the_page() -> None:
    assert text_of(one(message(WORDS, " ").as_bytes())) == WORDS.strip()


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "windows-1252", "koi8-r"])
@pytest.mark.parametrize("written", ["8bit", "base64", "quoted-printable"])
def test_charset_and_encoding(charset: str, written: str) -> None:
    text = "Паром снова ходит" if charset == "koi8-r" else "Die Fähre fährt wieder"
    body = text.encode(charset)
    body = {"8bit": body, "base64": base64.encodebytes(body), "quoted-printable": quopri.encodestring(body)}[written]
    fields = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {written}"
    found = one(raw(fields, body))
    assert (found.charset, text_of(found)) == (charset, text)
    assert cleaner.clean(found).blocks[0].text == text


def test_what_no_mail_program_would_write_is_read_as_it_is() -> None:
    for fields in ("Content-Transfer-Encoding: x-own", "Date: yesterday", "Content-Type: text/html; charset=x-own"):
        found = one(raw(fields, HTML))
        assert (found.content, found.saved) == (HTML, None)
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    assert errors(raw("Mime-Version: 1.0", b"")[:-1] + deep + HTML)


def test_no_text_is_an_error() -> None:
    made = message()
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    assert errors(made.as_bytes()) == ["holds no text"]
    assert errors(message().as_bytes()) == ["is empty"]


def test_a_message_that_is_passed_on_is_the_page_where_there_are_no_other_words() -> None:
    for words in ("", " \n"):
        outer = message(words)
        outer.make_mixed()
        inner = EmailMessage()
        inner.set_content(message(html=MARKUP), disposition="inline")
        outer.attach(inner)
        assert text_of(one(outer.as_bytes())) == MARKUP
    outer = message(WORDS)
    outer.make_mixed()
    outer.attach(inner)
    assert text_of(one(outer.as_bytes())) == WORDS.strip()


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n"], ids=["mark", "line"])
def test_what_stands_before_the_header(before: bytes) -> None:
    assert text_of(one(before + message(WORDS).as_bytes())) == WORDS.strip()


def test_messages_of_a_mailbox(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "letters.mbox")
    for text in (WORDS, "It is news.\n\nFrom the harbour to the island:\nFrom then on.\n", "Last.\n"):
        box.add(mailbox.mboxMessage(message(text)))
    box.add(mailbox.mboxMessage(message(html=MARKUP)))
    box.flush()
    pages = list(cleaner.load(tmp_path / "letters.mbox"))
    assert [found.name for found in pages] == [f"message {number}" for number in range(1, 5)]
    assert [text_of(found) for found in pages] == [
        WORDS.strip(),
        "It is news.\n\nFrom the harbour to the island:\nFrom then on.",
        "Last.",
        MARKUP,
    ]
    assert {found.saved for found in pages} == {"2026-11-24T10:00:00+01:00"}


def test_lines_that_begin_like_a_mailbox() -> None:
    body = b"Words\nFrom here\n\n>From there\n>>From twice\n> From a quotation\n"
    box = FROM_LINE + raw("Date: x", body) + b"\n" + FROM_LINE + raw("Date: x", b"Second.") + b"\n"
    for content in (box, box.replace(b"\n", b"\r\n")):
        first, second = cleaner.load(content)
        assert text_of(first) == "Words\nFrom here\n\nFrom there\n>From twice\n> From a quotation"
        assert text_of(second) == "Second."


FROM_LINES = [
    b"From - Tue Nov 24 10:00:00 2026",
    b"From MAILER-DAEMON Tue Nov 24 10:00:00 2026",
    b"From keeper@harbour.example  Tue, 24 Nov 2026 10:00:00 +0100 (CET)",
    b"From 1234567890@xxx Tue Nov 24 10:00:00 +0000 2026",
    b"From keeper Tue Nov 24 10:00 2026 remote from harbour",
]


@pytest.mark.parametrize("line", FROM_LINES)
def test_lines_between_messages(line: bytes) -> None:
    box = b"".join(line + b"\n" + raw("Date: x", text) + b"\n\n" for text in (b"First.", b"Last."))
    assert [text_of(found) for found in cleaner.load(box)] == ["First.", "Last."]
    marked = list(cleaner.load(b"\xef\xbb\xbf\n" + box))
    assert [(found.name, text_of(found)) for found in marked] == [("message 1", "First."), ("message 2", "Last.")]


@pytest.mark.parametrize(
    "words",
    [
        "From the harbour to the island it is a mile.",
        "From 2026 on, the ferry runs daily.",
        "From Monday on:",
        "From May 2026 on, the ferry runs.\nFares: three crowns.",
        "From keeper@harbour.example Tue Nov 24 10:00:00 2026\nwas a letter, too.",
    ],
)
def test_a_paragraph_that_begins_like_a_mailbox_belongs_to_its_message(words: str) -> None:
    body = f"Words.\n\n{words}\n\nMore."
    box = FROM_LINE + raw("Date: x", body.encode()) + b"\n\n" + FROM_LINE + raw("Date: x", b"Last.") + b"\n"
    assert [text_of(found) for found in cleaner.load(box)] == [body, "Last."]


@pytest.mark.parametrize("body", [b"words\n" * 5000, b"x" * 50_000], ids=["lines", "line"])
def test_a_message_that_is_too_large_costs_itself(body: bytes) -> None:
    box = b"".join(FROM_LINE + raw("Date: x", text) + b"\n\n" for text in (b"First.", body, b"Last."))
    assert said(box, max_bytes=3000) == [
        ("message 1", b"First.\n\n"),
        ("message 2", "is larger than 3,000 bytes"),
        ("message 3", b"Last.\n\n"),
    ]
    assert errors(raw("Date: x", body), max_bytes=3000) == ["is larger than 3,000 bytes"]


def test_a_message_that_is_too_large_is_not_kept() -> None:
    box = b"".join(FROM_LINE + raw("Date: x", text) + b"\n\n" for text in ((b"x" * 999 + b"\n") * 30_000, b"Last."))
    tracemalloc.start()
    found = said(box, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [("message 1", "is larger than 1,000,000 bytes"), ("message 2", b"Last.\n\n")]
    assert peak < 10_000_000


def test_a_mailbox_on_the_command_line(tmp_path: Path) -> None:
    box = FROM_LINE + message(html=page()).as_bytes() + b"\n" + FROM_LINE + message().as_bytes() + b"\n"
    (tmp_path / "letters.mbox").write_bytes(box)
    done = run("clean", "letters.mbox", "-o", "out", cwd=tmp_path)
    assert (done.returncode, complaints(done.stderr)) == (1, "letters.mbox: message 2: is empty\n")
    assert files(tmp_path / "out") == ["letters/message_1.txt"]


BOUNDARY = "----MultipartBoundary--kq3Xm9Wc1Tz7----"
PAGE_PART = ("Content-Type: text/html\r\nContent-ID: <page@mhtml>", MARKUP)
FRAME_PART = ("Content-Type: text/html\r\nContent-ID: <frame@mhtml>\r\nContent-Location: cid:frame", OTHER.decode())
IMAGE_PART = ("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", "iVBORw0KGgo=")


def mhtml(*parts: tuple[str, str], more: str = "", end: str = f"--{BOUNDARY}--\r\n") -> bytes:
    """A page as Chromium saves it."""
    header = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://harbour.example/a/\r\n very-long-name\r\n"
        "Subject: Ferry\r\nDate: Tue, 24 Nov 2026 09:00:00 GMT\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";{more}\r\n\tboundary="{BOUNDARY}"\r\n\r\n'
    )
    return (header + "".join(f"--{BOUNDARY}\r\n{fields}\r\n\r\n{body}\r\n" for fields, body in parts) + end).encode()


def test_the_first_page_of_an_mhtml_file_and_no_frame() -> None:
    found = one(mhtml(PAGE_PART, FRAME_PART, IMAGE_PART))
    assert (found.content, found.kind, found.format) == (HTML, "html", "mhtml")
    assert (found.url, found.saved) == ("https://harbour.example/a/very-long-name", "2026-11-24T09:00:00Z")


def test_the_page_that_an_mhtml_file_names() -> None:
    found = one(mhtml(IMAGE_PART, FRAME_PART, PAGE_PART, more='\r\n\tstart="<page@mhtml>";'))
    assert found.content == HTML
    assert one(mhtml(FRAME_PART, PAGE_PART, more='\r\n\tstart="<gone@mhtml>";')).content == OTHER


def test_an_mhtml_file_without_a_page() -> None:
    ((_, error),) = said(mhtml(IMAGE_PART))
    assert str(error).startswith("holds no page")


@pytest.mark.parametrize("place", [0, 1])
def test_a_damaged_boundary_is_mended_and_told(place: int) -> None:
    content = mhtml(PAGE_PART, IMAGE_PART)
    at = -1
    for _ in range(place + 1):
        at = content.index(b"\r\n--" + BOUNDARY.encode(), at + 1)
    damaged = content[: at + 30] + b"?" + content[at + 31 :]
    (_, found), (_, error) = said(damaged)
    assert found == HTML
    assert error == f"is damaged: a boundary of its parts is (at byte {at + 2})"


def test_many_damaged_boundaries_are_mended_at_once() -> None:
    content = mhtml(PAGE_PART, *[IMAGE_PART] * 40_000)
    damaged = content.replace(b"kq3Xm9Wc1Tz7----\r\nContent-Type: image", b"kq3Xm9Wc1T?7----\r\nContent-Type: image")
    assert damaged != content
    begun = time.process_time()
    (_, found), (_, error) = said(damaged)
    assert time.process_time() - begun < 10
    assert found == HTML
    assert str(error).startswith("is damaged: a boundary of its parts is")


def test_a_damaged_name_of_the_boundary_is_mended_and_told() -> None:
    content = mhtml(PAGE_PART, IMAGE_PART)
    at = content.index(b'boundary="') + 10
    (_, found), (_, error) = said(content[: at + 8] + b"?" + content[at + 9 :])
    assert (found, error) == (HTML, f"is damaged: the boundary that it names is not there (at byte {at})")


def test_an_mhtml_file_that_is_cut_gives_its_page() -> None:
    content = mhtml(PAGE_PART, IMAGE_PART, end="")
    (_, found), (_, error) = said(content)
    assert (found, error) == (HTML, f"is cut short: its closing boundary is missing (at byte {len(content)})")
    cut = content[: content.index(b"</h1>")]
    (last,) = cleaner.load(cut)
    assert (last.content, str(last.error)[:12]) == (b"<h1>Harbour", "is cut short")
