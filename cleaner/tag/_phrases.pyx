# cython: boundscheck=True, wraparound=False
"""The twin of :func:`cleaner.tag.phrases.standing` and :func:`cleaner.tag.phrases.note`."""

from cleaner.html.words import is_unspaced

cdef object _new = tuple.__new__


cdef bint _continues(Py_UCS4 character):
    return character.isalnum() and (character < 0x0E00 or not is_unspaced(character))


def standing(str joined, list matches, idle, idle_anchors, beginnings, word):
    cdef const unsigned char[::1] idle_of = idle
    cdef const unsigned char[::1] idle_anchor_of = idle_anchors
    cdef const unsigned char[::1] strict = beginnings.strict
    cdef const unsigned int[::1] ends = beginnings.ends
    cdef const unsigned int[::1] members = beginnings.members
    cdef const unsigned char[::1] closed = beginnings.closed
    cdef Py_ssize_t number, start, end, last, place
    cdef unsigned int anchor
    cdef str text
    cdef Py_ssize_t sought = beginnings.sought
    cdef list found = []
    for match in matches:
        number, start, end = match
        if idle_of[number]:
            continue
        if strict[number] and _continues(joined[start - 1]):
            continue
        for place in range(ends[number - 1] if number else 0, ends[number]):
            anchor = members[place]
            if idle_anchor_of[anchor]:
                continue
            last = end
            if end - start == sought:
                text = word(anchor)
                last = start + len(text)
                if not joined.startswith(text, start):
                    continue
            if closed[anchor] and joined[last - 1].isalnum() and _continues(joined[last]):
                continue
            found.append((last, start, anchor))
    found.sort()
    return found


def note(list found, list starts, list folded, list hits, uses, around, hit):
    cdef Py_ssize_t current = 0, first, end, start
    cdef list into
    for end, start, anchor in found:
        while starts[current + 1] < end:
            current += 1
        first = starts[current]
        into = hits[current]
        for use in uses(anchor):
            if len(use[2]) == 1:
                for phrase in use[0]:
                    into.append(_new(hit, (phrase, start - first, end - first)))
                continue
            span = around(folded[current], use, (start - first, end - first))
            if span is not None:
                for phrase in use[0]:
                    into.append(_new(hit, (phrase, span[0], span[1])))
