# cython: cdivision=True
"""The twins of ``fingerprint``: a text in its normal form and its clauses, without a string for every word."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport uint32_t

from cleaner.tag._crc cimport crc_character, fill_crc

from cleaner.html.words import is_unspaced
from cleaner.site import fingerprint as reference

cdef extern from "Python.h":
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, void* data, Py_ssize_t index) noexcept
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t size)
    bint Py_UNICODE_ISSPACE(Py_UCS4 character) noexcept
    bint Py_UNICODE_ISALNUM(Py_UCS4 character) noexcept
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept
    int PyUnicode_4BYTE_KIND

cdef enum:
    _RARE = 64
    _ASCII = 128

cdef Py_ssize_t _REACH = reference.REACH
cdef Py_ssize_t _LEAST_WORDS = reference.LEAST_WORDS
cdef Py_ssize_t _LEAST_CHARACTERS = reference.LEAST_CHARACTERS
cdef Py_ssize_t _LONG = reference.LONG
cdef uint32_t _ONE_IN = reference.ONE_IN
cdef Py_ssize_t _MOST = reference.MOST_CLAUSES
cdef bint _ends[_ASCII]
cdef Py_UCS4 _rare[_RARE]
cdef int _rare_count = 0


def _fill():
    global _rare_count
    for end in reference.CLAUSE_ENDS:
        if ord(end) < _ASCII:
            _ends[ord(end)] = True
        elif _rare_count == _RARE:
            raise ImportError("too many ends of clauses")
        else:
            _rare[_rare_count] = ord(end)
            _rare_count += 1


fill_crc()
_fill()


cdef inline bint _is_end(Py_UCS4 c) noexcept:
    cdef int i
    if c < _ASCII:
        return _ends[c]
    for i in range(_rare_count):
        if _rare[i] == c:
            return True
    return False


def tidied(str folded not None):
    """As the reference."""
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(folded), i, used = 0
    cdef int kind = PyUnicode_KIND(folded)
    cdef void* data = PyUnicode_DATA(folded)
    cdef Py_UCS4* out = <Py_UCS4*> PyMem_Malloc((size + 1) * sizeof(Py_UCS4))
    cdef Py_UCS4 c
    cdef bint waits = False, figures = False
    if out is NULL:
        raise MemoryError
    for i in range(size):
        c = PyUnicode_READ(kind, data, i)
        if Py_UNICODE_ISSPACE(c):
            waits, figures = used > 0, False
            continue
        if Py_UNICODE_ISDECIMAL(c):
            if figures:
                continue
            figures, c = True, c"0"
        else:
            figures = False
        if waits:
            out[used] = c" "
            used += 1
            waits = False
        out[used] = c
        used += 1
    try:
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, out, used)
    finally:
        PyMem_Free(out)


cdef class _Clause:
    """The words of the clause that is being read, one behind the other, and where each ends."""

    cdef Py_UCS4* letters
    cdef Py_ssize_t* ends
    cdef Py_UCS4* joined
    cdef Py_ssize_t used, words

    def __cinit__(self, Py_ssize_t size):
        self.letters = <Py_UCS4*> PyMem_Malloc((size + 1) * sizeof(Py_UCS4))
        self.joined = <Py_UCS4*> PyMem_Malloc((2 * size + 1) * sizeof(Py_UCS4))
        self.ends = <Py_ssize_t*> PyMem_Malloc((size + 1) * sizeof(Py_ssize_t))
        if self.letters is NULL or self.joined is NULL or self.ends is NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.letters)
        PyMem_Free(self.joined)
        PyMem_Free(self.ends)

    cdef Py_ssize_t start_of(self, Py_ssize_t word) noexcept:
        return self.ends[word - 1] if word else 0

    cdef object piece(self, Py_ssize_t first, Py_ssize_t last, bint spaced):
        """The words from first to before last, as one text."""
        cdef Py_ssize_t word, i, size = 0
        for word in range(first, last):
            if spaced and word > first:
                self.joined[size] = c" "
                size += 1
            for i in range(self.start_of(word), self.ends[word]):
                self.joined[size] = self.letters[i]
                size += 1
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, self.joined, size)

    cdef bint ends_piece(self, Py_ssize_t word) noexcept:
        cdef uint32_t crc = 0xFFFFFFFFu
        cdef Py_ssize_t i
        for i in range(self.start_of(word), self.ends[word]):
            crc = crc_character(crc, self.letters[i])
        return (crc ^ 0xFFFFFFFFu) % _ONE_IN == 0

    cdef int close(self, list found) except -1:
        """The clause ends here: add its pieces."""
        cdef Py_ssize_t least = _LEAST_WORDS, start = 0, end, i
        cdef bint spaced = True
        if self.words and is_unspaced(chr(self.letters[0])):
            # Each character counts as a word.
            least, spaced, self.words = _LEAST_CHARACTERS, False, self.used
            for i in range(self.used):
                self.ends[i] = i + 1
        if self.words < _LONG * least:
            if self.words >= least:
                found.append(self.piece(0, self.words, spaced))
        else:
            for end in range(1, self.words + 1):
                if end - start >= least and (end == self.words or self.ends_piece(end - 1)):
                    found.append(self.piece(start, end, spaced))
                    start = end
        self.used = self.words = 0
        return 0


def clauses(str normal_text not None):
    """As the reference."""
    if PyUnicode_GET_LENGTH(normal_text) > 2 * _REACH:
        normal_text = f"{normal_text[:_REACH]}.{normal_text[PyUnicode_GET_LENGTH(normal_text) - _REACH:]}"
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(normal_text), i
    cdef int kind = PyUnicode_KIND(normal_text)
    cdef void* data = PyUnicode_DATA(normal_text)
    cdef _Clause clause = _Clause(size)
    cdef list found = []
    cdef Py_UCS4 c
    cdef bint inside = False
    for i in range(size):
        c = PyUnicode_READ(kind, data, i)
        if Py_UNICODE_ISALNUM(c):
            clause.letters[clause.used] = c
            clause.used += 1
            if not inside:
                clause.words += 1
            inside = True
            clause.ends[clause.words - 1] = clause.used
            continue
        inside = False
        if _is_end(c):
            clause.close(found)
    clause.close(found)
    return found if len(found) <= _MOST else found[: _MOST // 2] + found[len(found) - _MOST // 2 :]
