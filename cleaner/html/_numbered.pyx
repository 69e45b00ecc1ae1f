"""Elements by number, compiled: :class:`cleaner.html.numbered.Numbered` without a proxy for each of them."""

from libc.stdlib cimport calloc, free, realloc
from libc.stdint cimport uintptr_t
from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport xmlNode

from cleaner.html._nodes cimport check_libxml2

check_libxml2()
cetree.import_lxml__etree()


cdef class Numbered:
    """Nodes, each an element again when it is asked for; numbers are found by where a node is in memory."""

    def __dealloc__(self):
        free(self.nodes)
        free(self.slots)

    def __len__(self):
        return self.size

    def __iter__(self):
        return map(self.__getitem__, range(self.size))

    def __getitem__(self, Py_ssize_t number):
        if number < 0:
            number += self.size
        if number < 0 or number >= self.size:
            raise IndexError(number)
        return cetree.elementFactory(self.document, self.nodes[number])

    def append(self, cetree._Element element not None):
        """Give an element the next number."""
        self.add(element._c_node, element._doc)

    def number_of(self, cetree._Element element not None):
        """The number of an element; None for one that was not added."""
        cdef Py_ssize_t number
        if self.size == 0:
            return None
        if self.numbered != self.size:
            self.number_all()
        number = self.slot_of(element._c_node)[0]
        return number - 1 if number else None

    cdef int add(self, xmlNode* node, cetree._Document document) except -1:
        cdef xmlNode** moved
        if self.size == self.room:
            moved = <xmlNode**> realloc(self.nodes, (2 * self.room + 64) * sizeof(xmlNode*))
            if moved is NULL:
                raise MemoryError
            self.nodes, self.room = moved, 2 * self.room + 64
        # One page is one document: it is kept so that the nodes stay.
        if self.document is None:
            self.document = document
        elif self.document is not document:
            raise ValueError("an element of another tree")
        self.nodes[self.size] = node
        self.size += 1
        return 0

    cdef int take(self, Numbered other) except -1:
        """Add what another holds."""
        cdef Py_ssize_t number
        for number in range(other.size):
            self.add(other.nodes[number], other.document)
        return 0

    cdef int number_all(self) except -1:
        cdef size_t room = 64
        cdef Py_ssize_t number
        while room < <size_t> self.size * 2:
            room *= 2
        free(self.slots)
        self.numbered = 0
        self.slots = <Py_ssize_t*> calloc(room, sizeof(Py_ssize_t))
        if self.slots is NULL:
            raise MemoryError
        self.slots_room = room
        for number in range(self.size):
            self.slot_of(self.nodes[number])[0] = number + 1
        self.numbered = self.size
        return 0

    cdef Py_ssize_t* slot_of(self, xmlNode* node) noexcept:
        """Where the number of a node is or belongs; at most half of the slots are taken."""
        cdef size_t at = (<uintptr_t> node >> 4) * <size_t> 0x9E3779B97F4A7C15u >> 16 & (self.slots_room - 1)
        while self.slots[at] and self.nodes[self.slots[at] - 1] is not node:
            at = (at + 1) & (self.slots_room - 1)
        return &self.slots[at]
