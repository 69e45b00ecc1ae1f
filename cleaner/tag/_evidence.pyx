# cython: boundscheck=True, wraparound=False
"""The twins of what ``evidence`` does for every block of a page."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.string cimport memset

from cleaner.document import Kind, Label
from cleaner.tag import evidence as reference
from cleaner.tag.stamps import is_amount

cdef extern from "Python.h":
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept nogil


cdef list _column(object values, Py_ssize_t size):
    """A list of this length."""
    found = values if type(values) is list else list(values)
    if len(found) != size:
        raise ValueError("columns of one length are needed")
    return found


# Blocks.

cdef object _CONTROL = Kind.CONTROL
cdef object _NAVIGATION = Label.NAVIGATION
cdef object _SOCIAL = Label.SOCIAL
cdef object _RELATED = Label.RELATED
cdef object _FOOT = reference.FOOT
assert reference._MENUS == {Label.NAVIGATION, Label.SOCIAL, Label.RELATED}
cdef long _PROSE_WORDS = reference.PROSE_WORDS
cdef double _PROSE_LINKS = reference.PROSE_LINKS
cdef long _SHORT = reference.SHORT


def shares(blocks):
    """The share of links in each block, its words of prose, and their running sum."""
    cdef Py_ssize_t i, size, n = len(blocks.text)
    cdef list texts = _column(blocks.text, n), kinds = _column(blocks.kind, n), links = _column(blocks.link_chars, n)
    cdef list words = _column(blocks.words, n), link_share = [], prose = [], total = [0]
    cdef double share
    cdef long count, so_far = 0
    for i in range(n):
        size, count = len(<str?> texts[i]), words[i]
        if size == 0:
            raise ZeroDivisionError("a block has a text")
        share = <double> <long> links[i] / <double> size
        if share > 1.0:
            share = 1.0
        link_share.append(share)
        if count < _PROSE_WORDS or share >= _PROSE_LINKS or kinds[i] is _CONTROL:
            count = 0
            prose.append(0)
        else:
            prose.append(words[i])
        so_far += count
        total.append(so_far)
    return link_share, prose, total


def zone_of(blocks, list by_container):
    """The sign of each block, and the texts whose words are looked at, with None where a block is a menu's."""
    cdef Py_ssize_t i, c, n = len(blocks.text)
    cdef list texts = _column(blocks.text, n), words = _column(blocks.words, n), around = _column(blocks.container, n)
    cdef list zone = [], asked = []
    cdef bint is_menu = False
    cdef object last = None
    for i in range(n):
        c = around[i]
        if c < 0:
            c += len(by_container)
        if c < 0 or c >= len(by_container):
            raise IndexError("a block stands in a container")
        sign = by_container[c]
        zone.append(sign)
        if sign is not last:
            last, is_menu = sign, False
            if sign is not None and not sign.weak and sign is not _FOOT:
                label = sign.label
                is_menu = label is _NAVIGATION or label is _SOCIAL or label is _RELATED
        asked.append(None if is_menu and <long> words[i] <= _SHORT else texts[i])
    return zone, asked


# Cues.

cdef class _Meaning:
    """What a phrase says of asks."""

    cdef object phrase, language, label
    # Which of the labels it is, and how much it weighs.
    cdef int number
    cdef double weight
    cdef bint is_hint, is_part, is_exact, is_grouped, is_salutation, is_wall, opens

cdef dict _meanings = {}
# Some of them by the addresses of their phrases, each at the one place where it may be.
cdef void* _near[1024]
cdef list _LABELS = list(Label)
cdef long _SALUTATION_WORDS = reference._SALUTATION_WORDS
cdef enum:
    LONGEST_AMOUNT = 16
    MOST_MEANINGS = 20_000


cdef _Meaning _learnt(object phrase):
    cdef _Meaning found = _Meaning.__new__(_Meaning)
    name = reference._MEANS.get(phrase.label, phrase.label)
    found.phrase, found.language = phrase, phrase.language
    found.weight = reference._STRENGTH[phrase.strength]
    found.is_hint, found.is_exact = phrase.strength == "hint", phrase.strength == "exact"
    found.is_part, found.is_grouped = name == "part", name in reference.GROUPED
    found.is_salutation, found.is_wall = phrase.label == "salutation", phrase.label == "wall"
    found.opens = found.is_salutation or (phrase.strength == "prefix" and name == "donation")
    if found.is_grouped:
        found.label = Label(name)
        found.number = _LABELS.index(found.label)
    if len(_meanings) >= MOST_MEANINGS:
        memset(_near, 0, sizeof(_near))
        _meanings.clear()
    # It holds the phrase, so no other one can come to have its address. What another thread has learnt stays.
    return <_Meaning?> _meanings.setdefault(<size_t> <void*> phrase, found)


cdef inline _Meaning _meaning(object phrase):
    cdef size_t at = (<size_t> <void*> phrase >> 4) & 1023
    if _near[at] is not NULL and (<_Meaning> _near[at]).phrase is phrase:
        return <_Meaning> _near[at]
    kept = _meanings.get(<size_t> <void*> phrase)
    cdef _Meaning found = _learnt(phrase) if kept is None else <_Meaning> kept
    _near[at] = <void*> found
    return found


def languages(list hits, str declared):
    """As ``evidence._languages``."""
    cdef dict counts = {}
    cdef list found
    cdef object most = None, language
    cdef long best = 0
    for found in hits:
        for hit in found:
            language = _meaning((<tuple> hit)[0]).language
            counts[language] = counts.get(language, 0) + 1
    for language, count in counts.items():
        if <long> count > best:
            most, best = language, count
    return frozenset([declared]) if most is None else frozenset([declared, most])


cdef object _cues(list hits, long words, languages, nothing, kind_of_cues):
    cdef _Meaning meaning
    cdef dict weights = {}
    cdef set hints = None, sure = None, counted = None
    cdef bint certain = False, part = False, salutation = False, wall = False
    for hit in hits:
        meaning = _meaning((<tuple> hit)[0])
        if meaning.is_part:
            if meaning.is_hint and meaning.language not in languages:
                continue
            part = part or meaning.is_exact
        elif not meaning.is_grouped or (meaning.is_salutation and words > _SALUTATION_WORDS):
            continue
        else:
            if meaning.is_hint and meaning.language not in languages:
                continue
            key = (<long> (<tuple> hit)[1] << 8) | meaning.number << 1 | meaning.is_hint
            if counted is None:
                counted = set()
            if key not in counted:
                counted.add(key)
                weights[meaning.label] = <double> weights.get(meaning.label, 0.0) + meaning.weight
            wall = wall or meaning.is_wall
        if meaning.is_hint:
            if hints is None:
                hints = set()
            hints.add((<tuple> hit)[1])
        elif not meaning.is_part:
            certain = True
            if sure is None:
                sure = set()
            sure.add((<tuple> hit)[1])
            salutation = salutation or (meaning.opens and words <= _SALUTATION_WORDS)
    if not weights and not part and hints is None:
        return nothing
    return kind_of_cues(
        weights, certain, 0 if sure is None else len(sure), part, 0 if hints is None else len(hints), salutation, wall
    )


cdef bint _may_be_amount(str text) except -1:
    """Whether a short text has a figure and something that is neither a figure nor what parts figures."""
    cdef Py_ssize_t i, n = PyUnicode_GET_LENGTH(text)
    cdef Py_UCS4 c
    cdef bint figure = False, other = False
    if n > LONGEST_AMOUNT:
        return False
    for i in range(n):
        c = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), i)
        if c"0" <= c <= c"9":
            figure = True
        elif c >= 128:
            other = True
            figure = figure or Py_UNICODE_ISDECIMAL(c)
        elif c > 32 and c != c"." and c != c"," and c != c"'":
            other = True
    return figure and other


def cues_of(blocks, list hits, languages):
    """The cues of each block, as ``evidence._all_cues`` has them before it looks at forms."""
    cdef Py_ssize_t i, n = len(blocks.text)
    cdef list texts = _column(blocks.text, n), words = _column(blocks.words, n), cues = []
    cdef object nothing = reference._NOTHING, kind_of_cues = reference.Cues
    _column(hits, n)
    for i in range(n):
        cue = _cues(hits[i], words[i], languages, nothing, kind_of_cues) if hits[i] else nothing
        if <long> words[i] <= _SHORT and _may_be_amount(texts[i]) and is_amount(texts[i]):
            cue = reference.replace(cue, part=True)
        cues.append(cue)
    return cues
