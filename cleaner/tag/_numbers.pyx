# cython: cdivision=True
"""The twin of ``numbers``: the same groups of columns, each written into the rows of one array.

Every number takes the steps of numpy in numpy's types: float where the reference has float32, double where it has
float64 or Python's floats. Logarithms are numpy's own, for its vectors round otherwise than the C library.
"""

from libc.string cimport memcpy

import numpy as np

from cleaner.document import Kind, Label
from cleaner.tag import numbers as reference
from cleaner.tag._characters import counts
from cleaner.tag._containers import makes
from cleaner.tag.evidence import likeness
from cleaner.tag.stamps import is_amount, is_counter, is_stamp

cdef extern from "Python.h":
    bint PyUnicode_Check(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    Py_UCS4 PyUnicode_READ_CHAR(object text, Py_ssize_t at)
    bint Py_UNICODE_ISLOWER(Py_UCS4 character) noexcept nogil

cdef enum:
    BOXES = 6
    FORM = 27
    MAKES = 8
    PLACE = 16
    TOLD = 6
    SAID = 3  # what phrases say beside labels
    CUES = 6  # numbers of cues beside the weights of asks
    PARTS = 8  # numbers of a box
    PROSE_WORDS = 8
    PROBE = 32
    LEAST_PROBE = 16
    KNOWN_LOGS = 1 << 17  # more than pages have blocks
    KNOWN_WIDE_LOGS = 1 << 12

cdef tuple _LABELS = tuple(Label), _KINDS = tuple(Kind), _ASKS = reference.ASK_ORDER
cdef object _HEADING = Kind.HEADING
cdef Py_ssize_t LABELS = len(_LABELS), KINDS = len(_KINDS), ASKS = len(_ASKS)
cdef dict _SAID_INDEX = reference.SAID_INDEX, _STRENGTHS = reference.STRENGTHS

cdef Py_ssize_t AT_MAKES = FORM + KINDS
cdef Py_ssize_t AT_PLACE = AT_MAKES + MAKES
cdef Py_ssize_t AT_SIGNS = AT_PLACE + PLACE
cdef Py_ssize_t AT_TOLD = AT_SIGNS + LABELS + 1
cdef Py_ssize_t AT_PHRASES = AT_TOLD + TOLD
cdef Py_ssize_t AT_RULES = AT_PHRASES + LABELS + SAID + ASKS + CUES
cdef Py_ssize_t AT_BOXES = AT_RULES + 2 * LABELS + ASKS + 2
cdef Py_ssize_t AT_PAGE = AT_BOXES + PARTS * BOXES
cdef Py_ssize_t WIDTH = AT_PAGE + reference.WIDTHS["page"]

_STARTS = [AT_MAKES, AT_PLACE, AT_SIGNS, AT_TOLD, AT_PHRASES, AT_RULES, AT_BOXES, AT_PAGE, WIDTH]
_SET = (BOXES, PROSE_WORDS, PROBE, LEAST_PROBE)
if list(np.cumsum(list(reference.WIDTHS.values()))) != _STARTS or len(_SAID_INDEX) != LABELS + SAID:
    raise ImportError("built for other columns")
if (reference.BOXES, reference.PROSE_WORDS, reference.PROBE, reference.LEAST_PROBE) != _SET:
    raise ImportError("built for other numbers")
cdef float _LOGS[KNOWN_LOGS]
cdef double _WIDE_LOGS[KNOWN_WIDE_LOGS]


def _fill_tables():
    cdef float[::1] logs = np.log1p(np.arange(KNOWN_LOGS, dtype=np.float32))
    cdef double[::1] wide_logs = np.log1p(np.arange(KNOWN_WIDE_LOGS, dtype=np.float64))
    memcpy(_LOGS, &logs[0], sizeof(_LOGS))
    memcpy(_WIDE_LOGS, &wide_logs[0], sizeof(_WIDE_LOGS))


_fill_tables()


cdef float _log(float value) except? -1:
    """log1p, for small whole numbers from a table."""
    if 0 <= value < KNOWN_LOGS and <int>value == value:
        return _LOGS[<int>value]
    return np.log1p(np.float32(value))


cdef double _wide_log(double value) except? -1:
    if 0 <= value < KNOWN_WIDE_LOGS and <int>value == value:
        return _WIDE_LOGS[<int>value]
    return np.log1p(np.float64(value))


cdef inline float _larger(float value, float other) noexcept:
    return value if value >= other else other


cdef list _column(object values, Py_ssize_t size):
    """A list of this length: what is read without looking at bounds."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef Py_ssize_t _place_in(tuple members, object member) except -1:
    """The place of a member of an enumeration; they are what they are, and their hashes are slow."""
    cdef Py_ssize_t k
    for k in range(len(members)):
        if members[k] is member:
            return k
    raise KeyError(member)


cdef float[::1] _sums(list values):
    """Running sums from 0, one more than there are values."""
    cdef Py_ssize_t i, n = len(values)
    cdef float[::1] sums = np.empty(n + 1, np.float32)
    cdef double total = 0
    sums[0] = 0
    for i in range(n):
        total += <double>values[i]
        sums[i + 1] = <float>total
    return sums


cdef float[::1] _floats(list values):
    cdef Py_ssize_t i, n = len(values)
    cdef float[::1] floats = np.empty(n + 1, np.float32)
    for i in range(n):
        floats[i] = <float><double>values[i]
    return floats


cdef class _Page:
    """The columns that several groups look at, all of one length, and the rows that are filled."""

    cdef Py_ssize_t n
    cdef object evidence
    cdef list texts, kinds, words, prose, shares
    cdef float[:, ::1] out

    def __init__(self, evidence, float[:, ::1] out):
        blocks = evidence.blocks
        self.evidence, self.out, self.n = evidence, out, out.shape[0]
        self.texts, self.kinds = _column(blocks.text, self.n), _column(blocks.kind, self.n)
        self.words, self.prose = _column(blocks.words, self.n), _column(evidence.prose, self.n)
        self.shares = _column(evidence.link_share, self.n)


def numbers(rules, verdict, int[:, :, ::1] boxes):
    """The twin of ``numbers``."""
    evidence = rules.evidence
    cdef Py_ssize_t i, n = len(evidence.blocks.text)
    array = np.zeros((n, WIDTH), np.float32)
    if n == 0:
        return array
    cdef float[:, ::1] out = array
    cdef _Page page = _Page(evidence, out)
    _form(page)
    _makes(page)
    _place(page, rules)
    _signs(page)
    _told(page)
    _phrases(page)
    _rules(page, rules, verdict)
    _surroundings(page, boxes)
    cdef float[::1] alike = reference.page(rules, evidence.blocks, evidence)
    if alike.shape[0] != WIDTH - AT_PAGE:
        raise ValueError("a page has other numbers")
    for i in range(n):
        memcpy(&out[i, AT_PAGE], &alike[0], alike.shape[0] * sizeof(float))
    return array


cdef inline bint _is_quote(Py_UCS4 c) noexcept:
    return c in (c'"', 0x201C, 0x201E, 0xAB, c"'", 0x2018, 0x300C)


cdef inline bint _ends_sentence(Py_UCS4 last, Py_UCS4 before) noexcept:
    if last == c'"':
        return before == c'.'
    return last in (
        c'.', c'!', c'?', 0x2026, 0x3002, 0xFF01, 0xFF1F, 0xBB, 0x201D, 0x0964, 0x061F, 0x06D4
    )


cdef int _form(_Page page) except -1:
    cdef Py_ssize_t i, k, size, n = page.n
    cdef int[:, ::1] signs = counts(page.texts)
    cdef list images = _column(page.evidence.blocks.image, n), groups = _column(page.evidence.blocks.group, n)
    cdef list rows = _column(page.evidence.blocks.row, n)
    cdef dict seen = {}
    cdef float length, words, least
    cdef Py_UCS4 first, last
    cdef float* row
    for text in page.texts:
        seen[text] = seen.get(text, -1) + 1
    for i in range(n):
        text, row = page.texts[i], &page.out[i, 0]
        size = PyUnicode_GET_LENGTH(text)
        words, length = <float><double>page.words[i], <float>size
        least = _larger(words, 1)
        row[0], row[1], row[2] = _log(words), _log(length), words >= PROSE_WORDS
        row[3] = length / least
        row[3] = row[3] / 10
        row[4] = <float><double>page.shares[i]
        row[5] = _log(<float><double>page.prose[i])
        row[6] = <float>signs[1, i] / least
        row[6] = min(row[6] * 5, <float>2)
        row[7] = <float>min(signs[2, i], 10) / 5
        row[8] = <float>signs[3, i] / _larger(length, 1)
        if size:
            first, last = PyUnicode_READ_CHAR(text, 0), PyUnicode_READ_CHAR(text, size - 1)
            row[9] = _ends_sentence(last, PyUnicode_READ_CHAR(text, size - 2) if size > 1 else 0)
            row[10] = last in (c':', 0xFF1A)
            row[17], row[18], row[19] = Py_UNICODE_ISLOWER(first), text.isupper(), _is_quote(first)
        else:
            row[19] = 1
        for k in range(6):
            row[11 + k] = <float>signs[4 + k, i]
        row[20] = <float>_wide_log(<double>seen[text])
        row[21], row[22], row[23] = images[i] >= 0, groups[i] >= 0, rows[i] >= 0
        if signs[10, i]:
            row[24], row[25], row[26] = is_stamp(text, page.words[i]), is_counter(text), is_amount(text)
        row[FORM + _place_in(_KINDS, page.kinds[i])] = 1
    return 0


cdef int _makes(_Page page) except -1:
    alike, own, paths = makes(page.evidence.blocks, reference.PATH)
    cdef double total = max(1.0, <double>_column(page.evidence.total, page.n + 1)[page.n])
    _of_makes(page, alike[0], own, total, AT_MAKES)
    _of_makes(page, alike[1], paths, total, AT_MAKES + 4)
    return 0


cdef int _of_makes(_Page page, int[::1] alike, Py_ssize_t most, double total, Py_ssize_t at) except -1:
    """What blocks of one make have in common; alike is the make of each."""
    cdef Py_ssize_t i, k
    cdef double[:, ::1] sums = np.zeros((4, most))
    for i in range(page.n):
        k = alike[i]
        sums[0, k] += 1
        sums[1, k] += <double>page.words[i]
        sums[2, k] += <double>page.shares[i]
        sums[3, k] += <double>page.prose[i]
    for k in range(most):
        sums[1, k] = sums[1, k] / sums[0, k]
        sums[2, k] = sums[2, k] / sums[0, k]
        sums[3, k] = sums[3, k] / total
    cdef double[:, ::1] logs = np.log1p(np.asarray(sums[:2]))
    for i in range(page.n):
        k = alike[i]
        page.out[i, at] = <float>(logs[0, k] / 3)
        page.out[i, at + 1] = <float>(logs[1, k] / 3)
        page.out[i, at + 2] = <float>sums[2, k]
        page.out[i, at + 3] = <float>sums[3, k]
    return 0


cdef float _signed(float distance) except? -1:
    if distance < 0:
        return -_log(-distance) / 3
    return _log(distance) / 3


cdef int _place(_Page page, object rules) except -1:
    cdef Py_ssize_t i, n = page.n
    frame = rules.frame
    cdef float first = frame.first, last = frame.last, core = frame.core_first, end = frame.core_last
    cdef float headline = frame.headline, opening = rules.first_prose, at
    cdef float[::1] words = _sums(page.words), prose = _floats(_column(page.evidence.total, n + 1))
    cdef float all_words = _larger(words[n], 1), all_prose = _larger(prose[n], 1)
    cdef float* row
    for i in range(n):
        row, at = &page.out[i, AT_PLACE], <float>i
        row[0] = at / <float>n
        row[1] = _log(at)
        row[2] = _log(<float>(n - 1) - at)
        row[3] = words[i] / all_words
        row[4] = prose[i] / all_prose
        row[5] = _log(prose[i])
        row[6] = _log(prose[n] - prose[i + 1])
        row[7] = first <= at < last
        row[8] = core <= at < end
        row[9], row[10], row[11] = _signed(at - core), _signed(at - end), _signed(at - opening)
        row[12] = at == headline
        row[13] = _signed(at - headline) if headline >= 0 else 0
        row[14] = headline >= 0
        row[15] = headline < at < core
    return 0


cdef int _signs(_Page page) except -1:
    cdef Py_ssize_t i
    cdef list zone = _column(page.evidence.zone, page.n)
    title = page.evidence.hints.title
    for i in range(page.n):
        sign = zone[i]
        if sign is not None:
            page.out[i, AT_SIGNS + _place_in(_LABELS, sign.label)] = 0.5 if sign.weak else 1
        if page.kinds[i] is _HEADING:
            page.out[i, AT_SIGNS + LABELS] = <float><double>likeness(page.texts[i], title)
    return 0


cdef int _told(_Page page) except -1:
    cdef Py_ssize_t i, k, size
    cdef bint opens
    hints = page.evidence.hints
    for k, source in enumerate((hints.body, hints.description, hints.posts)):
        if not source:
            continue
        if source.strip():
            for i in range(page.n):
                page.out[i, AT_TOLD + 3 + k] = 1
        for i in range(page.n):
            text = page.texts[i]
            size = PyUnicode_GET_LENGTH(text)
            if size < LEAST_PROBE:
                continue
            opens = text[:PROBE] in source
            if size <= PROBE:
                page.out[i, AT_TOLD + k] = opens
            else:
                page.out[i, AT_TOLD + k] = <float>(opens + (text[size - PROBE :] in source)) / 2
    return 0


cdef int _phrases(_Page page) except -1:
    cdef Py_ssize_t i, k, n = page.n
    cdef list all_hits = _column(page.evidence.hits, n), all_cues = _column(page.evidence.cues, n)
    cdef float strength
    cdef double hints, weight
    cdef float* row
    for i in range(n):
        row = &page.out[i, AT_PHRASES]
        for hit in all_hits[i]:
            phrase = hit.phrase
            k, strength = _SAID_INDEX[phrase.label], _STRENGTHS[phrase.strength]
            if not 0 <= k < LABELS + SAID:
                raise ValueError("a phrase speaks for a label")
            row[k] = max(row[k], strength)
        cues, row = all_cues[i], row + LABELS + SAID
        if cues.weights:
            for label, weighs in cues.weights.items():
                for k in range(ASKS):
                    if _ASKS[k] is label:
                        weight = weighs
                        row[k] = <float>(min(4.0, weight) / 3)
        hints, row = cues.hints, row + ASKS
        row[0], row[1], row[2] = <bint>cues.certain, <float>min(<double>cues.sure, 3.0), <bint>cues.part
        row[3] = <float>(min(hints, 5.0) / 2)
        row[4] = <float>min(1.0, 10.0 * hints / max(1.0, <double>page.words[i]))
        row[5] = <bint>cues.form
    return 0


cdef int _rules(_Page page, object rules, object verdict) except -1:
    cdef Py_ssize_t i, k, n = page.n
    cdef list labels = _column(verdict.labels, n), confidences = _column(verdict.confidences, n)
    cdef list cards = _column(rules.cards, n)
    cdef float* row
    cdef float size
    for i in range(n):
        row, k = &page.out[i, AT_RULES], _place_in(_LABELS, labels[i])
        row[k], row[LABELS + k] = 1, <float><double>confidences[i]
        row[2 * LABELS + ASKS + 1] = <bint>cards[i]
    for group in rules.groups:
        size = <float>_wide_log(<double>len(group.blocks))
        for i in group.blocks:
            if not 0 <= i < n:
                raise ValueError("a group is of blocks of the page")
            row = &page.out[i, AT_RULES + 2 * LABELS]
            for k in range(ASKS):
                row[k] = _ASKS[k] is group.label
            row[ASKS] = size
    return 0


cdef int _surroundings(_Page page, int[:, :, ::1] boxes) except -1:
    cdef Py_ssize_t i, k, part, n = page.n
    cdef int first, last
    cdef float[::1] words = _sums(page.words), size = _sums([len(text) for text in page.texts])
    cdef float[::1] links = _sums(_column(page.evidence.blocks.link_chars, n))
    cdef float[::1] prose = _floats(_column(page.evidence.total, n + 1))
    cdef float all_words = _larger(words[n], 1), all_prose = _larger(prose[n], 1), inside, told
    cdef double[::1] each = np.empty(n * BOXES)
    cdef float* row
    if boxes.shape[0] != n or boxes.shape[1] != BOXES or boxes.shape[2] != 2:
        raise ValueError("boxes of other blocks")
    for i in range(n):
        for k in range(BOXES):
            first, last, row = boxes[i, k, 0], boxes[i, k, 1], &page.out[i, AT_BOXES + k]
            if not 0 <= first <= last <= n:
                raise ValueError("a box is of blocks of the page")
            if i and boxes[i - 1, k, 0] == first and boxes[i - 1, k, 1] == last:
                for part in range(PARTS):
                    row[part * BOXES] = page.out[i - 1, AT_BOXES + k + part * BOXES]
                each[i * BOXES + k] = each[(i - 1) * BOXES + k]
                continue
            inside, told = words[last] - words[first], prose[last] - prose[first]
            row[0] = inside / all_words
            row[BOXES] = _log(inside) / 5
            row[2 * BOXES] = (links[last] - links[first]) / _larger(1, size[last] - size[first])
            row[3 * BOXES] = told / _larger(1, inside)
            row[4 * BOXES] = told / all_prose
            row[5 * BOXES] = _log(<float>(last - first)) / 3
            each[i * BOXES + k] = <double>inside / <double>max(1, last - first)
            row[7 * BOXES] = <float>(<double>(last - first) / <double>n)
    cdef double[::1] logs = np.log1p(np.asarray(each))
    for i in range(n):
        for k in range(BOXES):
            page.out[i, AT_BOXES + 6 * BOXES + k] = <float>(logs[i * BOXES + k] / 3)
    return 0
