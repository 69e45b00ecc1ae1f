"""Many literal strings sought at places of a text, one step a character."""

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t

cdef enum:
    # Characters from here on have no code.
    REACH = 0x3000
    # What a character has that is in some pattern, but not among the most frequent ones; and one that is in none.
    OTHER = 63
    NONE = 64

cdef struct Node:
    # Which of the most frequent characters lead on. Their nodes stand first, by code; then those of others, by letter.
    uint64_t mask
    uint32_t first
    int32_t pattern

cdef class Trie:
    cdef Node* nodes
    cdef uint32_t* letters
    cdef uint8_t codes[REACH]
    cdef readonly Py_ssize_t size
    cdef int encode(self, list words) except -1
    cdef Py_ssize_t branch(
        self, Py_ssize_t i, list words, Py_ssize_t depth, Py_ssize_t at, Py_ssize_t end, Py_ssize_t used,
        uint32_t* low, uint32_t* high,
    ) except -1
    cdef int shrink(self) except -1

cdef inline uint32_t ones(uint64_t bits) noexcept nogil:
    bits -= (bits >> 1) & <uint64_t> 0x5555555555555555
    bits = (bits & <uint64_t> 0x3333333333333333) + ((bits >> 2) & <uint64_t> 0x3333333333333333)
    bits = (bits + (bits >> 4)) & <uint64_t> 0x0F0F0F0F0F0F0F0F
    return <uint32_t> ((bits * <uint64_t> 0x0101010101010101) >> 56)

cdef inline uint32_t child(
    const Node* nodes, const uint32_t* letters, const uint8_t* codes, uint32_t node, Py_UCS4 c
) noexcept nogil:
    """The node that a character leads to; 0 for none."""
    cdef uint8_t code = codes[c] if c < REACH else <uint8_t> OTHER
    cdef uint64_t mask = nodes[node].mask, bit
    cdef uint32_t at, end, middle
    if code < OTHER:
        bit = (<uint64_t> 1) << code
        return nodes[node].first + ones(mask & (bit - 1)) if mask & bit else 0
    if code == NONE:
        return 0
    at, end = nodes[node].first + ones(mask), nodes[node + 1].first
    while at < end:
        middle = (at + end) >> 1
        if letters[middle] < c:
            at = middle + 1
        elif letters[middle] > c:
            end = middle
        else:
            return middle
    return 0
