# cython: boundscheck=True, wraparound=False
"""The twins of ``asks.candidates``, ``asks.heard`` and ``asks.strangers``: most blocks share cues that say nothing."""

from cleaner.tag import asks as reference

cdef frozenset GROUPED = reference.GROUPED


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    cdef list found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


def candidates(zones, cues):
    """The twin of ``candidates``."""
    cdef Py_ssize_t i, n = len(zones)
    cdef list signs = _column(zones, n), said = _column(cues, n), found = []
    cdef object zone, cue, last = None, quiet = None
    cdef bint grouped = False
    for i in range(n):
        zone, cue = signs[i], said[i]
        if cue is not quiet:
            if cue.certain:
                found.append(i)
                continue
            quiet = cue
        if zone is not None:
            if zone is not last:
                last, grouped = zone, not zone.weak and zone.label in GROUPED
            if grouped:
                found.append(i)
    return found


def heard(cues):
    """The twin of ``heard``."""
    cdef Py_ssize_t i, n = len(cues)
    cdef list said = _column(cues, n), speaking = [False] * n, acts = [False] * n, forms = [False] * n
    cdef object cue, quiet = None
    cdef bint speaks, part, acting, form
    for i in range(n):
        cue = said[i]
        if cue is quiet:
            continue
        part, form = cue.part, cue.form
        speaks = cue.certain or part or cue.hints > 0
        acting = part or cue.salutation
        if speaks:
            speaking[i] = True
        if acting:
            acts[i] = True
        if form:
            forms[i] = True
        if not (speaks or acting or form):
            quiet = cue
    return speaking, acts, forms


def strangers(zones, speaking):
    """The twin of ``strangers``."""
    cdef Py_ssize_t i, n = len(zones)
    cdef list signs = _column(zones, n), spoken = _column(speaking, n), found = [False] * n
    cdef object zone, last = None
    cdef bint strange = False
    for i in range(n):
        zone = signs[i]
        if zone is None:
            continue
        if zone is not last:
            last, strange = zone, not zone.weak and zone.label not in GROUPED
        if strange and not spoken[i]:
            found[i] = True
    return found
