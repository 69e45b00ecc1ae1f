"""Fingerprints, and tables of them that stay within their bounds."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Label
from cleaner.site.fingerprint import Keys, clauses, fingerprint, normal
from cleaner.site.tally import LABELS, Known, Tally, of_kind

PAGES = st.lists(st.dictionaries(st.integers(0, 30), st.integers(0, LABELS - 1), max_size=12), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 days left", "12 DAYS  left"),
        ("Only €1.50 a week", "only €9.99 a\nweek"),
        ("Straße", "STRASSE"),
        ("٣ أيام", "٧ أيام"),
        ("ﬁnd", "find"),
    ],
    ids=["figures", "amounts", "case", "Arabic figures", "ligature"],
)
def test_texts_that_differ_in_form_only_share_a_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [("3 days left", "days left"), ("a b", "ab"), ("", "0")])
def test_other_texts_do_not(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_stays_what_it_is() -> None:
    # Profiles and corrections that were stored have it.
    assert fingerprint("Support us from 5 crowns a month!") == "99b24fcc0c0254de"


@given(st.text())
def test_any_text_has_a_fingerprint_and_clauses(text: str) -> None:
    assert len(bytes.fromhex(fingerprint(text))) == 8
    assert fingerprint(normal(text)) == fingerprint(text)
    assert len(clauses(normal(text))) <= 8


def test_a_longer_filling_changes_few_clauses() -> None:
    form = (
        "In {} the desk moves to the net loft by the old ferry, and whoever likes may come and see how a page is made"
    )
    one, other = (clauses(normal(form.format(filling))) for filling in ("May", "a month and a half or rather less"))
    assert len(set(one) & set(other)) >= len(one) - 1


def added(pages: list[dict[int, int]], most: int = 1000) -> Tally:
    tally = Tally([most] * 4)
    for day, page in enumerate(pages):
        keys = np.asarray(list(page), np.uint64)
        tally.add(keys, np.asarray(list(page.values()), np.uint8), day)
    return tally


@given(PAGES)
def test_a_tally_counts_as_a_dictionary_does(pages: list[dict[int, int]]) -> None:
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for page in pages:
        for key, label in page.items():
            counts[key][label] += 1
    tally = added(pages)
    wanted = np.asarray([[counts.get(key, Counter())[label] for label in range(LABELS)] for key in range(40)])
    assert (tally.look(np.arange(40, dtype=np.uint64)) == wanted).all()
    assert len(tally) == len(counts)
    rows = tally.rows()
    assert rows.keys.tolist() == sorted(counts)
    assert (tally.look(np.arange(40, dtype=np.uint64)) == wanted).all()
    assert rows.days.tolist() == [max(d for d, page in enumerate(pages) if key in page) for key in sorted(counts)]


def keys(*numbers: int) -> Keys:
    """Keys of one kind."""
    return of_kind(np.asarray(numbers, np.uint64) * 4, 0)


def test_past_its_bound_a_tally_lets_go_of_what_came_once_and_long_ago() -> None:
    always = keys(*range(50))
    tally = Tally([1000] * 4)
    for page in range(400):
        shown = np.concatenate([always, keys(*range(1000 + 20 * page, 1020 + 20 * page))])
        tally.add(shown, np.full(len(shown), list(Label).index(Label.BODY), np.uint8))
        assert len(tally) <= 1000 + 300
    assert tally.look(always).sum(axis=1).tolist() == [400] * 50
    assert tally.look(keys(*range(1000 + 20 * 399, 1020 + 20 * 399))).sum() == 20
    assert tally.look(keys(*range(1000, 1020))).sum() == 0


def test_what_repeats_is_bounded_too() -> None:
    tally = Tally([1000] * 4)
    for start in range(0, 8000, 40):
        for _ in range(2):
            tally.add(keys(*range(start, start + 40)), np.zeros(40, np.uint8))
    assert len(tally) <= 1000 + 300


def test_a_kind_does_not_take_the_room_of_another() -> None:
    tally = Tally([1000, 100, 100, 100])
    blocks = keys(*range(900))
    tally.add(blocks, np.zeros(900, np.uint8))
    for page in range(50):
        tally.add(of_kind(keys(*range(100 * page, 100 * page + 100)), 1), np.zeros(100, np.uint8))
    assert tally.look(blocks).sum() == 900


def test_known_keys_are_bounded_and_the_last_are_among_them() -> None:
    known = Known(2000)
    for key in range(20_000):
        known.add(key)
    assert 1000 <= len(known.keys()) <= 2000
    assert 19_999 in known
    assert 0 not in known
    assert len(Known.of(2000, [np.arange(9000, dtype=np.uint64)]).keys()) <= 2000
