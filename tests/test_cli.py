"""The command as a user runs it: what comes out where, and the exit status."""

from __future__ import annotations

import functools
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

import cleaner

TITLE = "Ferry returns to the harbour"
BODY = [
    "The ferry to Grey Island is back in service after eleven weeks of repairs, the harbour master said on Monday.",
    "Two of its engines were replaced, and the crew took it on four trials before the first passengers came on board.",
    "The fare stays at three crowns until the end of the season, and children under twelve still travel free.",
]
ASK = "Sign up for our newsletter and get the best of the harbour in your inbox every Friday morning."
HOME = str(Path(cleaner.__file__).parent.parent)


def page(title: str = TITLE, body: list[str] = BODY) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        "<nav><a href=/>Home</a> <a href=/news>News</a> <a href=/sport>Sport</a></nav>"
        f"<main><article><h1>{title}</h1>{paragraphs}"
        f'<div class="newsletter-signup"><p>{ASK}</p></div></article></main>'
        "<footer>Copyright The Harbour Courier. All rights reserved.</footer></body></html>"
    )


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "PYTHONPATH": HOME, **changes}


def complaints(stderr: str) -> str:
    """What a run over several pages says on standard error, without its last line, which tells what was done."""
    *lines, last = stderr.splitlines(keepends=True)
    assert re.fullmatch(r"cleaner: [\d,]+ pages? cleaned.*, in \d+\.\d s\n", last)
    return "".join(lines)


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **changes: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment(**changes),
        timeout=300,
        check=False,
    )
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    assert "Traceback" not in err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with a page, the same under another suffix, and one in a folder below."""
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    for name in ("a.html", "a.htm", "below/a.html"):
        (folder / name).write_text(page())
    return folder


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_text(pages: Path) -> None:
    done = run("clean", pages / "a.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "\n\n".join(BODY) + "\n"


def test_other_formats(pages: Path) -> None:
    source = pages / "a.html"
    document = cleaner.clean(source.read_bytes())
    assert run("clean", source, "-f", "markdown").stdout.strip() == document.markdown.strip()
    assert run("clean", source, "--format", "html").stdout.strip() == document.html.strip()
    done = run("clean", source, "-f", "json")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout) == document.to_dict()


def test_keep_and_drop(pages: Path) -> None:
    source = pages / "a.html"
    assert ASK not in run("clean", source).stdout
    assert ASK in run("clean", source, "--keep", "comments,newsletter").stdout
    assert ASK in run("clean", source, "--keep", "comments", "--keep", "newsletter").stdout
    assert run("clean", source, "--drop", "body").stdout.strip() == ""


def test_a_wrong_label(pages: Path) -> None:
    for option in ("--keep", "--drop"):
        done = run("clean", pages / "a.html", option, "body,advert")
        assert (done.returncode, done.stdout) == (2, "")
        assert "no label advert" in done.stderr
        for label in cleaner.Label:
            assert label in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean"],
        ["clean", "a.html", "-f", "pdf"],
        ["clean", "a.html", "--explain", "--diff"],
        ["clean", "a.html", "--diff", "-f", "json"],
        ["clean", "a.html", "--title", "-f", "html"],
        ["clean", "a.html", "--front-matter", "--explain"],
        ["clean", "a.html", "--encoding", "utf-99"],
        ["clean", "a.html", "a.htm", "--url", "https://harbour.example/"],
        ["clean", "a.html", "a.htm", "-o", "a.htm"],
        ["clean", "a.html", "--no-such-option"],
        ["wash", "a.html"],
    ],
)
def test_wrong_calls(pages: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=pages)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert (pages / "a.htm").read_text() == page()


def test_version_and_help() -> None:
    assert run("--version").stdout == f"cleaner {cleaner.__version__}\n"
    done = run("clean", "--help")
    assert done.returncode == 0
    assert "--explain" in done.stdout


def test_standard_input() -> None:
    assert run("clean", "-", stdin=page().encode()).stdout == "\n\n".join(BODY) + "\n"
    done = run("clean", "-")
    assert (done.returncode, done.stderr) == (1, "-: is empty\n")


def test_text_is_taken_as_text() -> None:
    words = "<p>In markup a paragraph begins with a tag such as the one that begins this line of plain text.</p>"
    assert words not in run("clean", "-", "-f", "json", stdin=words.encode()).stdout
    blocks = json.loads(run("clean", "-", "-f", "json", "--text", stdin=words.encode()).stdout)["blocks"]
    assert [block["text"] for block in blocks] == [words]


def test_encoding(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    text = "Łódź wróciła do portu po jedenastu tygodniach napraw, powiedział kapitan portu w poniedziałek."
    source.write_bytes(page(body=[text, *BODY]).replace("<meta charset=utf-8>", "").encode("iso-8859-2"))
    assert text in run("clean", source, "--encoding", "iso-8859-2").stdout


def test_explain(pages: Path) -> None:
    done = run("clean", pages / "a.html", "--explain")
    assert done.returncode == 0
    document = cleaner.clean((pages / "a.html").read_bytes())
    lines = done.stdout.splitlines()
    assert len(lines) == len(document.blocks)
    for line, block in zip(lines, document.blocks, strict=True):
        mark, label, confidence = line.split()[:3]
        assert (mark == "-") == (block in document.removed)
        assert (mark == "+") == (block.label is cleaner.Label.BODY)
        assert (label, confidence) == (block.label, f"{block.confidence:.2f}")
        assert block.reason in line
        assert line.endswith(block.text)


def test_md_is_markdown(pages: Path) -> None:
    assert run("clean", pages / "a.html", "-f", "md").stdout == run("clean", pages / "a.html", "-f", "markdown").stdout


def test_a_title_above_the_text() -> None:
    html = page(title="The ferry is back").encode()
    text = run("clean", "-", stdin=html).stdout
    assert run("clean", "-", "--title", stdin=html).stdout == "The ferry is back\n\n" + text
    assert run("clean", "-", "--title", "--keep", "title", stdin=html).stdout.count("The ferry is back") == 1
    markdown = run("clean", "-", "-f", "md", stdin=html).stdout
    assert markdown.startswith("# The ferry is back\n\n")
    assert run("clean", "-", "-f", "md", "--title", stdin=html).stdout == markdown
    bare = html.replace(b"<h1>The ferry is back</h1>", b"")
    assert run("clean", "-", "-f", "md", "--title", stdin=bare).stdout.startswith("# The ferry is back\n\n")


TRAPS = [
    'no: "yes" # 1',
    "2026-11-24",
    "~",
    "a\u2028b\x85c",
    "\\ 'x'",
    "- [a, {b: c}]",
    "%&*!|>@`",
    "Łódź 港\U0001f680",
    "null",
]


@pytest.mark.parametrize("title", TRAPS)
@pytest.mark.parametrize("form", ["text", "md"])
def test_front_matter_is_the_metadata_as_yaml(title: str, form: str) -> None:
    html = page(title=title).replace("<head>", '<head><meta name="author" content="Ann Lee">').encode()
    shown = run("clean", "-", "-f", form, "--front-matter", "--url", "https://harbour.example/ferry", stdin=html).stdout
    _, front, article = shown.split("---\n", 2)
    said = cleaner.clean(html, "https://harbour.example/ferry").metadata
    known = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(said).items() if value}
    assert yaml.safe_load(front) == known
    assert {"title", "url"} <= set(known)
    assert article == "\n" + run("clean", "-", "-f", form, stdin=html).stdout


def test_explain_shows_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    (tmp_path / "page\x1b[31m.txt").write_text(
        "The ferry \x1b[2J is \x9b31m back \u202eetirw in\n\nservice\x07 today.\n"
    )
    done = run("clean", tmp_path, tmp_path / "missing\x1b[2J.html", "--explain")
    assert not set("\x1b\x9b\x07\u202e") & set(done.stdout + done.stderr)
    assert "page\\x1b[31m.txt" in done.stdout
    assert "missing\\x1b[2J.html: " in done.stderr


def test_several_pages_on_standard_output(pages: Path) -> None:
    text = "\n\n".join(BODY) + "\n"
    done = run("clean", "a.html", "below", cwd=pages)
    assert done.stdout == f"==> a.html <==\n{text}\n==> below/a.html <==\n{text}\n"
    lines = run("clean", pages, "-f", "json").stdout.splitlines()
    assert len([json.loads(line) for line in lines]) == 3
    assert run("clean", "a.html", "below", "-f", "html", cwd=pages).stdout.startswith("<!-- a.html -->\n")


def test_a_glob_that_the_shell_left(pages: Path) -> None:
    done = run("clean", str(pages / "*.ht*"), "-f", "json")
    assert (done.returncode, done.stdout.count("\n")) == (0, 2)
    done = run("clean", str(pages / "*.pdf"))
    assert (done.returncode, done.stderr) == (1, f"{pages}/*.pdf: no file matches\n")


def test_failed_inputs_do_not_stop_the_others(pages: Path) -> None:
    (pages / "empty.html").touch()
    (pages / "report.html").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    (pages / "photo.html").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1")
    (pages / "locked.html").write_text(page())
    (pages / "locked.html").chmod(0)
    names = ["missing.html", "empty.html", "report.html", "photo.html", "locked.html", "a.html"]
    done = run("clean", *names, cwd=pages)
    readable = os.access(pages / "locked.html", os.R_OK)
    assert done.returncode == 1
    assert done.stderr.splitlines()[:4] == [
        "missing.html: No such file or directory",
        "empty.html: is empty",
        "report.html: is a PDF, not a web page",
        "photo.html: is a PNG image, not a web page",
    ]
    assert ("locked.html: Permission denied" in done.stderr) != readable
    assert done.stdout.endswith("==> a.html <==\n" + "\n\n".join(BODY) + "\n\n")


def test_names_that_no_file_can_have(pages: Path) -> None:
    long = "x" * 5000
    done = run("clean", long, long + "*", "a.html", cwd=pages)
    assert done.returncode == 1
    assert complaints(done.stderr).splitlines() == [f"{long}*: no file matches", f"{long}: File name too long"]
    assert BODY[0] in done.stdout
    done = run("clean", "a.html", "-o", long, cwd=pages)
    assert (done.returncode, done.stderr) == (1, f"{long}: cannot be written: File name too long\n")


def test_a_page_without_body_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_text("<!doctype html><nav><a href=/>Home</a> <a href=/news>News</a></nav>")
    done = run("clean", "bare.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("bare.html: ")


def test_output_to_a_file(pages: Path) -> None:
    done = run("clean", "a.html", "-o", "new/out.md", "-f", "markdown", cwd=pages)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert BODY[0] in (pages / "new/out.md").read_text()
    assert run("clean", "a.html", "-o", "-", cwd=pages).stdout == "\n\n".join(BODY) + "\n"


def test_output_to_a_folder(pages: Path) -> None:
    done = run("clean", ".", "-o", "../out", cwd=pages)
    assert (done.returncode, done.stdout, complaints(done.stderr)) == (0, "", "")
    assert re.fullmatch(r"cleaner: 3 pages cleaned into \.\./out, in \d+\.\d s\n", done.stderr)
    assert files(pages.parent / "out") == ["a-2.txt", "a.txt", "below/a.txt"]
    for suffix, form in ((".md", "markdown"), (".md", "md"), (".html", "html"), (".json", "json")):
        run("clean", "a.html", "-o", f"../{form}/", "-f", form, cwd=pages)
        assert files(pages.parent / form) == ["a" + suffix]
    run("clean", "below", "-o", "../one", cwd=pages)
    assert files(pages.parent / "one") == ["a.txt"]


def test_a_second_run_does_not_read_the_results_of_the_first(pages: Path) -> None:
    for _ in range(2):
        assert run("clean", ".", "-o", "out", cwd=pages).returncode == 0
    assert files(pages / "out") == ["a-2.txt", "a.txt", "below/a.txt"]


def test_an_input_is_never_overwritten(pages: Path) -> None:
    (pages / "link.html").symlink_to("a.html")
    for arguments in (["a.html", "-o", "a.html"], ["a.html", "-o", "link.html"], ["a.html", "-o", "."]):
        done = run("clean", *arguments, "-f", "html", cwd=pages)
        assert done.returncode == 1
        assert "is one of the inputs" in done.stderr
        assert (pages / "a.html").read_text() == page()


def test_a_result_that_cannot_be_written(pages: Path) -> None:
    done = run("clean", "a.html", "-o", "a.htm/out.txt", cwd=pages)
    assert done.returncode == 1
    assert done.stderr.startswith("a.htm/out.txt: cannot be written: ")
    assert done.stderr.count("\n") == 1


def test_a_full_disk(pages: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", "clean", str(pages)],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"standard output: No space left on device\n")


def test_a_closed_pipe(pages: Path) -> None:
    for number in range(200):
        (pages / f"{number}.html").write_text(page(body=BODY * 10))
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "clean", str(pages)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"==> ")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_interrupt(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "clean", str(pipe)], stderr=subprocess.PIPE, env=environment()
    )
    # Opening gives once the command reads, so it is past its start.
    with pipe.open("wb"):
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_that_cannot_hold_the_text(tmp_path: Path, encoding: str) -> None:
    text = "港のフェリーは十一週間の修理を終え、月曜日に運航を再開した。" * 4
    source = tmp_path / "港.html"
    source.write_text(page(body=[text] * 3), encoding="utf-8")
    for arguments in ([], ["--explain"], ["-f", "markdown"]):
        assert run("clean", source, *arguments, PYTHONIOENCODING=encoding).returncode == 0
    done = run("clean", source, "-f", "json", PYTHONIOENCODING=encoding)
    assert text in json.loads(done.stdout)["text"]


def test_addresses(pages: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(pages)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/below/a.html"
    try:
        done = run("clean", address, "--allow-private")
        assert (done.returncode, done.stdout) == (0, "\n\n".join(BODY) + "\n")
        done = run("clean", address)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"{address}: 127.0.0.1 is not a public address")
        run("clean", address, "-o", "out/", "--allow-private", cwd=pages)
        assert files(pages / "out") == [f"127.0.0.1_{server.server_port}/below/a.txt"]
    finally:
        server.shutdown()
        server.server_close()


def on_terminal(*arguments: str | Path, stdout: int | None = None, **changes: str) -> Iterator[str]:
    """What the command shows on a terminal: on standard error, and on standard output unless that is given."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        env=environment(TERM="xterm", **changes),
    )
    os.close(theirs)
    while select.select([ours], [], [], 60)[0]:
        try:
            shown = os.read(ours, 65536)
        except OSError:
            break
        if not shown:
            break
        yield shown.decode("utf-8", "replace")
    os.close(ours)
    assert process.wait(60) == 0


def test_colours_only_on_a_terminal(pages: Path) -> None:
    shown = "".join(on_terminal("clean", pages / "a.html", "--explain"))
    assert "\x1b[31m- newsletter" in shown
    assert "\x1b[32m+ body" in shown
    assert "\x1b" not in "".join(on_terminal("clean", pages / "a.html", "--explain", NO_COLOR="1"))
    assert "\x1b" not in run("clean", pages / "a.html", "--explain").stdout


def test_progress_only_on_a_terminal(pages: Path) -> None:
    shown = "".join(on_terminal("clean", pages, "-o", pages.parent / "out"))
    assert "3/3" in shown
    assert len(files(pages.parent / "out")) == 3
    with Path(os.devnull).open("wb") as nowhere:
        assert "3/3" in "".join(on_terminal("clean", pages, stdout=nowhere.fileno()))
        assert "1/1" not in "".join(on_terminal("clean", pages / "a.html", stdout=nowhere.fileno()))
    assert "3/3" not in "".join(on_terminal("clean", pages))
    assert complaints(run("clean", pages, "-o", pages.parent / "again").stderr) == ""


def test_the_text_of_a_page_does_not_drive_the_terminal(tmp_path: Path) -> None:
    source = tmp_path / "page.txt"
    source.write_text(
        "\n\n".join([TITLE, *BODY, "The \x1b[2Jend\x07 of the season is the last Sunday of October, as ever."])
    )
    shown = "".join(on_terminal("clean", source))
    assert BODY[0] in shown.replace("\r\n", "\n")
    assert not set("\x1b\x07") & set(shown)


def test_the_text_needs_no_metadata(pages: Path) -> None:
    code = (
        "import sys, cleaner.document as d, cleaner.cli as c\n"
        "d.Document.metadata = property(lambda self: sys.exit('metadata was read'))\n"
        "sys.argv[1:] = ['clean', 'a.html']\n"
        "c.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=pages, env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_start_is_light(pages: Path) -> None:
    code = (
        "import sys, cleaner.cli as c\n"
        "sys.argv[1:] = ['clean', 'a.html']\n"
        "try: c.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'requests', 'rich', 'trafilatura', 'pandas', 'torch'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=pages, env=environment(), capture_output=True, check=False)
    assert done.stderr == b"[]\n"
