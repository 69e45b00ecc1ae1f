from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport xmlNode


cdef class Numbered:
    cdef cetree._Document document
    cdef xmlNode** nodes
    cdef Py_ssize_t size, room
    cdef Py_ssize_t* slots
    cdef size_t slots_room
    cdef Py_ssize_t numbered

    cdef int add(self, xmlNode* node, cetree._Document document) except -1
    cdef int take(self, Numbered other) except -1
    cdef int number_all(self) except -1
    cdef Py_ssize_t* slot_of(self, xmlNode* node) noexcept
