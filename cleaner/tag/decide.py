"""What the rules found and what the tagger says, joined into one label, one confidence and one reason a block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.document import ARTICLE, ASKS, Kind, Label, PageType
from cleaner.html.blocks import Blocks
from cleaner.html.hints import Hints
from cleaner.later import Later
from cleaner.tag.advice import Advice, advised, counselled, told
from cleaner.tag.characters import Floats
from cleaner.tag.evidence import gather
from cleaner.tag.features import features
from cleaner.tag.groups import grouped, made_whole
from cleaner.tag.page_type import page_type
from cleaner.tag.repeats import drop_repeats
from cleaner.tag.rules import SETTLED, Rules
from cleaner.tag.tagger import Opinion, Tagger
from cleaner.tag.verdict import Verdict
from cleaner.twin import twin

THRESHOLD = 0.5
"""The chance of body from which a block of an article is body."""
LOWEST = 0.4
"""On other pages, where often no block is sure, the chance goes down to this, as the page has it."""
LONG = (200, 600)
"""Blocks of body by the rules: from so many the rules count as well, from so many they alone."""
LABELS = tuple(Label)
_INDEX = {label: i for i, label in enumerate(LABELS)}
_BODY = _INDEX[Label.BODY]
SURE = 0.8
"""The confidence from which what the rules say counts as such; weak signs of the markup are below."""
CERTAIN = 0.85
_TELLING = 50
ASKING = 0.5
SURELY_ASKING = 0.8
LEAST_LIKELIEST = 0.35
LEAST_SILENT = 0.45
OUT_OF_QUESTION = 0.6
SURELY_OTHER = 0.85
"""The chance of another label from which it stands against a standfirst that the rules found. At 0.7 the standfirsts of
26 of 1,600 made pages went, at 0.8 of 6, at 0.85 of 4; without a bound notes of editors that ask came out too."""
_ASKS = sorted(_INDEX[label] for label in ASKS)
WHOLE = frozenset({Kind.TABLE, Kind.LIST_ITEM})
APART = 0.25
"""Where the chances in a table or list deviate by more than this, it is a layout that holds this and that."""
_OF_ARTICLES = frozenset({PageType.ARTICLE, PageType.OTHER})
_CLOSE = 0.25
TOLD = frozenset({Label.ADVERTISEMENT, Label.SOCIAL, Label.APP_PROMO})
"""Cruft that the rules know by what it says."""
FLAT = 1e-6
_STRONG = 3.0
_NOT_SURE = 0.6
_STANDS_OUT = 0.4
_IS_ARTICLE = np.asarray([label in ARTICLE for label in Label], np.bool_)


def decide(blocks: Blocks, hints: Hints, tagger: Tagger | None = None, advice: Sequence[Advice] = ()) -> Verdict:
    """Label every block of a page: by the written rules, and where there is a tagger by what it makes of them.

    advice is weighed in with either.
    """
    kind = page_type(hints, blocks)
    rules = Rules(gather(blocks, hints, kind), kind)
    verdict = rules.run()
    if not len(blocks):
        return verdict
    if tagger is not None:
        verdict = settle(verdict, tagger.tag(features(rules, verdict)), blocks, advice)
    elif advice:
        counselled(verdict, advice)
    drop_repeats(verdict, blocks)
    return verdict


def settle(verdict: Verdict, opinion: Opinion, blocks: Blocks, advice: Sequence[Advice] = ()) -> Verdict:
    """Return the final verdict: the tagger's, but where the rules overrule it.

    The reason names the rule where one overruled the tagger or was as sure of the same label, and the advice where it
    turned the scale.
    """
    opinion = replace(opinion, body=_together(opinion, _by_length(opinion.body, verdict), blocks))
    labels = _choose(opinion, blocks, verdict)
    turned: dict[int, str] = {}
    if advice:
        opinion = advised(opinion, advice)
        labels, turned = _turned(labels, _choose(opinion, blocks, verdict), opinion, advice)
    ruled = _overruled(verdict, opinion, labels, advice)
    for i in ruled:
        labels[i] = verdict.labels[i]
    asking = not ASKS.isdisjoint(labels)
    if asking:
        whole = made_whole(labels, verdict, blocks)
        # A scrap of an ask that the rules found says nothing to the tagger: it is the rules' decision.
        ruled |= {i for i, label in enumerate(whole) if label is not labels[i] and label is verdict.labels[i]}
        labels = whole
    body = sum([words for label, words in zip(labels, blocks.words, strict=True) if label is Label.BODY])
    # Where a page shows hardly any text its shape says nothing of its type.
    page_type = opinion.page_type if body >= _TELLING else verdict.page_type
    confidences, reasons = _accounts(verdict, opinion, labels, ruled)
    for i in turned.keys() - ruled:
        reasons[i] = turned[i]
        if labels[i] is not Label.BODY:
            # Advice speaks of body or not; the tagger's shares of the labels know nothing of it.
            confidences[i] = round(float(1.0 - opinion.body[i]), 4)
    asks = grouped(labels, verdict) if asking else [-1] * len(labels)
    final = Verdict(labels, confidences, reasons, asks, page_type)
    final.walls = [(first, last) for first, last in verdict.walls if Label.PAYWALL in labels[first : last + 1]]
    return final


def _turned(
    before: list[Label], after: list[Label], opinion: Opinion, advice: Sequence[Advice]
) -> tuple[list[Label], dict[int, str]]:
    """The labels after advice was weighed in, and the reasons of those that it turned.

    It turns blocks to and from body. What is cruft either way has the label that strong advice names, unless the tagger
    is sure of another.
    """
    labels, reasons = list(after), {}
    odds = np.sum([one.odds for one in advice], axis=0)
    chances = _chances(opinion)
    for i in np.flatnonzero(odds).tolist():
        old, new = before[i], after[i]
        label, reason = told(advice, i)
        if (old is Label.BODY) is not (new is Label.BODY):
            reasons[i] = reason
            if new is not Label.BODY:
                labels[i] = label or _cruft(new, chances[i])
        elif label and odds[i] >= _STRONG and not {old, new} & ARTICLE and chances[i, _INDEX[new]] < _NOT_SURE:
            labels[i], reasons[i] = label, reason
    return labels, reasons


def _cruft(label: Label, chances: Floats) -> Label:
    """A label of cruft for a block that advice took from the body: the likeliest, if any of them stands out."""
    shares = np.where(_IS_ARTICLE, 0.0, chances)
    if label in ARTICLE:
        label = LABELS[int(shares.argmax())]
    return label if shares[_INDEX[label]] >= _STANDS_OUT * shares.sum() else Label.OTHER


def _accounts(
    verdict: Verdict, opinion: Opinion, labels: list[Label], ruled: set[int]
) -> tuple[Later[float], Later[str]]:
    """The confidence and the reason of every label."""
    own, second, other = (_fits(opinion) and COMPILED.seconds(opinion, labels)) or seconds(opinion, labels)
    by_tagger = (COMPILED.tagged if COMPILED else tagged)(labels, verdict)
    for i in ruled:
        by_tagger[i] = False
    confidences = partial(_confidences, own, [(i, verdict.confidences[i]) for i in ruled])
    reasons = partial(_reasons, verdict.reasons, by_tagger, own, second, other)
    return Later(len(labels), confidences), Later(len(labels), reasons)


def tagged(labels: Sequence[Label], verdict: Verdict) -> list[bool]:
    """For each block whether its label is the tagger's alone: the rules say another, or are not sure."""
    rows = zip(labels, verdict.labels, verdict.confidences, strict=True)
    return [rule is not label or sure < SURE for label, rule, sure in rows]


def seconds(opinion: Opinion, labels: Sequence[Label]) -> tuple[Floats, Floats, NDArray[Any]]:
    """The chance of each block's label, the greatest other one and which label has it."""
    chances = _chances(opinion)
    places = np.arange(len(labels)), np.asarray([_INDEX[label] for label in labels])
    own = chances[places]
    chances[places] = -1.0
    return own, chances.max(axis=1), chances.argmax(axis=1)


def _confidences(own: Floats, ruled: Sequence[tuple[int, float]]) -> list[float]:
    confidences = [round(confidence, 4) for confidence in own.tolist()]
    for i, confidence in ruled:
        confidences[i] = confidence
    return confidences


def _reasons(
    by_rules: Sequence[str], tagged: Sequence[bool], own: Floats, second: Floats, other: NDArray[Any]
) -> list[str]:
    reasons = list(by_rules)
    rows = zip(tagged, own.tolist(), second.tolist(), other.tolist(), strict=True)
    for i, (by_tagger, confidence, close, runner_up) in enumerate(rows):
        if by_tagger:
            beside = f" ({LABELS[runner_up]} {close:.2f})" if close >= _CLOSE else ""
            reasons[i] = f"tagger {confidence:.2f}{beside}"
    return reasons


def _bound(opinion: Opinion, blocks: Blocks) -> float:
    """The chance of body from which a block is of it."""
    if opinion.page_type in _OF_ARTICLES:
        return THRESHOLD
    return threshold(opinion.body, np.asarray(blocks.words, np.float32))


def _by_length(chances: Floats, verdict: Verdict) -> Floats:
    """The chances, on very long texts more and more those of the rules where these see body.

    The tagger learnt from stretches of up to 900 blocks; a book on one page looks like nothing that it knows.
    """
    few, many = LONG
    share = min(max((verdict.labels.count(Label.BODY) - few) / (many - few), 0.0), 1.0)
    if not share:
        return chances
    body = np.asarray([label is Label.BODY for label in verdict.labels])
    ruled = (1.0 - share) * chances + share * np.asarray(verdict.confidences, np.float32)
    return np.where(body, ruled, chances).astype(np.float32)


def _together(opinion: Opinion, chances: Floats, blocks: Blocks) -> Floats:
    by_twin: Floats | None = COMPILED.together(chances, blocks) if _fits(opinion) else None
    return together(chances, blocks) if by_twin is None else by_twin


def together(chances: Floats, blocks: Blocks) -> Floats:
    """The chances with one for all cells of a table, their mean by words, and so for lists: they stay or go whole.

    Not where the chances lie far apart: pages are laid out in tables and lists too, with the article in one item.
    """
    group = np.asarray([g if k in WHOLE else -1 for g, k in zip(blocks.group, blocks.kind, strict=True)])
    parts = np.nonzero(group >= 0)[0]
    if not len(parts):
        return chances
    _, which = np.unique(group[parts], return_inverse=True)
    words = np.asarray(blocks.words, np.float32)[parts] + 1
    weight = np.bincount(which, words)
    mean = np.bincount(which, words * chances[parts]) / weight
    off = chances[parts] - mean[which]
    alike = (np.bincount(which, words * off * off) <= APART * APART * weight)[which]
    whole = chances.copy()
    whole[parts[alike]] = mean[which][alike]
    return whole


def whole_tables(labels: list[Label], blocks: Blocks) -> list[Label]:
    """The labels with one for all cells of a table where some are body and some an ask: what most of its words are.

    All of its cells have one chance of body; that the price in one of them sounds like an ask splits no table.
    """
    cells: dict[int, list[int]] = {}
    for i, kind in enumerate(blocks.kind):
        if kind is Kind.TABLE and blocks.group[i] >= 0:
            cells.setdefault(blocks.group[i], []).append(i)
    for table in cells.values():
        asks = [labels[i] for i in table if labels[i] in ASKS]
        words = sum(blocks.words[i] + 1 for i in table if labels[i] is Label.BODY)
        if not asks or not words:
            continue
        of_body = 2 * words >= sum(blocks.words[i] + 1 for i in table)
        for i in table:
            labels[i] = Label.BODY if of_body else max(asks, key=asks.count)
    return labels


def _overruled(verdict: Verdict, opinion: Opinion, labels: list[Label], advice: Sequence[Advice]) -> set[int]:
    """The blocks that the rules decide against the tagger.

    The headline; an ask that is only quoted; a standfirst, unless the tagger is sure of another label or advice speaks
    against it; what it took for body though on an article it is of an ask, or on a page that both take for none it is
    surely something else; the prose of the page's own footer.
    """
    of_article = opinion.page_type in _OF_ARTICLES
    neither = not of_article and verdict.page_type not in _OF_ARTICLES
    ruled = {i for i in verdict.reported if labels[i] in ASKS}
    lost = [i for i in verdict.standfirsts if labels[i] is not Label.BODY] if of_article else []
    lost = [i for i in lost if not any(one.odds[i] > 0 for one in advice)]
    if lost:
        chances = _chances(opinion)
        ruled |= {i for i in lost if chances[i, _INDEX[labels[i]]] < SURELY_OTHER}
    return ruled | (COMPILED.overruled if COMPILED else overruled)(labels, verdict, of_article, neither)


def overruled(labels: Sequence[Label], verdict: Verdict, of_article: bool, neither: bool) -> set[int]:
    """As of ``_overruled``, but for asks that are only quoted; by what kind of page both or one take it for."""
    ruled = set()
    title, body = Label.TITLE, Label.BODY
    for i, (rule, label) in enumerate(zip(verdict.labels, labels, strict=True)):
        if rule is title:
            ruled.add(i)
        elif label is body and rule is not body:
            least = (SURE if of_article else math.inf) if rule in ASKS else (CERTAIN if neither else SETTLED)
            if verdict.confidences[i] >= least:
                ruled.add(i)
    return ruled


def threshold(chances: Floats, words: Floats) -> float:
    """The chance from which blocks are taken, so that the F1 of words expected of the page is greatest.

    The best threshold is half of the best F1 (Lipton, Elkan and Naryanaswamy 2014): on a page that nobody could be
    sure of it lies low. words weigh the blocks.
    """
    order = np.argsort(-chances, kind="stable")
    taken, hit = np.cumsum(words[order]), np.cumsum((chances * words)[order])
    expected = 2 * hit / (taken + hit[-1] + FLAT)
    return min(max(float(chances[order][int(expected.argmax())]), LOWEST), THRESHOLD) - FLAT


def _choose(opinion: Opinion, blocks: Blocks, verdict: Verdict) -> list[Label]:
    bound = _bound(opinion, blocks)
    by_twin: list[Label] | None = COMPILED.choose(opinion, verdict, bound) if _fits(opinion) else None
    return whole_tables(by_twin or choose(opinion, verdict, bound), blocks)


def choose(opinion: Opinion, verdict: Verdict, bound: float) -> list[Label]:
    """Body from the bound on, or where nothing else is as likely nor sure by the rules; else the likeliest other label.

    What is likelier an ask than not must surely be body. A block of which no word, place or markup speaks of asks is
    one only where the tagger is sure of it.
    """
    chances = _chances(opinion)
    # Added up in the order of the labels, so that the last bit is the same everywhere.
    asking = sum((opinion.labels[:, k] for k in _ASKS[1:]), start=opinion.labels[:, _ASKS[0]])
    silent = np.ones(len(asking), bool)
    silent[list(verdict.speaking)] = False
    chances[np.flatnonzero(silent & (asking < SURELY_ASKING))[:, None], _ASKS] = 0.0
    chances[:, _BODY] = -1.0
    best = chances.argmax(axis=1)
    questioned = (asking > ASKING) & (opinion.body < OUT_OF_QUESTION) & ~silent
    cruft = np.asarray(
        [rule in TOLD and sure >= SURE for rule, sure in zip(verdict.labels, verdict.confidences, strict=True)],
        np.bool_,
    )
    likeliest = (opinion.body > LEAST_LIKELIEST) & (opinion.body > chances.max(axis=1))
    likeliest |= silent & (opinion.body > LEAST_SILENT)
    body = ((opinion.body > bound) | (likeliest & ~cruft)) & ~questioned
    return [Label.BODY if is_body else LABELS[k] for is_body, k in zip(body.tolist(), best.tolist(), strict=True)]


def _chances(opinion: Opinion) -> Floats:
    """The chance of each label for each block: of body as it is, of the others their shares of what is left."""
    rest = np.maximum(1.0 - opinion.labels[:, _BODY], FLAT)
    chances = opinion.labels * ((1.0 - opinion.body) / rest)[:, None]
    chances[:, _BODY] = opinion.body
    return np.asarray(np.minimum(chances, 1.0), np.float32)


def _fits(opinion: Opinion) -> bool:
    """Whether there is a twin, and the opinion is as it needs it and models give it."""
    return COMPILED is not None and opinion.body.dtype == np.float32 == opinion.labels.dtype


# Last, for the twin takes names from here.
COMPILED: Any = twin("cleaner.tag._decide")
