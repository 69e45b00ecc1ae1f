"""The twin of ``attributes.elements_by``: one walk over libxml2's own nodes, elements made when they are asked for."""

from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memset, strcmp, strlen
from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport XML_ELEMENT_NODE, xmlAttr, xmlNode

from cleaner.html._nodes cimport check_libxml2, node_behind, value_of
from cleaner.html._numbered cimport Numbered

check_libxml2()
cetree.import_lxml__etree()

cdef enum:
    _SLOTS = 256
    _VALUES = 4096


cdef struct _Value:
    const void* name
    const char* text
    void* numbers


cdef class _Names:
    """The attributes that are asked for, found again by where libxml2 keeps their names: each stands there once."""

    cdef dict held
    cdef const void* keys[_SLOTS]
    cdef list values
    cdef _Value met[_VALUES]

    def __cinit__(self, names):
        cdef Py_ssize_t i
        self.held = {name: {} for name in names}
        self.values = [None] * _SLOTS
        for i in range(_SLOTS):
            self.keys[i] = NULL
        memset(self.met, 0, sizeof(self.met))

    cdef dict of(self, const char* name):
        """The values of an attribute; None where it is not asked for."""
        cdef size_t slot = (<size_t> name >> 3) % _SLOTS
        if self.keys[slot] != <const void*> name:
            self.values[slot] = self.held.get(PyUnicode_DecodeUTF8(name, strlen(name), NULL))
            self.keys[slot] = <const void*> name
        return <dict> self.values[slot]

    cdef list numbers(self, const char* name, const char* text, dict values):
        """The numbers of the elements with a value of an attribute: pages have most values many times."""
        cdef unsigned int mark = 2166136261u  # FNV-1a
        cdef Py_ssize_t size = 0
        while text[size]:
            mark = (mark ^ <unsigned char> text[size]) * 16777619u
            size += 1
        cdef _Value* met = &self.met[(mark ^ mark >> 16) % _VALUES]
        if met.name == <const void*> name and strcmp(met.text, text) == 0:
            return <list> met.numbers
        value = PyUnicode_DecodeUTF8(text, size, NULL)
        known = values.get(value)
        if known is None:
            known = values[value] = []
        met.name, met.text, met.numbers = <const void*> name, text, <void*> known
        return known


cdef bint _take(xmlNode* node, _Names names, Numbered elements, cetree._Document document) except -1:
    """Note what an element has; false where a value is in pieces."""
    cdef xmlAttr* attribute = <xmlAttr*> node.properties
    cdef const char* name
    cdef const char* value
    cdef Py_ssize_t number = elements.size
    cdef dict values
    while attribute is not NULL:
        name = <const char*> attribute.name
        if attribute.ns is NULL and name is not NULL:
            values = names.of(name)
            if values is not None:
                value = <const char*> value_of(attribute)
                if value is NULL:
                    return False
                if elements.size == number:
                    elements.add(node, document)
                names.numbers(name, value, values).append(number)
        attribute = attribute.next
    return True


def elements_by(cetree._Element root not None, names):
    """As the reference; None where the tree is left to it."""
    cdef xmlNode* top = root._c_node
    cdef xmlNode* node = top
    cdef _Names sought = _Names(names)
    cdef Numbered elements = Numbered()
    if top is NULL or top.type != XML_ELEMENT_NODE:
        return None
    while node is not NULL:
        if node.type == XML_ELEMENT_NODE:
            if not _take(node, sought, elements, root._doc):
                return None
            if node.children is not NULL:
                node = node.children
                continue
        node = node_behind(node, top)
    return sought.held, elements
