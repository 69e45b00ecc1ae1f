"""Many literal strings sought at places of a text: a tree of characters, level by level."""

from collections import Counter

from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memset


cdef class Trie:
    """The tree of some strings that differ; each is known by its place among them."""

    def __cinit__(self, patterns):
        cdef list order = sorted(range(len(patterns)), key=patterns.__getitem__)
        cdef list words = [patterns[i] for i in order]
        cdef Py_ssize_t n = len(words), room = sum(map(len, words)) + 2, i = 0, used = 1, depth = 0, level = 1, at, end, k
        cdef uint32_t* low = <uint32_t*> malloc(room * sizeof(uint32_t))
        cdef uint32_t* high = <uint32_t*> malloc(room * sizeof(uint32_t))
        self.nodes = <Node*> malloc(room * sizeof(Node))
        self.letters = <uint32_t*> malloc(room * sizeof(uint32_t))
        try:
            if low is NULL or high is NULL or self.nodes is NULL or self.letters is NULL:
                raise MemoryError
            if room >= 1 << 31:
                raise ValueError("these are too many strings")
            self.encode(words)
            low[0], high[0], self.letters[0] = 0, <uint32_t> n, 0
            while i < used:
                if i == level:
                    depth, level = depth + 1, used
                at, end = low[i], high[i]
                self.nodes[i].pattern = -1
                if at < end and len(<str> words[at]) == depth:
                    self.nodes[i].pattern = order[at]
                    at += 1
                if at < end and len(<str> words[at]) == depth:
                    raise ValueError("a string is there twice")
                self.nodes[i].first, self.nodes[i].mask = <uint32_t> used, 0
                used = self.branch(i, words, depth, at, end, used, low, high)
                i += 1
            self.nodes[used].first, self.nodes[used].mask, self.nodes[used].pattern = <uint32_t> used, 0, -1
            self.size = used
        finally:
            free(low)
            free(high)
        self.shrink()

    def __dealloc__(self):
        free(self.nodes)
        free(self.letters)

    cdef int encode(self, list words) except -1:
        """Give the most frequent characters their codes, by letter."""
        counts = Counter("".join(words))
        near = [c for c, _ in counts.most_common() if ord(c) < REACH]
        memset(self.codes, NONE, REACH)
        for c in near:
            self.codes[<int> ord(c)] = OTHER
        for code, c in enumerate(sorted(near[:OTHER])):
            self.codes[<int> ord(c)] = code
        return 0

    cdef Py_ssize_t branch(
        self, Py_ssize_t i, list words, Py_ssize_t depth, Py_ssize_t at, Py_ssize_t end, Py_ssize_t used,
        uint32_t* low, uint32_t* high,
    ) except -1:
        """Add the nodes that a node leads to: first those of characters with a code."""
        cdef Py_ssize_t k, behind
        cdef Py_UCS4 c
        cdef int code
        cdef bint coded
        for coded in (True, False):
            k = at
            while k < end:
                c = (<str> words[k])[depth]
                behind = k + 1
                while behind < end and (<str> words[behind])[depth] == c:
                    behind += 1
                code = self.codes[c] if c < REACH else OTHER
                if (code < OTHER) == coded:
                    if coded:
                        self.nodes[i].mask |= (<uint64_t> 1) << code
                    self.letters[used], low[used], high[used] = c, <uint32_t> k, <uint32_t> behind
                    used += 1
                k = behind
        return used

    cdef int shrink(self) except -1:
        """Give back the room that strings with one beginning did not need."""
        cdef void* nodes = realloc(self.nodes, (self.size + 1) * sizeof(Node))
        if nodes is not NULL:
            self.nodes = <Node*> nodes
        cdef void* letters = realloc(self.letters, (self.size + 1) * sizeof(uint32_t))
        if letters is not NULL:
            self.letters = <uint32_t*> letters
        return 0

    def find(self, str text not None):
        """The strings that stand in a text, as (number, start, end), by where they begin, shorter ones first."""
        cdef Py_ssize_t start, end, n = len(text)
        cdef uint32_t node
        cdef list found = []
        for start in range(n):
            end, node = start, 0
            while end < n:
                node = child(self.nodes, self.letters, self.codes, node, text[end])
                if node == 0:
                    break
                end += 1
                if self.nodes[node].pattern >= 0:
                    found.append((self.nodes[node].pattern, start, end))
        return found
