# cython: cdivision=True
"""The twins of ``features``: the same arrays, without a Python object for each of their cells."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

import numpy as np

from cleaner.tag._crc cimport crc_character, fill_crc

from cleaner.tag import _containers
from cleaner.tag import features as reference

cdef extern from "Python.h":
    bint PyUnicode_Check(object text)
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
    NAMES, FIRST_WORDS, LAST_WORDS, FIRST_STEMS, LAST_STEMS, TEXT_BUCKETS, MARKUP_BUCKETS, STEM_BUCKETS,
    LETTERS, STEM, PAIRED,
)
_THERE = (
    reference.NAMES, reference.FIRST_WORDS, reference.LAST_WORDS, reference.FIRST_STEMS,
    reference.LAST_STEMS, reference.TEXT_BUCKETS, reference.MARKUP_BUCKETS, reference.STEM_BUCKETS,
    reference.WORD_LENGTH, reference.STEM_LENGTH, reference.LONGEST_PAIRED,
)
if _HERE != _THERE:
    raise ImportError("built for other features")


fill_crc()


cdef inline int _bucket(uint32_t crc, uint32_t buckets) noexcept nogil:
    return <int>((crc ^ 0xFFFFFFFFu) % (buckets - 1) + 1)


cdef uint32_t _hashed(const Character* text, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef uint32_t crc = 0xFFFFFFFFu
    for i in range(size):
        crc = crc_character(crc, text[i])
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


# What stands around blocks.

def boxes_around(blocks):
    """The twin of ``boxes_around``."""
    return _containers.boxes(blocks, reference.BOXES)


def names_around(blocks):
    """The twin of ``names_around``."""
    keys, paths = _containers.elements(blocks, reference.DEPTH)
    cdef Py_ssize_t i, n = len(keys)
    rows = np.zeros((n + 1, NAMES), np.int32)
    cdef int[:, ::1] row = rows
    for i in range(n):
        tag, names = keys[i]
        row[i + 1, 0] = _whole(f"<{tag}>", LETTERS, MARKUP_BUCKETS)
        _fill_names(names, &row[i + 1, 1])
    return rows, paths


cdef int _names(const Character* text, Py_ssize_t size, int* row) noexcept nogil:
    cdef Py_ssize_t i = 0, start
    cdef int k
    for k in range(NAMES - 1):
        while i < size and Py_UNICODE_ISSPACE(text[i]):
            i += 1
        if i == size:
            break
        start = i
        while i < size and not Py_UNICODE_ISSPACE(text[i]):
            i += 1
        row[k] = _bucket(_hashed(text + start, min(i - start, LETTERS)), MARKUP_BUCKETS)
    return 0


cdef int _fill_names(object text, int* row) except -1:
    cdef Py_ssize_t size
    if not PyUnicode_Check(text):
        raise TypeError("attributes are str")
    size = PyUnicode_GET_LENGTH(text)
    if PyUnicode_KIND(text) == 1:
        return _names(<const uint8_t*>PyUnicode_DATA(text), size, row)
    if PyUnicode_KIND(text) == 2:
        return _names(<const uint16_t*>PyUnicode_DATA(text), size, row)
    return _names(<const uint32_t*>PyUnicode_DATA(text), size, row)


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
        crc = crc_character(crc, _lower(text[i]))
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
            crc = crc_character(crc, _lower(text[i]))
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


cdef list _column(object values, Py_ssize_t size):
    """A list of this length: what is read without looking at bounds."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


def words_inside(blocks):
    """The twin of ``words_inside``."""
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
