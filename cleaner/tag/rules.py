"""The written rules: a label, a confidence and a reason for every block, from the evidence alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from cleaner.document import ASKS, Kind, Label, PageType
from cleaner.tag.asks import AskFinder, Group
from cleaner.tag.cards import find_cards
from cleaner.tag.content import find_frame
from cleaner.tag.conventions import ARTICLE, CONVENTIONS
from cleaner.tag.evidence import GROUPED, SHORT, Evidence
from cleaner.tag.stamps import is_counter, is_stamp
from cleaner.tag.standfirst import LEAD_REACH, find_standfirsts
from cleaner.tag.structure import FOOT, Sign
from cleaner.tag.verdict import Verdict
from cleaner.twin import twin

LINKY = 0.7
SETTLED = 0.97
"""How sure the rules are of what no tagger knows better."""
_COVERED = 0.2
_BRIEF = 12
CAPTION_WORDS = 80
_BOX_BLOCKS = 2
BOX_WORDS = 4
OF_ARTICLE = frozenset({Label.TITLE, Label.BODY, Label.CAPTION, Label.BYLINE})
_TAIL = 4
_ALIKE = 3
FEW_WORDS = 60
_CREDIT_WORDS = 14
_LEAD_ZONES = frozenset({Label.RELATED, Label.BYLINE, Label.NAVIGATION, Label.SOCIAL, Label.OTHER})
_SMALL_PAGE = 12
_UNSURE = frozenset({Label.NAVIGATION, Label.OTHER, Label.BYLINE})
_UNSURE_CONFIDENCE = 0.6
LINKED_PROSE = 25
BIO_WORDS = 60
ARTICLE_WORDS = 100
NAME_LENGTH = 60
_NAME_SHARE = 0.33
BYLINE_WORDS = 25
_NEVER_WEAK = frozenset({Kind.CODE, Kind.TABLE})
OF_ASKS = GROUPED | {"part", "wall", "salutation"}
NOT_CAPTIONS = frozenset({Kind.TABLE, Kind.CODE, Kind.QUOTE, Kind.HEADING, Kind.LIST_ITEM})


class Rules:
    """Goes over a page's blocks once all evidence is there; rules that are surer come first."""

    def __init__(self, evidence: Evidence, kind: PageType) -> None:
        self.evidence = evidence
        self.blocks = evidence.blocks
        self.page_type = kind
        self.convention = CONVENTIONS.get(kind, ARTICLE)
        self.cards = [False] * len(self.blocks) if self.convention.cards else find_cards(evidence)
        self.frame = find_frame(
            evidence,
            (COMPILED.cruft if COMPILED else cruft)(self.cards, evidence.zone),
            links=self.convention.teasers,
            title=evidence.title if self.convention.one else -1,
        )
        self._finder = AskFinder(evidence, self.frame)
        self.groups = self._finder.run()
        self._group_of = {i: n for n, group in enumerate(self.groups) for i in group.blocks}
        self._headlines = self._find_headlines()
        self.first_prose = self._find_first_prose()
        self._comments = self._find_comments()
        above = max(self.frame.headline, self.frame.core_first)
        self._prose_above = evidence.total[above] - evidence.total[self.frame.core_first]
        self._makes: set[tuple[str, ...]] | None = None

    def run(self) -> Verdict:
        """Decide."""
        verdict = Verdict([], [], [], [], self.page_type)
        if COMPILED is None:
            self.decide_all(verdict)
        else:
            COMPILED.decide_all(self, verdict)
        if len(self.blocks) <= _SMALL_PAGE and Label.BODY not in verdict.labels:
            self._take_what_there_is(verdict)
        verdict.greetings = self._finder.greetings(self.groups)
        if self.convention.lead:
            verdict.standfirsts = find_standfirsts(self.evidence, self.frame, verdict.labels) - verdict.speaking
        verdict.walls = [(group.blocks[0], group.blocks[-1]) for group in self.groups if self._is_wall(group)]
        return verdict

    def decide_all(self, verdict: Verdict) -> None:
        """Fill a verdict, block by block."""
        verdict.asks = [self._group_of.get(i, -1) for i in range(len(self.blocks))]
        for i in range(len(self.blocks)):
            label, confidence, reason = self._decide(i)
            verdict.labels.append(label)
            verdict.confidences.append(confidence)
            verdict.reasons.append(f"rule {reason}")
            if label not in ASKS:
                verdict.asks[i] = -1
            zone, cues = self.evidence.zone[i], self.evidence.cues[i]
            if cues.certain and label is Label.BODY and self._finder.is_reported(i):
                verdict.reported.add(i)
            if cues.certain or cues.hints > 1 or label in ASKS or (zone is not None and zone.label in ASKS):
                verdict.speaking.add(i)

    def _take_what_there_is(self, verdict: Verdict) -> None:
        """A page of a few short blocks and no prose: its text is what nothing speaks against."""
        for i, label in enumerate(verdict.labels):
            plain = label in _UNSURE and self.evidence.zone[i] is None and self.evidence.link_share[i] < LINKY
            if plain and self.blocks.kind[i] is not Kind.CONTROL and verdict.confidences[i] <= _UNSURE_CONFIDENCE:
                verdict.labels[i], verdict.confidences[i], verdict.reasons[i] = Label.BODY, 0.4, "rule all there is"

    def _is_wall(self, group: Group) -> bool:
        return group.label is Label.PAYWALL and any(self.evidence.cues[i].wall for i in group.blocks)

    def _decide(self, i: int) -> tuple[Label, float, str]:
        frame = self.frame
        if i in self._headlines:
            return Label.TITLE, 0.95, "headline"
        if i in self._group_of:
            return self._ask(i)
        found = self._by_markup(i) if self.evidence.zone[i] is not None else None
        found = found or (self._by_words(i) if self.evidence.hits[i] else None) or self._by_form(i)
        if found is not None:
            if found[0] is Label.CAPTION and not self._is_near(i):
                return Label.RELATED, 0.6, f"{found[2]} outside the article"
            return found
        if frame.core_first <= i < frame.core_last or (self.convention.whole_frame and frame.first <= i < frame.last):
            return self._in_core(i)
        if self._leads_in(i):
            return Label.BODY, 0.7, "lead"
        if self.convention.one and frame.first <= i < frame.last and self._is_made_like_core(i):
            return Label.BODY, 0.7, "made like the article"
        return self._outside(i)

    def _is_near(self, i: int) -> bool:
        """Whether a caption stands where the article's own pictures do: not among those of other stories."""
        first = min(self.frame.core_first, self.frame.headline) if self.frame.headline >= 0 else self.frame.core_first
        return min(first, self.frame.first) <= i < self.frame.core_last

    # Surely not of the article.

    def _is_cruft(self, i: int) -> bool:
        return _is_cruft(self.cards[i], self.evidence.zone[i])

    def _ask(self, i: int) -> tuple[Label, float, str]:
        group, zone = self.groups[self._group_of[i]], self.evidence.zone[i]
        if not group.greets and (phrase := self._sure_phrase(i, group.label)):
            return group.label, 0.95, phrase
        if zone is not None and zone.label is group.label:
            return group.label, 0.9, f"markup {zone.token}"
        if group.greets:
            return group.label, 0.7, "greeting"
        return group.label, 0.85, f"group of {self._sure_phrase(group.seed, group.label) or group.label}"

    def _sure_phrase(self, i: int, label: Label) -> str:
        """The first phrase in a block that is of a label and more than a hint; empty where there is none."""
        phrases = (hit.phrase for hit in self.evidence.hits[i])
        return next((str(phrase) for phrase in phrases if phrase.label == label and phrase.strength != "hint"), "")

    def _by_markup(self, i: int) -> tuple[Label, float, str] | None:
        zone = self.evidence.zone[i]
        if zone is None:
            return None
        if zone.weak and (
            self.evidence.prose[i] or not self.convention.weak_signs or self.blocks.kind[i] in _NEVER_WEAK
        ):
            return None
        if zone is FOOT:
            # What is short there says what it is: a notice of rights, a link.
            return (zone.label, SETTLED, f"markup {zone.token}") if self.evidence.prose[i] else None
        words = self.blocks.words[i]
        if zone.label is Label.BYLINE and words > BYLINE_WORDS:
            if zone.token == "author" and self.convention.one and i > self.first_prose:
                return Label.AUTHOR_BIO, 0.7, f"markup {zone.token}"
            return None
        if zone.label is Label.CAPTION and (words > CAPTION_WORDS or self.blocks.kind[i] in NOT_CAPTIONS):
            return None
        if zone.label in GROUPED and zone.weak and words > SHORT:
            return None
        return zone.label, 0.7 if zone.weak else 0.9, f"markup {zone.token}"

    def _by_words(self, i: int) -> tuple[Label, float, str] | None:
        """Phrases of cruft other than asks."""
        words, size = self.blocks.words[i], len(self.blocks.text[i])
        for hit in self.evidence.hits[i]:
            phrase = hit.phrase
            if phrase.label in OF_ASKS or phrase.strength == "hint":
                continue
            label = Label(phrase.label)
            if phrase.strength == "exact":
                return label, 0.85, str(phrase)
            if phrase.strength == "prefix" and self._opens(i, label):
                return label, 0.8, str(phrase)
            if phrase.strength == "certain" and (words <= _BRIEF or hit.end - hit.start >= _COVERED * size):
                return label, 0.85, str(phrase)
        return None

    def _opens(self, i: int, label: Label) -> bool:
        words = self.blocks.words[i]
        if label is Label.BYLINE:
            return words <= _BRIEF and (i < self.first_prose or i >= self.frame.core_last - _TAIL)
        if label is Label.CAPTION:
            return words <= CAPTION_WORDS // 2
        if label is Label.RELATED:
            sentence = not self.blocks.link_chars[i] and not self.blocks.is_text and self.blocks.text[i].endswith(".")
            return words <= 2 * _BRIEF and not sentence
        return words <= 3 * _BRIEF

    def _by_form(self, i: int) -> tuple[Label, float, str] | None:
        kind = self.blocks.kind[i]
        if kind is Kind.CAPTION:
            return Label.CAPTION, 0.9, "caption element"
        if self._is_under_image(i):
            return Label.CAPTION, 0.8, "under an image"
        if kind is Kind.CONTROL and not self._is_question(i):
            return Label.OTHER, 0.7, "button"
        if kind in (Kind.PARAGRAPH, Kind.HEADING):
            if is_stamp(self.blocks.text[i], self.blocks.words[i]):
                return Label.BYLINE, 0.8, "date or time alone"
            if is_counter(self.blocks.text[i]):
                return Label.NAVIGATION, 0.8, "counter"
            if self._names_author(i):
                return Label.BYLINE, 0.8, "name of an author"
        if self.cards[i]:
            return Label.RELATED, 0.8, "one of several teasers"
        return None

    def _names_author(self, i: int) -> bool:
        text = self.blocks.text[i]
        if len(text) > NAME_LENGTH:
            return False
        return any(author in text and len(author) > _NAME_SHARE * len(text) for author in self.evidence.hints.authors)

    def _is_question(self, i: int) -> bool:
        """Whether a button unfolds the answer to the question on it."""
        if self.blocks.words[i] < BOX_WORDS or not self.blocks.text[i].endswith("?") or i + 1 == len(self.blocks):
            return False
        return self.evidence.prose[i + 1] > 0

    def _is_under_image(self, i: int) -> bool:
        """Whether a block is the caption of the image before it: by its words, or as both have a box of their own."""
        blocks = self.blocks
        if blocks.image[i] < 0 or not self.convention.captions or blocks.words[i] > CAPTION_WORDS // 2:
            return False
        cues = self.evidence.cues[i]
        if cues.weights and (cues.certain or cues.hints > 1):
            return False
        credits = [hit.phrase.strength for hit in self.evidence.hits[i] if hit.phrase.label == Label.CAPTION]
        if credits and (blocks.words[i] <= _CREDIT_WORDS or any(strength != "hint" for strength in credits)):
            return True
        if blocks.words[i] < BOX_WORDS or "\n" in blocks.text[i] or self.evidence.link_share[i] > LINKY:
            return False
        return (blocks.kind[i] not in NOT_CAPTIONS or self._fills_row(i)) and self._has_box_with_image(i)

    def _has_box_with_image(self, i: int) -> bool:
        # Ancestors have smaller numbers: the first one not behind the image's container holds both.
        containers = self.blocks.containers
        container = self.blocks.container[i]
        while container > self.blocks.image[i]:
            container = containers.parent[container]
        if container < 0:
            return False
        first, last = containers.first[container], containers.last[container]
        return last - first <= _BOX_BLOCKS and not first <= self.frame.headline <= last

    def _fills_row(self, i: int) -> bool:
        rows = self.blocks.row
        return rows[i] >= 0 and rows[i] not in (*rows[max(0, i - 1) : i], *rows[i + 1 : i + 2])

    # Inside and outside of the article.

    def _in_core(self, i: int) -> tuple[Label, float, str]:
        words, share = self.blocks.words[i], self.evidence.link_share[i]
        if i > self._comments:
            return Label.COMMENTS, 0.7, "under a heading of comments"
        if self.evidence.prose[i]:
            if self._presents_author(i):
                return Label.AUTHOR_BIO, 0.7, "begins with the author"
            return Label.BODY, 0.9, "prose in the article"
        if share > LINKY and words < LINKED_PROSE and not self.convention.links:
            return (Label.RELATED if words > SHORT else Label.NAVIGATION), 0.6, "link"
        if i < self.frame.headline and self.convention.one and self._prose_above < FEW_WORDS:
            return Label.NAVIGATION, 0.6, "before the headline"
        weights = self.evidence.cues[i].weights
        if weights and i < self.first_prose and words <= SHORT and not self.convention.before:
            return max(weights, key=weights.__getitem__), 0.5, "before the article"
        if (
            not self.convention.before
            and i < self.first_prose
            and self.blocks.kind[i] is not Kind.HEADING
            and not self._reads_on(i)
        ):
            return Label.BYLINE if i > self.frame.headline >= 0 else Label.NAVIGATION, 0.5, "before the article"
        return Label.BODY, 0.7, "in the article"

    def _presents_author(self, i: int) -> bool:
        """Whether a paragraph at the end of the article begins with its author's full name."""
        total, frame = self.evidence.total, self.frame
        if not self.convention.one or total[i] - total[frame.core_first] < ARTICLE_WORDS:
            return False
        if total[frame.core_last] - total[i + 1] > FEW_WORDS or self.blocks.words[i] > BIO_WORDS:
            return False
        return self.blocks.text[i].startswith(tuple(name for name in self.evidence.hints.authors if " " in name))

    def _find_comments(self) -> int:
        """The heading that comments stand under, where an article comes before it; else the number of blocks."""
        end = len(self.blocks)
        if self.page_type is PageType.FORUM:
            return end
        for i in range(self.frame.core_first, self.frame.core_last):
            if self.evidence.total[i] < ARTICLE_WORDS or self.blocks.words[i] > SHORT:
                continue
            hits = self.evidence.hits[i]
            if not hits:
                continue
            said = any(hit.phrase.label == Label.COMMENTS and hit.phrase.strength == "exact" for hit in hits)
            if said and (self.blocks.kind[i] is Kind.HEADING or i > self.frame.core_last - _TAIL):
                return i
        return end

    def _reads_on(self, i: int) -> bool:
        return self.blocks.kind[i] in (Kind.LIST_ITEM, Kind.TABLE, Kind.CODE) or self.blocks.text[i].endswith(
            (".", "!", "?", "…", "。", ":", "»", "”", '"')
        )

    def _is_made_like_core(self, i: int) -> bool:
        """Whether prose has the markup of the article's own paragraphs: the later part of an article cut in two."""
        if not self.evidence.prose[i] or self.evidence.zone[i] is not None:
            return False
        if self._makes is None:
            counts = Counter(
                self._make(k) for k in range(self.frame.core_first, self.frame.core_last) if self.evidence.prose[k]
            )
            self._makes = {make for make, count in counts.items() if count >= _ALIKE and any(make[1::2])}
        return self._make(i) in self._makes

    def _make(self, i: int) -> tuple[str, ...]:
        """The elements and classes of a block and of the box around it."""
        containers = self.blocks.containers
        own = self.blocks.container[i]
        outer = containers.parent[own]
        return containers.tag[own], containers.attributes[own], containers.tag[outer], containers.attributes[outer]

    def _leads_in(self, i: int) -> bool:
        """Whether a block between the headline and the article is its standfirst or a list of key points."""
        frame, blocks = self.frame, self.blocks
        if not (0 <= frame.headline < i < min(frame.core_first, frame.headline + LEAD_REACH)):
            return False
        zone = self.evidence.zone[i]
        if not self.convention.lead or (zone is not None and zone.label not in _LEAD_ZONES):
            return False
        if zone is not None and blocks.words[i] <= _BRIEF and (zone.label is Label.NAVIGATION or blocks.link_chars[i]):
            return False
        if self.evidence.prose[i]:
            return True
        # A heading over what leads in leads in too.
        return blocks.kind[i] is Kind.HEADING and i + 1 < len(blocks) and self._leads_in(i + 1)

    def _outside(self, i: int) -> tuple[Label, float, str]:
        zone = self.evidence.zone[i]
        if zone is not None:
            return zone.label if zone.label not in OF_ARTICLE else Label.OTHER, 0.6, f"markup {zone.token}"
        if self.evidence.link_share[i] > 0.5:
            after = i >= self.frame.core_last and self.blocks.words[i] > SHORT
            return Label.RELATED if after else Label.NAVIGATION, 0.7, "link outside the article"
        return (Label.OTHER if self.evidence.prose[i] else Label.NAVIGATION), 0.6, "outside the article"

    def _find_headlines(self) -> set[int]:
        """The headline and the blocks that repeat it, but for those of a path to the page or of a list of pages."""
        first = self.frame.headline
        if first < 0:
            return set()
        blocks = self.blocks
        found = {i for i, text in enumerate(blocks.text) if text == blocks.text[first] and self._repeats(i)}
        return found | {first}

    def _repeats(self, i: int) -> bool:
        linked = 2 * self.blocks.link_chars[i] > len(self.blocks.text[i])
        return i < self.frame.core_last and not linked and self.blocks.kind[i] is not Kind.LIST_ITEM

    def _find_first_prose(self) -> int:
        start = max(self.frame.core_first, self.frame.headline)
        for i in range(start, self.frame.core_last):
            if self.evidence.prose[i] and not self._is_cruft(i) and i not in self._group_of:
                return i
        return self.frame.core_last


def cruft(cards: Sequence[bool], zones: Sequence[Sign | None]) -> list[bool]:
    """For each block whether it is surely not of the article."""
    return [_is_cruft(card, zone) for card, zone in zip(cards, zones, strict=True)]


def _is_cruft(card: bool, zone: Sign | None) -> bool:
    return card or (zone is not None and not zone.weak and zone.label is not Label.CAPTION)


# Last, for the twin takes names from here.
COMPILED: Any = twin("cleaner.tag._rules")
