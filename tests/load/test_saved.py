"""What browsers leave beside a saved page and on it: a folder of files, a comment with the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from packing import HTML, said, tarred, zipped

import cleaner
from cleaner.load.part import Limits
from tests.test_cli import BODY, complaints, files, page, run

FOLDERS = ["page_files", "page.files", "page-Dateien", "page_fichiers", "page_archivos"]
FILES = [("{}/frame.html", HTML), ("{}/deep/frame.htm", HTML), ("{}/bridge.jpg", b"\xff\xd8\xff")]
LINK = re.compile(r"\[Bridge\]\(([^)]+)\)")


def with_picture(folder: str) -> str:
    """The page as a browser saves it, a picture from the folder in the middle."""
    picture = f'<p><img src="./{folder}/bridge.jpg" alt="Bridge"></p>'
    return page().replace(f"<p>{BODY[1]}", f"{picture}<p>{BODY[1]}")


def saved(name: str, folder: str) -> list[tuple[str, bytes]]:
    """A page as a browser saves it, with its folder of files."""
    above = name.rpartition("/")[0]
    begin = f"{above}/{folder}" if above else folder
    return [(name, with_picture(folder).encode()), *((file.format(begin), content) for file, content in FILES)]


def put(folder: Path, *members: tuple[str, bytes]) -> None:
    for name, content in members:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def linked(written: Path) -> Path:
    """The file that the picture in a written page leads to."""
    found = LINK.search(written.read_text())
    assert found is not None
    return written.parent / unquote(found[1])


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("make", [zipped, tarred])
def test_frames_in_an_archive_are_no_pages(make: Callable[..., bytes], folder: str) -> None:
    archive = make(*saved("news/page.html", folder), ("news/other_files/a.html", HTML))
    pages = cleaner.load(archive)
    found = list(pages)
    assert [one.name for one in found] == ["news/page.html", "news/other_files/a.html"]
    assert pages.skipped == {"file of another kind": len(FILES)}
    assert f"]({folder}/bridge.jpg)" in cleaner.clean(found[0]).markdown.replace("./", "")


@pytest.mark.parametrize("folder", FOLDERS)
def test_frames_in_a_folder_are_no_pages(folder: str, tmp_path: Path) -> None:
    put(tmp_path / "in", *saved("news/page.html", folder), ("news/other_files/a.html", page().encode()))
    done = run("clean", "in", "-o", "out", "-f", "markdown", cwd=tmp_path)
    assert (done.returncode, complaints(done.stderr)) == (0, "")
    assert files(tmp_path / "out") == ["news/other_files/a.md", "news/page.md"]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_frames_in_an_archive_of_this_folder_are_no_pages(make: Callable[..., bytes]) -> None:
    (found,) = cleaner.load(make(*saved("./page.html", "page_files")))
    assert (found.name, found.files) == ("./page.html", "page_files/")


def test_frames_that_stand_before_their_page_in_a_tar_are_no_pages() -> None:
    assert [name for name, _ in said(tarred(*reversed(saved("page.html", "page_files"))))] == ["page.html"]


def test_pages_in_a_folder_that_is_named_like_one_of_files_come_out_of_a_tar() -> None:
    alone = ("old_files/a.html", HTML)
    pages = cleaner.load(tarred(alone, *reversed(saved("news/page.html", "page_files")), ("b.html", HTML)))
    assert [found.name for found in pages] == ["news/page.html", "b.html", "old_files/a.html"]
    assert pages.skipped == {"file of another kind": len(FILES)}
    assert said(tarred(alone), limits=Limits(spool=1)) == [alone]
    cut = tarred(alone, ("b_files/b.html", HTML))[: 1024 + 512 + 9]
    found = list(cleaner.load(cut))
    assert [str(one.error) for one in found] == ["None", f"is cut short (at byte {len(cut):,})"]
    assert [(one.name, one.content) for one in found] == [
        ("old_files/a.html", HTML),
        ("b_files/b.html", HTML[:9]),
    ]


def test_frames_in_an_archive_from_windows_are_no_pages() -> None:
    archive = zipped(*((name.replace("/", "\\"), content) for name, content in saved("news/page.html", "page_files")))
    assert [name for name, _ in said(archive)] == ["news\\page.html"]


@pytest.mark.parametrize("out", ["out", "in/out", "out/put (1)/deep"])
@pytest.mark.parametrize("name", ["page.html", "news (2)/my page.html"])
def test_links_lead_from_the_result_to_the_files_of_the_page(name: str, out: str, tmp_path: Path) -> None:
    stem = Path(name).stem
    put(tmp_path / "in", *saved(name, f"{stem}_files"))
    run("clean", f"in/{name}", "-o", f"{out}/", "-f", "markdown", cwd=tmp_path)
    assert linked(tmp_path / out / f"{stem}.md").read_bytes() == b"\xff\xd8\xff"


def test_links_lead_from_each_result_of_a_folder(tmp_path: Path) -> None:
    put(tmp_path / "in", *saved("a/page.html", "page_files"), *saved("b/c/page.html", "page_files"))
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out", "-f", "markdown").returncode == 0
    for below in ("a", "b/c"):
        assert linked(tmp_path / "out" / below / "page.md").samefile(tmp_path / "in" / below / "page_files/bridge.jpg")


def test_links_stay_as_they_are_where_the_result_is_not_elsewhere(tmp_path: Path) -> None:
    put(tmp_path, *saved("page.html", "page_files"))
    assert "](page_files/bridge.jpg)" in run("clean", "page.html", "-f", "markdown", cwd=tmp_path).stdout
    run("clean", "page.html", "-o", "page.md", "-f", "markdown", cwd=tmp_path)
    assert "](page_files/bridge.jpg)" in (tmp_path / "page.md").read_text()


def test_other_links_lead_to_the_site(tmp_path: Path) -> None:
    text = with_picture("page_files").replace("Two of", '<a href="/fares">Two</a> <a href="page_filesx/a">of</a>')
    put(tmp_path, *saved("page.html", "page_files"), ("page.html", text.encode()))
    (found,) = cleaner.load(tmp_path / "page.html", url="https://harbour.example/news/ferry")
    markdown = cleaner.clean(found).markdown
    assert "](page_files/bridge.jpg)" in markdown
    assert "[Two](https://harbour.example/fares)" in markdown
    assert "[of](https://harbour.example/news/page_filesx/a)" in markdown


def test_links_lead_from_a_folder_that_is_a_link(tmp_path: Path) -> None:
    put(tmp_path / "in", *saved("page.html", "page_files"))
    (tmp_path / "far/away").mkdir(parents=True)
    (tmp_path / "out").symlink_to("far/away")
    run("clean", "in/page.html", "-o", "out/", "-f", "markdown", cwd=tmp_path)
    assert linked(tmp_path / "out/page.md").exists()


def test_links_to_files_in_an_archive_stay_as_they_are(tmp_path: Path) -> None:
    put(tmp_path, ("saved.zip", zipped(*saved("page.html", "page_files"))))
    assert run("clean", "saved.zip", "-o", "out/", "-f", "markdown", cwd=tmp_path).returncode == 0
    assert "](page_files/bridge.jpg)" in (tmp_path / "out/saved/page.md").read_text()


def commented(comment: str, before: str = "") -> tuple[str | None, str | None]:
    """The address and date of a page with a comment."""
    (found,) = cleaner.load(f"<!DOCTYPE html>\n{before}{comment}\n".encode() + HTML)
    assert found.error is None
    return found.url, found.saved


SAVED_FROM = f"<!-- saved from url=({37:04})https://harbour.example/ferry?a=1&b=2 -->"
SINGLE_FILE = (
    "<html lang=en><!--\n Page saved with SingleFile \n url: {} \n"
    " saved date: Tue Nov 24 2026 10:00:00 GMT+0100 (Central European Standard Time)\n-->"
)
MIRRORED = "<!-- Mirrored from {} by HTTrack Website Copier/3.x [XR&CO'2014], Tue, 24 Nov 2026 09:00:00 GMT -->"


def test_comments_of_programs_that_save_pages() -> None:
    assert commented(SAVED_FROM) == ("https://harbour.example/ferry?a=1&b=2", None)
    address = "https://harbour.example/ferry"
    assert commented(SINGLE_FILE.format(address)) == (address, "2026-11-24T10:00:00+01:00")
    found = commented(MIRRORED.format("harbour.example/ferry.html"))
    assert found == ("http://harbour.example/ferry.html", "2026-11-24T09:00:00Z")


def test_a_comment_far_below_belongs_to_the_text() -> None:
    for comment in (SAVED_FROM, SINGLE_FILE.format("https://harbour.example/"), MIRRORED.format("harbour.example/")):
        assert commented(comment, before="<p>The ferry is back.</p>" * 3000) == (None, None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "about:internet", "data:text/html,x", "file:///etc/passwd"])
def test_a_comment_gives_addresses_of_the_web_only(address: str) -> None:
    for comment in (SAVED_FROM.replace("https://harbour.example/ferry?a=1&b=2", address), SINGLE_FILE.format(address)):
        assert commented(comment)[0] is None


def test_a_date_that_is_none_is_left_out() -> None:
    comment = SINGLE_FILE.format("https://harbour.example/").replace("Nov 24 2026", "someday")
    assert commented(comment) == ("https://harbour.example/", None)


def test_a_mirror_that_names_the_scheme() -> None:
    assert commented(MIRRORED.format("https://harbour.example/ferry"))[0] == "https://harbour.example/ferry"


def test_what_the_caller_says_goes_before_the_comment(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(SAVED_FROM.encode() + HTML)
    (found,) = cleaner.load(path, url="https://harbour.example/said")
    assert found.url == "https://harbour.example/said"
    shown = run("inspect", path, "-f", "json").stdout
    assert '"url": "https://harbour.example/ferry?a=1&b=2"' in shown


def test_the_files_of_a_page_are_those_on_the_disk(tmp_path: Path) -> None:
    put(tmp_path, ("page.html", HTML), ("lone.html", HTML), ("page_files/a.png", b""))
    assert [found.files for found in cleaner.load(tmp_path / "page.html")] == ["page_files/"]
    assert [found.files for found in cleaner.load(tmp_path / "lone.html")] == [None]
