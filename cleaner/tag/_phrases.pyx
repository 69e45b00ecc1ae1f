# cython: boundscheck=True, wraparound=False
"""The twins of what ``phrases``, ``fold`` and ``scripts`` do with the texts of a page."""

from cpython.object cimport PyTypeObject
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring, PyUnicode_Tailmatch,
)
from libc.stdint cimport uint8_t, uint16_t, uint32_t

from cleaner.tag._trie cimport Node, Trie, child

from cleaner.tag import fold as folding, scripts

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(Py_UCS4 character) noexcept nogil
    bint Py_UNICODE_ISALPHA(Py_UCS4 character) noexcept nogil
    bint PyUnicode_IS_ASCII(object text)
    object PyUnicode_New(Py_ssize_t size, Py_UCS4 most)
    object PyType_GenericAlloc(PyTypeObject* type, Py_ssize_t size)
    void PyTuple_SET_ITEM(object row, Py_ssize_t at, object item)
    Py_ssize_t PyUnicode_Find(object text, object sought, Py_ssize_t start, Py_ssize_t end, int direction) except -2
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t size)

cdef extern from *:
    """
    #define cleaner_own(x) Py_INCREF(x)
    """
    void cleaner_own(object item)


# Characters.

cdef inline bint is_unspaced(Py_UCS4 c) noexcept nogil:
    """As ``cleaner.html.words.is_unspaced``."""
    if c < 0x0E00:
        return False
    if c < 0x3040:
        return c <= 0x0EFF or 0x1000 <= c <= 0x109F or 0x1780 <= c <= 0x17FF
    return (
        c <= 0x30FF or 0x3400 <= c <= 0x4DBF or 0x4E00 <= c <= 0x9FFF or 0xF900 <= c <= 0xFAFF
        or 0xFF66 <= c <= 0xFF9F or 0x20000 <= c <= 0x3134F
    )


cdef uint8_t _PLAIN[128]
"""Of ASCII what a fold makes of it."""
cdef uint8_t _KINDS[128]
cdef enum:
    ALNUM = 1
    ALPHA = 2
    EDGE = 4
    FIRST = 0x80
    # Where the table of folds ends: Latin, Greek, Cyrillic; and from where to where it goes on: punctuation, signs.
    LAST = 0x530
    SIGNS = 0x2000
    LAST_SIGN = 0x2200
    ROOM = 3

cdef struct Fold:
    uint16_t letters[ROOM]
    # 0 for what is left to the reference.
    uint16_t size

cdef Fold _FOLDS[LAST + LAST_SIGN - SIGNS]


def _learn():
    from unicodedata import combining

    cdef int c, k, at
    for c in range(128):
        _PLAIN[c] = ord(folding.fold(chr(c)))
        _KINDS[c] = ALNUM * chr(c).isalnum() | ALPHA * chr(c).isalpha() | EDGE * (chr(c) in folding._EDGES)
    for at in range(LAST + LAST_SIGN - SIGNS):
        c = at if at < LAST else at - LAST + SIGNS
        # A mark may change places with one before it, or become one with a letter.
        folded = "" if combining(chr(c)) else folding.fold(chr(c))
        _FOLDS[at].size = 0
        if 0 < len(folded) <= ROOM and max(map(ord, folded)) < 0x10000:
            _FOLDS[at].size = <uint16_t> len(folded)
            for k in range(len(folded)):
                _FOLDS[at].letters[k] = <uint16_t> ord(folded[k])


_learn()


cdef inline bint is_alnum(Py_UCS4 c) noexcept nogil:
    return _KINDS[c] & ALNUM if c < 128 else Py_UNICODE_ISALNUM(c)


cdef inline bint is_alpha(Py_UCS4 c) noexcept nogil:
    return _KINDS[c] & ALPHA if c < 128 else Py_UNICODE_ISALPHA(c)


cdef inline bint continues(Py_UCS4 c) noexcept nogil:
    return is_alnum(c) and not is_unspaced(c)


def kinds_of(str character):
    """Whether a character is of a script without spaces, and whether it goes on with a word: for tests."""
    return is_unspaced(ord(character)), continues(ord(character))


# Texts.

cpdef str fold(str text):
    """As ``cleaner.tag.fold.fold``."""
    cdef Py_ssize_t i, n = PyUnicode_GET_LENGTH(text)
    cdef const uint8_t* data
    cdef uint8_t* into
    if not PyUnicode_IS_ASCII(text):
        return _fold_wide(text, n)
    if n == 0:
        return text
    folded = PyUnicode_New(n, 127)
    data, into = <const uint8_t*> PyUnicode_DATA(text), <uint8_t*> PyUnicode_DATA(folded)
    for i in range(n):
        into[i] = _PLAIN[data[i] & 127]
    return folded


cdef str _fold_wide(str text, Py_ssize_t n):
    cdef int kind = PyUnicode_KIND(text), k
    cdef const void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t i, at = 0
    cdef Py_UCS4 c
    cdef const Fold* found
    cdef uint16_t* into
    if kind == 4:
        return folding.fold(text)
    into = <uint16_t*> PyMem_Realloc(NULL, n * ROOM * sizeof(uint16_t))
    if into is NULL:
        raise MemoryError
    try:
        for i in range(n):
            c = PyUnicode_READ(kind, data, i)
            if c < FIRST:
                into[at] = _PLAIN[c]
                at += 1
                continue
            if c < LAST:
                found = &_FOLDS[<int> c]
            elif SIGNS <= c < LAST_SIGN:
                found = &_FOLDS[LAST + <int> c - SIGNS]
            else:
                return folding.fold(text)
            if found.size == 0:
                return folding.fold(text)
            for k in range(found.size):
                into[at] = found.letters[k]
                at += 1
        return PyUnicode_FromKindAndData(2, into, at)
    finally:
        PyMem_Free(into)


cpdef str bare(str text):
    """As ``cleaner.tag.fold.bare``."""
    cdef Py_ssize_t first = 0, last = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 c
    while first < last:
        c = PyUnicode_READ(kind, data, first)
        if c >= 128 or not _KINDS[c] & EDGE:
            break
        first += 1
    while first < last:
        c = PyUnicode_READ(kind, data, last - 1)
        if c >= 128 or not _KINDS[c] & EDGE:
            break
        last -= 1
    if first == last:
        return ""
    if is_alnum(PyUnicode_READ(kind, data, first)) and is_alnum(PyUnicode_READ(kind, data, last - 1)):
        return PyUnicode_Substring(text, first, last)
    return folding.bare(text)


cdef enum:
    BEFORE_SCRIPTS = 0x370
    WITHOUT_SCRIPTS = 0x1200
    SCRIPTS_AGAIN = 0x3040

assert scripts._STARTS[1] == (BEFORE_SCRIPTS, "greek")
assert scripts._STARTS[scripts._POINTS.index(WITHOUT_SCRIPTS):][:2] == ((WITHOUT_SCRIPTS, ""), (SCRIPTS_AGAIN, "cjk"))
cdef list _NAMES = [script for _, script in scripts._STARTS]
cdef int _MOST = len(_NAMES)
cdef Py_UCS4 _POINTS[64]
assert _MOST <= 64
for _at, _point in enumerate(scripts._POINTS):
    _POINTS[<int> _at] = _point


def scripts_in(texts):
    """As ``cleaner.tag.scripts.scripts_in``."""
    cdef Py_ssize_t i
    cdef int kind, at
    cdef const void* data
    cdef Py_UCS4 c, low = 0, high = 0
    cdef set found = {scripts.LATIN}
    for text in texts:
        if not isinstance(text, str):
            raise TypeError("texts are str")
        if PyUnicode_IS_ASCII(text):
            continue
        kind = PyUnicode_KIND(text)
        if kind == 1:
            continue
        data = PyUnicode_DATA(text)
        for i in range(PyUnicode_GET_LENGTH(text)):
            c = PyUnicode_READ(kind, data, i)
            # Most are of the run of the one before.
            if c < BEFORE_SCRIPTS or WITHOUT_SCRIPTS <= c < SCRIPTS_AGAIN or low <= c < high:
                continue
            if c > 0xFFFF:
                continue
            at = _MOST - 1
            while _POINTS[at] > c:
                at -= 1
            low, high = _POINTS[at], _POINTS[at + 1] if at + 1 < _MOST else 0x110000
            if _NAMES[at]:
                found.add(_NAMES[at])
    return frozenset(found)


def is_of_another(list hits, str declared):
    """As ``phrases._is_of_another``."""
    cdef dict counts = {}
    cdef list found
    for found in hits:
        for hit in found:
            phrase = (<tuple> hit)[0]
            if phrase.strength != "hint":
                language = phrase.language
                counts[language] = counts.get(language, 0) + 1
    return bool(counts) and counts.get(declared, 0) < max(counts.values())


# What is found.

cdef struct Place:
    Py_ssize_t end
    Py_ssize_t start
    uint32_t anchor

cdef class _Places:
    """The anchors that stand in a text."""

    cdef Place* rows
    cdef Py_ssize_t used, room

    def __dealloc__(self):
        PyMem_Free(self.rows)

    cdef int add(self, Py_ssize_t end, Py_ssize_t start, uint32_t anchor) except -1:
        """Put one where it belongs: by its end, the longest first."""
        cdef Py_ssize_t at
        cdef Place* grown
        if self.used == self.room:
            grown = <Place*> PyMem_Realloc(self.rows, (2 * self.room + 64) * sizeof(Place))
            if grown is NULL:
                raise MemoryError
            self.rows, self.room = grown, 2 * self.room + 64
        at = self.used
        self.used += 1
        while at and (
            self.rows[at - 1].end > end
            or self.rows[at - 1].end == end and (
                self.rows[at - 1].start > start or self.rows[at - 1].start == start and self.rows[at - 1].anchor > anchor
            )
        ):
            self.rows[at] = self.rows[at - 1]
            at -= 1
        self.rows[at] = Place(end, start, anchor)
        return 0


cdef class Finder:
    """What ``PhraseTable.find`` does, with the tables of one."""

    cdef Trie trie
    cdef const uint32_t[::1] ends, members, anchors, stops
    cdef const uint8_t[::1] closed, letters, edges
    cdef Py_ssize_t sought, longest, window
    cdef dict exact, prefixes, openings, used
    cdef list spoken
    cdef tuple keys
    cdef object hit, uses_of, fragments, near
    cdef dict pieces

    def __init__(self, table, beginnings, hit, limits):
        if not issubclass(hit, tuple):
            raise TypeError("a hit is a tuple")
        self.trie = Trie(table.beginnings())
        self.ends, self.members, self.closed = beginnings.ends, beginnings.members, beginnings.closed
        self.sought = beginnings.sought
        self.longest, self.window, self.keys = limits
        self.fragments, self.anchors, self.edges = table._fragments, table._anchors, table._edges
        self.letters, self.stops = self.fragments.data, self.fragments.ends
        self.exact, self.prefixes, self.openings = table._exact, table._prefixes, table._openings
        self.spoken, self.used, self.pieces = table._spoken, {}, {}
        self.uses_of, self.near, self.hit = table._uses_of, table._near, hit

    def find(self, texts, const uint8_t[::1] idle, const uint8_t[::1] idle_anchors):
        """The hits of each text."""
        cdef list hits = [], row
        cdef str text, folded
        cdef _Places places = _Places()
        for given in texts:
            text = given if type(given) is str else str(given)
            folded = fold(text)
            row = self.whole(folded)
            places.used = 0
            self.stand(folded, idle, idle_anchors, places)
            if places.used:
                self.note(folded, places, row)
            hits.append(row)
        return hits

    cdef int stand(
        self, str text, const uint8_t[::1] idle, const uint8_t[::1] idle_anchors, _Places places
    ) except -1:
        """Find the anchors that stand in a text as words."""
        cdef Py_ssize_t start, end, last, place, n = PyUnicode_GET_LENGTH(text)
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef const Node* nodes = self.trie.nodes
        cdef const uint32_t* letters = self.trie.letters
        cdef const uint8_t* codes = self.trie.codes
        cdef Py_ssize_t number
        cdef uint32_t node, anchor
        cdef Py_UCS4 c
        cdef bint inside = False, before
        for start in range(n):
            c = PyUnicode_READ(kind, data, start)
            before, inside = inside, continues(c)
            # What begins like a word begins where one does. A script without spaces has none to mind.
            if before and inside:
                continue
            end, node = start, 0
            while end < n:
                node = child(nodes, letters, codes, node, PyUnicode_READ(kind, data, end))
                if node == 0:
                    break
                end += 1
                number = nodes[node].pattern
                if number < 0 or idle[number]:
                    continue
                for place in range(self.ends[number - 1] if number else 0, self.ends[number]):
                    anchor = self.members[place]
                    if idle_anchors[anchor]:
                        continue
                    last = end
                    if end - start == self.sought:
                        last = self.reaches(anchor, kind, data, start, n)
                        if last < 0:
                            continue
                    if (
                        self.closed[anchor] and last < n and is_alnum(PyUnicode_READ(kind, data, last - 1))
                        and continues(PyUnicode_READ(kind, data, last))
                    ):
                        continue
                    places.add(last, start, anchor)
        return 0

    cdef Py_ssize_t reaches(self, uint32_t anchor, int kind, const void* data, Py_ssize_t at, Py_ssize_t n) except -2:
        """Where an anchor ends that stands at a place of a text; -1 if it does not."""
        cdef uint32_t fragment = self.anchors[anchor], c, more
        cdef Py_ssize_t i = self.stops[fragment - 1] if fragment else 0, end = self.stops[fragment] - 1
        while i < end:
            if at >= n:
                return -1
            c = self.letters[i]
            i += 1
            if c >= 0x80:
                more = 1 if c < 0xE0 else 2 if c < 0xF0 else 3
                c &= 0x3F >> more
                while more and i < end:
                    c = c << 6 | self.letters[i] & 0x3F
                    i, more = i + 1, more - 1
            if c != PyUnicode_READ(kind, data, at):
                return -1
            at += 1
        return at

    cdef int note(self, str text, _Places places, list into) except -1:
        """Add the hits of what was found."""
        cdef Py_ssize_t k, start, end
        cdef Py_ssize_t span[2]
        cdef list uses
        cdef tuple use
        for k in range(places.used):
            uses = self.used.get(places.rows[k].anchor)
            if uses is None:
                uses = self.used[places.rows[k].anchor] = [tuple(use_of) for use_of in self.uses_of(places.rows[k].anchor)]
            for use in uses:
                start, end = places.rows[k].start, places.rows[k].end
                if len(<list?> use[2]) > 1:
                    span[0], span[1] = start, end
                    if not self.around(text, use, span):
                        continue
                    start, end = span[0], span[1]
                for phrase in <list?> use[0]:
                    into.append(self.make(phrase, start, end))
        return 0

    cdef object make(self, object phrase, object start, object end):
        """A hit, made without the tuple that a call would take."""
        made = PyType_GenericAlloc(<PyTypeObject*> self.hit, 3)
        cleaner_own(phrase)
        PyTuple_SET_ITEM(made, 0, phrase)
        cleaner_own(start)
        PyTuple_SET_ITEM(made, 1, start)
        cleaner_own(end)
        PyTuple_SET_ITEM(made, 2, end)
        return made

    # Phrases of several fragments.

    cdef str piece(self, fragment):
        cdef str word = self.pieces.get(fragment)
        if word is None:
            word = self.pieces[fragment] = self.fragments[fragment]
        return word

    cdef bint around(self, str text, tuple use, Py_ssize_t* span) except -1:
        """Whether the other fragments of a phrase stand around one; sets its span."""
        cdef list parts = use[2], gaps = use[3]
        cdef Py_ssize_t place = use[1], k, at
        if place < 0 or place >= len(parts) or len(gaps) < len(parts):
            raise ValueError("a fragment is none of its phrase")
        for k in range(place + 1, len(parts)):
            at = self.next(text, parts[k - 1], parts[k], bool(gaps[k]), span[1])
            if at < 0:
                return False
            span[1] = at + len(self.piece(parts[k]))
        for k in range(place - 1, -1, -1):
            at = self.previous(text, parts[k], bool(gaps[k + 1]), span[0])
            if at < 0:
                return False
            span[0] = at
        return True

    cdef Py_ssize_t next(self, str text, before, fragment, bint gap, Py_ssize_t end) except -2:
        cdef str word = self.piece(fragment)
        cdef Py_ssize_t size = len(word), at = PyUnicode_Find(text, word, end, end + self.window + size, 1)
        while at >= 0:
            if self.is_word(fragment, text, at, at + size) and self.near(before, text, end, at, gap):
                return at
            at = PyUnicode_Find(text, word, at + 1, end + self.window + size, 1)
        return -1

    cdef Py_ssize_t previous(self, str text, fragment, bint gap, Py_ssize_t start) except -2:
        cdef str word = self.piece(fragment)
        cdef Py_ssize_t size = len(word), low = max(0, start - self.window - size)
        cdef Py_ssize_t at = PyUnicode_Find(text, word, low, start, -1)
        while at >= 0:
            if self.is_word(fragment, text, at, at + size) and self.near(fragment, text, at + size, start, gap):
                return at
            # A negative end would count from behind.
            at = PyUnicode_Find(text, word, low, max(0, at + size - 1), -1)
        return -1

    cdef bint is_word(self, Py_ssize_t fragment, str text, Py_ssize_t start, Py_ssize_t end) except -1:
        cdef int kind = PyUnicode_KIND(text), edge = self.edges[fragment]
        cdef const void* data = PyUnicode_DATA(text)
        if (
            start and edge & 2 and is_alnum(PyUnicode_READ(kind, data, start))
            and continues(PyUnicode_READ(kind, data, start - 1))
        ):
            return False
        if edge & 5 != 4 or end == PyUnicode_GET_LENGTH(text):
            return True
        return not (
            is_alnum(PyUnicode_READ(kind, data, end - 1)) and continues(PyUnicode_READ(kind, data, end))
        )

    # Phrases that are the whole text, or open it.

    cdef list whole(self, str text):
        cdef Py_ssize_t n = PyUnicode_GET_LENGTH(text), length
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef list hits = []
        cdef dict named
        cdef str prefix
        if n <= self.longest:
            names = self.exact.get(text)
            if names is None and n and not (
                is_alpha(PyUnicode_READ(kind, data, 0)) and is_alpha(PyUnicode_READ(kind, data, n - 1))
            ):
                names = self.exact.get(bare(text))
            if names is not None:
                for name in names:
                    hits.append(self.make(self.spoken[name], 0, n))
        openings = self.openings.get(PyUnicode_Substring(text, 0, min(n, 2)))
        if openings is None:
            return hits
        for prefix in <tuple?> openings:
            if PyUnicode_Tailmatch(text, prefix, 0, n, -1):
                return self.opened(text, hits)
        return hits

    cdef list opened(self, str text, list hits):
        cdef Py_ssize_t n = PyUnicode_GET_LENGTH(text)
        cdef str prefix
        for length in self.keys:
            if length > n:
                continue
            prefixes = self.prefixes.get(text[:length])
            if prefixes is None:
                continue
            for prefix, names in (<dict?> prefixes).items():
                if PyUnicode_Tailmatch(text, prefix, 0, n, -1) and not self.goes_on(text, prefix):
                    for name in names:
                        hits.append(self.make(self.spoken[name], 0, len(prefix)))
        return hits

    cdef bint goes_on(self, str text, str prefix) except -1:
        cdef Py_ssize_t size = PyUnicode_GET_LENGTH(prefix)
        if size == 0 or size >= PyUnicode_GET_LENGTH(text):
            return False
        cdef Py_UCS4 last = PyUnicode_READ(PyUnicode_KIND(prefix), PyUnicode_DATA(prefix), size - 1)
        if is_unspaced(last):
            return False
        return is_alpha(last) and is_alpha(PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), size))
