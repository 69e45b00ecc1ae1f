"""Files of profiles, ours and strangers'."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Label, SiteProfile, clean
from tests.site.made import DISCLAIMER, page, plain, saved


def profile() -> SiteProfile:
    return SiteProfile.learn(clean(saved(i, page(i, (-1, DISCLAIMER)))) for i in range(4))


GOOD: dict[str, Any] = json.loads(profile().to_json())
MORE = next(iter(GOOD["blocks"]["more"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def packed(*keys: int) -> str:
    return b64encode(b"".join(key.to_bytes(8, "big") for key in keys)).decode()


def test_a_cleaner_takes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    path.write_text(profile().to_json(), "utf-8")
    document = Cleaner(site=path).clean(page(9, (-1, DISCLAIMER)))
    assert DISCLAIMER not in document.text
    assert Cleaner(site=str(path)).clean(page(9, (-1, DISCLAIMER))) == document


def test_no_text_of_a_page_is_in_the_file() -> None:
    assert not any(word in profile().to_json() for word in ("Whoever", "whoever", "Gazette", "gazette.example"))


def test_what_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        SiteProfile.load(tmp_path / "nowhere.json")


def test_a_mistake_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "site.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"site\.json"):
        SiteProfile.load(tmp_path / "site.json")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "kind": ({"kind": "model"}, "no site profile"),
    "schema": ({"schema": 99}, "schema 99, not 1"),
    "pages": ({"pages": -1}, "pages is no number"),
    "pages true": ({"pages": True}, "pages is no number"),
    "pages huge": ({"pages": 10**30}, "pages is no number"),
    "pages missing": ({"pages": None}, "pages is no number"),
    "seen": ({"seen": "!!"}, "seen holds no fingerprints"),
    "seen cut": ({"seen": "AAAA"}, "seen holds no fingerprints"),
    "seen order": ({"seen": packed(2, 1)}, "ascending"),
    "seen twice": ({"seen": packed(1, 1)}, "ascending"),
    "seen many": ({"seen": packed(*range(1_000_001))}, "more than 1,000,000"),
    "blocks": ({"blocks": []}, "blocks is no table"),
    "once": ({"blocks": {"once": [], "more": {}}}, "blocks is no table"),
    "label": ({"blocks": {"once": {"advert": {"0": ""}}, "more": {}}}, "'advert' is no label"),
    "day": ({"blocks": {"once": {"body": {"-1": ""}}, "more": {}}}, "is no day"),
    "day far": ({"blocks": {"once": {"body": {"99999": ""}}, "more": {}}}, "a day is no number"),
    "days": ({"blocks": {"once": {"body": "AAAA"}, "more": {}}}, "holds no fingerprints"),
    "twice": ({"blocks": {"once": {"body": {"0": packed(8)}, "other": {"0": packed(8)}}, "more": {}}}, "twice"),
    "key": ({"blocks": {"once": {}, "more": {"xyz": [0, {"body": 2}]}}}, "no fingerprint"),
    "key capital": ({"blocks": {"once": {}, "more": {"ABCDEFABCDEFABCD": [0, {"body": 2}]}}}, "no fingerprint"),
    "row": ({"blocks": {"once": {}, "more": {MORE: {"body": 2}}}}, "no day and labels"),
    "count": ({"blocks": {"once": {}, "more": {MORE: [0, {"body": 1.5}]}}}, "a count is no number"),
    "too many": ({"blocks": {"once": {}, "more": {MORE: [0, {"body": 4, "other": 1}]}}}, "5 of 4 pages"),
    "too few": ({"blocks": {"once": {}, "more": {MORE: [0, {"body": 1}]}}}, "1 of 4 pages"),
    "paths": ({"paths": {"once": {"body": {"0": packed(*range(2, 200_010, 4))}}, "more": {}}}, "more than 50,000"),
    "another kind": ({"paths": {"once": {"body": {"0": packed(4)}}, "more": {}}}, "another kind"),
    "said": ({"said": {MORE: []}}, "no list of labels"),
    "said label": ({"said": {MORE: ["advert"]}}, "'advert' is no label"),
    "said none": ({"said": None}, "said is no table"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_what_is_no_profile_is_refused(name: str) -> None:
    change, why = WRONG[name]
    with pytest.raises(ValueError, match=why):
        SiteProfile.from_json(json.dumps(GOOD | change))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000, '"\ud800"', "1" * 10_000, "NaN"])
def test_what_is_no_json_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        SiteProfile.from_json(text)


@given(st.sampled_from(sorted(GOOD)), JSON)
def test_a_file_is_a_profile_or_refused(field: str, value: object) -> None:
    try:
        made = SiteProfile.from_json(json.dumps(GOOD | {field: value}))
    except ValueError:
        return
    # What was taken works: it can be asked, taught and stored.
    Cleaner(site=made, model=False).clean(page(3, (-1, DISCLAIMER)))
    made.observe(plain(5, ("ferry", Label.BODY)))
    assert SiteProfile.from_json(made.to_json()).pages == made.pages


@given(st.sampled_from(["blocks", "clauses", "paths", "pairs"]), st.sampled_from(["once", "more"]), JSON)
def test_a_table_is_one_or_refused(table: str, part: str, value: object) -> None:
    changed = GOOD | {table: GOOD[table] | {part: value}}
    try:
        made = SiteProfile.from_json(json.dumps(changed))
    except ValueError:
        return
    assert SiteProfile.from_json(made.to_json()).to_json() == made.to_json()
