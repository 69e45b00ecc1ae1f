"""How the results of pages in archives are named: by address or place, never outside the folder, never the same."""

from __future__ import annotations

import gzip
import re
import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.files import Mirror
from cleaner.load.inputs import Input
from tests.load.packing import record, tarred, zipped
from tests.test_cli import complaints, files, page, run

HOST = "http://harbour.example"
PAGE = page().encode()
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?: *\..*)?", re.I)
CRAWL = Input("crawl.warc.gz", Path())


def placed(*pages: tuple[str, str | None], item: Input = CRAWL) -> list[str]:
    """The files for the members of an input, by name and address."""
    mirror = Mirror(Path("out"), ".txt", [item])
    return [mirror.path(item, name, address).relative_to("out").as_posix() for name, address in pages]


def by_address(*addresses: str) -> list[str]:
    return placed(*((address, address) for address in addresses))


def by_name(*names: str, item: str = "saved.zip") -> list[str]:
    return placed(*((name, None) for name in names), item=Input(item, Path()))


def test_pages_of_a_crawl_are_named_by_their_address(tmp_path: Path) -> None:
    paths = ["", "/", "/2026/ferry.html", "/2026/ferry.html", "/2026/Ferry", "/2026/ferry?id=7", "/con", "/a/aux.html"]
    crawl = b"".join(gzip.compress(record(HOST + path, PAGE)) for path in paths)
    (tmp_path / "crawl.warc.gz").write_bytes(crawl)
    done = run("clean", "crawl.warc.gz", "-o", "out/", cwd=tmp_path)
    assert (done.returncode, complaints(done.stderr)) == (0, "")
    assert files(tmp_path / "out") == sorted(
        [
            "harbour.example/index.txt",
            "harbour.example/index-2.txt",
            "harbour.example/2026/ferry.txt",
            "harbour.example/2026/ferry-2.txt",
            "harbour.example/2026/Ferry-3.txt",
            "harbour.example/2026/ferry_id_7.txt",
            "harbour.example/_con.txt",
            "harbour.example/a/_aux.txt",
        ]
    )


def test_one_address_many_times(tmp_path: Path) -> None:
    short = b"<p>The ferry is back."
    (tmp_path / "crawl.warc").write_bytes(b"".join(record(HOST + "/a", short) for _ in range(300)))
    assert run("clean", "crawl.warc", "-o", "out", cwd=tmp_path).returncode == 0
    names = {"a.txt", *(f"a-{number}.txt" for number in range(2, 301))}
    assert {path.name for path in (tmp_path / "out/harbour.example").iterdir()} == names


def test_members_never_leave_the_folder(tmp_path: Path) -> None:
    names = [
        "../../up.html",
        "/abs.html",
        "a\\..\\..\\back.html",
        "C:\\drive.html",
        "a/../../b.html",
        "\x1b[31mred.html",
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/one.zip").write_bytes(zipped(*((name, PAGE) for name in names)))
    (tmp_path / "in/two.tar").write_bytes(tarred(*((name, PAGE) for name in (*names, "\udcff.html"))))
    done = run("clean", "in", "-o", "out", cwd=tmp_path)
    assert (done.returncode, complaints(done.stderr)) == (0, "")
    expected = ["C_/drive.txt", "_31mred.txt", "a/b.txt", "a/back.txt", "abs.txt", "up.txt"]
    assert set(files(tmp_path)) == {
        "in/one.zip",
        "in/two.tar",
        "out/two/_.txt",
        *(f"out/{archive}/{name}" for archive in ("one", "two") for name in expected),
    }


def test_members_are_named_by_their_place() -> None:
    found = by_name("news/a.html", "news/b.htm.gz", "news\\c.html", "a/./d.html", "", "...", "line 1")
    assert found == [f"saved/{name}.txt" for name in ("news/a news/b news/c a/d page page-2 line_1").split()]
    assert placed(("a.html", None), item=Input("-")) == ["stdin/a.txt"]


def test_names_that_differ_only_in_case_or_accents_count_as_the_same() -> None:
    assert by_address(f"{HOST}/Ferry", f"{HOST}/ferry", f"{HOST}/FERRY.html") == [
        f"harbour.example/{name}.txt" for name in ("Ferry", "ferry-2", "FERRY-3")
    ]
    assert by_name("é.html", "É.html", "é.htm") == [f"saved/{name}.txt" for name in ("é", "É-2", "é-3")]


@pytest.mark.parametrize("name", ["Fa\u0308hre", "हिन्दी", "ที่นี่", "தமிழ்"])
def test_names_in_any_script(name: str) -> None:
    (found,) = by_name(f"{name}.html")
    assert unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", f"saved/{name}.txt")


@pytest.mark.parametrize("name", ["con", "CON", "aux.html", "nul.txt", "Com1.htm", "lpt9.tar", "prn.x.y"])
def test_names_that_windows_keeps(name: str) -> None:
    for found in (*by_address(f"{HOST}/{name}", f"{HOST}/{name}/x"), *by_name(name, f"{name}/x.html")):
        assert not [part for part in PurePosixPath(found).parts if DEVICE.fullmatch(part)]


def test_dots_at_the_end_and_characters_that_a_disk_may_refuse() -> None:
    found = by_address(f"{HOST}/a.../b. /c.", f'{HOST}/a<b>c:d"e|f*g', f"{HOST}:80/x\0y", "http://[::1]/x")
    assert found == [
        "harbour.example/a/b._/c.txt",
        "harbour.example/a_b_c_d_e_f_g.txt",
        "harbour.example_80/x_y.txt",
        "_1_/x.txt",
    ]


@pytest.mark.parametrize("text", ["港" * 300, "x" * 5000, "é/" * 500, "?q=" + "ferry+" * 900, "%E6%B8%AF" * 300])
def test_long_addresses_end_in_a_mark_of_their_own(text: str) -> None:
    found = by_address(f"{HOST}/{text}a", f"{HOST}/{text}b")
    assert len(set(found)) == 2
    for path in found:
        assert re.fullmatch(r"harbour\.example/.+-[0-9a-f]{10}\.txt", path)
        assert max(len(part.encode()) for part in PurePosixPath(path).parts) < 140
        assert len(path.encode()) < 220


def test_long_names_in_archives_can_be_written(tmp_path: Path) -> None:
    (tmp_path / ("港" * 80 + ".zip")).write_bytes(zipped(("港" * 300 + ".html", PAGE), ("d/" * 300 + "a.html", PAGE)))
    done = run("clean", tmp_path, "-o", tmp_path / "out")
    assert (done.returncode, complaints(done.stderr), len(files(tmp_path / "out"))) == (0, "", 2)


def test_thousands_of_pages_of_one_address() -> None:
    found = by_address(*[f"{HOST}/a"] * 20_000)
    assert len(set(found)) == 20_000
    assert found[-1] == "harbour.example/a-20000.txt"


def test_a_name_that_counting_would_give() -> None:
    found = by_address(*[f"{HOST}/a", f"{HOST}/a-2", f"{HOST}/a", f"{HOST}/a-2", f"{HOST}/a"])
    assert len(set(found)) == 5


def test_a_file_never_stands_where_a_folder_must() -> None:
    found = by_address(f"{HOST}/a", f"{HOST}/a.txt/b", f"{HOST}/c.txt/d", f"{HOST}/c")
    assert found == [f"harbour.example/{name}.txt" for name in ("a", "a-2.txt/b", "c.txt/d", "c-2")]


def test_pages_of_one_folder_stay_together_where_it_was_renamed() -> None:
    found = by_address(f"{HOST}/a", f"{HOST}/a.txt/b", f"{HOST}/a.txt/c")
    assert PurePosixPath(found[1]).parent == PurePosixPath(found[2]).parent


def test_folders_stay_as_they_are_where_no_file_has_their_name() -> None:
    found = by_address(f"{HOST}/A/b", f"{HOST}/a/c", f"{HOST}/a/b")
    assert found == [f"harbour.example/{name}.txt" for name in ("A/b", "a/c", "a/b-2")]


def test_a_file_that_is_named_like_a_device() -> None:
    item = Input("in/con.html", Path("in"))
    assert Mirror(Path("out"), ".txt", [item]).path(item) == Path("out/_con.txt")


def test_an_archive_that_is_named_like_a_device() -> None:
    assert not DEVICE.fullmatch(PurePosixPath(by_name("a.html", item="con.zip")[0]).parts[0])


character = st.characters(exclude_categories=()) | st.sampled_from('aAéÉ./\\:?*<>|"% \0\n~-_港ß\u0301\u202e')
text = st.text(character, max_size=40) | st.sampled_from(
    ["con", "aux.html", "..", ".", "", "a", "A", "a.txt", "a-2", "a.html", "nul.txt.gz", "/etc/passwd", "x" * 300]
)
names = st.lists(text, max_size=4).map("/".join)
addresses = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https", "file"]), text, names) | text
inputs = st.sampled_from([CRAWL, Input("in/saved.zip", Path("in")), Input("-")])
members = st.lists(st.tuples(inputs, names, st.none() | addresses), max_size=12)


def key(path: Path) -> str:
    """What a disk may tell a file by."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", str(path)).casefold())


@given(members)
@example([(CRAWL, "a", f"{HOST}/a.txt/b"), (CRAWL, "a", f"{HOST}/a"), (CRAWL, "a", f"{HOST}/A.TXT/b")])
def test_any_names_and_addresses(members: list[tuple[Input, str, str | None]]) -> None:
    mirror = Mirror(Path("out"), ".txt", [CRAWL, Input("in/saved.zip", Path("in")), Input("-")])
    paths = [mirror.path(item, name, address) for item, name, address in members]
    keys = {key(path) for path in paths}
    assert len(keys) == len(paths)
    for path in paths:
        first, *parts = path.parts
        assert first == "out"
        assert parts
        assert path.suffix == ".txt"
        assert not {key(folder) for folder in path.parents} & keys, "a file where a folder must be"
        for part in parts:
            assert len(part.encode()) < 200
            assert part == part.strip(" ").rstrip(".") != ""
            assert not re.search(r'[\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]', part)
            assert not DEVICE.fullmatch(part)
