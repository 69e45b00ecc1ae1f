# cython: boundscheck=True, wraparound=False
"""The twin of ``cards.find_cards``."""

from libc.stdlib cimport calloc, free

from cleaner.tag import cards as reference

cdef Py_ssize_t FEWEST = reference._FEWEST, MOST_BLOCKS = reference._MOST_BLOCKS, MOST_WORDS = reference._MOST_WORDS
cdef Py_ssize_t MOST_TITLES = reference._MOST_TITLES, TITLE_WORDS = reference._LINK_TITLE_WORDS
cdef double TITLE_SHARE = reference._LINK_TITLE_SHARE, ALIKE = reference._ALIKE
cdef frozenset OF_TABLES = reference._OF_TABLES


cdef class _Sums:
    """Running sums over the blocks of a page, of words and of titles."""

    cdef Py_ssize_t size
    cdef Py_ssize_t* words
    cdef Py_ssize_t* titles

    def __cinit__(self, list words, list shares):
        cdef Py_ssize_t i, count
        self.size = len(words)
        if len(shares) != self.size:
            raise ValueError("columns of one length are wanted")
        self.words = <Py_ssize_t*> calloc(self.size + 1, sizeof(Py_ssize_t))
        self.titles = <Py_ssize_t*> calloc(self.size + 1, sizeof(Py_ssize_t))
        if self.words is NULL or self.titles is NULL:
            raise MemoryError
        for i in range(self.size):
            count = words[i]
            self.words[i + 1] = self.words[i] + count
            self.titles[i + 1] = self.titles[i] + (count >= TITLE_WORDS and <double> shares[i] >= TITLE_SHARE)

    def __dealloc__(self):
        free(self.words)
        free(self.titles)

    cdef int is_shaped(self, Py_ssize_t first, Py_ssize_t last) except -1:
        """Whether blocks have the shape of a teaser."""
        if not first < last <= first + MOST_BLOCKS:
            return 0
        if first < 0 or last > self.size:
            raise IndexError(last)
        return (
            1 <= self.titles[last] - self.titles[first] <= MOST_TITLES
            and self.words[last] - self.words[first] <= MOST_WORDS
        )


def find_cards(evidence):
    """As the reference."""
    blocks = evidence.blocks
    containers = blocks.containers
    cdef list first = containers.first, last = containers.last, parents = containers.parent, members
    cdef Py_ssize_t size = len(parents), c, i, found = 0, there
    cdef _Sums sums = _Sums(blocks.words, evidence.link_share)
    cdef bytearray shaped = bytearray(size)
    cdef list cards = [False] * sums.size
    cdef set around = set()
    if len(first) != size or len(last) != size:
        raise ValueError("columns of one length are wanted")
    for c in range(size):
        if sums.is_shaped(first[c], last[c]):
            shaped[c] = 1
            found += 1
            around.add(parents[c])
    if found < FEWEST:
        return cards
    for members in _siblings(containers, around):
        if len(members) < FEWEST or containers.tag[members[0]] in OF_TABLES:
            continue
        there = 0
        for c in members:
            there += shaped[c]
        if there < max(<double> FEWEST, ALIKE * len(members)) or reference._are_content(evidence, members):
            continue
        for c in members:
            for i in range(first[c], last[c]):
                cards[i] = True
    return cards


cdef list _siblings(containers, set around):
    """The boxes in each of some containers that hold any text, boxes of one make together."""
    cdef list first = containers.first, last = containers.last, parents = containers.parent
    cdef list tag = containers.tag, attributes = containers.attributes
    cdef dict alike = {}
    cdef Py_ssize_t c, end
    cdef str words
    for c in range(len(parents)):
        if <Py_ssize_t> first[c] < <Py_ssize_t> last[c] and parents[c] in around:
            words = attributes[c]
            end = words.find(" ")
            key = (parents[c], tag[c], words if end < 0 else words[:end])
            members = alike.get(key)
            if members is None:
                alike[key] = [c]
            else:
                (<list> members).append(c)
    return list(alike.values())
