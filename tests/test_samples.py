"""Every sample page gives exactly its article, and every ask on it is named."""

from __future__ import annotations

import subprocess
import sys
from html import escape

import pytest

import cleaner
from cleaner import Label
from cleaner.training.evaluate.measures import word_overlap

from .conftest import SAMPLES, Sample, read_sample, sample_folders
from .tag.stories import STORY, paragraphs

ASKS = ("newsletter", "donation", "paywall")
# Shorter strings stand in other blocks of a page as well, in any role.
TELLING = 12
LEAST = 0.9
LEAST_OF_SHOPS = 0.7
MOSTLY = 0.6
ASKING = {Label(ask) for ask in ASKS}
RULES = cleaner.Cleaner(model=False)


def document(sample: Sample) -> cleaner.Document:
    if sample.page.suffix == ".txt":
        return cleaner.clean_text(sample.page.read_text("utf-8"))
    return cleaner.clean(sample.page.read_bytes(), url=sample.about.get("url"))


def test_only_the_article_comes_out_by_the_rules(sample: Sample) -> None:
    if sample.page.suffix == ".txt":
        text = document(sample).text
    else:
        text = RULES.clean(sample.page.read_bytes(), url=sample.about.get("url")).text
    assert text + "\n" == sample.article


def test_nearly_nothing_but_the_article_comes_out(sample: Sample) -> None:
    overlap = word_overlap(document(sample).text, sample.article)
    # What belongs to a shop's description is a matter of taste, and the model's is that of its sets.
    assert overlap.precision >= (LEAST_OF_SHOPS if sample.about["page_type"] == "product" else LEAST)
    assert overlap.recall >= LEAST


def test_no_table_is_article_in_part_and_ask_in_part(sample: Sample) -> None:
    tables: dict[int, set[Label]] = {}
    columns = document(sample).columns
    for kind, group, label in zip(columns.kinds, columns.groups, columns.labels, strict=True):
        if kind == "table":
            tables.setdefault(group, set()).add(label)
    assert not [found for found in tables.values() if Label.BODY in found and found & ASKING]


def test_a_page_in_one_item_of_a_list_is_cleaned_as_any() -> None:
    teasers = "".join(f"<p><a href=/{n}>Goat number {n} elected mayor of Wick</a></p>" for n in range(9))
    inner = f"<h1>Last ferry sails</h1>{paragraphs(STORY)}<aside><h2>Read next</h2>{teasers}</aside>"
    doc = cleaner.clean(f"<html lang=en><title>Last ferry sails</title><body><ul><li>{inner}</li></ul>")
    assert [block.text for block in doc.blocks if block.label is Label.BODY] == STORY


def test_most_samples_come_out_word_for_word() -> None:
    samples = list(map(read_sample, sample_folders()))
    exact = [document(sample).text + "\n" == sample.article for sample in samples]
    assert sum(exact) >= MOSTLY * len(samples)


def test_the_headline_is_the_title(sample: Sample) -> None:
    doc = document(sample)
    assert doc.title == sample.about["title"]
    shown = [block for block in doc.blocks if block.text == sample.about["title"]]
    assert not shown or any(block.label is Label.TITLE for block in shown)


def test_access_and_page_type(sample: Sample) -> None:
    doc = document(sample)
    assert (doc.page_type, doc.access) == (sample.about["page_type"], sample.about["access"])


def test_no_ask_is_left_in_any_view(sample: Sample) -> None:
    doc = document(sample)
    for label in ASKS:
        for ask in sample.about.get("asks", {}).get(label, []):
            if len(ask) >= TELLING:
                assert ask not in doc.text
                assert ask not in doc.markdown


def test_nearly_all_asks_are_named() -> None:
    found = wanted = 0
    for sample in map(read_sample, sample_folders()):
        blocks = document(sample).blocks
        for label in ASKS:
            for ask in sample.about.get("asks", {}).get(label, []):
                labels = {block.label for block in blocks if ask in block.text}
                if len(ask) >= TELLING and labels:
                    wanted += 1
                    found += not labels.isdisjoint(ASKS)
    assert wanted > 300
    assert found >= 0.85 * wanted


def test_other_cruft_is_gone(sample: Sample) -> None:
    doc = document(sample)
    if sample.about["page_type"] == "product":
        doc = RULES.clean(sample.page.read_bytes(), url=sample.about.get("url"))
    for strings in sample.about.get("gone", {}).values():
        for text in strings:
            if len(text) >= TELLING:
                assert text not in doc.text


def test_every_removed_block_says_why(sample: Sample) -> None:
    doc = document(sample)
    assert all(block.reason and 0.0 <= block.confidence <= 1.0 for block in doc.blocks)


def test_a_page_with_an_article_has_no_warning(sample: Sample) -> None:
    assert document(sample).warnings == ()


def test_there_are_enough_samples() -> None:
    samples = [read_sample(folder) for folder in sample_folders()]
    assert len(samples) >= 30
    assert len({sample.about["language"].partition("-")[0] for sample in samples}) >= 12


@pytest.mark.parametrize("box", ["div", "aside", "section", ""])
@pytest.mark.parametrize("before", [2, 6, 12])
def test_the_letter_goes_wherever_it_stands(box: str, before: int) -> None:
    sample = read_sample(SAMPLES / "wire-story-letter-text")
    story = sample.article.split("\n\n")
    story[-1] = story[-1].rstrip()
    lines = [" ".join(line.split()) for line in sample.page.read_text("utf-8").split("\n") if line.strip()]
    first = lines.index(story[-1]) + 1
    opening, asks = lines[: lines.index(story[0])], lines[first:]

    def paragraphs(texts: list[str]) -> str:
        return "".join(f"<p>{escape(text)}</p>" for text in texts)

    letter = f"<{box}>{paragraphs(asks)}</{box}>" if box else paragraphs(asks)
    page = paragraphs(opening + story[:before]) + letter + paragraphs(story[before:])
    assert cleaner.clean(f"<html><body><article>{page}</article></body></html>").text == "\n\n".join(story)


def test_the_command_line_cleans_all_samples(tmp_path) -> None:  # type: ignore[no-untyped-def]
    run = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", *sample_folders(), "-o", f"{tmp_path}/", "-f", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    # Of each folder the page, and what must come out of it.
    assert len(list(tmp_path.rglob("*.json"))) == 2 * len(sample_folders())
