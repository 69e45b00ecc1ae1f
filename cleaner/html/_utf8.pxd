"""UTF-8 as libxml2 keeps it, without strings made of it: what ``str`` would say of it.

All of it reads up to the NUL that ends every text, so that a sequence cut short reads no byte past it.
"""

from libc.string cimport memset

ctypedef unsigned char uchar

cdef extern from *:
    """
    static unsigned char cleaner_plain[0x4000];
    """
    uchar cleaner_plain[0x4000]


cdef inline bint is_ascii_space(uchar c) noexcept nogil:
    """As ``str.isspace``: the four separators count."""
    return c == 0x20 or 0x09 <= c <= 0x0D or 0x1C <= c <= 0x1F


cdef inline Py_ssize_t space_at(const uchar* text) noexcept nogil:
    """The bytes of the white space that stands here, 0 where none does."""
    cdef uchar c = text[0]
    if c < 0x80:
        return is_ascii_space(c)
    if c == 0xC2:
        return 2 if text[1] == 0x85 or text[1] == 0xA0 else 0
    if c == 0xE2 and text[1] == 0x80:
        return 3 if 0x80 <= text[2] <= 0x8A or text[2] == 0xA8 or text[2] == 0xA9 or text[2] == 0xAF else 0
    if c == 0xE2:
        return 3 if text[1] == 0x81 and text[2] == 0x9F else 0
    if c == 0xE1:
        return 3 if text[1] == 0x9A and text[2] == 0x80 else 0
    if c == 0xE3:
        return 3 if text[1] == 0x80 and text[2] == 0x80 else 0
    return 0


cdef inline Py_ssize_t leading_space(const uchar* text) noexcept nogil:
    """The bytes of white space that a text begins with."""
    cdef Py_ssize_t at = 0, width = space_at(text)
    while width:
        at += width
        width = space_at(text + at)
    return at


cdef inline Py_ssize_t stripped(const uchar* text, Py_ssize_t size) noexcept nogil:
    """How many characters are left of a text without the white space around it."""
    cdef Py_ssize_t start = leading_space(text), end = size, at, count = 0
    while end > start:
        at = end - 1
        while at > start and text[at] & 0xC0 == 0x80:
            at -= 1
        if space_at(text + at) != end - at:
            break
        end = at
    for at in range(start, end):
        count += text[at] & 0xC0 != 0x80
    return count


cdef inline Py_ssize_t decode_at(const uchar* text, unsigned int* character) noexcept nogil:
    """The bytes of the character that stands here, 0 where it is not well formed."""
    cdef uchar c = text[0]
    if c < 0x80:
        character[0] = c
        return 1
    if text[1] & 0xC0 != 0x80:
        return 0
    if c < 0xE0:
        character[0] = (c & 0x1F) << 6 | (text[1] & 0x3F)
        return 2
    if text[2] & 0xC0 != 0x80:
        return 0
    if c < 0xF0:
        character[0] = (c & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F)
        return 3
    if c > 0xF4 or text[3] & 0xC0 != 0x80:
        return 0
    character[0] = (c & 0x07) << 18 | (text[1] & 0x3F) << 12 | (text[2] & 0x3F) << 6 | (text[3] & 0x3F)
    return 4


cdef inline bint is_plain(unsigned int character) noexcept nogil:
    """Whether it is printable, and NFC beside all others that are plain. Not all that could be is: marks are left out."""
    return character < 0x20000 and cleaner_plain[character >> 3] >> (character & 7) & 1


cdef inline int script_of(unsigned int character) noexcept nogil:
    """Of scripts that write no spaces: 1 for Chinese and Japanese, 2 for those that the words module calls Thai."""
    if character < 0x0E00:
        return 0
    if character <= 0x17FF:
        return 2 if character <= 0x0EFF or 0x1000 <= character <= 0x109F or character >= 0x1780 else 0
    if character < 0x3040:
        return 0
    if (
        character <= 0x30FF
        or 0x3400 <= character <= 0x4DBF
        or 0x4E00 <= character <= 0x9FFF
        or 0xF900 <= character <= 0xFAFF
        or 0xFF66 <= character <= 0xFF9F
        or 0x20000 <= character <= 0x3134F
    ):
        return 1
    return 0


cdef inline int set_plain(object ranges) except -1:
    """Say which characters are plain: ``(first, last)`` of each range, above ASCII."""
    cdef Py_ssize_t first, last, at
    memset(cleaner_plain, 0, sizeof(cleaner_plain))
    for first, last in ranges:
        for at in range(first, last + 1):
            cleaner_plain[at >> 3] |= 1 << (at & 7)
    return 0
