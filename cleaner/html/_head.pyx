"""Where elements begin that may declare something, compiled: one pass over the page."""

from libc.string cimport memchr, memcmp

from cleaner.html import head as reference

cdef tuple _NAMES = tuple(sorted(reference.NAMES))
cdef bint _second[256]
"""Whether a name has this byte behind its ``<``: most elements are told by it alone."""

for _name in _NAMES:
    _second[_name[1]] = True


def places(bytes html not None, Py_ssize_t start):
    """As the reference."""
    cdef const char* text = html
    cdef const char* end = text + len(html)
    cdef const char* at = text + max(0, min(start, len(html)))
    cdef const char* name
    cdef Py_ssize_t size
    cdef list found = []
    while at < end:
        at = <const char*> memchr(at, c"<", end - at)
        if at is NULL:
            break
        if end - at > 1 and _second[<unsigned char> at[1]]:
            for one in _NAMES:
                name, size = one, len(<bytes> one)
                if end - at >= size and memcmp(at, name, size) == 0:
                    found.append(at - text)
        at += 1
    return found
