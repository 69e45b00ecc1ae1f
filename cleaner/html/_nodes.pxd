"""libxml2's nodes as lxml shows them, without proxies. Fields are read, no function of libxml2 is called: lxml has it inside."""

from libc.string cimport strlen
from lxml.includes.tree cimport (
    LIBXML_VERSION,
    XML_ATTRIBUTE_NODE,
    XML_CDATA_SECTION_NODE,
    XML_COMMENT_NODE,
    XML_ELEMENT_NODE,
    XML_ENTITY_REF_NODE,
    XML_PI_NODE,
    XML_TEXT_NODE,
    XML_XINCLUDE_END,
    XML_XINCLUDE_START,
    xmlAttr,
    xmlNode,
)


cdef inline int check_libxml2() except -1:
    """Nodes are laid out as in the headers that this was built with: raise ImportError where another libxml2 runs."""
    from lxml import etree

    if etree.LIBXML_VERSION[:2] != (LIBXML_VERSION // 10000, LIBXML_VERSION // 100 % 100):
        raise ImportError(f"built for another libxml2 than {etree.LIBXML_VERSION}")
    return 0


cdef inline xmlNode* element_from(xmlNode* node) noexcept nogil:
    """The first of this node and its following siblings that lxml iterates over: comments and the like too."""
    while node is not NULL:
        if (
            node.type == XML_ELEMENT_NODE
            or node.type == XML_COMMENT_NODE
            or node.type == XML_ENTITY_REF_NODE
            or node.type == XML_PI_NODE
        ):
            return node
        node = node.next
    return NULL


cdef inline xmlNode* node_behind(xmlNode* node, xmlNode* top) noexcept nogil:
    """The node of the tree below *top* that comes after this one and all inside it; NULL at the end."""
    while node is not top and node.next is NULL:
        node = node.parent
    return NULL if node is top else node.next


cdef inline xmlNode* text_from(xmlNode* node) noexcept nogil:
    """This node where it is text, or the text that only marks of XInclude stand before."""
    while node is not NULL:
        if node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE:
            return node
        if node.type != XML_XINCLUDE_START and node.type != XML_XINCLUDE_END:
            return NULL
        node = node.next
    return NULL


cdef inline const unsigned char* content_of(xmlNode* text) noexcept nogil:
    if text.content is NULL:
        return <const unsigned char*> b""
    return text.content


cdef inline const unsigned char* value_of(xmlAttr* attribute) noexcept nogil:
    """An attribute's value; NULL where it is more than one piece of text, as in XML with entities."""
    cdef xmlNode* value = attribute.children
    if value is NULL:
        return <const unsigned char*> b""
    if value.type != XML_TEXT_NODE or value.next is not NULL:
        return NULL
    return content_of(value)
