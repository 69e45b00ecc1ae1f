# cython: boundscheck=True, wraparound=False
"""The twin of ``Rules.decide_all``: the common cases here, all others by the reference's methods."""

from cleaner.tag import rules as reference
from cleaner.tag import stamps
from cleaner.tag.stamps import is_counter, is_stamp

cdef extern from "Python.h":
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    Py_UCS4 PyUnicode_READ_CHAR(object text, Py_ssize_t index)
    bint PyUnicode_IS_ASCII(object text)
    const unsigned char* PyUnicode_1BYTE_DATA(object text)
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept

cdef object _Label = reference.Label, _Kind = reference.Kind
cdef object TITLE = _Label.TITLE, BODY = _Label.BODY, CAPTION = _Label.CAPTION, BYLINE = _Label.BYLINE
cdef object RELATED = _Label.RELATED, NAVIGATION = _Label.NAVIGATION, OTHER = _Label.OTHER
cdef object COMMENTS = _Label.COMMENTS, AUTHOR_BIO = _Label.AUTHOR_BIO
cdef object HEADING = _Kind.HEADING, PARAGRAPH = _Kind.PARAGRAPH, CONTROL = _Kind.CONTROL
cdef object CODE = _Kind.CODE, TABLE = _Kind.TABLE, IN_CAPTION = _Kind.CAPTION
cdef frozenset ASKS = reference.ASKS, GROUPED = reference.GROUPED, NOT_CAPTIONS = reference.NOT_CAPTIONS
cdef frozenset OF_ARTICLE = reference.OF_ARTICLE, OF_ASKS = frozenset(reference.OF_ASKS)
cdef object FOOT = reference.FOOT
cdef double LINKY = reference.LINKY, SETTLED = reference.SETTLED
cdef Py_ssize_t SHORT = reference.SHORT, BYLINE_WORDS = reference.BYLINE_WORDS, CAPTION_WORDS = reference.CAPTION_WORDS
cdef Py_ssize_t BOX_WORDS = reference.BOX_WORDS, LINKED_PROSE = reference.LINKED_PROSE, FEW = reference.FEW_WORDS
cdef Py_ssize_t BIO_WORDS = reference.BIO_WORDS, ARTICLE_WORDS = reference.ARTICLE_WORDS, NAME = reference.NAME_LENGTH
cdef Py_ssize_t LEAD_REACH = reference.LEAD_REACH
cdef Py_ssize_t STAMP_WORDS = stamps.MOST_WORDS, COUNTER_LENGTH = stamps.COUNTER_LENGTH


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    cdef list found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef bint _has_figure(str text) except -1:
    """Whether there is a decimal digit in a text: no stamp or counter is without."""
    cdef Py_ssize_t i, n = PyUnicode_GET_LENGTH(text)
    cdef const unsigned char* ascii
    if PyUnicode_IS_ASCII(text):
        ascii = PyUnicode_1BYTE_DATA(text)
        for i in range(n):
            if c'0' <= ascii[i] <= c'9':
                return True
        return False
    for i in range(n):
        if Py_UNICODE_ISDECIMAL(PyUnicode_READ_CHAR(text, i)):
            return True
    return False


def cruft(cards_given, zones_given):
    """The twin of ``rules.cruft``."""
    cdef Py_ssize_t i, n = len(cards_given)
    cdef list cards = _column(cards_given, n), zones = _column(zones_given, n)
    cdef object zone, last = None
    cdef bint sure = False
    cdef list found = [False] * n
    for i in range(n):
        zone = zones[i]
        if zone is not None and zone is not last:
            last, sure = zone, not zone.weak and zone.label is not CAPTION
        if cards[i] or (zone is not None and sure):
            found[i] = True
    return found


cdef class _Page:
    """The columns of a page, what its rules hold, and what was decided of the block looked at last."""

    cdef object rules, zone, sign_label, sign_reason, quiet
    cdef list texts, kinds, words, images, prose, shares, zones, hits, cues, cards
    cdef set headlines
    cdef dict group_of
    cdef bint sign_weak, sign_author, loud, certain
    cdef bint weak_signs, one, captions, links, before, whole, named
    cdef Py_ssize_t first, last, core_first, core_last, headline, first_prose, comments, prose_above, near
    cdef object label, confidence, reason, group, opening

    def __init__(self, rules):
        blocks, evidence, frame, convention = rules.blocks, rules.evidence, rules.frame, rules.convention
        cdef Py_ssize_t n = len(blocks.text)
        self.rules = rules
        self.texts, self.kinds, self.words = blocks.text, _column(blocks.kind, n), _column(blocks.words, n)
        self.images, self.prose = _column(blocks.image, n), _column(evidence.prose, n)
        self.shares, self.zones = _column(evidence.link_share, n), _column(evidence.zone, n)
        self.hits, self.cues = _column(evidence.hits, n), _column(evidence.cues, n)
        self.cards = _column(rules.cards, n)
        self.headlines, self.group_of = rules._headlines, rules._group_of
        self.weak_signs, self.one, self.captions = convention.weak_signs, convention.one, convention.captions
        self.links, self.before, self.whole = convention.links, convention.before, convention.whole_frame
        self.named = bool(evidence.hints.authors)
        self.first, self.last, self.headline = frame.first, frame.last, frame.headline
        self.core_first, self.core_last = frame.core_first, frame.core_last
        self.first_prose, self.comments, self.prose_above = rules.first_prose, rules._comments, rules._prose_above
        self.near = min(self.core_first, self.headline) if self.headline >= 0 else self.core_first
        self.near = min(self.near, self.first)

    cdef int _set(self, object label, object confidence, object reason) except -1:
        self.label, self.confidence, self.reason = label, confidence, reason
        return 1

    cdef int _asked(self, object found) except -1:
        """Take what a method of the reference said, if anything."""
        if found is None:
            return 0
        label, confidence, reason = found
        return self._set(label, confidence, "rule " + reason)

    cdef int _read(self, object zone) except -1:
        """Look at a sign; blocks of one sign stand together."""
        self.zone, self.sign_label, self.sign_weak = zone, zone.label, zone.weak
        self.sign_reason, self.sign_author = "rule markup " + zone.token, zone.token == "author"
        return 0

    cdef int _listen(self, object cue) except -1:
        """Look at cues; most blocks share those that say nothing."""
        self.certain = cue.certain
        self.loud = self.certain or cue.hints > 1
        if not self.loud:
            self.quiet = cue
        return 0

    cdef int decide(self, Py_ssize_t i) except -1:
        cdef object zone = self.zones[i]
        if zone is not None and zone is not self.zone:
            self._read(zone)
        if i in self.headlines:
            return self._set(TITLE, 0.95, "rule headline")
        if self.group_of and i in self.group_of:
            return self._of_group(i, self.rules.groups[self.group_of[i]])
        if (zone is not None and self._by_markup(i)) or self._by_words(i) or self._by_form(i):
            if self.label is CAPTION and not self.near <= i < self.core_last:
                return self._set(RELATED, 0.6, self.reason + " outside the article")
            return 1
        if self.core_first <= i < self.core_last or (self.whole and self.first <= i < self.last):
            return self._in_core(i)
        if 0 <= self.headline < i < min(self.core_first, self.headline + LEAD_REACH) and self.rules._leads_in(i):
            return self._set(BODY, 0.7, "rule lead")
        if self.one and self.first <= i < self.last and zone is None and self.prose[i]:
            if self.rules._is_made_like_core(i):
                return self._set(BODY, 0.7, "rule made like the article")
        return self._outside(i, zone is not None)

    cdef int _of_group(self, Py_ssize_t i, object group) except -1:
        cdef object label = group.label
        phrase = None if group.greets else self._sure(self.hits[i], label)
        if phrase is not None:
            return self._set(label, 0.95, f"rule {phrase}")
        if self.zones[i] is not None and self.sign_label is label:
            return self._set(label, 0.9, self.sign_reason)
        if group.greets:
            return self._set(label, 0.7, "rule greeting")
        if group is not self.group:
            phrase = self._sure(self.hits[group.seed], label)
            self.group, self.opening = group, f"rule group of {label if phrase is None else phrase}"
        return self._set(label, 0.85, self.opening)

    cdef object _sure(self, list hits, object label):
        """The first phrase of a label that is more than a hint."""
        for hit in hits:
            phrase = hit.phrase
            if phrase.label == label and phrase.strength != "hint":
                return phrase
        return None

    cdef int _by_markup(self, Py_ssize_t i) except -1:
        cdef Py_ssize_t words = self.words[i]
        cdef object kind = self.kinds[i], label = self.sign_label
        if self.sign_weak and (self.prose[i] or not self.weak_signs or kind is CODE or kind is TABLE):
            return 0
        if self.zone is FOOT:
            return self._set(label, SETTLED, self.sign_reason) if self.prose[i] else 0
        if label is BYLINE and words > BYLINE_WORDS:
            if self.sign_author and self.one and i > self.first_prose:
                return self._set(AUTHOR_BIO, 0.7, self.sign_reason)
            return 0
        if label is CAPTION and (words > CAPTION_WORDS or kind in NOT_CAPTIONS):
            return 0
        if self.sign_weak and words > SHORT and label in GROUPED:
            return 0
        return self._set(label, 0.7 if self.sign_weak else 0.9, self.sign_reason)

    cdef int _by_words(self, Py_ssize_t i) except -1:
        for hit in self.hits[i]:
            phrase = hit.phrase
            if phrase.strength != "hint" and phrase.label not in OF_ASKS:
                return self._asked(self.rules._by_words(i))
        return 0

    cdef int _by_form(self, Py_ssize_t i) except -1:
        cdef object kind = self.kinds[i]
        cdef Py_ssize_t words = self.words[i]
        if kind is IN_CAPTION:
            return self._set(CAPTION, 0.9, "rule caption element")
        if self.captions and <Py_ssize_t>self.images[i] >= 0 and self.rules._is_under_image(i):
            return self._set(CAPTION, 0.8, "rule under an image")
        if kind is CONTROL and (words < BOX_WORDS or not self.rules._is_question(i)):
            return self._set(OTHER, 0.7, "rule button")
        if (kind is PARAGRAPH or kind is HEADING) and self._by_line(i, self.texts[i], words):
            return 1
        if self.cards[i]:
            return self._set(RELATED, 0.8, "rule one of several teasers")
        return 0

    cdef int _by_line(self, Py_ssize_t i, str text, Py_ssize_t words) except -1:
        cdef Py_ssize_t size = len(text)
        if (words <= STAMP_WORDS or size <= COUNTER_LENGTH) and _has_figure(text):
            if is_stamp(text, words):
                return self._set(BYLINE, 0.8, "rule date or time alone")
            if is_counter(text):
                return self._set(NAVIGATION, 0.8, "rule counter")
        if self.named and size <= NAME and self.rules._names_author(i):
            return self._set(BYLINE, 0.8, "rule name of an author")
        return 0

    cdef int _in_core(self, Py_ssize_t i) except -1:
        cdef Py_ssize_t words = self.words[i]
        if i > self.comments:
            return self._set(COMMENTS, 0.7, "rule under a heading of comments")
        if self.prose[i]:
            if self.one and words <= BIO_WORDS and self.named and self.rules._presents_author(i):
                return self._set(AUTHOR_BIO, 0.7, "rule begins with the author")
            return self._set(BODY, 0.9, "rule prose in the article")
        if not self.links and words < LINKED_PROSE and <double>self.shares[i] > LINKY:
            return self._set(RELATED if words > SHORT else NAVIGATION, 0.6, "rule link")
        if i < self.headline and self.one and self.prose_above < FEW:
            return self._set(NAVIGATION, 0.6, "rule before the headline")
        if i < self.first_prose and not self.before:
            weights = self.cues[i].weights if words <= SHORT else None
            if weights:
                return self._set(max(weights, key=weights.__getitem__), 0.5, "rule before the article")
            if self.kinds[i] is not HEADING and not self.rules._reads_on(i):
                return self._set(BYLINE if i > self.headline >= 0 else NAVIGATION, 0.5, "rule before the article")
        return self._set(BODY, 0.7, "rule in the article")

    cdef int _outside(self, Py_ssize_t i, bint signed_) except -1:
        if signed_:
            return self._set(OTHER if self.sign_label in OF_ARTICLE else self.sign_label, 0.6, self.sign_reason)
        if <double>self.shares[i] > 0.5:
            if i >= self.core_last and <Py_ssize_t>self.words[i] > SHORT:
                return self._set(RELATED, 0.7, "rule link outside the article")
            return self._set(NAVIGATION, 0.7, "rule link outside the article")
        return self._set(OTHER if self.prose[i] else NAVIGATION, 0.6, "rule outside the article")


def decide_all(rules, verdict):
    """The twin of ``Rules.decide_all``."""
    cdef _Page page = _Page(rules)
    cdef Py_ssize_t i, n = len(page.texts)
    cdef list labels = [None] * n, confidences = [None] * n, reasons = [None] * n, asks = [-1] * n
    cdef set speaking = verdict.speaking
    cdef bint asking
    cdef object cue
    for i in range(n):
        page.decide(i)
        labels[i], confidences[i], reasons[i] = page.label, page.confidence, page.reason
        asking = page.label in ASKS
        if asking and page.group_of:
            asks[i] = page.group_of.get(i, -1)
        cue = page.cues[i]
        if cue is not page.quiet:
            page._listen(cue)
            if page.certain and page.label is BODY and rules._finder.is_reported(i):
                verdict.reported.add(i)
            if page.loud:
                speaking.add(i)
                continue
        if asking or (page.zones[i] is not None and page.sign_label in ASKS):
            speaking.add(i)
    verdict.labels, verdict.confidences, verdict.reasons, verdict.asks = labels, confidences, reasons, asks
