"""Which inputs are found, and that no two of them share a result."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.files import Mirror, write_whole
from cleaner.load.inputs import Input, find_inputs


def never(name: str, what: str) -> None:
    raise AssertionError(f"{name}: {what}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.html", "b.HTM", "c.xhtml", "d.txt", "e.png", "sub/f.html", "sub.html", "[g].html"):
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<p>words")
    return tmp_path


def names(found: list[Input]) -> list[str]:
    return [item.name for item in found]


def test_a_folder_is_searched_in_order(folder: Path) -> None:  # noqa: ARG001
    files = ["[g].html", "a.html", "b.HTM", "c.xhtml", "d.txt", "sub/f.html", "sub.html"]
    assert names(find_inputs(["pages"], never)) == ["pages/" + name for name in files]


def test_each_page_once(folder: Path) -> None:
    found = find_inputs(["pages/a.html", "./pages/a.html", str(folder / "pages/a.html"), "pages", "-", "-"], never)
    assert len(found) == 8
    assert names(found)[:1] == ["pages/a.html"]


def test_globs(folder: Path) -> None:
    assert names(find_inputs(["pages/*.h*"], never)) == ["pages/[g].html", "pages/a.html", "pages/sub.html"]
    assert names(find_inputs([str(folder / "pages/**/f.html")], never)) == [str(folder / "pages/sub/f.html")]
    assert names(find_inputs(["pages/s*"], never)) == ["pages/sub/f.html", "pages/sub.html"]
    assert names(find_inputs(["pages/[g].html"], never)) == ["pages/[g].html"]
    assert names(find_inputs(["https://harbour.example/?q=[a]*"], never)) == ["https://harbour.example/?q=[a]*"]


def test_nothing_found(folder: Path) -> None:
    (folder / "bare").mkdir()
    said: list[tuple[str, str]] = []
    assert find_inputs(["bare", "pages/*.pdf"], lambda name, what: said.append((name, what))) == []
    assert said == [("bare", "holds no file that is named like a page"), ("pages/*.pdf", "no file matches")]


def test_the_results_of_an_earlier_run_are_no_pages(folder: Path) -> None:
    assert "pages/sub/f.html" not in names(find_inputs(["pages"], never, folder / "pages/sub"))
    assert len(find_inputs(["pages"], never, folder / "pages")) == 7


def placed(*given: tuple[str, str | None]) -> list[str]:
    inputs = [Input(name, None if root is None else Path(root)) for name, root in given]
    mirror = Mirror(Path("out"), ".txt", inputs)
    return [mirror.path(item).as_posix() for item in inputs]


def test_mirrored_names() -> None:
    assert placed(("p/a.html", "p"), ("p/x/b.htm", "p")) == ["out/a.txt", "out/x/b.txt"]
    assert placed(("p/a.html", "p"), ("q/a.html", "q")) == ["out/p/a.txt", "out/q/a.txt"]
    assert placed(("../a.html", ".."), ("b.html", "")) == ["out/a.txt", f"out/{Path.cwd().name}/b.txt"]
    assert placed(("a.html", ""), ("a.htm", ""), ("A.txt", "")) == ["out/a.txt", "out/a-2.txt", "out/A-3.txt"]
    assert placed(("v1.2", ""), (".html", "")) == ["out/v1.2.txt", "out/.html.txt"]
    assert placed(("a.html", ""), ("a.txt/b.html", "")) == ["out/a.txt", "out/a-2.txt/b.txt"]
    assert placed(("-", None), ("stdin.html", "")) == ["out/stdin.txt", "out/stdin-2.txt"]


def test_mirrored_addresses() -> None:
    site = "https://reader:secret@harbour.example:8080"
    assert placed((site, None)) == ["out/harbour.example_8080/index.txt"]
    assert placed((site + "/news/", None)) == ["out/harbour.example_8080/news/index.txt"]
    assert placed((site + "/news/ferry.html?id=7&p=2#top", None)) == [
        "out/harbour.example_8080/news/ferry_id_7_p_2.txt"
    ]
    assert placed((site + "/../..//%2e/x", None)) == ["out/harbour.example_8080/_/_/_2e/x.txt"]
    assert placed(("http://[", None)) == ["out/page.txt"]


part = st.sampled_from(
    ["a", "A", "a.html", "a.htm", "a.txt", "a-2", "a-2.txt", "b.html", "\u00e9", "e\u0301", "a.txt.html"]
)
paths = st.lists(part, min_size=1, max_size=3).map("/".join).map(lambda name: Input(name, Path(name).parent))
pages = st.lists(part | st.just(".."), max_size=3).map("/".join)
addresses = st.builds(
    "http://{}/{}{}".format, st.sampled_from(["a", "a.html"]), pages, st.sampled_from(["", "?a", "?b"])
)
inputs = st.lists(
    paths | addresses.map(Input) | st.text(max_size=300).map("http://{}".format).map(Input) | st.just(Input("-"))
)


@given(inputs)
def test_no_two_inputs_share_a_result(inputs: list[Input]) -> None:
    mirror = Mirror(Path("out"), ".txt", inputs)
    results = [mirror.path(item) for item in inputs]
    keys = {str(path).casefold() for path in results}
    assert len(keys) == len(inputs)
    for path in results:
        assert path.parts[0] == "out"
        assert ".." not in path.parts
        assert path.suffix == ".txt"
        assert not {str(parent).casefold() for parent in path.parents} & keys, "a file where a folder must be"


def test_writing_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new/out.txt"
    write_whole(path, "words é \ud800\n")
    assert path.read_bytes() == "words é ?\n".encode()
    write_whole(path, "other\n")
    assert path.read_text() == "other\n"
    assert os.listdir(path.parent) == ["out.txt"]  # noqa: PTH208


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    write_whole(path, "old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["out.txt"]


def test_links_and_devices_stay(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "real.txt")
    write_whole(link, "words")
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_text() == "words"
    write_whole(Path(os.devnull), "words")
    assert not Path(os.devnull).is_file()
