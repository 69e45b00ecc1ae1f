# cython: cdivision=True
"""The twin of ``characters``: one pass over each text, whatever the width of its characters."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

import numpy as np

cdef extern from "Python.h":
    bint PyUnicode_Check(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept nogil

ctypedef fused Character:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    _FIRST_OTHER_DECIMAL = 0x660
    # What a character may be. The first four are counted.
    _COMMA = 1
    _STOP = 2
    _QUESTION = 4
    _DIGIT = 8
    _EXCLAMATION = 16
    _COPYRIGHT = 32
    _AT = 64
    _CURRENCY = 128
    _BREAK = 256
    _WIDE_STOP = 512
    _DECIMAL = 1024

cdef uint16_t _SORTS[256]


def _sort_out():
    for character in range(256):
        _SORTS[character] = 0
    for signs, sort in (
        (",", _COMMA), (".", _STOP), ("?", _QUESTION), ("!", _EXCLAMATION), ("©", _COPYRIGHT), ("@", _AT),
        ("$£¥", _CURRENCY), ("\n", _BREAK), ("0123456789", _DIGIT | _DECIMAL),
    ):
        for sign in signs:
            _SORTS[ord(sign)] = sort


_sort_out()


cdef inline int _sort_of(uint32_t character) noexcept nogil:
    """What a character from U+0100 on is."""
    if character < _FIRST_OTHER_DECIMAL:
        return 0
    if character == 0x3001 or character == 0xFF0C:
        return _COMMA
    if character == 0x3002:
        return _WIDE_STOP
    if 0x20A9 <= character <= 0x20BD and character in (0x20A9, 0x20AC, 0x20B9, 0x20BA, 0x20BD):
        return _CURRENCY
    return _DECIMAL if Py_UNICODE_ISDECIMAL(character) else 0


cdef void _count(const Character* text, Py_ssize_t size, int* counts, Py_ssize_t stride) noexcept nogil:
    cdef Py_ssize_t i
    cdef int sort, seen = 0, commas = 0, stops = 0, digits = 0
    cdef bint spaced
    for i in range(size):
        if Character is uint8_t:
            sort = _SORTS[text[i]]
        else:
            sort = _SORTS[text[i]] if text[i] < 256 else _sort_of(text[i])
        if sort == 0:
            continue
        seen |= sort
        if sort & _DIGIT:
            digits += 1
        elif sort & _COMMA:
            commas += 1
        elif sort & (_STOP | _QUESTION):
            spaced = i + 1 < size and text[i + 1] == 32
            stops += spaced
        elif sort & _WIDE_STOP:
            stops += 1
    counts[0] = <int>size
    counts[stride] = commas
    counts[2 * stride] = stops
    counts[3 * stride] = digits
    counts[4 * stride] = seen & _QUESTION != 0
    counts[5 * stride] = seen & _EXCLAMATION != 0
    counts[6 * stride] = seen & _COPYRIGHT != 0
    counts[7 * stride] = seen & _AT != 0
    counts[8 * stride] = seen & _CURRENCY != 0
    counts[9 * stride] = seen & _BREAK != 0
    counts[10 * stride] = seen & _DECIMAL != 0


def counts(texts):
    """A row for each field of Characters, in their order, and one for whether a text has decimal digits of any script."""
    cdef Py_ssize_t i, size, n = len(texts)
    cdef int kind
    found = np.empty((11, max(n, 1)), np.int32)
    cdef int[:, ::1] rows = found
    i = 0
    for text in texts:
        if not PyUnicode_Check(text):
            raise TypeError("texts are str")
        if i >= n:
            raise ValueError("there are more texts than there were")
        size, kind = PyUnicode_GET_LENGTH(text), PyUnicode_KIND(text)
        if kind == 1:
            _count(<const uint8_t*>PyUnicode_DATA(text), size, &rows[0, i], rows.shape[1])
        elif kind == 2:
            _count(<const uint16_t*>PyUnicode_DATA(text), size, &rows[0, i], rows.shape[1])
        else:
            _count(<const uint32_t*>PyUnicode_DATA(text), size, &rows[0, i], rows.shape[1])
        i += 1
    if i != n:
        raise ValueError("there are fewer texts than there were")
    return found[:, :n]
