"""Rules on the command line: what is said of them, and the exit status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rules_pages import ADDRESS, PAGE

RULES = """# the boxes
css:.support -> legal
text:engines -> drop
css:article -> keep
site:paper.example text:"chip in" -> newsletter
css:img -> drop
css:.nothing -> drop
was:title -> drop
css:h1 -> drop
css:figure text:Monday -> caption
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return path


def rules_file(folder: Path, text: str, name: str = "my.rules") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_clean_with_rules(tmp_path: Path, page: Path) -> None:
    rules = rules_file(tmp_path, "css:body -> drop\nregex:^Two -> keep\n")
    done = run("clean", "--rules", rules, page)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Two engines were replaced")
    done = run("clean", "--rules", rules, "--explain", page)
    assert done.stdout.count("user rule 1 ") == done.stdout.count("\n") - 1


def test_clean_says_what_is_wrong_and_goes_on(tmp_path: Path, page: Path) -> None:
    one = rules_file(tmp_path, "css:body -> drop\ncss:p -> advert\n")
    two = rules_file(tmp_path, '[[rule]]\nregex = "^Two"\nkeep = true\n[[rule]]\ncss = "[["\ndrop = true\n', "my.toml")
    done = run("clean", "--rules", one, "--rules", two, page)
    assert done.returncode == 1
    assert (
        done.stdout
        == "Two engines were replaced, and the crew took the ferry on four trials before anybody came on board.\n"
    )
    said = done.stderr.splitlines()
    assert said[0].startswith(f'{one}:2: no label "advert": did you mean advertisement?')
    assert said[1] == f"{two}:5: css: Malformed attribute selector at position 0"


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path, page: Path) -> None:
    done = run("clean", "--rules", tmp_path / "no.rules", page)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no.rules: No such file or directory" in " ".join(done.stderr.split())


def test_check_tells_mistakes(tmp_path: Path) -> None:
    good, bad = rules_file(tmp_path, RULES), rules_file(tmp_path, "css:p -> advert\ncss:p -> drop", "bad.rules")
    done = run("rules", "check", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{good}: 9 rules\n", "")
    done = run("rules", "check", good, bad)
    assert (done.returncode, done.stdout) == (1, f"{good}: 9 rules\n{bad}: 1 rule, and mistakes\n")
    assert done.stderr.startswith(f'{bad}:1: no label "advert"')


def told(output: str) -> dict[int, list[str]]:
    """What is said of each rule, line by line."""
    parts = output.split("\nrule ")[1:]
    return {int(part.split(",")[0]): [line.strip() for line in part.strip().splitlines()] for part in parts}


def after(line: str) -> str:
    """What a block became, and what it says."""
    return " ".join(line.partition("->")[2].split())


def test_check_tells_what_each_rule_does(tmp_path: Path, page: Path) -> None:
    rules = rules_file(tmp_path, RULES)
    done = run("rules", "check", rules, "--page", page, "--url", ADDRESS)
    assert (done.returncode, done.stderr) == (0, "")
    said = told(done.stdout)
    assert said[1][0] == "1, line 2: css:.support -> legal"
    assert said[1][1] == "2 blocks on 1 page; shadowed: all of them were decided by user rule 3, user rule 4"
    assert said[1][2] == str(page)
    assert [after(line) for line in said[1][3:]] == [
        "body The paper runs on people who read it every day. (by user rule 3)",
        "newsletter Chip in today (by user rule 4)",
    ]
    assert said[2][1].startswith("1 block on 1 page; shadowed: all of them were decided by user rule 3")
    assert said[3][1].startswith("11 blocks on 1 page; 3 of them were decided by user rule ")
    assert said[3][-1] == "… and 6 more"
    assert after(said[4][3]) == "newsletter Chip in today"
    assert said[5][1] == "selects 1 element, but no block that all of it holds for"
    assert said[6][1:] == ["matched nothing"]
    assert said[7][1] == "1 block on 1 page; shadowed: all of them were decided by user rule 8"
    assert " ".join(said[8][3].split()) == "title -> other Harbour reopens"
    assert said[9][1] == "1 block on 1 page; no label changed"


def test_check_over_several_files_and_pages(tmp_path: Path, page: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("a.html", "b.html"):
        (tmp_path / "more" / name).write_text(PAGE)
    one = rules_file(tmp_path, "css:.support -> legal\n")
    two = rules_file(tmp_path, "text:chip -> keep\n", "two.rules")
    done = run("rules", "check", one, two, "--page", page, "--page", tmp_path / "more")
    first, second = (told(part)[1] for part in done.stdout.split(f"{two}:"))
    assert first[1] == "6 blocks on 3 pages; 3 of them were decided by user rule 1 of two.rules"
    assert "Chip in today  (by user rule 1 of two.rules)" in done.stdout
    assert second[1] == "3 blocks on 3 pages"


def test_check_takes_lists_of_others_and_pages_that_are_not_there(tmp_path: Path) -> None:
    filters = rules_file(tmp_path, "! Title: boxes\n##.support\n", "filters.txt")
    done = run("rules", "check", filters, "--page", tmp_path / "no.html")
    assert (done.returncode, done.stdout) == (1, f"{filters}: filters or ftr-site-config\n")
    assert "no.html" in done.stderr
