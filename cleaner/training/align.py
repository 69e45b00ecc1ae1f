"""Gold to blocks: which blocks of a page its gold says are of the article, and what the labelled ones are.

A long block is of the article where most of its runs of four words stand in the gold. A short one only where it
stands there next to what stands next to it in the page, so that a menu item that happens to be a word of the article
is not taken for it. What nobody said is UNKNOWN, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from cleaner.document import Label

UNKNOWN = -1
_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_SHINGLE = 4
_LONG = 6
_MOST = 0.6
_CONTEXT = 3
_REACH = 4
_UNSPACED = 0x2E80
_SNIPPET_SHARE = 0.5
_LEAST_SNIPPET = 4
_AGREED = 0.6
_LABELS = {label: i for i, label in enumerate(Label)}


def tokens(text: str) -> list[str]:
    """Lower-case words; in scripts without spaces each character is one."""
    found: list[str] = []
    for word in _WORD.findall(text.replace("\u00ad", "").lower()):
        found.extend(word if ord(word[0]) >= _UNSPACED else [word])
    return found


def align_gold(texts: Sequence[str], gold: str) -> list[int]:
    """Return 1 for each block that is of the gold text and 0 for each that is not."""
    wanted = tokens(gold)
    shingles = {tuple(wanted[i : i + _SHINGLE]) for i in range(len(wanted) - _SHINGLE + 1)}
    line = f" {' '.join(wanted)} "
    blocks = [tokens(text) for text in texts]
    return [
        int(_is_in(words, shingles) if len(words) >= _LONG else _is_in_context(blocks, i, line))
        for i, words in enumerate(blocks)
    ]


def _is_in(words: list[str], shingles: set[tuple[str, ...]]) -> bool:
    own = [tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)]
    return sum(shingle in shingles for shingle in own) >= _MOST * len(own)


def _is_in_context(blocks: Sequence[list[str]], i: int, line: str) -> bool:
    words = blocks[i]
    if not words or f" {' '.join(words)} " not in line:
        return False
    after = next((blocks[k] for k in range(i + 1, min(i + _REACH, len(blocks))) if blocks[k]), None)
    before = next((blocks[k] for k in range(i - 1, max(i - _REACH, -1), -1) if blocks[k]), None)
    if after is not None and f" {' '.join(words + after[:_CONTEXT])} " in line:
        return True
    return before is not None and f" {' '.join(before[-_CONTEXT:] + words)} " in line


def gold_recall(texts: Sequence[str], body: Sequence[int], gold: str) -> float:
    """The share of the gold's words that the blocks marked 1 hold."""
    wanted = Counter(tokens(gold))
    got = Counter(word for text, mark in zip(texts, body, strict=True) if mark == 1 for word in tokens(text))
    return (wanted & got).total() / max(1, wanted.total())


def align_snippets(texts: Sequence[str], present: Sequence[str], absent: Sequence[str]) -> list[int]:
    """Return 1 for blocks with a snippet that the article holds, 0 for those with one that it does not, else UNKNOWN.

    A block with both is UNKNOWN.
    """
    wanted, unwanted = [_normal(s) for s in present], [_normal(s) for s in absent]
    marks = []
    for text in map(_normal, texts):
        good, bad = _meets(text, wanted), _meets(text, unwanted)
        marks.append(UNKNOWN if good == bad else int(good))
    return marks


def _normal(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\u00ad", "")).strip()


def _meets(text: str, snippets: Sequence[str]) -> bool:
    for snippet in snippets:
        if snippet and snippet in text:
            return True
        if text.count(" ") >= _LEAST_SNIPPET and text in snippet:
            return True
    return False


def align_labels(texts: Sequence[str], labelled: Sequence[tuple[str, str]]) -> tuple[list[int], int, int]:
    """Carry labels from one cut of a page over to another.

    labelled holds label and text of blocks in page order. Return for each text the index of its label in
    :class:`Label`, or UNKNOWN; then the first block that has one and the one behind the last.
    """
    known = [Label(label) for label, _ in labelled]
    ours, theirs = [tokens(text) for text in texts], [tokens(text) for _, text in labelled]
    votes: list[Counter[Label]] = [Counter() for _ in texts]
    same = SequenceMatcher(None, [" ".join(w) for w in theirs], [" ".join(w) for w in ours], autojunk=False)
    a = b = 0
    for match in same.get_matching_blocks():
        _vote_by_words(votes, ours, theirs, known, (a, match.a), (b, match.b))
        for k in range(match.size):
            votes[match.b + k][known[match.a + k]] += max(1, len(ours[match.b + k]))
        a, b = match.a + match.size, match.b + match.size
    found = [_elected(vote, len(words)) for vote, words in zip(votes, ours, strict=True)]
    inside = [i for i, label in enumerate(found) if label != UNKNOWN]
    return found, (inside[0] if inside else 0), (inside[-1] + 1 if inside else 0)


def _vote_by_words(
    votes: list[Counter[Label]],
    ours: Sequence[list[str]],
    theirs: Sequence[list[str]],
    known: Sequence[Label],
    their_range: tuple[int, int],
    our_range: tuple[int, int],
) -> None:
    """Between blocks that are alike in both cuts: word by word."""
    left = [(word, i) for i in range(*their_range) for word in theirs[i]]
    right = [(word, i) for i in range(*our_range) for word in ours[i]]
    if not left or not right:
        return
    words = SequenceMatcher(None, [word for word, _ in left], [word for word, _ in right], autojunk=False)
    for match in words.get_matching_blocks():
        for k in range(match.size):
            votes[right[match.b + k][1]][known[left[match.a + k][1]]] += 1


def _elected(vote: Counter[Label], words: int) -> int:
    if not vote:
        return UNKNOWN
    label, count = vote.most_common(1)[0]
    return _LABELS[label] if count >= _AGREED * max(1, words) else UNKNOWN
