"""Tree to blocks, compiled: what :mod:`cleaner.html.segment` does, on libxml2's own nodes.

The reference says what is right and why; here stands only how. What is rare (formulas, ruby, code, scripts with marks)
is left to the reference's functions, and a tree with something odd in it, such as comments, to the reference as a whole.
"""

from cpython.list cimport PyList_GET_SIZE
from cpython.unicode cimport PyUnicode_AsUTF8AndSize, PyUnicode_DecodeASCII, PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset, strcmp, strlen, strncmp, strstr
from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport XML_ATTRIBUTE_NODE, XML_ELEMENT_NODE, xmlAttr, xmlNode

from cleaner.html._nodes cimport check_libxml2, content_of, element_from, node_behind, text_from, value_of
from cleaner.html._numbered cimport Numbered
from cleaner.html._utf8 cimport (
    decode_at,
    is_ascii_space,
    is_plain,
    leading_space,
    script_of,
    set_plain,
    space_at,
    stripped,
    uchar,
)

check_libxml2()
cetree.import_lxml__etree()

from cleaner.document import Kind
from cleaner.html import hidden
from cleaner.html import segment as reference
from cleaner.html.inline import BREAK as _BREAK, MARK as _MARK
from cleaner.html.blocks import Blocks, Containers
from cleaner.html.elements import BUTTONS, FLOW, HEADINGS, KINDS, LISTS, Flow
from cleaner.html.math import tex
from cleaner.html.words import collapse, count_words, run_together

# Blocks of scripts whose characters are all assigned, printable and in NFC beside one another.
set_plain(
    [
        (0xA1, 0xAC), (0xAE, 0x2FF), (0x3A3, 0x482), (0x48A, 0x52F), (0x531, 0x556), (0x561, 0x586), (0x5D0, 0x5EA),
        (0x61E, 0x64A), (0x660, 0x66F), (0x671, 0x6D3), (0x904, 0x939), (0x966, 0x97F), (0xE01, 0xE30), (0x10D0, 0x10FF),
        (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20C0), (0x2100, 0x2125), (0x2190, 0x2328),
        (0x2460, 0x2ADB), (0x3001, 0x3029), (0x3041, 0x3096), (0x309B, 0x30FF), (0x3105, 0x312F), (0x3131, 0x318E),
        (0x3220, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFE0F, 0xFE0F), (0xFF01, 0xFFBE),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6D7),
    ]
)

cdef enum:  # Flow
    INLINE = 0
    BLOCK = 1
    SKIP = 2
    BREAK = 3
    RULE = 4
    FIELD = 5
    MATH = 6
    RUBY = 7

cdef enum:  # what a tag is
    LINK = 1
    TEMPLATE = 2
    PLAIN = 4
    LIST = 8
    TABLE = 16
    ROW = 32
    CELL = 64
    HEADING = 128
    SCRIPT = 256
    TEXT_AREA = 512
    IMAGE = 1024
    CODE_IN_LINE = 2048

cdef enum:  # of a seam between two texts
    CLOSED = 1
    REOPENED = 2

cdef enum:  # what an attribute tells
    CLASS = 1
    DESCRIBING = 2
    HIDDEN = 4
    STYLE = 8
    ARIA_HIDDEN = 16
    SHADOW = 32

assert _BREAK == "\0"
cdef uchar MARK = ord(_MARK)
assert [flow.name for flow in Flow] == "INLINE BLOCK SKIP BREAK RULE FIELD MATH RUBY".split()

cdef list _KINDS = list(Kind)
cdef int _PARAGRAPH = _KINDS.index(Kind.PARAGRAPH)
cdef int _HEADING = _KINDS.index(Kind.HEADING)
cdef int _LIST_ITEM = _KINDS.index(Kind.LIST_ITEM)
cdef int _TABLE = _KINDS.index(Kind.TABLE)
cdef int _CODE = _KINDS.index(Kind.CODE)
cdef int _CONTROL = _KINDS.index(Kind.CONTROL)
cdef int _DECORATION = hidden._DECORATION
cdef Py_ssize_t _DEEPEST_PATH = reference._DEEPEST_PATH
cdef dict _TRAITS = {
    **dict.fromkeys(reference._PLAIN, PLAIN),
    **dict.fromkeys(LISTS, LIST),
    **dict.fromkeys(HEADINGS, HEADING),
    **{"a": LINK, "template": TEMPLATE, "table": TABLE, "tr": ROW, "td": CELL, "th": CELL},
    **{"script": SCRIPT, "textarea": TEXT_AREA, "img": IMAGE},
    **dict.fromkeys(reference._CODES, CODE_IN_LINE),
}
cdef WordTable _NAMES = WordTable(
    {
        **dict.fromkeys(reference._DESCRIBING, DESCRIBING),
        **dict.fromkeys(hidden._SHADOW, SHADOW),
        **{"class": CLASS, "hidden": HIDDEN, "style": STYLE, "aria-hidden": ARIA_HIDDEN},
    }
)
cdef WordTable _UNSEEN = WordTable(dict.fromkeys(hidden._UNSEEN, 1))


class _Odd(Exception):
    """Something that is left to the reference."""


cdef struct Buffer:
    uchar* data
    Py_ssize_t used
    Py_ssize_t room

cdef struct Attributes:
    int names
    const uchar* classes
    const uchar* style
    const uchar* aria_hidden

cdef struct Tag:
    int flow
    int kind
    int traits
    Py_ssize_t owner
    Py_ssize_t count

cdef struct Touched:
    Py_ssize_t tag
    Py_ssize_t owner
    Py_ssize_t count

cdef struct Scope:
    int kind
    Py_ssize_t group
    Py_ssize_t row
    Py_ssize_t container

cdef struct Frame:
    xmlNode* node
    xmlNode* child
    Scope inside
    Py_ssize_t tag
    Py_ssize_t position
    Py_ssize_t touched
    bint is_block


def segment(cetree._Element root not None, object max_blocks, elements=None):
    """As the reference; None where the tree is left to it."""
    if root._c_node is NULL or root._c_node.type != XML_ELEMENT_NODE:
        return None
    # Elements by number that are no twin's own are the reference's to fill.
    if elements is not None and type(elements) is not Numbered:
        return None
    walk = _Walk(root, max_blocks, elements is not None)
    try:
        walk.run()
    except _Odd:
        return None
    if elements is not None:
        (<Numbered> elements).take(walk.elements)
    return walk.blocks(max_blocks)


cdef class WordTable:
    """A few words in ASCII, each with a number, found without making strings."""

    cdef list kept
    cdef const char** words
    cdef int* numbers
    cdef int starts[129]

    def __cinit__(self, dict numbers):
        cdef int at = 0, c = 0
        self.kept = sorted(word.encode("ascii") for word in numbers)
        self.words = <const char**> malloc(max(len(self.kept), 1) * sizeof(char*))
        self.numbers = <int*> malloc(max(len(self.kept), 1) * sizeof(int))
        if self.words is NULL or self.numbers is NULL:
            raise MemoryError
        for word in self.kept:
            while c <= <int> word[0]:
                self.starts[c] = at
                c += 1
            self.words[at] = word
            self.numbers[at] = numbers[word.decode()]
            at += 1
        while c < 129:
            self.starts[c] = at
            c += 1

    def __dealloc__(self):
        free(self.words)
        free(self.numbers)

    cdef int find(self, const uchar* word, size_t size) noexcept:
        cdef int at
        if size == 0 or word[0] >= 128:
            return 0
        for at in range(self.starts[word[0]], self.starts[word[0] + 1]):
            if strncmp(self.words[at], <const char*> word, size) == 0 and self.words[at][size] == 0:
                return self.numbers[at]
        return 0


cdef class _Walk:
    cdef cetree._Element root
    cdef cetree._Document document
    cdef Py_ssize_t most
    cdef bint keeps_elements, full, broken
    cdef int seam, in_code
    cdef Py_ssize_t links, link_chars, image, rows
    cdef Scope here
    cdef Buffer run_of_text, spare, joined
    cdef Frame* stack
    cdef Py_ssize_t depth, stack_room
    cdef Touched* touched
    cdef Py_ssize_t touched_used, touched_room
    cdef Tag* tags
    cdef Py_ssize_t tags_used, tags_room
    cdef const uchar** name_keys
    cdef Py_ssize_t* name_tags
    cdef size_t names_used, names_room
    cdef list tag_names, steps, cells
    cdef dict tag_numbers
    cdef Numbered elements
    cdef list text, kind, container, words, block_link_chars, group, row, block_image
    cdef list tag, parent, described, position, step, first, last
    cdef set mail_fields, text_areas

    def __cinit__(self, cetree._Element root, object max_blocks, bint keeps_elements):
        self.root = root
        self.document = root._doc
        self.most = max(-1, min(max_blocks, 1 << 62))
        self.keeps_elements = keeps_elements
        self.here = Scope(_PARAGRAPH, -1, -1, -1)
        self.image = -1
        self.tag_names, self.steps, self.cells, self.tag_numbers = [], [], [], {}
        self.elements = Numbered()
        self.text, self.kind, self.container, self.words = [], [], [], []
        self.block_link_chars, self.group, self.row, self.block_image = [], [], [], []
        self.tag, self.parent, self.described, self.position = [], [], [], []
        self.step, self.first, self.last = [], [], []
        self.mail_fields, self.text_areas = set(), set()

    def __dealloc__(self):
        free(self.run_of_text.data)
        free(self.spare.data)
        free(self.joined.data)
        free(self.stack)
        free(self.touched)
        free(self.tags)
        free(self.name_keys)
        free(self.name_tags)

    cdef object blocks(self, object max_blocks):
        containers = Containers(
            self.tag, self.parent, self.described, self.position, self.step, self.first, self.last,
            self.mail_fields, self.text_areas,
        )
        found = Blocks(
            self.text, self.kind, self.container, self.words, self.block_link_chars, self.group, self.row,
            self.block_image, containers,
        )
        return reference._settled(found, self.cells, max_blocks if self.full else None)

    # The walk.

    cdef int run(self) except -1:
        cdef xmlNode* top = self.root._c_node
        cdef xmlNode* node = element_from(top.children)
        cdef Frame* frame
        while node is not NULL:
            if node.type == XML_ELEMENT_NODE and is_named(node, b"body"):
                top = node
                break
            node = element_from(node.next)
        self.begin(top)
        while self.depth:
            frame = &self.stack[self.depth - 1]
            node = frame.child
            if node is NULL:
                self.leave()
            else:
                frame.child = element_from(node.next)
                self.enter(node)
        return 0

    cdef int begin(self, xmlNode* top) except -1:
        cdef Attributes found
        cdef Py_ssize_t tag = self.tag_of(top)
        read_attributes(top, &found)
        self.open_block(top, tag, &found, 1)
        self.push(top, element_from(top.children), tag, 1, True)
        self.add_from(top.children)
        return 0

    cdef int enter(self, xmlNode* node) except -1:
        """Take the next child of the innermost open element."""
        cdef Attributes found
        cdef Py_ssize_t tag, position
        cdef xmlNode* child
        if node.type != XML_ELEMENT_NODE:
            raise _Odd
        tag = self.tag_of(node)
        position = self.position_of(tag)
        if self.tags[tag].flow > BLOCK:
            self.special(node, tag)
        else:
            read_attributes(node, &found)
            if self.is_hidden(node, &found) or (self.tags[tag].traits & TEMPLATE and not found.names & SHADOW):
                self.hidden_math(node)
            else:
                child = element_from(node.children)
                if self.tags[tag].flow == BLOCK:
                    self.open_block(node, tag, &found, position)
                else:
                    self.open_inline(self.tags[tag].traits)
                self.add_from(node.children)
                if child is not NULL:
                    return self.push(node, child, tag, position, self.tags[tag].flow == BLOCK)
                if self.tags[tag].flow == BLOCK:
                    if self.close_block():
                        return 0
                else:
                    self.close_inline(self.tags[tag].traits)
        return self.add_from(node.next)

    cdef int leave(self) except -1:
        """Close the innermost open element."""
        cdef Frame frame = self.stack[self.depth - 1]
        cdef Touched* touched
        while self.touched_used > frame.touched:
            self.touched_used -= 1
            touched = &self.touched[self.touched_used]
            self.tags[touched.tag].owner = touched.owner
            self.tags[touched.tag].count = touched.count
        self.depth -= 1
        self.steps.pop()
        if frame.is_block:
            if self.close_block():
                return 0
        else:
            self.close_inline(self.tags[frame.tag].traits)
        return self.add_from(frame.node.next) if self.depth else 0

    cdef void open_inline(self, int traits) noexcept:
        if self.seam == CLOSED:
            self.seam = REOPENED
        self.links += traits & LINK != 0
        self.in_code += traits & CODE_IN_LINE != 0

    cdef void close_inline(self, int traits) noexcept:
        self.seam = CLOSED
        self.links -= traits & LINK != 0
        self.in_code -= traits & CODE_IN_LINE != 0

    cdef int push(self, xmlNode* node, xmlNode* child, Py_ssize_t tag, Py_ssize_t position, bint is_block) except -1:
        cdef Frame* frame
        if self.depth == self.stack_room:
            self.stack = <Frame*> grown(self.stack, &self.stack_room, sizeof(Frame))
        frame = &self.stack[self.depth]
        frame.node, frame.child, frame.inside = node, child, self.here
        frame.tag, frame.position, frame.touched, frame.is_block = tag, position, self.touched_used, is_block
        self.steps.append("" if is_block else None)
        self.depth += 1
        return 0

    cdef object proxy(self, xmlNode* node):
        return cetree.elementFactory(self.document, node)

    # Tags. Names are kept once a document, so most are known by their address.

    cdef Py_ssize_t tag_of(self, xmlNode* node) except -1:
        cdef size_t at
        if node.name is NULL:
            raise _Odd
        if node.ns is not NULL:
            return self.tag_named(cetree.namespacedName(node))
        if self.names_used * 2 >= self.names_room:
            self.widen_names()
        at = slot_of(node.name, self.names_room)
        while self.name_keys[at] is not NULL:
            if self.name_keys[at] is node.name:
                return self.name_tags[at]
            at = (at + 1) & (self.names_room - 1)
        self.name_tags[at] = self.tag_named(cetree.namespacedName(node))
        self.name_keys[at] = node.name
        self.names_used += 1
        return self.name_tags[at]

    cdef int widen_names(self) except -1:
        cdef size_t room = self.names_room * 2 if self.names_room else 256, old, at
        cdef const uchar** keys = <const uchar**> calloc(room, sizeof(uchar*))
        cdef Py_ssize_t* tags = <Py_ssize_t*> calloc(room, sizeof(Py_ssize_t))
        if keys is NULL or tags is NULL:
            free(keys)
            free(tags)
            raise MemoryError
        for old in range(self.names_room):
            if self.name_keys[old] is not NULL:
                at = slot_of(self.name_keys[old], room)
                while keys[at] is not NULL:
                    at = (at + 1) & (room - 1)
                keys[at], tags[at] = self.name_keys[old], self.name_tags[old]
        free(self.name_keys)
        free(self.name_tags)
        self.name_keys, self.name_tags, self.names_room = keys, tags, room
        return 0

    cdef Py_ssize_t tag_named(self, str name) except -1:
        cdef Tag* tag
        number = self.tag_numbers.get(name)
        if number is not None:
            return number
        if self.tags_used == self.tags_room:
            self.tags = <Tag*> grown(self.tags, &self.tags_room, sizeof(Tag))
        tag = &self.tags[self.tags_used]
        kind = KINDS.get(name)
        tag.flow = FLOW.get(name, BLOCK)
        tag.kind = -1 if kind is None else _KINDS.index(kind)
        tag.traits = _TRAITS.get(name, 0)
        tag.owner = tag.count = 0
        self.tag_numbers[name] = self.tags_used
        self.tag_names.append(name)
        self.tags_used += 1
        return self.tags_used - 1

    cdef Py_ssize_t position_of(self, Py_ssize_t number) except -1:
        """Count one more child of a tag. Each tag has one counter: an inner element's is put back when it closes."""
        cdef Tag* tag = &self.tags[number]
        cdef Touched* touched
        if tag.owner != self.depth:
            if self.touched_used == self.touched_room:
                self.touched = <Touched*> grown(self.touched, &self.touched_room, sizeof(Touched))
            touched = &self.touched[self.touched_used]
            touched.tag, touched.owner, touched.count = number, tag.owner, tag.count
            self.touched_used += 1
            tag.owner, tag.count = self.depth, 0
        tag.count += 1
        return tag.count

    # Text. The run of text is UTF-8, a line break in it a NUL.

    cdef int add_from(self, xmlNode* node) except -1:
        """Add the text that begins at a node, if one does."""
        cdef Py_ssize_t size = 0
        cdef const uchar* text = self.text_at(node, &size)
        return self.add(text, size)

    cdef const uchar* text_at(self, xmlNode* node, Py_ssize_t* size) except NULL:
        cdef xmlNode* after
        node = text_from(node)
        if node is NULL:
            size[0] = 0
            return <const uchar*> b""
        after = text_from(node.next)
        if after is NULL:
            size[0] = strlen(<const char*> content_of(node))
            return content_of(node)
        self.joined.used = 0
        while node is not NULL:
            append(&self.joined, content_of(node), strlen(<const char*> content_of(node)))
            node = text_from(node.next)
        size[0] = self.joined.used
        return self.joined.data

    cdef int add_string(self, str text) except -1:
        cdef Py_ssize_t size = 0
        cdef const char* data = PyUnicode_AsUTF8AndSize(text, &size)
        return self.add(<const uchar*> data, size)

    cdef int add(self, const uchar* text, Py_ssize_t size) except -1:
        cdef bint is_space
        if size == 0:
            return 0
        is_space = leading_space(text) == size
        if is_space and self.run_of_text.used == 0:
            return 0
        if self.seam == REOPENED and self.is_glued(text, size):
            append(&self.run_of_text, <const uchar*> b" ", 1)
        self.seam = 0
        append(&self.run_of_text, text, size)
        if not is_space:
            if text[0] != MARK:
                self.broken = False
            if self.links:
                self.link_chars += stripped(text, size)
        return 0

    cdef bint is_glued(self, const uchar* text, Py_ssize_t size) except -1:
        """As the reference; what ASCII tells is told by the bytes."""
        cdef Py_ssize_t used = self.run_of_text.used, near = min(used, 8)
        cdef const uchar* run = self.run_of_text.data
        if near < 2 or self.in_code or self.here.kind == _CODE:
            return False
        if run[used - 1] < 0x80 and not is_ascii_alnum(run[used - 1]):
            return False
        if text[0] < 0x80 and not (0x30 <= text[0] <= 0x39 or 0x41 <= text[0] <= 0x5A):
            return False
        before = (<const char*> run)[used - near:used].decode("utf-8", "ignore")
        return run_together(before[max(len(before) - 2, 0):], (<const char*> text)[:min(size, 8)].decode("utf-8", "ignore"))

    cdef int line_break(self) except -1:
        if self.here.kind != _CODE and self.broken:
            return self.flush(self.here.kind)
        append(&self.run_of_text, <const uchar*> b"", 1)
        self.broken = True
        return 0

    cdef int flush(self, int kind) except -1:
        """End the run of text, and make it a block where it holds any."""
        cdef Py_ssize_t size = self.run_of_text.used, words = 0
        if size == 0:
            return 0
        self.run_of_text.used = 0
        self.broken = False
        text = None if kind == _CODE else self.collapsed(size, &words)
        if text is None:
            raw = PyUnicode_DecodeUTF8(<const char*> self.run_of_text.data, size, NULL)
            text = reference._verbatim(raw) if kind == _CODE else reference._lines(raw)
            words = count_words(text)
        if PyUnicode_GET_LENGTH(text):
            self.append_block(text, kind, words)
        self.link_chars = 0
        return 0

    cdef object collapsed(self, Py_ssize_t size, Py_ssize_t* words):
        """The run as lines with single spaces, and its words; None where a character in it needs the reference."""
        cdef const uchar* raw = self.run_of_text.data
        cdef uchar* out
        cdef Py_ssize_t at = 0, used = 0, width, run = 0, count = 0
        cdef uchar gap = 0
        cdef bint ascii = True
        cdef int script = 0, now
        cdef unsigned int character
        reserve(&self.spare, size + 1)
        out = self.spare.data
        while at < size:
            if raw[at] < 0x80:
                if raw[at] <= 0x20:
                    if raw[at] == 0:
                        gap = 0x0A
                    elif not is_ascii_space(raw[at]):
                        return None
                    elif gap == 0:
                        gap = 0x20
                    at += 1
                    continue
                if raw[at] == 0x7F:
                    return None
                now, width = 0, 1
            else:
                width = space_at(raw + at)
                if width:
                    gap = gap or 0x20
                    at += width
                    continue
                width = decode_at(raw + at, &character)
                if width == 0 or not is_plain(character):
                    return None
                ascii = False
                now = script_of(character)
            if gap and used:
                out[used] = gap
                used += 1
                count += 1
            if script and (gap or now != script):
                count += words_of(script, run)
                script, run = 0, 0
            gap = 0
            script = now
            run += now != 0
            out[used] = raw[at]
            if width > 1:
                memcpy(out + used + 1, raw + at + 1, width - 1)
            used += width
            at += width
        if script:
            count += words_of(script, run)
        words[0] = count + 1 if used else 0
        if ascii:
            return PyUnicode_DecodeASCII(<const char*> out, used, NULL)
        return PyUnicode_DecodeUTF8(<const char*> out, used, NULL)

    cdef int append_block(self, str text, int kind, Py_ssize_t words) except -1:
        if self.rows >= self.most:
            self.full = True
            return 0
        self.rows += 1
        self.text.append(text)
        self.kind.append(_KINDS[kind])
        self.container.append(self.here.container)
        self.words.append(words)
        self.block_link_chars.append(min(PyUnicode_GET_LENGTH(text), self.link_chars))
        self.group.append(self.here.group)
        self.row.append(self.here.row if kind == _TABLE else -1)
        self.block_image.append(self.image)
        self.image = -1
        return 0

    # Elements that are neither a run of text nor a box.

    cdef int special(self, xmlNode* node, Py_ssize_t tag) except -1:
        cdef int flow = self.tags[tag].flow, traits = self.tags[tag].traits
        if flow == BREAK:
            return self.line_break()
        if flow == RULE:
            return self.flush(self.here.kind)
        if flow == MATH:
            return self.add_string(tex(self.proxy(node)))
        if flow == RUBY:
            reading = collapse("".join(map(str, self.proxy(node).itertext())))
            return self.add_string(f"({reading})") if reading else 0
        if flow == FIELD:
            return self.field(self.proxy(node))
        if traits & SCRIPT and is_tex(node):
            return self.add_string(reference._script_tex(self.proxy(node)))
        if traits & TEXT_AREA:
            self.text_areas.add(self.here.container)
        elif traits & IMAGE:
            self.image = self.here.container
        return 0

    cdef int field(self, object element) except -1:
        kind = (element.get("type") or "text").lower()
        if kind in BUTTONS:
            self.flush(self.here.kind)
            self.add_string(element.get("value") or "")
            self.flush(_CONTROL)
        elif reference._takes_mail(element, kind):
            self.mail_fields.add(self.here.container)
        return 0

    # Boxes.

    cdef int open_block(self, xmlNode* node, Py_ssize_t tag, Attributes* found, Py_ssize_t position) except -1:
        cdef Py_ssize_t number
        self.flush(self.here.kind)
        number = PyList_GET_SIZE(self.tag)
        self.tag.append(self.tag_names[tag])
        self.parent.append(self.here.container)
        self.described.append(self.describe(node, found))
        self.position.append(position)
        self.step.append(self.step_inside())
        self.first.append(self.rows)
        self.last.append(0)
        if self.keeps_elements:
            self.elements.add(node, self.document)
        if not self.tags[tag].traits & PLAIN:
            self.change_scope(&self.tags[tag], number)
        self.here.container = number
        return 0

    cdef bint close_block(self) except -1:
        """Close the container that is open, go back to the scope around it, and say whether the page is full."""
        cdef Py_ssize_t depth
        self.flush(self.here.kind)
        self.last[self.here.container] = self.rows
        if self.full:
            for depth in range(self.depth):
                self.last[self.stack[depth].inside.container] = self.rows
            self.depth = 0
        elif self.depth:
            self.here = self.stack[self.depth - 1].inside
        return self.full

    cdef int change_scope(self, Tag* tag, Py_ssize_t number) except -1:
        cdef int kind = tag.kind
        if tag.traits & (LIST | TABLE):
            if tag.traits & TABLE:
                self.here.row = -1
            if tag.traits & TABLE or self.here.kind != _LIST_ITEM:
                self.here.group = number
        elif tag.traits & ROW:
            self.here.row = number
        elif tag.traits & CELL:
            self.cells.append(number)
        elif tag.traits & HEADING:
            self.here.group = self.here.row = -1
        if kind < 0:
            if tag.traits & (LIST | TABLE):
                self.here.kind = _PARAGRAPH
        elif kind != _CONTROL or self.here.kind != _HEADING:
            self.here.kind = kind
        return 0

    cdef str step_inside(self):
        """The inline elements from the innermost container to here: written only where a container opens in them."""
        cdef Py_ssize_t depth = self.depth
        cdef str step
        if depth == 0:
            return ""
        while self.steps[depth - 1] is None:
            depth -= 1
        while depth < self.depth:
            step = self.steps[depth - 1]
            if len(step) < _DEEPEST_PATH:
                step = f"{step}/{self.tag_names[self.stack[depth].tag]}[{self.stack[depth].position}]"
            self.steps[depth] = step
            depth += 1
        return self.steps[depth - 1]

    cdef str describe(self, xmlNode* node, Attributes* found):
        cdef xmlAttr* attribute = node.properties
        cdef Buffer* words = &self.spare
        cdef bint begun = False, ascii = True
        cdef Py_ssize_t at
        if not found.names & (CLASS | DESCRIBING):
            return ""
        words.used = 0
        if found.classes is not NULL and found.classes[0]:
            append(words, found.classes, strlen(<const char*> found.classes))
            begun = True
        while attribute is not NULL and found.names & DESCRIBING:
            if name_of(attribute) == DESCRIBING:
                if begun:
                    append(words, <const uchar*> b" ", 1)
                append(words, plain_value(attribute), strlen(<const char*> plain_value(attribute)))
                begun = True
            attribute = attribute.next
        for at in range(words.used):
            if 0x41 <= words.data[at] <= 0x5A:
                words.data[at] |= 0x20
            elif words.data[at] >= 0x80:
                ascii = False
        if ascii:
            return PyUnicode_DecodeASCII(<const char*> words.data, words.used, NULL)
        return PyUnicode_DecodeUTF8(<const char*> words.data, words.used, NULL).lower()

    # What the page hides.

    cdef bint is_hidden(self, xmlNode* node, Attributes* found) except -1:
        cdef Py_ssize_t size = 0
        cdef const uchar* text
        if found.names & HIDDEN or (found.style is not NULL and hides(found.style)):
            return True
        if found.aria_hidden is not NULL and strcmp(<const char*> found.aria_hidden, b"true") == 0:
            if found.classes is not NULL and strstr(<const char*> found.classes, b"katex-html") is not NULL:
                return True
            if element_from(node.children) is NULL:
                text = self.text_at(node.children, &size)
                if stripped(text, size) <= _DECORATION:
                    return True
        return found.classes is not NULL and is_unseen(found.classes)

    cdef int hidden_math(self, xmlNode* node) except -1:
        cdef xmlNode* behind = element_from(node.next)
        if (behind is not NULL and is_tex(behind)) or not holds_math(node):
            return 0
        for math in self.proxy(node).iter("math"):
            self.add_string(tex(math))
        return 0


cdef inline bint is_ascii_alnum(uchar c) noexcept:
    return 0x30 <= c <= 0x39 or 0x41 <= c <= 0x5A or 0x61 <= c <= 0x7A


cdef int append(Buffer* buffer, const uchar* text, Py_ssize_t size) except -1:
    reserve(buffer, buffer.used + size + 1)
    memcpy(buffer.data + buffer.used, text, size)
    buffer.used += size
    # The functions on UTF-8 read up to a NUL.
    buffer.data[buffer.used] = 0
    return 0


cdef int reserve(Buffer* buffer, Py_ssize_t size) except -1:
    while buffer.room < size:
        buffer.data = <uchar*> grown(buffer.data, &buffer.room, 1)
    return 0


cdef void* grown(void* data, Py_ssize_t* room, size_t size) except NULL:
    """Twice the room. On failure the old stays, for its owner to free."""
    cdef Py_ssize_t wanted = room[0] * 2 if room[0] else 256
    cdef void* wider = realloc(data, wanted * size)
    if wider is NULL:
        raise MemoryError
    room[0] = wanted
    return wider


cdef inline size_t slot_of(const uchar* name, size_t room) noexcept:
    cdef size_t address = <size_t> name
    return ((address >> 3) ^ (address >> 11)) & (room - 1)


cdef inline bint is_named(xmlNode* node, const char* name) noexcept:
    return node.ns is NULL and node.name is not NULL and strcmp(<const char*> node.name, name) == 0


cdef inline int name_of(xmlAttr* attribute) noexcept:
    """What an attribute of this name tells."""
    if attribute.type != XML_ATTRIBUTE_NODE or attribute.ns is not NULL or attribute.name is NULL:
        return 0
    return _NAMES.find(attribute.name, strlen(<const char*> attribute.name))


cdef const uchar* plain_value(xmlAttr* attribute) except NULL:
    cdef const uchar* value = value_of(attribute)
    if value is NULL:
        raise _Odd
    return value


cdef int read_attributes(xmlNode* node, Attributes* found) except -1:
    cdef xmlAttr* attribute = node.properties
    cdef int name
    memset(found, 0, sizeof(Attributes))
    while attribute is not NULL:
        name = name_of(attribute)
        found.names |= name
        if name == CLASS:
            found.classes = plain_value(attribute)
        elif name == STYLE:
            found.style = plain_value(attribute)
        elif name == ARIA_HIDDEN:
            found.aria_hidden = plain_value(attribute)
        attribute = attribute.next
    return 0


cdef bint is_tex(xmlNode* node) except -1:
    cdef xmlAttr* attribute = node.properties if node.type == XML_ELEMENT_NODE else NULL
    if attribute is NULL or not is_named(node, b"script"):
        return False
    while attribute is not NULL:
        if attribute.type == XML_ATTRIBUTE_NODE and attribute.ns is NULL:
            if attribute.name is not NULL and strcmp(<const char*> attribute.name, b"type") == 0:
                return strncmp(<const char*> plain_value(attribute), b"math/tex", 8) == 0
        attribute = attribute.next
    return False


cdef bint holds_math(xmlNode* top) noexcept:
    """Whether an element or one inside it is a formula."""
    cdef xmlNode* node = top
    while node is not NULL:
        if node.type == XML_ELEMENT_NODE:
            if is_named(node, b"math"):
                return True
            if node.children is not NULL:
                node = node.children
                continue
        node = node_behind(node, top)
    return False


cdef bint hides(const uchar* style) except -1:
    cdef Py_ssize_t at = 0
    while style[at]:
        if style[at] >= 0x80:
            return hidden.HIDING.search(style.decode("utf-8")) is not None
        if says(style + at, b"display", b"none") or says(style + at, b"visibility", b"hidden"):
            return True
        at += 1
    return False


cdef inline bint says(const uchar* style, const char* name, const char* value) noexcept:
    cdef Py_ssize_t at = begins(style, name)
    if at == 0:
        return False
    while is_ascii_space(style[at]):
        at += 1
    if style[at] != 0x3A:
        return False
    at += 1
    while is_ascii_space(style[at]):
        at += 1
    return begins(style + at, value) != 0


cdef inline Py_ssize_t begins(const uchar* text, const char* word) noexcept:
    """The length of a word in lower case where the text begins with it in any case, else 0."""
    cdef Py_ssize_t at = 0
    while word[at]:
        if text[at] | 0x20 != <uchar> word[at]:
            return 0
        at += 1
    return at


cdef bint is_unseen(const uchar* classes) except -1:
    cdef Py_ssize_t at = 0, start
    while True:
        while is_ascii_space(classes[at]):
            at += 1
        start = at
        while classes[at] and not is_ascii_space(classes[at]):
            if classes[at] >= 0x80:
                return hidden._is_unseen(classes.decode("utf-8"))
            at += 1
        if at == start:
            return False
        if _UNSEEN.find(classes + start, at - start):
            return True


cdef inline Py_ssize_t words_of(int script, Py_ssize_t run) noexcept:
    return <Py_ssize_t> (run / 1.7) if script == 1 else <Py_ssize_t> (run / 4.5)
