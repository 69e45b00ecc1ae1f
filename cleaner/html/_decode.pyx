"""Bytes that are UTF-8 already, compiled: nearly all pages are, and are only looked over."""

from libc.stdint cimport uint64_t
from libc.string cimport memcpy

from cleaner.html import decode as reference

cdef enum:
    _AT_ONCE = 4096


def is_utf8(bytes content not None):
    """As the reference."""
    cdef const unsigned char* text = content
    cdef Py_ssize_t size = len(content), at = 0, width
    cdef uint64_t eight
    while at < size:
        if text[at] < 0x80:
            if size - at >= 8:
                memcpy(&eight, text + at, 8)
                if not eight & 0x8080808080808080u:
                    at += 8
                    continue
            at += 1
            continue
        width = _sequence(text + at, size - at)
        if width == 0:
            return False
        at += width
    return True


cdef inline Py_ssize_t _sequence(const unsigned char* text, Py_ssize_t left) noexcept nogil:
    """The bytes of the sequence that begins here, 0 where it is none (The Unicode Standard, table 3-7)."""
    cdef unsigned char first = text[0], least = 0x80, most = 0xBF
    cdef Py_ssize_t width = 2 if first < 0xE0 else 3 if first < 0xF0 else 4, at
    if first < 0xC2 or first > 0xF4 or left < width:
        return 0
    if first == 0xE0:
        least = 0xA0
    elif first == 0xED:
        most = 0x9F
    elif first == 0xF0:
        least = 0x90
    elif first == 0xF4:
        most = 0x8F
    if text[1] < least or text[1] > most:
        return 0
    for at in range(2, width):
        if text[at] & 0xC0 != 0x80:
            return 0
    return width


def without_controls(bytes content not None):
    """As the reference; the bytes themselves where there is nothing to drop."""
    cdef const unsigned char* text = content
    cdef Py_ssize_t size = len(content), at = 0, end
    cdef unsigned char found = 0, c
    while at < size and not found:
        end = min(at + _AT_ONCE, size)
        # No branch in it: compilers make one step of many bytes.
        while at < end:
            c = text[at]
            found |= <unsigned char> (c < 0x20) & (c != 0x09) & (c != 0x0A) & (c != 0x0C) & (c != 0x0D) | (c == 0x7F)
            at += 1
    return content.translate(None, reference.CONTROLS) if found else content
