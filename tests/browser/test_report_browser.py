"""Reports, and the other views of hostile pages, in a browser: nothing runs, nothing is fetched, all can be reached."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, expect
from watching import HOST, HOSTILE, Watch

import cleaner
from cleaner import Document, Label
from cleaner.render.report import LARGE, files, report

SAMPLES = HOSTILE.parent
NAMES = "wordpress-local-news he-iton docusaurus-guide discourse-thread zh-ribao locked-page".split()
PAGES = sorted(HOSTILE.glob("*.html"))
AT_ONCE = 40
CAUGHT = 70
"""At least so many of the hostile pages get their way where nothing keeps them from it."""
SAFE = MarkdownIt("commonmark", {"html": False}).enable("table")
RAW = MarkdownIt("commonmark", {"html": True}).enable("table")
VIEWS: dict[str, Callable[[str, Document], str]] = {
    "report": lambda name, document: report([(name, document)]),
    "html": lambda _, document: document.html,
    "markdown": lambda _, document: SAFE.render(document.markdown),
    "markdown-with-html": lambda _, document: RAW.render(document.markdown),
}


@functools.cache
def hostile() -> list[tuple[str, Document]]:
    """The hostile pages, with all that they hold."""
    ours = cleaner.Cleaner(model=False, keep=list(Label))
    return [(path.name, ours.clean(path.read_bytes())) for path in PAGES]


def pictures() -> set[str]:
    """The addresses of all pictures in the hostile pages' articles, as a browser at HOST asks for them."""
    sources = (source for _, document in hostile() for source in re.findall(r'<img src="([^"]*)"', document.html))
    return {urljoin(HOST, unescape(source)) for source in sources}


@functools.cache
def samples() -> list[tuple[str, Document]]:
    return [(name, cleaner.clean((SAMPLES / name / "page.html").read_bytes())) for name in NAMES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of samples: of one page, of some, of so many that they are packed, and as a folder."""
    made = tmp_path_factory.mktemp("reports")
    (made / "one.html").write_text(report(samples()[:1]), "utf-8")
    (made / "some.html").write_text(report(samples()), "utf-8")
    (made / "many.html").write_text(report([*samples(), *hostile()[: LARGE + 1]]), "utf-8")
    (made / "pages").mkdir()
    for name, content in files(samples()):
        (made / name).write_text(content, "utf-8")
    return made


def in_batches(watch: Watch, markups: list[str]) -> dict[str, str]:
    """What the pages did that no page may do, by name."""
    did: list[str] = []
    for first in range(0, len(markups), AT_ONCE):
        did += watch.frames(markups[first : first + AT_ONCE])
    return {path.name: what for path, what in zip(PAGES, did, strict=True) if what}


def test_the_hostile_pages_are_hostile(watch: Watch) -> None:
    did = in_batches(watch, [path.read_text("utf-8", "replace") for path in PAGES])
    assert len(did) >= CAUGHT
    kinds = {kind for kind, _ in watch.asked}
    assert {"script", "stylesheet", "image", "document", "media"} <= kinds
    assert any(what.startswith("went") for what in did.values())


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_of_a_hostile_page_does_anything(watch: Watch, view: str) -> None:
    assert in_batches(watch, [VIEWS[view](*page) for page in hostile()]) == {}
    # An article's own pictures are in the other views, at their addresses; a report shows what they are called.
    own = set() if view == "report" else pictures()
    assert [(kind, address) for kind, address in watch.asked if kind != "image" or address not in own] == []
    assert watch.said == []


def test_all_hostile_pages_in_one_report(watch: Watch, tmp_path: Path) -> None:
    assert len(PAGES) > LARGE
    path = tmp_path / "<img src=x onerror='window.pwned=1'>.html"
    path.write_text(report(hostile()), "utf-8")
    page = watch.open(path)
    for number in range(1, len(PAGES) + 1):
        page.evaluate(f"location.hash = 'p{number}'")
        page.locator(f"#p{number}.open").wait_for()
    assert not page.evaluate("window.pwned")
    assert (watch.asked, watch.said, len(page.frames)) == ([], [], 1)
    assert page.url == f"{path.as_uri()}#p{len(PAGES)}"


# What a reader does.


def test_the_reason_is_shown_on_hover_focus_and_tap(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    block = page.locator(".kept .b").nth(2)
    why = block.locator(".why")
    assert not why.is_visible()
    block.locator(".t").hover()
    assert why.is_visible()
    document = samples()[0][1]
    text = document.blocks[int((why.get_attribute("id") or "").rpartition("w")[2])]
    assert why.inner_text().split()[:2] == [str(text.label), f"{text.confidence:.2f}"]
    assert text.reason in why.inner_text()
    page.mouse.move(1, 1)
    assert not why.is_visible()
    block.locator(".c").focus()
    assert why.is_visible()
    page.keyboard.press("Escape")
    assert not why.is_visible()
    other = page.locator(".kept .b").nth(3)
    other.locator(".t").click()
    page.mouse.move(1, 1)
    assert other.locator(".why").is_visible()


def test_the_keyboard_reaches_everything(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    here = "document.activeElement"
    page.keyboard.press("j")
    first = page.evaluate(f"{here}.textContent")
    assert page.evaluate(f"{here}.matches('.blocks summary, .blocks .c')")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{here}.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate(f"{here}.textContent") == first
    group = f"{here}.closest('.cruft')"
    while not page.evaluate(f"{here}.matches('summary')"):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{group}.open")
    page.keyboard.press("j")
    assert page.evaluate(f"{here}.matches('.cruft .c')")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{here}.matches('summary') && !{group}.open")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{group}.open")
    page.keyboard.press("ArrowLeft")
    assert not page.evaluate(f"{group}.open")
    page.keyboard.press("n")
    assert page.evaluate(f"{here}.matches('.unsure > .c')")
    assert page.evaluate("document.querySelectorAll('.blocks [tabindex=\"0\"]').length") == 1


def test_the_tab_key_passes_the_blocks_in_one_step(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.closest('.blocks, .cleaned, .foot')?.className ?? ''"))
        if "foot" in stops[-1]:
            break
    assert stops.count("blocks") == 1
    assert "cleaned" in stops
    assert stops[-1] == "foot"


def test_the_filter_leaves_the_chosen_labels(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    page.locator(".chip.l-newsletter").click()
    shown = "Array.from(document.querySelectorAll('.run'), (run) => run.checkVisibility() ? run.classList[2] : '')"
    assert set(page.evaluate(shown)) == {"", "l-newsletter"}
    assert page.locator(".run.l-newsletter .t").first.is_visible()
    page.locator(".chip.l-donation").click()
    assert set(page.evaluate(shown)) == {"", "l-newsletter", "l-donation"}
    page.locator(".chip.l-newsletter").click()
    page.locator(".chip.l-donation").click()
    assert "" not in page.evaluate(shown)
    page.locator(".chip.doubtful").click()
    assert page.evaluate("Array.from(document.querySelectorAll('.b:not(.unsure)')).every((b) => !b.checkVisibility())")
    assert page.locator(".b.unsure").first.is_visible()


def test_all_groups_unfold_and_fold(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    button = page.locator(".fold")
    assert page.locator(".cruft[open]").count() == 0
    button.click()
    assert page.locator(".cruft:not([open])").count() == 0
    expect(button).to_have_text("Fold all")
    button.click()
    assert page.locator(".cruft[open]").count() == 0


@pytest.mark.parametrize("name", ["some", "many"])
def test_from_the_list_to_a_page_and_back(watch: Watch, folder: Path, name: str) -> None:
    page = watch.open(folder / f"{name}.html")
    link = page.locator("tbody a").nth(3)
    title = link.inner_text()
    link.click()
    heading = page.locator(".page h2.title:visible")
    heading.wait_for()
    assert (heading.inner_text(), page.locator(".index").is_visible()) == (title, False)
    expect(page).to_have_title(re.compile(re.escape(title)))
    page.locator(".next:visible").click()
    expect(page).not_to_have_title(re.compile(re.escape(title)))
    page.locator(".previous:visible").click()
    expect(page).to_have_title(re.compile(re.escape(title)))
    page.keyboard.press("Escape")
    expect(page.locator("tbody a").nth(3)).to_be_focused()
    page.go_back()
    heading.wait_for()
    assert (watch.asked, watch.said) == ([], [])


def test_find_and_sort(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "some.html")
    names = "Array.from(document.querySelectorAll('tbody tr:not([hidden]) small:first-of-type'), (e) => e.innerText)"
    assert len(page.evaluate(names)) == len(NAMES)
    page.locator("#find").fill("forum")
    assert page.evaluate(names) == ["discourse-thread"]
    page.locator("#find").fill("")
    page.get_by_role("button", name="asks").click()
    asks = [int(cell) for cell in page.locator("tbody td[data-of=asks]").all_inner_texts()]
    assert asks == sorted(asks, reverse=True)
    page.get_by_role("button", name="asks").click()
    asks = [int(cell) for cell in page.locator("tbody td[data-of=asks]").all_inner_texts()]
    assert asks == sorted(asks)


def test_a_folder_leads_to_its_files(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "index.html")
    title = page.locator("tbody a").first.inner_text()
    page.locator("tbody a").first.click()
    assert page.locator("h1").inner_text() == title
    page.get_by_role("link", name="All pages").click()
    assert page.url == (folder / "index.html").as_uri()
    assert (watch.asked, watch.said) == ([], [])


def test_the_theme_is_chosen_and_kept(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "one.html")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) == light
    page.locator("#theme").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    page.locator("#theme").click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == dark


def test_without_scripts_it_can_still_be_read(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "some.html").as_uri())
    page.locator("tbody a").first.click()
    assert not page.locator(".index").is_visible()
    shown = page.locator(".page:visible")
    assert shown.count() == 1
    shown.locator("summary").first.click()
    shown.locator(".cruft .b").first.hover()
    assert shown.locator(".cruft .why").first.is_visible()
    shown.locator(".chip.l-body").click()
    assert not shown.locator(".cruft").first.is_visible()
    assert shown.locator(".run.l-body").first.is_visible()
    assert not page.locator("#theme").is_visible()
    context.close()


# Who reads it, and on what.


def page_on(browser: Browser, path: Path, width: int, theme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("name", ["one.html", "some.html", "index.html"])
def test_it_fits_on_a_phone(browser: Browser, folder: Path, name: str) -> None:
    page = page_on(browser, folder / name, 360)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()


def test_every_page_fits_on_a_phone(browser: Browser, folder: Path) -> None:
    page = page_on(browser, folder / "many.html", 360)
    for number in range(1, len(NAMES) + LARGE + 2):
        page.evaluate(f"location.hash = 'p{number}'")
        page.locator(f"#p{number}.open").wait_for()
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, number
    page.context.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")


def test_right_to_left(watch: Watch, folder: Path) -> None:
    page = watch.open(folder / "some.html", f"#p{NAMES.index('he-iton') + 1}")
    direction = "getComputedStyle(document.querySelector('.page:target .kept.l-body .t')).direction"
    assert page.evaluate(direction) == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.page:target .result p')).direction") == "rtl"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("name", "width"), [("one.html", 1280), ("one.html", 390), ("some.html", 1280)])
def test_nothing_keeps_anyone_out(browser: Browser, folder: Path, name: str, width: int, theme: str) -> None:
    page = page_on(browser, folder / name, width, theme)
    unfold(page)
    if name == "one.html":
        page.locator(".unsure > .t").first.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    said = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
    page.context.close()
    assert said == []
