"""What the containers around blocks tell of them, for the twins of ``features`` and ``numbers``."""

import numpy as np

cdef extern from "Python.h":
    object PyBytes_FromStringAndSize(const char* bytes, Py_ssize_t size)

cdef enum:
    LONGEST_PATH = 32


cdef list _column(object values, Py_ssize_t size):
    """A list of this length: what is read without looking at bounds."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


cdef int[::1] _parents(object containers):
    """The parent of each container, -1 for none: always one that opened before it."""
    cdef Py_ssize_t c, n = len(containers.parent)
    cdef list column = _column(containers.parent, n)
    cdef int[::1] parents = np.empty(n + 1, np.int32)
    cdef int parent
    for c in range(n):
        parent = column[c]
        if parent >= c or parent < -1:
            raise ValueError("a container opens after its parent")
        parents[c] = parent
    return parents


cdef int[::1] _around(object blocks, Py_ssize_t most):
    """The container of each block."""
    cdef Py_ssize_t i, n = len(blocks.text)
    cdef list column = _column(blocks.container, n)
    cdef int[::1] around = np.empty(n + 1, np.int32)
    cdef int c
    for i in range(n):
        c = column[i]
        if c < 0 or c >= most:
            raise ValueError("a block stands in a container")
        around[i] = c
    return around


def boxes(blocks, int most_boxes):
    """The twin of ``features.boxes_around``: first and last block of so many boxes around each block."""
    if most_boxes < 1:
        raise ValueError("at least one box is needed")
    cdef Py_ssize_t i, c, k, n = len(blocks.text), most = len(blocks.containers.parent)
    cdef list firsts = _column(blocks.containers.first, most), lasts = _column(blocks.containers.last, most)
    cdef int[::1] parents = _parents(blocks.containers), around = _around(blocks, most)
    cdef int first, last
    # For each container the boxes around it, filled up with the page, and how many there are before that.
    cdef int[:, ::1] rows = np.empty((most + 1, 2 * most_boxes), np.int32)
    cdef int* row
    cdef int* outer
    for k in range(most_boxes):
        rows[most, 2 * k], rows[most, 2 * k + 1] = 0, <int>n
    cdef int[::1] counts = np.zeros(most + 1, np.int32)
    for c in range(most):
        first, last = firsts[c], lasts[c]
        k = parents[c] if parents[c] >= 0 else most
        row, outer = &rows[c, 0], &rows[k, 0]
        counts[c] = counts[k]
        if last - first <= 1 or (counts[k] and outer[1] - outer[0] == last - first):
            for k in range(2 * most_boxes):
                row[k] = outer[k]
            if last - first <= 1:
                continue
        else:
            for k in range(2 * most_boxes - 2):
                row[k + 2] = outer[k]
            counts[c] += 1
        row[0], row[1] = first, last
    found = np.empty((n, most_boxes, 2), np.int32)
    cdef int[:, :, ::1] out = found
    for i in range(n):
        row = &rows[around[i], 0]
        for k in range(most_boxes):
            out[i, k, 0], out[i, k, 1] = row[2 * k], row[2 * k + 1]
    return found


def elements(blocks, int depth):
    """The elements that stand around blocks, as (tag, attributes); their numbers for each block, innermost first.

    Numbers are from 1, of as many as depth says; 0 where there are no more.
    """
    cdef Py_ssize_t i, c, k, waiting, n = len(blocks.text), most = len(blocks.containers.parent)
    cdef list tags = _column(blocks.containers.tag, most), attributes = _column(blocks.containers.attributes, most)
    cdef int[::1] parents = _parents(blocks.containers), around = _around(blocks, most)
    cdef int[::1] numbers = np.zeros(most + 1, np.int32), stack = np.empty(most + 1, np.int32)
    cdef dict index = {}
    cdef list keys = []
    paths = np.zeros((n, depth), np.int32)
    cdef int[:, ::1] path = paths
    for i in range(n):
        c, waiting = around[i], 0
        while c >= 0 and numbers[c] == 0:
            stack[waiting] = <int>c
            waiting += 1
            c = parents[c]
        while waiting:
            waiting -= 1
            c = stack[waiting]
            key = tags[c], attributes[c]
            number = index.get(key)
            if number is None:
                keys.append(key)
                number = index[key] = len(keys)
            numbers[c] = number
        c = around[i]
        for k in range(depth):
            if c < 0:
                break
            path[i, k] = numbers[c]
            c = parents[c]
    return keys, paths


cdef int _number(dict known, object key) except -1:
    """The number of a key, from 1, in the order in which they come."""
    found = known.get(key)
    if found is None:
        found = known[key] = len(known) + 1
    return found


def makes(blocks, int depth):
    """The makes of each block, as numbers from 0: by its elements and classes, by depth tags; and how many there are."""
    if not 2 <= depth <= LONGEST_PATH:
        raise ValueError("a path is not so long")
    containers = blocks.containers
    cdef Py_ssize_t i, k, c, outer, n = len(blocks.text), most = len(containers.parent)
    cdef list tags = _column(containers.tag, most), attributes = _column(containers.attributes, most)
    cdef int[::1] parents = _parents(containers), around = _around(blocks, most)
    cdef dict numbers = {}, own = {}, paths = {}
    cdef int[2 * 2] make
    cdef int[LONGEST_PATH] path
    alike = np.empty((2, n), np.int32)
    cdef int[:, ::1] found = alike
    # Of each container its make and its path, from 1; 0 where nobody has asked yet.
    cdef int[:, ::1] known = np.zeros((2, most + 1), np.int32)
    for i in range(n):
        c = around[i]
        if known[0, c] == 0:
            outer, k = c, 0
            make = [0, 0, 0, 0]
            while outer >= 0 and k < depth:
                path[k] = _number(numbers, tags[outer])
                if k < 2:
                    make[2 * k], make[2 * k + 1] = path[k], _number(numbers, attributes[outer])
                k += 1
                outer = parents[outer]
            known[0, c] = _number(own, PyBytes_FromStringAndSize(<const char*>make, sizeof(make)))
            known[1, c] = _number(paths, PyBytes_FromStringAndSize(<const char*>path, k * sizeof(int)))
        found[0, i], found[1, i] = known[0, c] - 1, known[1, c] - 1
    return alike, len(own), len(paths)
