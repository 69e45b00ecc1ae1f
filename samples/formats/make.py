"""Make the samples of this folder that are made by a format's specification, out of the pages in html/.

    python make.py build            all of them (needs warcio, brotli and zstandard; ebooklib for one EPUB)
    python make.py serve HOST PORT [CERTIFICATE KEY]
                                    the invented site, for the programs that README.md names
    python make.py book FILE        the Markdown that pandoc makes a book of
    python make.py crawl FOLDER     the WARC file and the lists of pages that wacz packs
    python make.py empty FROM TO    SingleFile's hybrid page, without the program's script

Nothing here is random and no clock is read, so a second run writes the same bytes.
"""

from __future__ import annotations

import base64
import bz2
import csv
import gzip
import hashlib
import html
import io
import json
import lzma
import plistlib
import re
import ssl
import struct
import sys
import tarfile
import textwrap
import uuid
import zipfile
import zlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from quopri import encodestring

HERE = Path(__file__).resolve().parent
SITE = "https://www.tidewater-ledger.example"
WHEN = datetime(2026, 11, 25, 7, 15, tzinfo=UTC)
BRIDGE = HERE.joinpath("html/harbour-bridge.html").read_text("utf-8")
FERRY = HERE.joinpath("html/faehre.html").read_text("utf-8")
BRIDGE_TITLE = "The harbour bridge will stay shut until spring, engineers say | Tidewater Ledger"
FERRY_TITLE = "Die Fähre fährt wieder über den Fluss | Tidewater Ledger"
TIDES = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Tide table</title><style>td { padding: 0 1em }</style></head>
<body>
<table>
<tr><th>High</th><td>05:12</td><td>4.1 m</td></tr>
<tr><th>Low</th><td>11:31</td><td>0.9 m</td></tr>
<tr><th>High</th><td>17:40</td><td>3.9 m</td></tr>
</table>
</body>
</html>
"""
MISSING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Not found | Tidewater Ledger</title></head>
<body><h1>Not found</h1><p>There is no page at this address.</p></body></html>
"""

# Short pieces of the same paper, for the kinds of file that hold many pages.
NOTES = {
    "mooring-fees": (
        "What a mooring costs, and who sets the price",
        "A berth at the inner quay costs 38 a metre this year, which is four more than last year and nine more than "
        "at the marina across the bay. The harbour office says that the difference pays for the dredger, and the "
        "boat owners say that they have yet to see it.",
        "The price is set each January by a committee of five, of whom two keep boats. Neither votes on his own class "
        "of berth, a rule that was brought in after the quarrel of 2009 and that everyone involved still remembers.",
        "Owners of working boats pay half. To count as one a boat must land fish on at least sixty days of the year, "
        "and the book in which those days are written down lies open on the counter for anyone to read.",
    ),
    "summer-ferry": (
        "The summer ferry that came back in autumn",
        "The little ferry was hauled out on the last day of September, scrubbed and wrapped for the winter. Five weeks "
        "later it went back into the water in the rain, because forty people a trip is better than none.",
        "Its two skippers had both found other work by then. One has come back from a salmon farm and the other drives "
        "a school bus until nine, so the first boats of the day are steered by the harbour master himself.",
        "He has done this before, he says, in 1994, for a single week, and had hoped that once was enough. The "
        "engine, a three-cylinder diesel of the same age, starts at the second try on most mornings.",
    ),
    "mill-lane-roundabout": (
        "Mill Lane: why the roundabout backs up at eight",
        "Three roads meet at Mill Lane and each of them used to carry about as much as the others. Since the bridge "
        "closed, the road from the north carries twice what it did, and nobody coming from the east can get in.",
        "The county tried a part-time traffic light in 2017 and took it away again after a month. Its engineers now "
        "think the idea was sound and the timing was wrong, and would like to try with a longer green.",
        "Until then the advice is to leave before half past seven or after nine. The baker on the corner, who opens at "
        "six, says that the queue outside his window has been the best advertisement he ever had.",
    ),
    "fish-market": (
        "The fish market moves its bell",
        "For ninety years the bell of the fish market hung over the east door, where the wind took most of its sound "
        "out to sea. Last Friday two men with a ladder moved it eleven steps to the west, and now the town hears it.",
        "Not everybody is glad. The bell is rung at a quarter to five when the first boxes come up, and the hotel on "
        "the corner has asked whether a smaller bell might be found for the months in which it has guests.",
        "The market's answer is that the bell was there before the hotel was. It has agreed, all the same, to ring "
        "three strokes instead of twelve until the matter has been talked over.",
    ),
    "slipway-lamps": (
        "New lamps for the slipway",
        "The six lamps along the slipway went dark in March, when salt got into the cable under the third of them. "
        "Eight months later they are to be replaced, by lamps that stand higher and shine only downwards.",
        "The change is for the sake of the terns, which nest on the breakwater and were seen to fly in circles on "
        "bright nights. A trial lamp has been up since August and the birds, as far as one can tell, do not mind it.",
        "Work begins on Monday and will take ten days. Boats can be launched throughout, though the harbour office "
        "asks that owners bring a torch and keep their dogs away from the trench.",
    ),
    "regatta": (
        "Regatta moved to the last week of June",
        "The town regatta will be held three weeks later than usual next year, so that the eastern leaf of the bridge "
        "can be closed again before the first mast has to pass beneath it. The sailing club agreed on Sunday.",
        "The later date brings longer evenings and, if the last ten years are a guide, less wind. The rowers are "
        "delighted and the dinghy sailors less so, and the committee has promised both of them a race at noon.",
        "Entries open in February. Families that let rooms to visiting crews are asked to write to the club again, as "
        "last year's list went into the harbour with the secretary's bag.",
    ),
}


def url_of(slug: str) -> str:
    return f"{SITE}/2026/11/{slug}"


def note(slug: str) -> str:
    title, *paragraphs = NOTES[slug]
    body = "\n".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} | Tidewater Ledger</title>
<link rel="canonical" href="{url_of(slug)}">
<link rel="stylesheet" href="/css/ledger.css">
</head>
<body>
<header class="masthead">
<p class="masthead-name"><a href="/">Tidewater Ledger</a></p>
<nav><ul><li><a href="/news">News</a></li><li><a href="/harbour">Harbour</a></li><li><a href="/join">Join us</a></li></ul></nav>
</header>
<main>
<article>
<h1>{title}</h1>
{body}
</article>
<section class="appeal">
<p>The Ledger has no paywall. If you can, please give 5 a month towards our reporting.</p>
<p><a class="button" href="/support">Support the Ledger</a></p>
</section>
</main>
<footer><p>© 2026 Tidewater Ledger Co-operative · <a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""


def page(slug: str) -> str:
    return {"harbour-bridge": BRIDGE, "faehre": FERRY, "tide-table": TIDES}.get(slug) or note(slug)


def part(name: str) -> bytes:
    return HERE.joinpath("html", name).read_bytes()


def write(name: str, content: bytes | str) -> None:
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def identity(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SITE}/{name}"))


class Lines(HTMLParser):
    """The text of a page, a line for each block, as crawls keep it: everything, the menu too."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.silent = False

    def handle_starttag(self, tag: str, _: object) -> None:
        self.silent = tag in ("script", "style")
        if tag not in ("a", "time", "b", "i", "em", "label", "input", "span", "img"):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        if tag not in ("a", "time", "b", "i", "em", "label", "span"):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


def text_of(markup: str) -> str:
    parser = Lines()
    parser.feed(markup)
    return "\n".join(line for line in (" ".join(line.split()) for line in parser.lines) if line) + "\n"


def article_of(slug: str) -> list[str]:
    """The headline and the paragraphs of a page, without the boxes."""
    markup = re.search(r"<article>.*</article>", page(slug), re.S)
    assert markup
    markup_only = re.sub(
        r"<aside.*?</aside>|<header>.*?<h1|<figure>.*?</figure>|<p class=.*?</p>|</header>",
        lambda found: "<h1" if found[0].endswith("<h1") else "",
        markup[0],
        flags=re.S,
    )
    return text_of(markup_only).splitlines()


# --- web pages in other dress ---------------------------------------------------------------------------------------


def plain_pages() -> None:
    inner = re.search(r"<h1>The harbour.*?(?=<aside)", BRIDGE, re.S)
    assert inner
    fragment = inner[0].replace("</header>\n", "")
    write("html/fragment.html", fragment)
    body = FERRY[FERRY.index("<body>") :]
    body = re.sub(r"<(img[^>]*)>", r"<\1 />", body).replace("<article>", '<div class="rule"/>\n<article>')
    body = body.replace("<h1>", '<h1><a id="anfang"/>')
    write(
        "xhtml/faehre.xhtml",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="de" xml:lang="de">
<head>
<title>{FERRY_TITLE}</title>
<meta name="author" content="Jürgen Böhm" />
<link rel="canonical" href="{url_of("faehre")}" />
<link rel="stylesheet" href="/css/ledger.css" />
<style type="text/css">
/*<![CDATA[*/
.rule > p {{ margin: 0 }}
/*]]>*/
</style>
</head>
{body}""",
    )


def compressed() -> None:
    import zstandard

    content = FERRY.encode()
    write("compressed/faehre.html.gz", gzip.compress(content, mtime=0))
    write("compressed/faehre.html.bz2", bz2.compress(content))
    write("compressed/faehre.html.xz", lzma.compress(content))
    write("compressed/faehre.html.zst", zstandard.ZstdCompressor(level=19, write_checksum=True).compress(content))


# --- one file for a page and its parts ------------------------------------------------------------------------------


def fold(content: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(content).decode(), 76)
    return "\r\n".join(lines).encode() + b"\r\n"


def upper(markup: str) -> str:
    """The tags as Internet Explorer wrote them: in capitals, short values without quotes."""
    markup = re.sub(r"<(/?)([a-z][a-z0-9]*)", lambda found: f"<{found[1]}{found[2].upper()}", markup)
    markup = re.sub(r'([a-z]+)="([A-Za-z0-9]+)"(?=[^<]*>)', r"\1=\2", markup)
    return re.sub(r"\r?\n", "\r\n", markup)


def internet_explorer() -> None:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
    lines = upper(
        FERRY.replace('<meta charset="utf-8">', meta)
        .replace('"/css/', f'"{SITE}/css/')
        .replace('"/img/', f'"{SITE}/img/')
        .replace('href="/', f'href="{SITE}/')
    )
    edge = "----=_NextPart_000_0000_01DD5E8A.6E3B8AF0"
    head = (
        "From: <Saved by Windows Internet Explorer 8>\r\n"
        "Subject: =?Windows-1252?Q?Die_F=E4hre_f=E4hrt_wieder_=FCber_den_Fluss_|_Tidewater_?=\r\n"
        "\t=?Windows-1252?Q?Ledger?=\r\n"
        "Date: Wed, 25 Nov 2026 08:15:00 +0100\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        f'\tboundary="{edge}"\r\n'
        "X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.5994\r\n\r\n"
        "This is a multi-part message in MIME format.\r\n\r\n"
    ).encode("ascii")
    quoted = re.sub(rb"\r?\n", b"\r\n", encodestring(lines.replace("\r\n", "\n").encode("cp1252")))
    out = [
        head,
        f'--{edge}\r\nContent-Type: text/html;\r\n\tcharset="Windows-1252"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: {url_of('faehre')}\r\n\r\n".encode(),
        quoted,
    ]
    for name, kind in (("img/icon.png", "image/png"), ("css/ledger.css", "text/css")):
        more = ';\r\n\tcharset="utf-8"' if kind == "text/css" else ""
        out.append(
            f"\r\n--{edge}\r\nContent-Type: {kind}{more}\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Location: {SITE}/{name}\r\n\r\n".encode()
            + fold(part(name))
        )
    out.append(f"\r\n--{edge}--\r\n".encode())
    write("mhtml/internet-explorer.mht", b"".join(out))
    single = note("regatta").replace("utf-8", "windows-1252").replace("\n", "\r\n").encode("cp1252")
    write(
        "mhtml/single-part.mht",
        (
            "From: <Saved by Microsoft Internet Explorer 5>\r\n"
            "Subject: Regatta moved to the last week of June | Tidewater Ledger\r\n"
            "Date: Wed, 25 Nov 2026 08:20:00 +0100\r\n"
            "MIME-Version: 1.0\r\n"
            'Content-Type: text/html;\r\n\tcharset="windows-1252"\r\n'
            "Content-Transfer-Encoding: base64\r\n"
            f"Content-Location: {url_of('regatta')}\r\n\r\n"
        ).encode()
        + fold(single),
    )


def webarchives() -> None:
    def resource(url: str, kind: str, content: bytes, **more: str) -> dict[str, object]:
        return {"WebResourceURL": url, "WebResourceMIMEType": kind, "WebResourceData": content, **more}

    def main(url: str, markup: str) -> dict[str, object]:
        return resource(url, "text/html", markup.encode(), WebResourceTextEncodingName="UTF-8", WebResourceFrameName="")

    style = resource(f"{SITE}/css/ledger.css", "text/css", part("css/ledger.css"), WebResourceTextEncodingName="UTF-8")
    icon = resource(f"{SITE}/img/icon.png", "image/png", part("img/icon.png"))
    photo = resource(f"{SITE}/img/bridge.jpg", "image/jpeg", part("img/bridge.jpg"))
    frame = main(f"{SITE}/embed/tide-table", TIDES)
    frame["WebResourceFrameName"] = "<!--frame1-->"
    bridge = {
        "WebMainResource": main(url_of("harbour-bridge"), BRIDGE),
        "WebSubresources": [style, icon, photo],
        "WebSubframeArchives": [{"WebMainResource": frame}],
    }
    ferry = {"WebMainResource": main(url_of("faehre"), FERRY), "WebSubresources": [style, icon]}
    write("webarchive/safari.webarchive", plistlib.dumps(bridge, fmt=plistlib.FMT_BINARY))
    write("webarchive/safari-xml.webarchive", plistlib.dumps(ferry, fmt=plistlib.FMT_XML))


def zipped(members: list[tuple[str, bytes]], when: datetime = WHEN) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, when.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def maff() -> None:
    """Out of what Firefox saved: the program that wrote these was an extension of it."""
    members: list[tuple[str, bytes]] = []
    folder = HERE / "complete/firefox"
    for slug, title, stamp, when in (
        ("harbour-bridge", BRIDGE_TITLE, "1795590900123_101", "Wed, 25 Nov 2026 08:15:00 +0100"),
        ("faehre", FERRY_TITLE, "1795590960456_102", "Wed, 25 Nov 2026 08:16:00 +0100"),
    ):
        markup = folder.joinpath(f"{slug}.html").read_text("utf-8").replace(f"{slug}_files/", "index_files/")
        members += [(f"{stamp}/", b""), (f"{stamp}/index.html", markup.encode())]
        members += [
            (f"{stamp}/index_files/{path.name}", path.read_bytes())
            for path in sorted(folder.joinpath(f"{slug}_files").iterdir())
        ]
        members.append(
            (
                f"{stamp}/index.rdf",
                f"""<?xml version="1.0"?>
<RDF:RDF xmlns:MAF="http://maf.mozdev.org/metadata/rdf#"
         xmlns:NC="http://home.netscape.com/NC-rdf#"
         xmlns:RDF="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <RDF:Description RDF:about="urn:root">
    <MAF:originalurl RDF:resource="{url_of(slug)}"/>
    <MAF:title RDF:resource="{html.escape(title)}"/>
    <MAF:archivetime RDF:resource="{when}"/>
    <MAF:indexfilename RDF:resource="index.html"/>
    <MAF:charset RDF:resource="UTF-8"/>
  </RDF:Description>
</RDF:RDF>
""".encode(),
            )
        )
    write("maff/two-pages.maff", zipped(members))


# --- crawls ---------------------------------------------------------------------------------------------------------

AGENT = "ledger-sample-crawler/1.0"
CODED = {
    "harbour-bridge": ("gzip", True), "faehre": ("br", False), "mooring-fees": ("deflate", False),
    "summer-ferry": ("raw deflate", False), "mill-lane-roundabout": ("zstd", True), "fish-market": ("", True),
    "slipway-lamps": ("crawl", False), "regatta": ("said only", False),
}  # fmt: skip


def coded(content: bytes, how: str) -> bytes:
    import brotli
    import zstandard

    if how == "gzip":
        return gzip.compress(content, mtime=0)
    if how == "br":
        return brotli.compress(content)
    if how == "deflate":
        return zlib.compress(content)
    if how == "raw deflate":
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(content) + packer.flush()
    if how == "zstd":
        return zstandard.ZstdCompressor().compress(content)
    return content


def chunked(content: bytes, size: int = 700) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


class Crawl:
    """A WARC file, record by record, by warcio."""

    def __init__(self, *, version: str = "WARC/1.0", packed: bool = True) -> None:
        from warcio.warcwriter import WARCWriter

        self.out = io.BytesIO()
        self.version = version
        self.writer = WARCWriter(self.out, gzip=packed, warc_version=version)
        self.count = 0

    def add(
        self,
        kind: str,
        url: str | None,
        content: bytes,
        content_type: str,
        *,
        status: str = "",
        headers: list[tuple[str, str]] | None = None,
        **fields: str,
    ) -> str:
        from warcio.statusandheaders import StatusAndHeaders

        self.count += 1
        name = f"<urn:uuid:{identity(f'{self.version}/{kind}/{url}/{self.count}')}>"
        when = WHEN.replace(second=self.count)
        stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ" if self.version.endswith("1.0") else "%Y-%m-%dT%H:%M:%S.250000Z")
        said = {
            "WARC-Record-ID": name,
            "WARC-Date": stamp,
            **{key.replace("_", "-"): value for key, value in fields.items()},
        }
        first = None
        if status:
            lead, protocol = (status, "") if kind == "request" else (status, "HTTP/1.1")
            first = StatusAndHeaders(lead, headers or [], protocol=protocol, is_http_request=kind == "request")
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type=content_type,
            http_headers=first,
            warc_headers_dict=said,
        )
        self.writer.write_record(record)
        return name

    def info(self, name: str, **fields: str) -> None:
        lines = {"software": AGENT, "format": f"WARC File Format {self.version[5:]}", **fields}
        self.add(
            "warcinfo",
            None,
            "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode(),
            "application/warc-fields",
            WARC_Filename=name,
        )

    def request(self, url: str) -> None:
        self.add(
            "request",
            url,
            b"",
            "application/http; msgtype=request",
            status=f"GET {url.removeprefix(SITE)} HTTP/1.1",
            headers=[("Host", SITE[8:]), ("User-Agent", AGENT), ("Accept-Encoding", "gzip, deflate, br, zstd")],
        )

    def response(
        self,
        url: str,
        content: bytes,
        content_type: str,
        *,
        status: str = "200 OK",
        headers: list[tuple[str, str]] | None = None,
    ) -> str:
        return self.add(
            "response",
            url,
            content,
            "application/http; msgtype=response",
            status=status,
            headers=[("Content-Type", content_type), *(headers or [])],
            WARC_IP_Address="203.0.113.10",
        )


def warcs() -> None:
    plain = HERE / "warc/wget.warc"
    if plain.is_file():
        write("warc/whole-file.warc.gz", gzip.compress(plain.read_bytes(), mtime=0))
    crawl = Crawl()
    crawl.info("encodings.warc.gz")
    for slug, (how, in_chunks) in CODED.items():
        content = coded(page(slug).encode(), how)
        length = str(len(content))
        headers = []
        if how in ("gzip", "br", "zstd"):
            headers.append(("Content-Encoding", how))
        elif how.endswith("deflate"):
            headers.append(("Content-Encoding", "deflate"))
        elif how == "crawl":
            # As Common Crawl keeps it: the body unpacked, the old fields renamed.
            headers += [("X-Crawl-Content-Encoding", "gzip"), ("X-Crawl-Transfer-Encoding", "chunked")]
        elif how == "said only":
            # As several recorders keep it: the body unpacked, the field left as it was.
            headers.append(("Content-Encoding", "gzip"))
        if in_chunks:
            content = chunked(content)
            headers.append(("Transfer-Encoding", "chunked"))
        else:
            headers.append(("Content-Length", length))
        crawl.request(url_of(slug))
        crawl.response(url_of(slug), content, "text/html; charset=utf-8", headers=headers)
    write("warc/encodings.warc.gz", crawl.out.getvalue())

    crawl = Crawl(version="WARC/1.1")
    crawl.info(
        "records.warc.gz", conformsTo="http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
    )
    crawl.add(
        "response",
        f"dns:{SITE[8:]}",
        b"20261125071500\nwww.tidewater-ledger.example.\t3600\tIN\tA\t203.0.113.10\n",
        "text/dns",
        WARC_IP_Address="203.0.113.53",
    )
    crawl.request(f"{SITE}/bridge")
    crawl.response(
        f"{SITE}/bridge",
        b"",
        "text/html; charset=utf-8",
        status="301 Moved Permanently",
        headers=[("Location", "/2026/11/harbour-bridge"), ("Content-Length", "0")],
    )
    crawl.request(url_of("harbour-bridge"))
    first = crawl.response(
        url_of("harbour-bridge"),
        BRIDGE.encode(),
        "text/html; charset=utf-8",
        headers=[("Content-Length", str(len(BRIDGE.encode())))],
    )
    crawl.add(
        "metadata",
        url_of("harbour-bridge"),
        b"fetchTimeMs: 41\r\noutlink: /img/bridge.jpg E =EMBED_MISC\r\n",
        "application/warc-fields",
        WARC_Concurrent_To=first,
    )
    crawl.response(f"{SITE}/img/bridge.jpg", part("img/bridge.jpg"), "image/jpeg")
    crawl.response(f"{SITE}/2026/11/old-bridge", MISSING.encode(), "text/html; charset=utf-8", status="404 Not Found")
    digest = base64.b32encode(hashlib.sha1(BRIDGE.encode()).digest()).decode()
    crawl.add(
        "revisit",
        url_of("harbour-bridge"),
        b"",
        "application/http; msgtype=response",
        status="200 OK",
        headers=[("Content-Type", "text/html; charset=utf-8")],
        WARC_Refers_To=first,
        WARC_Payload_Digest=f"sha1:{digest}",
        WARC_Refers_To_Target_URI=url_of("harbour-bridge"),
        WARC_Refers_To_Date="2026-11-25T07:15:06.250000Z",
        WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    )
    crawl.add("resource", url_of("faehre"), FERRY.encode(), "text/html; charset=utf-8")
    lamps = note("slipway-lamps").replace("<!DOCTYPE html>", '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>')
    lamps = lamps.replace("<html lang", '<html xmlns="http://www.w3.org/1999/xhtml" lang')
    lamps = re.sub(r"<((?:meta|link)[^>]*)>", r"<\1 />", lamps)
    crawl.response(url_of("slipway-lamps"), lamps.encode(), "application/xhtml+xml")
    crawl.response(f"{SITE}/api/tides.json", b'{"high": "05:12", "low": "11:31"}\n', "application/json")
    write("warc/records.warc.gz", crawl.out.getvalue())


def crawl_for_wacz(folder: str) -> None:
    """The WARC file and the two lists of pages that the program wacz packs: the frame is on neither."""
    crawl = Crawl(version="WARC/1.1")
    crawl.info("crawl.warc.gz")
    kinds = {"html": "text/html; charset=utf-8", "css": "text/css", "jpg": "image/jpeg"}
    listed = {}
    for path, content in (
        ("/2026/11/harbour-bridge", BRIDGE.encode()),
        ("/css/ledger.css", part("css/ledger.css")),
        ("/img/bridge.jpg", part("img/bridge.jpg")),
        ("/embed/tide-table", TIDES.encode()),
        ("/2026/11/faehre", FERRY.encode()),
    ):
        crawl.request(SITE + path)
        crawl.response(
            SITE + path,
            content,
            kinds.get(path.rpartition(".")[2], kinds["html"]),
            headers=[("Content-Length", str(len(content)))],
        )
        listed[path] = WHEN.replace(second=crawl.count).strftime("%Y-%m-%dT%H:%M:%S.250000Z")
    Path(folder, "crawl.warc.gz").write_bytes(crawl.out.getvalue())
    for name, path, title, depth in (
        ("pages", "/2026/11/harbour-bridge", BRIDGE_TITLE, 0),
        ("extraPages", "/2026/11/faehre", FERRY_TITLE, 1),
    ):
        rows = [
            {
                "format": "json-pages-1.0",
                "id": name,
                "title": "Seed pages" if not depth else "Non-seed pages",
                "hasText": False,
            },
            {
                "id": identity(path),
                "url": SITE + path,
                "title": title,
                "ts": listed[path],
                "loadState": 4,
                "status": 200,
                "depth": depth,
            },
        ]
        Path(folder, f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def wet() -> None:
    crawl = Crawl()
    crawl.info(
        "harbour.warc.wet.gz",
        isPartOf="LEDGER-2026-48",
        publisher="Tidewater Ledger",
        description="Text of a small crawl, for tests",
    )
    for slug, language in (("harbour-bridge", "eng"), ("faehre", "deu")):
        crawl.add(
            "conversion",
            url_of(slug),
            text_of(page(slug)).encode(),
            "text/plain",
            WARC_Refers_To=f"<urn:uuid:{identity(slug)}>",
            WARC_Identified_Content_Language=language,
        )
    write("wet/harbour.warc.wet.gz", crawl.out.getvalue())


def arc() -> None:
    def record(url: str, kind: str, content: bytes, status: str, second: int) -> bytes:
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        )
        block = head.encode() + content
        line = f"{url} 203.0.113.10 202611250715{second:02} {kind.partition(';')[0]} {len(block)}\n"
        return line.encode() + block + b"\n"

    def filed(name: str) -> bytes:
        block = b"1 0 TidewaterLedger\nURL IP-address Archive-date Content-type Archive-length\n\n"
        return f"filedesc://{name} 0.0.0.0 20261125071500 text/plain {len(block)}\n".encode() + block + b"\n"

    records = [
        record(url_of("harbour-bridge"), "text/html; charset=utf-8", BRIDGE.encode(), "200 OK", 1),
        record(f"{SITE}/img/icon.png", "image/png", part("img/icon.png"), "200 OK", 2),
        record(f"{SITE}/2026/11/old-bridge", "text/html; charset=utf-8", MISSING.encode(), "404 Not Found", 3),
        record(url_of("faehre"), "text/html; charset=utf-8", FERRY.encode(), "200 OK", 4),
    ]
    write("arc/crawl.arc", filed("crawl.arc") + b"".join(records))
    write("arc/crawl.arc.gz", b"".join(gzip.compress(piece, mtime=0) for piece in [filed("crawl.arc.gz"), *records]))


# --- books, mail, text, tables --------------------------------------------------------------------------------------


def book(target: str) -> None:
    """The Markdown that pandoc makes the book of."""
    chapters = []
    for slug in ("harbour-bridge", "mooring-fees"):
        title, *rest = article_of(slug)
        rest = [f"## {line}" if line == "Who pays for the cables" else line for line in rest]
        if slug == "harbour-bridge":
            rest.insert(2, "![The eastern leaf has stood open since the ninth of November.](html/img/bridge.jpg)")
        chapters.append(f"# {title}\n\n" + "\n\n".join(rest) + "\n")
    head = "---\ntitle: Harbour notes, November 2026\nauthor: Tidewater Ledger\nlang: en\ndate: 2026-11-25\n---\n\n"
    Path(target).write_text(head + "\n".join(chapters), "utf-8")


def digest_book() -> None:
    """A book of saved pages, as read-later programs send them."""
    from ebooklib import epub

    digest = epub.EpubBook()
    digest.set_identifier(f"urn:uuid:{identity('digest')}")
    digest.set_title("Saved pages, 25 November 2026")
    digest.set_language("en")
    digest.add_author("Tidewater Ledger")
    digest.add_item(epub.EpubItem("photo", "img/bridge.jpg", "image/jpeg", part("img/bridge.jpg")))
    items = []
    for number, slug in enumerate(("harbour-bridge", "faehre"), 1):
        title, *rest = article_of(slug)
        item = epub.EpubHtml(
            uid=f"page{number}", title=title, file_name=f"page{number}.xhtml", lang="de" if slug == "faehre" else "en"
        )
        item.content = f'<h1>{title}</h1><p class="source"><a href="{url_of(slug)}">{SITE[8:]}</a></p>' + "".join(
            f"<h2>{line}</h2>" if line == "Who pays for the cables" else f"<p>{html.escape(line, quote=False)}</p>"
            for line in rest
        )
        digest.add_item(item)
        items.append(item)
    digest.toc = items
    digest.spine = ["nav", *items]
    digest.add_item(epub.EpubNcx())
    digest.add_item(epub.EpubNav())
    out = io.BytesIO()
    epub.write_epub(out, digest, {"mtime": WHEN})
    members = []
    with zipfile.ZipFile(out) as archive:
        members = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, WHEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    write("epub/digest.epub", again.getvalue())


def letter(slug: str, *, number: int, subject: str = "") -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(max_line_length=78))
    message["From"] = "Tidewater Ledger <news@tidewater-ledger.example>"
    message["To"] = "reader@mail.example"
    message["Subject"] = subject or article_of(slug)[0]
    message["Date"] = format_datetime(datetime(2026, 11, 17 + number, 6, 0, tzinfo=UTC))
    message["Message-ID"] = f"<2026-11-{17 + number}.{slug}@tidewater-ledger.example>"
    message["MIME-Version"] = "1.0"
    return message


def letter_html(slug: str) -> str:
    title, *rest = article_of(slug)
    tide = "Heute um sieben" if slug == "faehre" else "Today at seven"
    body = "\n".join(f'<p style="margin:0 0 16px">{html.escape(line, quote=False)}</p>' for line in rest)
    return f"""<!DOCTYPE html>
<html lang="{"de" if slug == "faehre" else "en"}"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title></head>
<body style="margin:0;background:#e4eef2">
<div style="display:none;max-height:0;overflow:hidden">{tide} · {rest[0][:70]}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="600" cellpadding="24" cellspacing="0" style="background:#fff">
<tr><td style="font-size:12px"><a href="{url_of(slug)}?utm_source=mail">View this e-mail in your browser</a></td></tr>
<tr><td><img src="{SITE}/img/icon.png" alt="Tidewater Ledger" width="32" height="32"></td></tr>
<tr><td style="font-family:Georgia,serif">
<h1 style="font-size:26px">{title}</h1>
{body}
</td></tr>
<tr><td style="background:#e4eef2"><p>The Ledger has no paywall. If you can, please give 5 a month towards our reporting.</p>
<p><a href="{SITE}/support">Support the Ledger</a></p></td></tr>
<tr><td style="font-size:12px">You get this because you signed up at the Ledger. <a href="{SITE}/unsubscribe?id=0">Unsubscribe</a>
<br>Tidewater Ledger Co-operative, 3 Quay Street</td></tr>
</table>
</td></tr></table>
<img src="{SITE}/open.gif?id=0" alt="" width="1" height="1">
</body></html>
"""


def letter_text(slug: str) -> str:
    title, *rest = article_of(slug)
    body = "\n\n".join(textwrap.fill(line, 72) for line in (title, *rest))
    return (
        f"View this e-mail in your browser:\n{url_of(slug)}?utm_source=mail\n\n{body}\n\n--------\n\n"
        f"Support the Ledger: {SITE}/support\nUnsubscribe: {SITE}/unsubscribe?id=0\n"
    )


def mail() -> None:
    message = letter("faehre", number=3, subject="Die Fähre fährt wieder – über den Fluss, für die Brücke")
    message["List-Unsubscribe"] = f"<{SITE}/unsubscribe?id=0>"
    message.set_content(letter_text("faehre"), cte="quoted-printable")
    message.add_alternative(letter_html("faehre"), subtype="html", cte="quoted-printable")
    message.set_boundary("=_ledger_2026_11_20")
    write("mail/newsletter.eml", message.as_bytes())

    title, *rest = article_of("faehre")
    # Without the quotation marks that iso-8859-1 lacks.
    body = "\n\n".join(textwrap.fill(line, 72) for line in rest).translate({0x201E: '"', 0x201C: '"', 0x2013: "-"})
    message = letter("faehre", number=3, subject=title)
    message.set_content(f"{body}\n\n-- \nTidewater Ledger, 3 Quay Street\n", charset="iso-8859-1", cte="8bit")
    # The subject as older programs sent it.
    old = message.as_bytes()
    old = re.sub(
        rb"Subject:.*?(?=\r\n\S)",
        b"Subject: =?iso-8859-1?Q?Die_F=E4hre_f=E4hrt_wieder_=FCber_den_Fluss?=",
        old,
        flags=re.S,
    )
    write("mail/text-iso-8859-1.eml", old)

    one = letter("regatta", number=1)
    one.set_content(letter_text("regatta"), cte="7bit")
    one.add_alternative(letter_html("regatta"), subtype="html", cte="quoted-printable")
    one.set_boundary("=_ledger_2026_11_18")
    two = letter("slipway-lamps", number=4)
    title, *rest = article_of("slipway-lamps")
    rest.insert(
        1,
        "From the harbour office comes word that the old lamps may be had for the asking, by anyone who fetches "
        "them with a trailer and does not mind the rust.",
    )
    two.set_content("\n\n".join(textwrap.fill(line, 72) for line in rest) + "\n", cte="7bit")
    three = letter("fish-market", number=6)
    three.set_content(letter_html("fish-market"), subtype="html", cte="base64")
    out = b""
    for message, when in (
        (one, "Wed Nov 18 06:00:00 2026"),
        (two, "Sat Nov 21 06:00:00 2026"),
        (three, "Mon Nov 23 06:00:00 2026"),
    ):
        content = message.as_bytes().replace(b"\r\n", b"\n")
        content = re.sub(rb"(?m)^(>*From )", rb">\1", content)
        out += f"From news@tidewater-ledger.example {when}\n".encode() + content.rstrip(b"\n") + b"\n\n"
    write("mail/three.mbox", out)


def texts() -> None:
    title, *rest = article_of("harbour-bridge")
    write("text/harbour-bridge.txt", "\n\n".join([title, "By Maren Holloway", *rest]) + "\n")
    body = "\n\n".join(f"## {line}" if line == "Who pays for the cables" else line for line in rest)
    write(
        "text/harbour-bridge.md",
        f"""---
title: "{title}"
url: {url_of("harbour-bridge")}
date: 2026-11-18
---

# {title}

*By Maren Holloway, 18 November 2026*

{body}

> ### The morning tide, in your inbox
> [Sign up]({SITE}/newsletter) for our free newsletter.

---

The Ledger has no paywall. **[Support the Ledger]({SITE}/support)** with 5 a month.
""",
    )


def jsonl() -> None:
    def lines(*rows: dict[str, str]) -> str:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    slugs = ("faehre", "mooring-fees", "summer-ferry")
    write("jsonl/pages.jsonl", lines(*({"url": url_of(slug), "html": page(slug)} for slug in slugs)))
    others = ("fish-market", "slipway-lamps")
    write(
        "jsonl/other-names.jsonl",
        lines(*({"id": identity(slug), "address": url_of(slug), "body": page(slug)} for slug in others)),
    )
    write(
        "broken/bad-line.jsonl",
        lines({"url": url_of("fish-market"), "html": page("fish-market")})
        + '{"url": "'
        + url_of("regatta")
        + '", "html": "<!DOCTYPE html><html lang=\n'
        + lines({"url": url_of("slipway-lamps"), "html": page("slipway-lamps")}),
    )


def lists() -> None:
    saved = int(datetime(2026, 11, 21, 8, 15, tzinfo=UTC).timestamp())
    rows = [
        (url_of("harbour-bridge"), BRIDGE_TITLE, saved, ["harbour", "later"], "unread"),
        (url_of("faehre"), FERRY_TITLE, saved + 3600, ["harbour"], "unread"),
        # Both programs wrote the address where they had found no title.
        (f"{SITE}/embed/tide-table?a=1&b=2", f"{SITE}/embed/tide-table?a=1&b=2", saved - 86400, [], "archive"),
    ]
    sections = ""
    for heading, status in (("Unread", "unread"), ("Read Archive", "archive")):
        links = "".join(
            f'\t\t\t<li><a href="{html.escape(url)}" time_added="{when}" tags="{",".join(tags)}">{html.escape(title, quote=False)}</a></li>\n'
            for url, title, when, tags, state in rows
            if state == status
        )
        sections += f"\t\t<h1>{heading}</h1>\n\t\t<ul>\n{links}\t\t</ul>\n"
    write(
        "lists/ril_export.html",
        f"""<!DOCTYPE html>
<html>
\t<head>
\t\t<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
\t\t<title>Pocket Export</title>
\t</head>
\t<body>
{sections}\t</body>
</html>
""",
    )
    pocket, instapaper = io.StringIO(), io.StringIO()
    table = csv.writer(pocket, lineterminator="\n")
    table.writerow(["title", "url", "time_added", "tags", "status"])
    for url, title, when, tags, state in rows:
        table.writerow([title, url, when, "|".join(tags), state])
    table = csv.writer(instapaper, lineterminator="\n")
    table.writerow(["URL", "Title", "Selection", "Folder", "Timestamp"])
    quote = "“If they tell me April, I can plan for April,” she said."
    for url, title, when, _, state in rows:
        table.writerow(
            [
                url,
                title,
                quote if url == url_of("harbour-bridge") else "",
                "Unread" if state == "unread" else "Archive",
                when,
            ]
        )
    write("lists/pocket.csv", pocket.getvalue())
    write("lists/instapaper.csv", instapaper.getvalue())


# --- folders in one file --------------------------------------------------------------------------------------------


def saved_folder() -> list[tuple[str, bytes]]:
    """What Chromium saved: two pages, each with its folder."""
    root = HERE / "complete/chrome"
    return [
        (f"saved/{path.relative_to(root).as_posix()}", path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    ]


def archives() -> None:
    members = saved_folder()
    write("archives/folder.zip", zipped([("saved/", b""), *members]))
    double = b"\0\5\x16\7\0\2\0\0Mac OS X        \0\2" + struct.pack(">6I", 9, 50, 32, 2, 82, 0) + bytes(32)
    write(
        "archives/folder-macos.zip",
        zipped(
            [
                ("saved/", b""),
                ("saved/.DS_Store", b"\0\0\0\1Bud1" + bytes(24)),
                ("__MACOSX/saved/._.DS_Store", double),
                ("saved/mooring-fees.html", note("mooring-fees").encode()),
                ("__MACOSX/saved/._mooring-fees.html", double),
            ]
        ),
    )
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), int(WHEN.timestamp())
            archive.addfile(entry, io.BytesIO(content))
    write("archives/folder.tar.gz", gzip.compress(out.getvalue(), mtime=0))
    write("archives/folder.tar.xz", lzma.compress(out.getvalue()))
    inner = zipped([("fähre.html", FERRY.encode())])
    write(
        "archives/nested.zip",
        zipped(
            [
                ("harbour-bridge.html", BRIDGE.encode()),
                ("november.zip", inner),
                ("notes/mooring-fees.html.gz", gzip.compress(note("mooring-fees").encode(), mtime=0)),
            ]
        ),
    )


def broken() -> None:
    crawl = Crawl()
    crawl.info("truncated.warc.gz")
    ends = []
    for slug in ("mooring-fees", "summer-ferry", "fish-market"):
        crawl.response(url_of(slug), note(slug).encode(), "text/html; charset=utf-8")
        ends.append(crawl.out.tell())
    # The third page breaks off in the middle of its packed bytes.
    write("broken/truncated.warc.gz", crawl.out.getvalue()[: (ends[1] + ends[2]) // 2])
    content = bytearray(
        zipped([("mooring-fees.html", note("mooring-fees").encode()), ("regatta.html", note("regatta").encode())])
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("regatta.html").header_offset + 30 + len("regatta.html")
    for place in range(at + 40, at + 48):
        content[place] ^= 0xFF
    write("broken/damaged-member.zip", bytes(content))


# --- the other two commands -----------------------------------------------------------------------------------------


def empty(source: Path, target: Path) -> None:
    """SingleFile's hybrid page with an empty script: the offsets in the zip's directory are moved to match."""
    content = source.read_bytes()
    start = content.index(b"<script>") + len(b"<script>")
    stop = content.index(b"</script><!--", start)
    assert b"PK\3\4" not in content[:stop], "the zip begins after the script"
    out = bytearray(content[:start] + content[stop:])
    gone = stop - start
    end = out.rindex(b"PK\5\6")
    count, size, directory = struct.unpack_from("<HII", out, end + 10)
    struct.pack_into("<I", out, end + 16, directory - gone)
    at = directory - gone
    for _ in range(count):
        assert out[at : at + 4] == b"PK\1\2"
        names = struct.unpack_from("<HHH", out, at + 28)
        struct.pack_into("<I", out, at + 42, struct.unpack_from("<I", out, at + 42)[0] - gone)
        at += 46 + sum(names)
    assert at == directory - gone + size
    target.write_bytes(out)


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def version_string(self) -> str:
        return "ledger"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        name = path.rpartition("/")[2]
        kind, status = "text/html; charset=utf-8", 200
        if path == "/embed/tide-table":
            content = TIDES.encode()
        elif path.startswith("/2026/11/") and name in ("harbour-bridge", "faehre", *NOTES):
            content = page(name).encode()
        elif path in ("/css/ledger.css", "/img/bridge.jpg", "/img/icon.png", "/img/paper.png"):
            content = part(path[1:])
            kind = {"css": "text/css", "jpg": "image/jpeg", "png": "image/png"}[name[-3:]]
        else:
            content, status = MISSING.encode(), 404
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if status == 200:
            self.send_header("Last-Modified", "Fri, 20 Nov 2026 06:00:00 GMT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET


def serve(host: str, port: str, *keys: str) -> None:
    server = ThreadingHTTPServer((host, int(port)), Site)
    if keys:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*keys)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


def build() -> None:
    for make in (
        plain_pages,
        compressed,
        internet_explorer,
        webarchives,
        maff,
        warcs,
        wet,
        arc,
        digest_book,
        mail,
        texts,
        jsonl,
        lists,
        archives,
        broken,
    ):
        make()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["serve", host, port, *keys]:
            serve(host, port, *keys)
        case ["book", target]:
            book(target)
        case ["crawl", folder]:
            crawl_for_wacz(folder)
        case ["empty", source, target]:
            empty(Path(source), Path(target))
        case _:
            sys.exit(__doc__)
