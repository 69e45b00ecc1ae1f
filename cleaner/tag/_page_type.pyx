# cython: boundscheck=True, wraparound=False
"""The twin of ``page_type.shape``."""

from libc.stdint cimport uint64_t
from libc.string cimport memcmp

from cleaner.tag import page_type as reference

cdef extern from "Python.h":
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    bint PyUnicode_IS_ASCII(object text)
    int PyUnicode_KIND(object text)
    const unsigned char* PyUnicode_1BYTE_DATA(object text)
    const void* PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, const void* data, Py_ssize_t index)
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept
    bint Py_UNICODE_ISSPACE(Py_UCS4 character) noexcept

cdef enum:
    SHORT = 60
    MOST_PARTS = 64

if SHORT != reference.SHORT:
    raise ImportError("built for other lengths")

cdef Py_ssize_t PROSE_WORDS = reference.PROSE_WORDS, LONG_LINK_WORDS = reference.LONG_LINK_WORDS
cdef object _HEADING = reference.Kind.HEADING, _CODE = reference.Kind.CODE


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    cdef list found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef inline int _lower(int c) noexcept:
    return c + 32 if c'A' <= c <= c'Z' else c


cdef class _Table:
    """What is looked for in a page: what short blocks say, and parts of class names."""

    cdef object source
    cdef uint64_t[SHORT + 1] openings  # of each length the first characters, modulo 64
    cdef list names, parts
    cdef unsigned char[256] first
    cdef unsigned char[256] second
    cdef int[MOST_PARTS] pairs  # the first two characters of each part
    cdef int[MOST_PARTS] lengths
    cdef const char* bytes_of[MOST_PARTS]

    def __init__(self, source):
        self.source, self.names, self.parts = source, [], []
        for said in source.says:
            if said.isascii() and 0 < len(said) <= SHORT:
                self.openings[len(said)] |= <uint64_t>1 << (ord(said[0]) & 63)
        for name, parts in source.repeated.items():
            for part in parts:
                raw = part.encode("ascii")
                if len(raw) < 2:
                    raise ValueError("a part of a class name has two letters")
                if len(self.parts) == MOST_PARTS:
                    raise ValueError("there are too many parts of class names")
                self.pairs[len(self.parts)] = raw[0] << 8 | raw[1]
                self.lengths[len(self.parts)] = len(raw)
                self.bytes_of[len(self.parts)] = raw
                self.names.append(name)
                self.parts.append(raw)
                self.first[raw[0]] = self.second[raw[1]] = True

    cdef int count(self, str text, Py_ssize_t* counts) except -1:
        """Add how often the parts stand in a text."""
        cdef Py_ssize_t i, k, length, size = PyUnicode_GET_LENGTH(text), n = len(self.parts)
        cdef Py_ssize_t[MOST_PARTS] free
        cdef const unsigned char* at
        cdef int pair
        if size < 2:
            return 0
        if PyUnicode_KIND(text) != 1:
            for k in range(n):
                counts[k] += text.count((<bytes>self.parts[k]).decode("ascii"))
            return 0
        at = PyUnicode_1BYTE_DATA(text)
        for k in range(n):
            free[k] = 0
        for i in range(size - 1):
            if self.first[at[i]] and self.second[at[i + 1]]:
                pair = at[i] << 8 | at[i + 1]
                for k in range(n):
                    if self.pairs[k] != pair:
                        continue
                    length = self.lengths[k]
                    if free[k] <= i and length <= size - i and memcmp(at + i, self.bytes_of[k], length) == 0:
                        counts[k] += 1
                        free[k] = i + length
        return 0


cdef _Table _table = None


cdef int _look(str text, Py_ssize_t size, bint* priced, bint* named) except -1:
    """Whether a short text may hold a sign of money, or a currency's name."""
    cdef Py_ssize_t i
    cdef const unsigned char* at
    cdef unsigned char c
    if not PyUnicode_IS_ASCII(text):
        priced[0] = named[0] = True
        return 0
    at = PyUnicode_1BYTE_DATA(text)
    # A NUL ends every text.
    for i in range(size):
        c = at[i]
        if c == c'$':
            priced[0] = True
        elif c == c'k' and at[i + 1] == c'r' or c == c'C' and at[i + 1] == c'H' or c == c'E' and at[i + 1] == c'U':
            named[0] = True
    return 0


cdef inline bint _is_sign(Py_UCS4 c) noexcept:
    return c in (c'$', 0x20AC, 0xA3, 0xA5, 0x20B9, 0x20BD)


def sums(str text):
    """How often the reference's pattern of a sum of money is found in a text."""
    cdef Py_ssize_t i, found = 0, n = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 c, next, before
    for i in range(n):
        c = PyUnicode_READ(kind, data, i)
        if not _is_sign(c):
            continue
        next = PyUnicode_READ(kind, data, i + 1) if i + 1 < n else 0
        if next == c' ' and i + 2 < n:
            next = PyUnicode_READ(kind, data, i + 2)
        if Py_UNICODE_ISDECIMAL(next):
            found += 1
        elif i and c in (0x20AC, 0xA3, 0x20BD):
            before = PyUnicode_READ(kind, data, i - 1)
            if i > 1 and Py_UNICODE_ISSPACE(before):
                before = PyUnicode_READ(kind, data, i - 2)
            found += Py_UNICODE_ISDECIMAL(before)
    return found


def shape(blocks, table):
    """The twin of ``shape``."""
    global _table
    cdef _Table known = _table
    if known is None or known.source is not table:
        known = _table = _Table(table)
    cdef list texts = blocks.text
    cdef Py_ssize_t i, k, n = len(texts), size, count, linked, words
    cdef list kinds = _column(blocks.kind, n), lengths = _column(blocks.words, n), links = _column(blocks.link_chars, n)
    cdef Py_ssize_t prose = 0, run = 0, longest = 0, headings = 0, long_links = 0, total = 0, code = 0
    cdef bint priced = False, named = False, plain
    cdef list short = [], told = []
    cdef const unsigned char* at
    cdef str text
    for i in range(n):
        text = texts[i]
        size, words, linked = PyUnicode_GET_LENGTH(text), lengths[i], links[i]
        total += words
        code += kinds[i] is _CODE
        if words >= PROSE_WORDS and 2 * linked <= size:
            prose += words
            run += words
        else:
            longest = max(longest, run)
            run = 0
            if 2 * linked > size:
                long_links += words >= LONG_LINK_WORDS
                headings += kinds[i] is _HEADING
        if size <= SHORT:
            short.append(text)
            _look(text, size, &priced, &named)
            plain = size > 0 and PyUnicode_IS_ASCII(text)
            if plain:
                at = PyUnicode_1BYTE_DATA(text)
                plain = not known.openings[size] >> (_lower(at[0]) & 63) & 1
                for k in range(size):
                    plain = plain and at[k] != c'\n'
            if not plain:
                told.append(text)
    cdef Py_ssize_t[MOST_PARTS] counts
    n = len(known.parts)
    for k in range(n):
        counts[k] = 0
    for attributes in blocks.containers.attributes:
        known.count(attributes, counts)
    cdef dict found = {
        "prose_percent": 100 * prose // (total or 1),
        "run_words": max(longest, run),
        "linked_headings": headings,
        "long_links": long_links,
        "code": code,
        "prices": (sums("\n".join(short)) if priced else 0) + (reference.named_sums("\n".join(short)) if named else 0),
    }
    for k in range(n):
        name = known.names[k]
        found[name] = found.get(name, 0) + counts[k]
    return found, table.says.intersection("\n".join(told).lower().split("\n"))
