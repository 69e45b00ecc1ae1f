"""What a file or folder is taken for."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_pages import ADDRESS, PAGE, ruled

import cleaner
from cleaner.user.rules import RuleSet
from cleaner.user.sources import sources

TOML = '[[rule]]\ncss = ".support"\nlabel = "donation"\n'
LINE = "css:.support -> donation\n"
FILTERS = "[Adblock Plus 2.0]\n! Title: boxes\n##.support\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.rules", LINE, "RuleSet"),
        ("a.rules", "## my rules\n" + LINE, "RuleSet"),
        ("a.rules", TOML, "RuleSet"),
        ("a.rules", "", "RuleSet"),
        ("a.toml", TOML, "RuleSet"),
        ("a.TOML", "# nothing yet", "RuleSet"),
        ("a.txt", LINE, "RuleSet"),
        ("a.txt", "##.box is what they call it\n" + LINE, "RuleSet"),
        ("a.txt", TOML, "RuleSet"),
        ("a.txt", FILTERS, "CosmeticFilters"),
        ("a.txt", "! comment\npaper.example##.support\n", "CosmeticFilters"),
        ("a.txt", "##.support\n", "CosmeticFilters"),
        ("a", "paper.example#@#.support\n", "CosmeticFilters"),
    ],
)
def test_a_file(tmp_path: Path, name: str, content: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    (source,) = sources(path)
    assert (type(source).__name__, source.mistakes) == (kind, ())


def test_a_folder_is_of_site_configs(tmp_path: Path) -> None:
    (tmp_path / "paper.example.txt").write_text("strip: //div[@class='support']\n")
    (source,) = sources([str(tmp_path)])
    assert type(source).__name__ == "FtrConfigs"


def test_one_site_config_is_told_from_rules(tmp_path: Path) -> None:
    path = tmp_path / "paper.example.txt"
    path.write_text("body: //article\nstrip: //aside\n")
    with pytest.raises(ValueError, match=r"looks like a file of ftr-site-config: give the folder"):
        sources(path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x08\x00\x12")
    with pytest.raises(ValueError, match="is no text"):
        cleaner.Cleaner(rules=path)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"nothing\.rules"):
        cleaner.Cleaner(rules=[tmp_path / "nothing.rules"])


def test_files_are_asked_in_order_and_named_where_there_are_several(tmp_path: Path) -> None:
    first, second = tmp_path / "first.rules", tmp_path / "second.toml"
    first.write_text(f"# all of it\n{LINE}text:engines -> drop\n")
    second.write_text('[[rule]]\nname = "button"\nwas = "donation"\ntext = "chip in"\nkeep = true\n')
    doc = cleaner.Cleaner(rules=[first, str(second)], model=False).clean(PAGE, ADDRESS)
    assert ruled(doc) == {"The paper": "donation", "Chip in": "body", "Two engines": "other"}
    reasons = [block.reason for block in doc.blocks if "user rule" in block.reason]
    assert reasons == [
        "user rule 1 of first.rules",
        "user rule 1 of second.toml (button)",
        "user rule 2 of first.rules",
    ]
    alone = cleaner.Cleaner(rules=first, model=False).clean(PAGE, ADDRESS)
    assert {block.reason for block in alone.asks[0].blocks} == {"user rule 1"}


def test_what_was_read_is_taken_as_it_is() -> None:
    rules = RuleSet.parse(LINE)
    assert sources(rules) == sources([rules]) == (rules,)
