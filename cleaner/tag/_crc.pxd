"""CRC-32 of UTF-8, a character at a time; whoever uses it fills the table first."""

from libc.stdint cimport uint32_t

cdef extern from *:
    """
    static unsigned int cleaner_crc[256];
    """
    uint32_t cleaner_crc[256]



cdef inline void fill_crc() noexcept:
    cdef uint32_t byte, value
    cdef int bit
    for byte in range(256):
        value = byte
        for bit in range(8):
            value = (value >> 1) ^ 0xEDB88320u if value & 1 else value >> 1
        cleaner_crc[byte] = value


cdef inline uint32_t crc_byte(uint32_t crc, uint32_t byte) noexcept nogil:
    return cleaner_crc[(crc ^ byte) & 0xFF] ^ (crc >> 8)


cdef inline uint32_t crc_character(uint32_t crc, uint32_t c) noexcept nogil:
    """The next character; a lone surrogate is ``?``."""
    if c < 0x80:
        return crc_byte(crc, c)
    if c < 0x800:
        return crc_byte(crc_byte(crc, 0xC0 | c >> 6), 0x80 | c & 0x3F)
    if 0xD800 <= c <= 0xDFFF:
        return crc_byte(crc, c'?')
    if c < 0x10000:
        return crc_byte(crc_byte(crc_byte(crc, 0xE0 | c >> 12), 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F)
    crc = crc_byte(crc_byte(crc, 0xF0 | c >> 18), 0x80 | c >> 12 & 0x3F)
    return crc_byte(crc_byte(crc, 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F)
