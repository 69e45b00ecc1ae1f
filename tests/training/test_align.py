"""Gold text, snippets and labels of another cut, carried over to blocks."""

from cleaner.document import Label
from cleaner.training.align import UNKNOWN, align_gold, align_labels, align_snippets, gold_recall, tokens

LABELS = list(Label)
STORY = [
    "The bridge over the river stays closed until the spring, the council said on Monday evening.",
    "Costs",
    "Repairs were to have begun last autumn, but no firm made an offer that the town could pay.",
]


def test_long_blocks_by_their_words_short_ones_by_their_neighbours() -> None:
    page = ["Home", "Costs", "Sport", *STORY, "Read more about the bridge and the river and the town here"]
    assert align_gold(page, "\n".join(STORY)) == [0, 0, 0, 1, 1, 1, 0]


def test_soft_hyphens_split_no_word() -> None:
    text = "The bridge over the river stays closed until the spring"
    assert align_gold([text.replace("bridge", "bri\u00addge")], text) == [1]


def test_a_script_without_spaces() -> None:
    text = "橋は春まで閉鎖されると町は発表した"
    assert len(tokens(text)) == len(text)
    assert align_gold([text, "購読のご案内はこちらからどうぞ"], text) == [1, 0]


def test_recall_tells_gold_that_is_not_in_the_page() -> None:
    assert gold_recall(STORY, [1, 1, 1], "\n".join(STORY)) == 1.0
    assert gold_recall(STORY, [1, 0, 0], "\n".join(STORY)) < 0.6
    assert gold_recall(["Something else"], [0], "\n".join(STORY)) == 0.0


def test_snippets_leave_the_rest_unknown() -> None:
    page = ["Menu", STORY[0], STORY[2], "Sign up for our newsletter"]
    assert align_snippets(page, ["stays closed until the spring"], ["our newsletter"]) == [UNKNOWN, 1, UNKNOWN, 0]


def test_a_block_with_both_kinds_of_snippets_is_unknown() -> None:
    assert align_snippets([STORY[0]], ["the bridge", "the river"], ["the council"]) == [UNKNOWN]
    assert align_snippets([STORY[0]], ["over the river"], ["no such words"]) == [1]


def test_labels_of_another_cut() -> None:
    labelled = [
        ("navigation", "Home Sport"),
        ("body", f"{STORY[0]} {STORY[2]}"),
        ("newsletter", "Sign up for our letter"),
    ]
    page = ["Before the range", "Home", "Sport", STORY[0], STORY[2], "Sign up for our letter", "After it"]
    found, first, last = align_labels(page, labelled)
    names = [LABELS[i] if i != UNKNOWN else None for i in found]
    assert names == [None, "navigation", "navigation", "body", "body", "newsletter", None]
    assert (first, last) == (1, 6)


def test_no_labels_at_all() -> None:
    assert align_labels(STORY, []) == ([UNKNOWN] * 3, 0, 0)
