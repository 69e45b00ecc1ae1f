"""The twin of ``hints.found_in``: one walk over libxml2's own nodes."""

from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport strchr, strcmp, strlen
from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport XML_ELEMENT_NODE, xmlAttr, xmlNode

from cleaner.html._nodes cimport check_libxml2, node_behind, value_of

check_libxml2()
cetree.import_lxml__etree()

from cleaner.html import hints
from cleaner.html.words import collapse

cdef object _METAS = frozenset(hints._METAS)


class _Odd(Exception):
    """Something that is left to the reference."""


cdef str _value(xmlAttr* attribute):
    cdef const unsigned char* value = value_of(attribute)
    if value is NULL:
        raise _Odd
    return PyUnicode_DecodeUTF8(<const char*> value, strlen(<const char*> value), NULL)


cdef xmlAttr* _attribute(xmlNode* node, const char* name) noexcept:
    cdef xmlAttr* attribute = <xmlAttr*> node.properties
    while attribute is not NULL:
        if attribute.ns is NULL and attribute.name is not NULL and strcmp(<const char*> attribute.name, name) == 0:
            return attribute
        attribute = attribute.next
    return NULL


cdef str _get(xmlNode* node, const char* name):
    cdef xmlAttr* attribute = _attribute(node, name)
    return "" if attribute is NULL else _value(attribute)


cdef int _take(xmlNode* node, dict metas, list json_ld, list canonical) except -1:
    """Take what an element says of the page."""
    cdef const char* name = <const char*> node.name
    cdef xmlAttr* attribute
    cdef const unsigned char* value
    if name[0] == c"s" and strcmp(name, b"script") == 0:
        attribute = _attribute(node, b"type")
        if attribute is not NULL:
            value = value_of(attribute)
            if value is NULL:
                raise _Odd
            if strchr(<const char*> value, c"+") is not NULL and "ld+json" in _value(attribute).lower():
                text = cetree.textOf(node)
                if text:
                    json_ld.append(text)
    elif name[0] == c"l" and strcmp(name, b"link") == 0:
        if not canonical and _get(node, b"rel").lower() == "canonical":
            address = _get(node, b"href")
            if address:
                canonical.append(address)
    elif name[0] == c"m" and strcmp(name, b"meta") == 0:
        told = (_get(node, b"property") or _get(node, b"name")).lower()
        if told in _METAS and told not in metas:
            metas[told] = collapse(_get(node, b"content"))
    return 0


def found_in(cetree._Element root not None, bint microdata):
    """As the reference; None where the tree is left to it."""
    cdef xmlNode* top = root._c_node
    cdef xmlNode* node = top
    cdef xmlAttr* attribute
    cdef dict metas = {}
    cdef list canonical = [], json_ld = [], types = []
    if top is NULL or top.type != XML_ELEMENT_NODE or (top.parent is not NULL and top.parent.type == XML_ELEMENT_NODE):
        return None
    try:
        while node is not NULL:
            if node.type == XML_ELEMENT_NODE:
                if node.name is not NULL and (node.ns is NULL or node.ns.href is NULL or node.ns.href[0] == 0):
                    _take(node, metas, json_ld, canonical)
                if microdata:
                    attribute = _attribute(node, b"itemtype")
                    if attribute is not NULL:
                        types.append(_value(attribute))
                if node.children is not NULL:
                    node = node.children
                    continue
            node = node_behind(node, top)
    except _Odd:
        return None
    return metas, canonical[0] if canonical else "", json_ld, types
