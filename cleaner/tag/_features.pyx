# cython: cdivision=True
"""The twins of boxes, markup and words of ``features``: the same arrays, without a Python object for each of their cells."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

import numpy as np

from cleaner.tag import features as reference
from cleaner.tag.numbers import BOXES as BOXES_THERE

cdef extern from "Python.h":
    bint PyUnicode_Check(object text)
    bint PyUnicode_IS_ASCII(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    bint Py_UNICODE_ISSPACE(Py_UCS4 character) noexcept nogil
    Py_UCS4 Py_UNICODE_TOLOWER(Py_UCS4 character) noexcept nogil

ctypedef fused Character:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    BOXES = 6
    DEPTH = 8
    NAMES = 6
    FIRST_WORDS = 6
    LAST_WORDS = 4
    FIRST_STEMS = 24
    LAST_STEMS = 16
    TEXT_BUCKETS = 8192
    MARKUP_BUCKETS = 4096
    STEM_BUCKETS = 16384
    LETTERS = 24
    STEM = 5
    PAIRED = 400
    WORDS = FIRST_WORDS + LAST_WORDS
    STEMS = FIRST_STEMS + LAST_STEMS

_HERE = (
    BOXES, DEPTH, NAMES, FIRST_WORDS, LAST_WORDS, FIRST_STEMS, LAST_STEMS, TEXT_BUCKETS, MARKUP_BUCKETS, STEM_BUCKETS,
    LETTERS, STEM, PAIRED,
)
_THERE = (
    BOXES_THERE, reference.DEPTH, reference.NAMES, reference.FIRST_WORDS, reference.LAST_WORDS, reference.FIRST_STEMS,
    reference.LAST_STEMS, reference.TEXT_BUCKETS, reference.MARKUP_BUCKETS, reference.STEM_BUCKETS,
    reference.WORD_LENGTH, reference.STEM_LENGTH, reference.LONGEST_PAIRED,
)
if _HERE != _THERE:
    raise ImportError("built for other features")


# CRC-32 of UTF-8, a character at a time.

cdef uint32_t _CRC[256]


def _fill_table():
    cdef uint32_t value
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ 0xEDB88320 if value & 1 else value >> 1
        _CRC[byte] = value


_fill_table()


cdef inline uint32_t _byte(uint32_t crc, uint32_t byte) noexcept nogil:
    return _CRC[(crc ^ byte) & 0xFF] ^ (crc >> 8)


cdef inline uint32_t _character(uint32_t crc, uint32_t c) noexcept nogil:
    if c < 0x80:
        return _byte(crc, c)
    if c < 0x800:
        return _byte(_byte(crc, 0xC0 | c >> 6), 0x80 | c & 0x3F)
    if 0xD800 <= c <= 0xDFFF:
        return _byte(crc, c'?')
    if c < 0x10000:
        return _byte(_byte(_byte(crc, 0xE0 | c >> 12), 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F)
    crc = _byte(_byte(crc, 0xF0 | c >> 18), 0x80 | c >> 12 & 0x3F)
    return _byte(_byte(crc, 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F)


cdef inline int _bucket(uint32_t crc, uint32_t buckets) noexcept nogil:
    return <int>((crc ^ 0xFFFFFFFFu) % (buckets - 1) + 1)


cdef uint32_t _hashed(const Character* text, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef uint32_t crc = 0xFFFFFFFFu
    for i in range(size):
        crc = _character(crc, text[i])
    return crc


cdef int _whole(object token, Py_ssize_t most, uint32_t buckets) except -1:
    cdef Py_ssize_t size
    if not PyUnicode_Check(token):
        raise TypeError("a token is a str")
    size = min(PyUnicode_GET_LENGTH(token), most)
    if PyUnicode_KIND(token) == 1:
        return _bucket(_hashed(<const uint8_t*>PyUnicode_DATA(token), size), buckets)
    if PyUnicode_KIND(token) == 2:
        return _bucket(_hashed(<const uint16_t*>PyUnicode_DATA(token), size), buckets)
    return _bucket(_hashed(<const uint32_t*>PyUnicode_DATA(token), size), buckets)


def bucket(token, int buckets):
    if buckets < 2:
        raise ValueError("there are at least two buckets")
    return _whole(token, PyUnicode_GET_LENGTH(token) if PyUnicode_Check(token) else 0, buckets)


# Boxes and markup.

cdef list _column(object values, Py_ssize_t size):
    """A list of this length: what is read without looking at bounds."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef int[::1] _parents(object containers):
    """The parent of each container, -1 for none: always one that opened before it."""
    cdef Py_ssize_t c, n = len(containers.parent)
    cdef list column = _column(containers.parent, n)
    cdef int[::1] parents = np.empty(n + 1, np.int32)
    cdef int parent
    for c in range(n):
        parent = column[c]
        if parent >= c or parent < -1:
            raise ValueError("a container opens after its parent")
        parents[c] = parent
    return parents


cdef int[::1] _around(object blocks, Py_ssize_t most):
    """The container of each block."""
    cdef Py_ssize_t i, n = len(blocks.text)
    cdef list column = _column(blocks.container, n)
    cdef int[::1] around = np.empty(n + 1, np.int32)
    cdef int c
    for i in range(n):
        c = column[i]
        if c < 0 or c >= most:
            raise ValueError("a block stands in a container")
        around[i] = c
    return around


def boxes(blocks):
    """The twin of ``_boxes``."""
    cdef Py_ssize_t i, c, k, n = len(blocks.text), most = len(blocks.containers.parent)
    cdef list firsts = _column(blocks.containers.first, most), lasts = _column(blocks.containers.last, most)
    cdef int[::1] parents = _parents(blocks.containers), around = _around(blocks, most)
    cdef int first, last
    # For each container the boxes around it, filled up with the page, and how many there are before that.
    cdef int[:, ::1] rows = np.empty((most + 1, 2 * BOXES), np.int32)
    cdef int* row
    cdef int* outer
    for k in range(BOXES):
        rows[most, 2 * k], rows[most, 2 * k + 1] = 0, <int>n
    cdef int[::1] counts = np.zeros(most + 1, np.int32)
    for c in range(most):
        first, last = firsts[c], lasts[c]
        k = parents[c] if parents[c] >= 0 else most
        row, outer = &rows[c, 0], &rows[k, 0]
        counts[c] = counts[k]
        if last - first <= 1 or (counts[k] and outer[1] - outer[0] == last - first):
            for k in range(2 * BOXES):
                row[k] = outer[k]
            if last - first <= 1:
                continue
        else:
            for k in range(2 * BOXES - 2):
                row[k + 2] = outer[k]
            counts[c] += 1
        row[0], row[1] = first, last
    found = np.empty((n, BOXES, 2), np.int32)
    cdef int[:, :, ::1] out = found
    for i in range(n):
        row = &rows[around[i], 0]
        for k in range(BOXES):
            out[i, k, 0], out[i, k, 1] = row[2 * k], row[2 * k + 1]
    return found


def markup(blocks):
    """The twin of ``_markup``."""
    cdef Py_ssize_t i, c, k, waiting, n = len(blocks.text), most = len(blocks.containers.parent)
    cdef list tags = _column(blocks.containers.tag, most), attributes = _column(blocks.containers.attributes, most)
    cdef int[::1] parents = _parents(blocks.containers), around = _around(blocks, most)
    cdef int[::1] numbers = np.zeros(most + 1, np.int32), stack = np.empty(most + 1, np.int32)
    cdef dict index = {}
    cdef list keys = []
    paths = np.zeros((n, DEPTH), np.int32)
    cdef int[:, ::1] path = paths
    for i in range(n):
        c, waiting = around[i], 0
        while c >= 0 and numbers[c] == 0:
            stack[waiting] = <int>c
            waiting += 1
            c = parents[c]
        while waiting:
            waiting -= 1
            c = stack[waiting]
            key = tags[c], attributes[c]
            number = index.get(key)
            if number is None:
                keys.append(key)
                number = index[key] = len(keys)
            numbers[c] = number
        c = around[i]
        for k in range(DEPTH):
            if c < 0:
                break
            path[i, k] = numbers[c]
            c = parents[c]
    rows = np.zeros((len(keys) + 1, NAMES), np.int32)
    cdef int[:, ::1] row = rows
    for i in range(len(keys)):
        tag, attribute = keys[i]
        row[i + 1, 0] = _whole(f"<{tag}>", LETTERS, MARKUP_BUCKETS)
        k = 1
        for name in attribute.split(None, NAMES - 1)[: NAMES - 1] if attribute else ():
            row[i + 1, k] = _whole(name, LETTERS, MARKUP_BUCKETS)
            k += 1
    return rows, paths


# Words and stems.

cdef struct Token:
    Py_ssize_t start
    Py_ssize_t end
    bint paired  # whether it is taken apart into pairs of characters

cdef uint8_t _SPACES[128]
cdef uint8_t _LOWER[128]
for _code in range(128):
    _SPACES[_code] = chr(_code).isspace()
    _LOWER[_code] = ord(chr(_code).lower())


cdef inline bint _is_space(uint32_t c) noexcept nogil:
    return _SPACES[c] if c < 128 else Py_UNICODE_ISSPACE(c)


cdef inline uint32_t _lower(uint32_t c) noexcept nogil:
    return _LOWER[c] if c < 128 else Py_UNICODE_TOLOWER(c)


cdef inline bint _is_paired(uint32_t c) noexcept nogil:
    if c < 0x3040:
        return 0xE00 <= c <= 0xEFF or 0x1000 <= c <= 0x109F or 0x1780 <= c <= 0x17FF
    return c <= 0x30FF or 0x3400 <= c <= 0x9FFF or 0xAC00 <= c <= 0xD7AF or 0xF900 <= c <= 0xFAFF


cdef inline bint _is_odd(uint32_t c) noexcept nogil:
    """Whether what it is in lower case takes more than looking at it alone: the dotted I, and the sigma."""
    return c == 0x130 or c == 0x3A3


cdef int _tokens(const Character* text, Py_ssize_t size, Token* found) noexcept nogil:
    """Tokens of a text: all of up to STEMS, of more the first and the last; their number.

    One more than STEMS where there are more, -1 where the text is better lowered beforehand.
    """
    cdef Py_ssize_t i = 0, start
    cdef int count = 0, k
    cdef bint paired
    while True:
        while i < size and _is_space(text[i]):
            i += 1
        if i == size:
            return count
        if count == STEMS:
            break
        start, paired = i, False
        while i < size and not _is_space(text[i]):
            if Character is not uint8_t:
                if _is_odd(text[i]):
                    return -1
                paired = paired or _is_paired(text[i])
            i += 1
        found[count] = Token(start, i, paired and i - start > 2)
        count += 1
    i = size
    for k in range(STEMS - 1, FIRST_STEMS - 1, -1):
        while _is_space(text[i - 1]):
            i -= 1
        start, paired = i, False
        # There are more tokens than are looked for: the text's beginning is not reached.
        while not _is_space(text[i - 1]):
            if Character is not uint8_t:
                if _is_odd(text[i - 1]):
                    return -1
                paired = paired or _is_paired(text[i - 1])
            i -= 1
        found[k] = Token(i, start, paired and start - i > 2)
    return STEMS + 1


cdef inline int _stem(const Character* text, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    cdef uint32_t crc = 0xFFFFFFFFu
    cdef Py_ssize_t i
    for i in range(start, min(end, start + STEM)):
        crc = _character(crc, _lower(text[i]))
    return _bucket(crc, STEM_BUCKETS)


cdef void _word_row(const Character* text, const Token* tokens, int count, int* row) noexcept nogil:
    """Buckets of the first and the last of tokens, of which there are at most STEMS."""
    cdef int k, column
    cdef uint32_t crc
    cdef Py_ssize_t i
    for column in range(min(count, WORDS)):
        k = column if count <= WORDS or column < FIRST_WORDS else count - WORDS + column
        crc = 0xFFFFFFFFu
        for i in range(tokens[k].start, min(tokens[k].end, tokens[k].start + LETTERS)):
            crc = _character(crc, _lower(text[i]))
        row[column] = _bucket(crc, TEXT_BUCKETS)


cdef void _stem_row(const Character* text, const Token* tokens, int count, int* row) noexcept nogil:
    """Buckets of the first and the last stems of tokens, of which there are at most STEMS."""
    cdef Py_ssize_t total = 0, number = 0, i, column
    cdef int k
    for k in range(count):
        total += min(tokens[k].end - tokens[k].start, PAIRED) - 1 if tokens[k].paired else 1
    for k in range(count):
        if not tokens[k].paired:
            column = _column_of(number, total)
            if column >= 0:
                row[column] = _stem(text, tokens[k].start, tokens[k].end)
            number += 1
            continue
        for i in range(tokens[k].start, min(tokens[k].end, tokens[k].start + PAIRED) - 1):
            column = _column_of(number, total)
            if column >= 0:
                row[column] = _stem(text, i, i + 2)
            number += 1


cdef inline Py_ssize_t _column_of(Py_ssize_t number, Py_ssize_t total) noexcept nogil:
    """Where a stem goes, -1 for nowhere."""
    if total <= STEMS or number < FIRST_STEMS:
        return number
    return number - total + STEMS if number >= total - LAST_STEMS else -1


cdef bint _rows(const Character* text, Py_ssize_t size, int* words, int* stems) noexcept nogil:
    """Fill the rows of a text; False where it is better lowered beforehand."""
    cdef Token tokens[STEMS]
    cdef int count = _tokens(text, size, tokens)
    if count < 0:
        return False
    count = min(count, STEMS)
    _word_row(text, tokens, count, words)
    _stem_row(text, tokens, count, stems)
    return True


cdef bint _fill(object text, int* words, int* stems) noexcept:
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _rows(<const uint8_t*>PyUnicode_DATA(text), size, words, stems)
    if kind == 2:
        return _rows(<const uint16_t*>PyUnicode_DATA(text), size, words, stems)
    return _rows(<const uint32_t*>PyUnicode_DATA(text), size, words, stems)


def words(blocks):
    """The twin of ``_words``."""
    cdef Py_ssize_t i, n = len(blocks.text)
    cdef list texts = _column(blocks.text, n)
    first, second = np.zeros((n, WORDS), np.int32), np.zeros((n, STEMS), np.int32)
    cdef int[:, ::1] of_words = first, of_stems = second
    for i in range(n):
        text = texts[i]
        if not PyUnicode_Check(text):
            raise TypeError("texts are str")
        if not _fill(text, &of_words[i, 0], &of_stems[i, 0]):
            _fill(text.lower(), &of_words[i, 0], &of_stems[i, 0])
    return first, second
