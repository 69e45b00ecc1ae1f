"""The measures on small texts whose numbers were worked out by hand, and the block cut on a small page."""

from __future__ import annotations

import pytest

from benchmarks.blocks import blocks
from cleaner.training.evaluate.cruft import cruft_score, tokens
from cleaner.training.evaluate.measures import by_type, measure, shingle_score, snippet_score, word_overlap, word_score
from cleaner.training.sets import Row

PIER = "The long pier opens on Saturday after two winters"
FERRY = "The ferry will call there again"
STORM = "Nobody had crossed the bridge since the storm"
LETTER = "Sign up for our letter and never miss a story"


class TestWords:
    def test_counts_shared_words_whatever_their_case(self) -> None:
        score = word_overlap("The pier opens on Saturday", "the pier opened on saturday again")
        assert score.precision == pytest.approx(4 / 5)
        assert score.recall == pytest.approx(4 / 6)
        assert score.f1 == pytest.approx(8 / 11)

    def test_a_word_counts_as_often_as_both_have_it(self) -> None:
        score = word_overlap("pier pier pier", "pier pier")
        assert score.precision == pytest.approx(2 / 3)
        assert score.recall == 1.0
        assert score.f1 == pytest.approx(0.8)

    @pytest.mark.parametrize(
        ("output", "gold", "f1"), [("", "", 1.0), ("pier", "", 0.0), ("", "pier", 0.0), ("ferry", "pier", 0.0)]
    )
    def test_empty_and_foreign_texts(self, output: str, gold: str, f1: float) -> None:
        assert word_overlap(output, gold).f1 == f1

    def test_a_set_is_the_mean_of_its_pages(self) -> None:
        score = word_score([("pier", "pier"), ("", "ferry"), ("pier pier pier", "pier pier")])
        assert score.f1 == pytest.approx((1 + 0 + 0.8) / 3)
        assert score.precision == pytest.approx((1 + 0 + 2 / 3) / 3)

    def test_by_page_type(self) -> None:
        rows = [Row("a", type="forum", gold="pier"), Row("b", type="forum", gold="pier"), Row("c", type="article")]
        assert by_type({"a": "pier", "b": "", "c": "pier"}, rows) == {"forum": 0.5}


class TestFourGrams:
    def test_means_are_taken_before_f1_and_no_output_has_no_precision(self) -> None:
        # Page 1: one of the gold's two shingles; page 2: no output for one short shingle.
        score = shingle_score([("one two three four", "one two three four five"), ("", "six seven")])
        assert (score.precision, score.recall) == (1.0, 0.25)
        assert score.f1 == pytest.approx(0.4)
        assert score.accuracy == 0.0

    def test_order_matters_and_case_does(self) -> None:
        assert shingle_score([("four three two one", "one two three four")]).f1 == 0.0
        assert shingle_score([("One two three four", "one two three four")]).f1 == 0.0

    def test_punctuation_does_not(self) -> None:
        assert shingle_score([("one, two – three: four!", "one two three four")]).accuracy == 1.0


class TestSnippets:
    def test_counts_over_all_pages_with_white_space_made_equal(self) -> None:
        first = Row("a", present=("two  boats", "a crane"), absent=("Sign up",))
        second = Row("b", present=("the ferry",), absent=("Read more", "Share"))
        score = snippet_score([("There were two\nboats. Sign up!", first), ("It was the ferry.", second)])
        # Found: "two boats", "the ferry" of three wanted; "Sign up" of three unwanted.
        assert score.precision == pytest.approx(2 / 3)
        assert score.recall == pytest.approx(2 / 3)
        assert score.f1 == pytest.approx(2 / 3)
        assert score.leak == pytest.approx(1 / 3)


class TestCruft:
    def test_one_page_with_asks_and_one_without(self) -> None:
        rows = [
            Row(
                "asks",
                blocks=(
                    ("body", PIER),
                    ("newsletter", LETTER),
                    ("social", "Share"),
                    ("related", "Read more about the harbour"),
                    ("donation", "The ferry will call"),
                    ("body", FERRY),
                ),
            ),
            Row("plain", blocks=(("title", "A storm came"), ("body", STORM))),
        ]
        score = cruft_score({"asks": f"{PIER}. Read more about the harbour.", "plain": STORM}, rows)
        # The long body block has 9 of 15 words. "Share" is too short, and the article has the donation's words.
        assert score.keep == pytest.approx((9 / 15 + 1) / 2)
        assert (score.clean, score.asking, score.asking_pages) == (0.5, 0.0, 1)
        assert (score.ask_leak, score.ask_blocks) == (0.0, 1)
        assert score.cruft_leak == pytest.approx(1 / 2)
        assert (score.leak["related"], score.leak["newsletter"], score.leak["donation"]) == (1.0, 0.0, 0.0)

    def test_an_ask_left_makes_a_page_unclean(self) -> None:
        rows = [Row("a", blocks=(("body", PIER), ("paywall", LETTER)))]
        assert cruft_score({"a": f"{PIER} {LETTER}"}, rows).clean == 0.0
        assert cruft_score({"a": f"{PIER}"}, rows).asking == 1.0

    def test_half_of_the_five_word_runs_make_a_block_present(self) -> None:
        rows = [Row("a", blocks=(("body", PIER),))]
        # Nine words have five runs of five: seven words hold three of them, six hold two.
        assert cruft_score({"a": "The long pier opens on Saturday after"}, rows).keep == 1.0
        assert cruft_score({"a": "The long pier opens on Saturday"}, rows).keep == 0.0

    def test_a_short_block_must_stand_there_whole(self) -> None:
        rows = [Row("a", blocks=(("body", "The pier is open"),))]
        assert cruft_score({"a": "Now the pier is open."}, rows).keep == 1.0
        assert cruft_score({"a": "Now the pier is opening."}, rows).keep == 0.0

    def test_clean_from_ninety_five_percent_on(self) -> None:
        long = " ".join(f"word{i}" for i in range(57))
        assert cruft_score({"a": long}, [Row("a", blocks=(("body", long), ("body", "two or three")))]).clean == 1.0
        assert cruft_score({"a": long}, [Row("a", blocks=(("body", long), ("body", "two or even three")))]).clean == 0.0

    def test_a_missing_output_is_empty(self) -> None:
        assert cruft_score({}, [Row("a", blocks=(("body", PIER),))]).keep == 0.0

    def test_scripts_without_spaces_give_a_token_a_character(self) -> None:
        assert tokens("港口 Pier 9") == ["港", "口", "pier", "9"]


def test_measure_takes_what_the_rows_allow() -> None:
    assert set(measure({"a": PIER}, [Row("a", gold=PIER)])) == {"word", "four_gram", "word_f1_by_type"}
    assert set(measure({"a": PIER}, [Row("a", present=("pier",))])) == {"snippet"}
    assert set(measure({"a": PIER}, [Row("a", blocks=(("body", PIER),))])) == {"cruft"}


class TestCut:
    def test_a_block_is_a_run_of_inline_text_in_a_block_element(self) -> None:
        page = b"""<html><head><title>No</title></head><body>
            <div class="story wide" id="x">Lead <b>in</b>line<p>The <a href="/">pier</a>
            opens<br>soon</p>after</div><ul><li>one<li>two</ul></body></html>"""
        assert [cut.text for cut in blocks(page)] == ["Lead inline", "The pier opens soon", "after", "one", "two"]
        assert [cut.hint for cut in blocks(page)][:2] == ["html>body>div.story.wide", "html>body>div.story.wide>p"]

    def test_what_is_not_seen_is_left_out_and_does_not_part_a_block(self) -> None:
        page = b"""<body><p>The<script>no()</script><!-- no --> pier<span style="DISPLAY: none">no</span> opens</p>
            <p hidden>no</p><noscript>no</noscript><select><option>no</select><p>today</p></body>"""
        assert [cut.text for cut in blocks(page)] == ["The pier opens", "today"]

    @pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
    def test_utf8_if_it_is_else_as_declared(self, encoding: str) -> None:
        page = '<meta charset="iso-8859-1"><p>Brücke</p>'.encode(encoding)
        assert [cut.text for cut in blocks(page)] == ["Brücke"]

    def test_deep_and_empty_pages(self) -> None:
        assert [cut.text for cut in blocks(b"<div>" * 200 + b"pier" + b"</div>" * 200)] == ["pier"]
        assert blocks(b"") == []
