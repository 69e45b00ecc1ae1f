# cython: boundscheck=True, wraparound=False
"""The twins of what ``decide`` does with the chances, block by block."""

from cpython.list cimport PyList_GET_ITEM

import numpy as np

from cleaner.tag import decide as reference

cdef enum:
    LABELS = 17

cdef list _LABELS = list(reference.LABELS)
if len(_LABELS) != LABELS:
    raise ImportError("built for other labels")

cdef int _BODY = _LABELS.index(reference.Label.BODY)
cdef int[LABELS] _IS_ASK
cdef int[LABELS] _IS_TOLD
for _i in range(LABELS):
    _IS_ASK[_i] = _LABELS[_i] in reference.ASKS
    _IS_TOLD[_i] = _LABELS[_i] in reference.TOLD

cdef object _TABLE = reference.Kind.TABLE, _LIST_ITEM = reference.Kind.LIST_ITEM
if {_TABLE, _LIST_ITEM} != reference.WHOLE:
    raise ImportError("built for other kinds")

cdef float _FLAT = reference.FLAT, _SURELY_ASKING = reference.SURELY_ASKING, _ASKING = reference.ASKING
cdef float _OUT = reference.OUT_OF_QUESTION, _LIKELIEST = reference.LEAST_LIKELIEST
cdef float _SILENT = reference.LEAST_SILENT
cdef double _FAR = reference.APART * reference.APART, _SURE = reference.SURE, _CERTAIN = reference.CERTAIN
cdef double _SETTLED = reference.SETTLED
cdef object _TITLE = reference.Label.TITLE, _BODY_LABEL = reference.Label.BODY


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    cdef list found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef inline int _place(object label) except -1:
    """The number of a label."""
    cdef int k
    for k in range(LABELS):
        if <void*>label is <void*>PyList_GET_ITEM(_LABELS, k):
            return k
    raise ValueError("no label")


cdef int _fill(const float[:, :] labels, const float[:] body, Py_ssize_t i, float* row) except -1:
    """The chances of one block, as ``_chances`` makes them; 1 where any is no number, else 0."""
    cdef int k
    cdef float rest = <float>1.0 - labels[i, _BODY], share = <float>1.0 - body[i], chance
    cdef bint odd = rest != rest or share != share
    if rest < _FLAT:
        rest = _FLAT
    share = share / rest
    for k in range(LABELS):
        chance = body[i] if k == _BODY else labels[i, k] * share
        odd |= chance != chance
        row[k] = <float>1.0 if chance > <float>1.0 else chance
    return odd


cdef int _greatest(const float* row) noexcept:
    cdef int k, best = 0
    for k in range(1, LABELS):
        if row[k] > row[best]:
            best = k
    return best


def together(chances, blocks):
    """The twin of ``together``. None where there are more groups than a page has."""
    cdef const float[:] given = chances
    cdef Py_ssize_t i, n = given.shape[0], most = 0, g
    cdef list groups = _column(blocks.group, n), kinds = _column(blocks.kind, n), words = _column(blocks.words, n)
    cdef bint found = False
    for i in range(n):
        kind = kinds[i]
        if kind is _TABLE or kind is _LIST_ITEM:
            g = groups[i]
            if g >= 0:
                found = True
                most = max(most, g)
    if not found:
        return chances
    if most > max(2 * n + 1000, len(blocks.containers.parent)):
        return None
    sums = np.zeros((most + 1, 3))
    cdef double[:, ::1] sum = sums
    cdef double off
    whole = np.array(chances, np.float32)
    cdef float[::1] out = whole
    cdef float weight, product
    for i in range(n):
        kind = kinds[i]
        g = groups[i]
        if g >= 0 and (kind is _TABLE or kind is _LIST_ITEM):
            weight = <float><double>words[i] + <float>1
            product = weight * given[i]
            sum[g, 0] += product
            sum[g, 1] += weight
    for g in range(most + 1):
        if sum[g, 1]:
            sum[g, 0] = sum[g, 0] / sum[g, 1]
    for i in range(n):
        kind = kinds[i]
        g = groups[i]
        if g >= 0 and (kind is _TABLE or kind is _LIST_ITEM):
            off = <double>given[i] - sum[g, 0]
            sum[g, 2] += (<double>(<float><double>words[i] + <float>1)) * off * off
    for i in range(n):
        kind = kinds[i]
        g = groups[i]
        if g >= 0 and (kind is _TABLE or kind is _LIST_ITEM) and sum[g, 2] <= _FAR * sum[g, 1]:
            out[i] = <float>sum[g, 0]
    return whole


def choose(opinion, verdict, double bound):
    """The twin of ``choose``. None where a chance is no number."""
    cdef const float[:, :] labels = opinion.labels
    cdef const float[:] body = opinion.body
    cdef Py_ssize_t i, n = body.shape[0]
    if labels.shape[0] != n or labels.shape[1] != LABELS:
        raise ValueError("an opinion has a row a block")
    cdef list ruled = _column(verdict.labels, n), sure = _column(verdict.confidences, n)
    cdef unsigned char[::1] speaking = bytearray(n)
    for i in verdict.speaking:
        speaking[i] = 1
    cdef float[LABELS] row
    cdef float least = <float>bound, chance, asking
    cdef int k, best
    cdef bint silent, likeliest
    cdef list chosen = [None] * n
    for i in range(n):
        if _fill(labels, body, i, row):
            return None
        asking = 0
        for k in range(LABELS):
            if _IS_ASK[k]:
                asking += labels[i, k]
        silent = not speaking[i]
        if silent and asking < _SURELY_ASKING:
            for k in range(LABELS):
                if _IS_ASK[k]:
                    row[k] = 0
        row[_BODY] = -1
        best = _greatest(row)
        chance = body[i]
        if asking > _ASKING and chance < _OUT and not silent:
            chosen[i] = _LABELS[best]
            continue
        if chance > least:
            chosen[i] = _LABELS[_BODY]
            continue
        likeliest = (chance > _LIKELIEST and chance > row[best]) or (silent and chance > _SILENT)
        if likeliest and not (_IS_TOLD[_place(ruled[i])] and <double>sure[i] >= _SURE):
            chosen[i] = _LABELS[_BODY]
        else:
            chosen[i] = _LABELS[best]
    return chosen


def seconds(opinion, labels):
    """The twin of ``seconds``. None where a chance is no number."""
    cdef const float[:, :] given = opinion.labels
    cdef const float[:] body = opinion.body
    cdef Py_ssize_t i, n = body.shape[0]
    if given.shape[0] != n or given.shape[1] != LABELS:
        raise ValueError("an opinion has a row a block")
    cdef list chosen = _column(labels, n)
    own, second, other = np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n, np.uint8)
    cdef float[::1] mine = own, next = second
    cdef unsigned char[::1] which = other
    cdef float[LABELS] row
    cdef int k
    for i in range(n):
        if _fill(given, body, i, row):
            return None
        k = _place(chosen[i])
        mine[i] = row[k]
        row[k] = -1
        k = _greatest(row)
        next[i], which[i] = row[k], k
    return own, second, other


def tagged(labels, verdict):
    """The twin of ``tagged``."""
    cdef Py_ssize_t i, n = len(labels)
    cdef list chosen = _column(labels, n), ruled = _column(verdict.labels, n), sure = _column(verdict.confidences, n)
    return [chosen[i] is not ruled[i] or <double>sure[i] < _SURE for i in range(n)]


def overruled(labels, verdict, bint of_article, bint neither):
    """The twin of ``overruled``."""
    cdef Py_ssize_t i, n = len(labels)
    cdef list chosen = _column(labels, n), ruled = _column(verdict.labels, n), sure = _column(verdict.confidences, n)
    cdef set found = set()
    cdef object rule
    for i in range(n):
        rule = ruled[i]
        if rule is _TITLE:
            found.add(i)
        elif rule is not _BODY_LABEL and chosen[i] is _BODY_LABEL:
            if _IS_ASK[_place(rule)]:
                if of_article and <double>sure[i] >= _SURE:
                    found.add(i)
            elif <double>sure[i] >= _SETTLED or (neither and <double>sure[i] >= _CERTAIN):
                found.add(i)
    return found
