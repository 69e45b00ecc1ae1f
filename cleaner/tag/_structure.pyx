# cython: boundscheck=True, wraparound=False
"""The twin of what ``structure`` says of the containers of a page."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_FindChar, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from cleaner.tag._trie cimport Node, Trie, child

from cleaner.document import Label
from cleaner.html.elements import HEADINGS
from cleaner.tag import structure

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(Py_UCS4 character) noexcept nogil


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef enum:
    LEFT = 0x8000
    # As many third characters can be told apart.
    THIRDS = LEFT >> 10


cdef inline size_t left_of(Py_UCS4 first, Py_UCS4 second, Py_UCS4 third) noexcept nogil:
    return (<size_t> first ^ <size_t> second << 5 ^ <size_t> third << 10) & (LEFT - 1)


cdef class SignFinder:
    """What ``SignTable`` says of containers, with the tables of one."""

    cdef Trie trie
    cdef dict tags
    # Of each string of the tree: the ranks, signs, and whether they are whole words.
    cdef list rows
    # Whether any string may begin with three characters, by what is left of them; unless a string has only one.
    cdef uint8_t begins[LEFT]
    cdef bint filters

    def __init__(self, dict tags, list words, list signs, list whole):
        cdef dict rows = {}
        for word, (rank, sign), is_whole in zip(words, signs, whole, strict=True):
            rows.setdefault(word, []).append((rank, sign, is_whole))
        self.trie = Trie(list(rows))
        self.tags = tags
        self.rows = list(rows.values())
        self.filters = min(map(len, rows), default=0) >= 2
        memset(self.begins, 0, LEFT)
        for word in rows if self.filters else ():
            for third in (ord(word[2]),) if len(word) > 2 else range(THIRDS):
                self.begins[left_of(ord(word[0]), ord(word[1]), third)] = 1

    cdef object said(self, str text):
        """The first sign in order of rank that attributes hold, with its rank; None for none."""
        cdef Py_ssize_t start, end, best_start = 0, best_end = 0, n = PyUnicode_GET_LENGTH(text)
        cdef Py_ssize_t size = n
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef const Node* nodes = self.trie.nodes
        cdef uint32_t node
        cdef Py_ssize_t pattern
        cdef long rank, best_rank = 0
        cdef object best = None
        cdef tuple row
        cdef int styled = -1
        if self.filters:
            # Where fewer than two characters are left, nothing stands.
            n -= 1
        for start in range(n):
            if self.filters and not self.begins[
                left_of(
                    PyUnicode_READ(kind, data, start), PyUnicode_READ(kind, data, start + 1),
                    PyUnicode_READ(kind, data, start + 2) if start + 2 < size else 0,
                )
            ]:
                continue
            end, node = start, 0
            while end < size:
                node = child(nodes, self.trie.letters, self.trie.codes, node, PyUnicode_READ(kind, data, end))
                if node == 0:
                    break
                end += 1
                pattern = nodes[node].pattern
                if pattern < 0:
                    continue
                for row in <list> self.rows[pattern]:
                    rank = row[0]
                    # Of signs alike in rank the one that ends first counts, of those the longest.
                    if best is not None and (
                        rank > best_rank
                        or rank == best_rank and (end > best_end or end == best_end and start >= best_start)
                    ):
                        continue
                    if row[2] and (
                        start and Py_UNICODE_ISALNUM(PyUnicode_READ(kind, data, start - 1))
                        or end < size and Py_UNICODE_ISALNUM(PyUnicode_READ(kind, data, end))
                    ):
                        continue
                    if styled < 0:
                        styled = PyUnicode_FindChar(text, c":", 0, size, 1) >= 0 or PyUnicode_FindChar(text, c"[", 0, size, 1) >= 0
                    if styled and structure._is_utility(text, start, end):
                        continue
                    best, best_rank, best_start, best_end = row[1], rank, start, end
        return None if best is None else (best_rank, best)

    def signs(self, containers):
        """As ``SignTable.signs``."""
        cdef Py_ssize_t i, n = len(containers.tag)
        cdef list tags = _column(containers.tag, n), attributes = _column(containers.attributes, n), signs = []
        cdef dict known = {}
        for i in range(n):
            text = attributes[i]
            best = known.get(text, known)
            if best is known:
                best = known[text] = self.said(text)
            by_tag = self.tags.get(tags[i])
            if by_tag is not None and (best is None or by_tag[0] < best[0]):
                best = by_tag
            signs.append(None if best is None else best[1])
        return signs

    def zones(self, blocks, list total, Py_ssize_t headline, kind):
        """As ``structure.zones``; total is the running sum of prose."""
        cdef object containers = blocks.containers
        cdef Py_ssize_t i, above_at, first, last, n = len(containers.tag), most = max(1, len(blocks.text))
        cdef list tags = containers.tag, parents = _column(containers.parent, n), signs = self.signs(containers)
        cdef list firsts = _column(containers.first, n), lasts = _column(containers.last, n), inherited = []
        structure.mark_feet(signs, blocks, total)
        for i in range(n):
            above_at, sign = parents[i], signs[i]
            if above_at >= len(inherited):
                raise IndexError("a container opens after its parent")
            above = inherited[above_at] if above_at >= 0 else None
            if sign is None:
                inherited.append(above)
                continue
            first, last = firsts[i], lasts[i]
            if first <= headline < last or (tags[i] in HEADINGS and sign.label in structure._NOT_OF_HEADINGS):
                sign = None
            else:
                sign = _weighed(sign, total, first, last, most, kind)
            if sign is None or (above is not None and sign.weak and not above.weak):
                sign = above
            inherited.append(sign)
        return inherited


cdef object _COMMENTS = Label.COMMENTS
cdef double _MOST_OF_PAGE = structure.MOST_OF_PAGE


cdef object _weighed(object sign, list total, Py_ssize_t first, Py_ssize_t last, Py_ssize_t most, object kind):
    """Most signs stand in boxes of little prose, and say what they say."""
    if first < 0 or last < 0 or first >= len(total) or last >= len(total):
        raise IndexError("a container ends behind the page")
    cdef long before = total[first], inside = total[last] - total[first], of_page = total[len(total) - 1]
    if sign.label is not _COMMENTS and inside <= _MOST_OF_PAGE * of_page:
        return sign
    return structure._weighed(sign, before, inside, of_page, (last - first) / <double> most, kind)
