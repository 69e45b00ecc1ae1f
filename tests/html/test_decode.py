"""Whatever a page says of its encoding, its text comes out."""

from __future__ import annotations

import codecs
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.html.decode import decode, encode
from cleaner.html.encodings import known_encoding

FRENCH = "<p>Le bac de l’île « Tarrou » a levé l’ancre à midi, prix : 9 €.</p>"
JAPANESE = "<p>渡し船は正午に出た。乗客は九人だった。</p>"
RUSSIAN = "<p>Паром вышел из гавани в полдень, на борту было девять пассажиров и две собаки.</p>"
KOREAN = "<p>마지막 나룻배가 정오에 항구를 떠났다. 승객은 아홉 명이었다.</p>"
CHINESE = "<p>最后一班渡船中午离港，船上有九名乘客。</p>"
HEAD = "<!DOCTYPE html><html><head><title>Harbour notes</title></head><body>"


def decoded(content: bytes, charset: str | None = None) -> str:
    return decode(content, charset)[0].decode("utf-8")


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16le"),
        (codecs.BOM_UTF16_BE, "utf-16be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_outweighs_what_is_declared(bom: bytes, encoding: str) -> None:
    page = "<meta charset=windows-1251>" + JAPANESE
    assert decode(bom + page.encode(encoding), "shift_jis") == (page.encode(), encoding)


def test_a_byte_order_mark_is_no_text() -> None:
    assert cleaner.clean(f"<title>Harbour notes</title>{FRENCH}".encode("utf-16")).title == "Harbour notes"


@pytest.mark.parametrize("encoding", ["utf-16le", "utf-16be"])
@pytest.mark.parametrize("text", [JAPANESE, RUSSIAN, FRENCH])
def test_utf16_without_a_mark(encoding: str, text: str) -> None:
    assert decode((HEAD + text).encode(encoding)) == ((HEAD + text).encode(), encoding)


@pytest.mark.parametrize("charset", [None, "iso-8859-1", "windows-1251", "gbk", "no-such-encoding"])
@pytest.mark.parametrize("declared", ["", "<meta charset=iso-8859-1>", "<meta charset=utf-16>", "<meta charset=UTF8>"])
@pytest.mark.parametrize("text", [FRENCH, JAPANESE, RUSSIAN])
def test_utf8_is_utf8_whatever_is_declared(text: str, declared: str, charset: str | None) -> None:
    page = (declared + text).encode()
    assert decode(page, charset) == (page, "utf-8")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_page_cut_inside_its_last_character(cut: int) -> None:
    whole = (FRENCH + "🐐").encode()
    assert decoded(whole[:-cut], "windows-1252") == FRENCH


def test_the_only_sequence_of_a_page_is_not_taken_for_a_cut_one() -> None:
    assert decoded(b"<p>caf\xc3") == "<p>cafÃ"


def test_one_broken_byte_leaves_the_rest_of_a_utf8_page_as_it_is() -> None:
    whole = RUSSIAN * 20
    broken = whole.encode().replace(b".", b".\xff", 1)
    assert decoded(broken, "windows-1251") == whole.replace(".", ".\ufffd", 1)


@pytest.mark.parametrize(
    ("label", "text", "encoding"),
    [
        ("windows-1252", FRENCH, "cp1252"),
        ("ISO-8859-1", FRENCH, "cp1252"),
        ("latin1", FRENCH, "cp1252"),
        ("us-ascii", FRENCH, "cp1252"),
        ("iso-8859-15", "<p>prix 9 €, sœur</p>", "iso8859-15"),
        ("gb2312", "<p>镕基，一九九八，渡船</p>", "gb18030"),
        ("GBK", CHINESE, "gb18030"),
        ("big5", "<p>最後一班渡船中午離港。</p>", "big5"),
        ("Shift_JIS", JAPANESE + "<p>①</p>", "cp932"),
        ("EUC-JP", JAPANESE, "euc_jp"),
        ("iso-2022-jp", JAPANESE, "iso2022_jp"),
        ("euc-kr", KOREAN + "<p>똠방</p>", "cp949"),
        ("windows-1251", RUSSIAN, "cp1251"),
        ("koi8-r", RUSSIAN, "koi8-r"),
        ("windows-1256", "<p>غادرت العبارة الميناء ظهرا</p>", "cp1256"),
        ("tis-620", "<p>เรือข้ามฟากออกตอนเที่ยง</p>", "cp874"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert decoded(content, label) == text
    for meta in (f"<meta charset={label}>", f"<meta http-equiv=Content-Type content='text/html; charset={label}'>"):
        assert decoded(meta.encode() + content) == meta + text


def test_the_transport_outweighs_the_page() -> None:
    page = "<meta charset=koi8-r>" + RUSSIAN
    assert decoded(page.encode("cp1251"), "windows-1251") == page


def test_an_unknown_label_gives_way_to_the_page() -> None:
    page = "<meta charset=koi8-r>" + RUSSIAN
    assert decoded(page.encode("koi8-r"), "x-no-such-encoding") == page


FILLING = "<style>" + "p { margin: 0 }\n" * 600 + "</style>"


@pytest.mark.parametrize(
    "start",
    [
        "<meta charset=x-no-such-encoding><meta charset=ibm866>",
        "<meta name=charset content=koi8-r><meta charset=ibm866>",
        "<meta content='text/html; charset=koi8-r'><meta charset=ibm866>",
        "<!-- <meta charset=koi8-r> --><meta charset=ibm866>",
        "<title><meta charset=koi8-r></title><meta charset=ibm866>",
        "<script>document.write('<meta charset=koi8-r>')</script><meta charset=ibm866>",
        "<link title='<meta charset=koi8-r>'><meta charset=ibm866>",
        "<!DOCTYPE html><head>" + FILLING + "<meta charset=ibm866></head><body>",
        "<body><p>Late</p><meta charset=ibm866>",
        "<noscript><meta charset=ibm866></noscript>",
        "<meta charset='ibm866;'>",
        "<meta http-equiv=content-type content='text/html charset = \"ibm866\"'>",
        "<meta httpequiv=ContentType content='text/html; charset=ibm866'>",
        "<meta charset=ibm866 charset=koi8-r>",
        '<?xml version="1.0" encoding="ibm866"?>',
        '<?xml version="1.0" encoding="koi8-r"?><meta charset=ibm866>',
    ],
)
def test_the_first_declaration_that_says_something_counts(start: str) -> None:
    assert decode(start.encode() + b"<p>\xb0\xa1\xff")[1] == "ibm866"


def test_a_declaration_far_down_in_the_body_is_none() -> None:
    page = f"<body>{FILLING}<p><meta charset=ibm866>{FRENCH}</p>"
    assert decoded(page.encode("windows-1252")) == page


@pytest.mark.parametrize(
    "piece", ["<", "<script", "<meta ", "<!--", '<meta a="', "<a =  ", "<meta charset ", "<?xml encoding ", "x", " "]
)
def test_markup_that_never_ends_takes_no_time(piece: str) -> None:
    start = "<meta http-equiv=content-type content='charset "
    for page in (piece * (200_000 // len(piece)), start + piece * (200_000 // len(piece))):
        began = perf_counter()
        decode(page.encode() + b"\xe9")
        assert perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (KOREAN, "cp949"),
        (CHINESE, "gb18030"),
    ],
)
@pytest.mark.parametrize("label", ["", "<meta charset=x-no-such-encoding>"])
def test_what_nothing_known_declares_is_detected(text: str, encoding: str, label: str) -> None:
    # Markup and scripts in ASCII must not drown the few bytes that tell.
    script = "<script>" + "var goat = 1;" * 3000 + "</script>"
    assert decoded((label + script).encode() + (text * 6).encode(encoding)) == label + script + text * 6


def test_controls_and_lone_surrogates_are_dropped() -> None:
    assert decoded(b"<p>a\0b\x01c\x7f\x0bd\x1be\tf\ng\rh") == "<p>abcde\tf\ng\rh"
    assert decoded("<p>é\0è\x1f".encode()) == "<p>éè"
    assert encode("<p>a\ud800b\0") == "<p>a\ufffdb".encode()


@given(st.binary(max_size=200), st.sampled_from([None, "utf-16", "gb18030", "utf-7", "idna", "rot13", "hex", "\0"]))
def test_any_bytes_come_out_as_clean_utf8(content: bytes, charset: str | None) -> None:
    utf8, encoding = decode(content, charset)
    assert not set(utf8.decode("utf-8")) & {chr(code) for code in (*range(9), 11, *range(14, 32), 127)}
    assert known_encoding(encoding) == encoding


@given(st.text(min_size=1).filter(lambda text: not text.isascii()))
def test_utf8_comes_back_unchanged(text: str) -> None:
    page = encode(f"{text}ééé")
    assert decode(page.removeprefix(codecs.BOM_UTF8), "windows-1252") == (page.removeprefix(codecs.BOM_UTF8), "utf-8")


def test_a_page_comes_out_of_clean_in_the_encoding_that_its_transport_declared() -> None:
    page = cleaner.Page(f"<h1>Паром</h1>{RUSSIAN * 5}".encode("koi8-r"), charset="koi8-r")
    texts = [block.text for block in cleaner.clean(page).blocks]
    assert sum("Паром вышел из гавани в полдень" in text for text in texts) == 5
