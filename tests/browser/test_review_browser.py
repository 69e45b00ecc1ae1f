"""The review page in a browser, as a person works with it; and hostile pages in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, Route, expect

from cleaner import Cleaner, Label
from tests.test_cli import run
from tests.web.reviewed import Review, reviewing

SAMPLES = Path(__file__).parents[2] / "samples"
HOSTILE = sorted((SAMPLES / "hostile").glob("*.html"))
NAMES = ("wordpress-local-news", "de-tageszeitung", "he-iton")
AT_ONCE = 40


@dataclass
class Desk:
    """The review page in a browser, and whatever it did that it may not."""

    page: Page
    review: Review
    asked: list[str] = field(default_factory=list)
    """Addresses elsewhere than at the review."""
    said: list[str] = field(default_factory=list)
    """Errors on the console, dialogs, windows."""

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#frame")

    def row(self, index: int) -> Locator:
        return self.page.locator(f"#b{index}")

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.review.url}{fragment}")
        expect(self.page.locator("#blocks li").first).to_be_attached()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def answer(self, route: Route) -> None:
        if route.request.url.startswith((f"{self.review.origin}/", "data:", "about:", "blob:")):
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()


Opened = Callable[[Review], Desk]


@pytest.fixture
def opened(context: BrowserContext) -> Iterator[Opened]:
    """Opens the review page under watch; nothing may have gone wrong at the end."""
    desks: list[Desk] = []

    def open_at(review: Review) -> Desk:
        desk = Desk(context.new_page(), review)
        desks.append(desk)
        context.route("**/*", desk.answer)
        desk.page.on("console", lambda said: said.type == "error" and desk.said.append(said.text))
        desk.page.on("pageerror", lambda error: desk.said.append(str(error)))
        desk.page.on("dialog", lambda dialog: (desk.said.append(dialog.message), dialog.dismiss()))
        desk.page.on("popup", lambda popup: desk.said.append(f"opened {popup.url}"))
        return desk

    yield open_at
    for desk in desks:
        assert desk.said == []
        assert desk.asked == []


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "saved"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.html").write_bytes((SAMPLES / name / "page.html").read_bytes())
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """A review of one page, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("sample")
    with reviewing(SAMPLES / NAMES[0] / "page.html", "-o", folder / "corrections.jsonl") as review:
        yield review


def test_an_hour_of_work_in_short(opened: Opened, saved: Path, tmp_path: Path) -> None:
    """Open, filter, correct by mouse, by a run of keys and by a key, undo, look at it again, clean."""
    path = tmp_path / "corrections.jsonl"
    source = saved / f"{NAMES[0]}.html"
    document = Cleaner().clean(source.read_bytes())
    body = [block for block in document.blocks if block.label is Label.BODY and len(block.text) > 50]
    ask = next(block for block in document.blocks if block.label is Label.DONATION and len(block.text) > 50)
    with reviewing(saved, "-o", path) as review:
        number = review.pages()[str(source)]["id"]
        desk = opened(review)
        desk.open(f"#{number}")
        expect(desk.page.locator("#title")).to_have_text(document.title or "")
        expect(desk.page.locator("#page-list a")).to_have_count(3)

        # By mouse: the ask, found by its words, is body after all.
        desk.page.get_by_placeholder("Find words").fill(ask.text[:20])
        expect(desk.page.locator("#blocks li")).to_have_count(1)
        desk.row(ask.index).click()
        desk.page.get_by_role("button", name="b body", exact=True).click()
        expect(desk.row(ask.index)).to_have_attribute("data-label", "body")
        expect(desk.row(ask.index)).to_contain_text("was donation")
        expect(desk.frame.locator(f"[data-block='{ask.index}']")).to_have_attribute("data-label", "body")
        desk.page.get_by_placeholder("Find words").fill("")

        # A run: from a block clicked in the page itself, with Shift over the next two.
        desk.frame.locator(f"[data-block='{body[1].index}']").click()
        expect(desk.row(body[1].index)).to_have_attribute("aria-selected", "true")
        desk.press("Shift+ArrowDown", "Shift+j")
        expect(desk.page.locator("#blocks [aria-selected=true]")).to_have_count(3)
        expect(desk.frame.locator("[data-on]")).to_have_count(3)
        desk.press("m")
        expect(desk.row(body[1].index + 2)).to_have_attribute("data-label", "comments")

        # By keyboard alone.
        desk.press("Escape", "Home", "ArrowDown", "f")
        expect(desk.row(1)).to_have_attribute("data-label", "legal")
        desk.press("u")
        expect(desk.row(1)).not_to_have_attribute("data-label", "legal")

        run_of = [body[1].index + k for k in range(3)]
        wanted = sorted([(ask.index, "body"), *((index, "comments") for index in run_of)])
        desk.page.reload()
        expect(desk.page.locator("#blocks li").first).to_be_attached()
        assert desk.page.url.endswith(f"#{number}")
        desk.page.get_by_label("corrected").check()
        expect(desk.page.locator("#blocks li")).to_have_count(4)
        found = desk.page.locator("#blocks li").evaluate_all(
            "rows => rows.map(r => [+r.dataset.index, r.dataset.label])"
        )
        assert [tuple(one) for one in found] == wanted

        desk.page.get_by_role("tab", name="Text").click()
        expect(desk.page.locator("#text")).to_contain_text(ask.text[:40])
        shown = desk.page.locator("#text").inner_text()
        assert body[1].text not in shown
    done = run("clean", source, "--corrections", path)
    assert done.returncode == 0
    assert ask.text in done.stdout
    assert all(document.blocks[index].text not in done.stdout for index in run_of)
    assert "".join(done.stdout.split()) == "".join(shown.split())


def test_done_goes_on_to_the_next_page(opened: Opened, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    with reviewing(saved, "-o", path) as review:
        review.pages()
        desk = opened(review)
        desk.open()
        order = desk.page.locator("#page-list a").evaluate_all("links => links.map(link => link.dataset.id)")
        doubts = [review.get(f"api/pages/{number}").json()["doubt"] for number in order]
        assert doubts == sorted(doubts, reverse=True)
        expect(desk.page).to_have_url(re.compile(f"#{order[0]}$"))
        desk.press("d")
        expect(desk.page).to_have_url(re.compile(f"#{order[1]}$"))
        expect(desk.page.locator("#page-list .done")).to_have_count(1)
        desk.press("d")
        expect(desk.page).to_have_url(re.compile(f"#{order[2]}$"))
        expect(desk.page.locator("#reading")).to_have_text("2 of 3 done")
        desk.press("p")
        expect(desk.page).to_have_url(re.compile(f"#{order[1]}$"))
        expect(desk.page.get_by_role("button", name="✓ Done")).to_have_attribute("aria-pressed", "true")
        desk.press("n")
        expect(desk.page).to_have_url(re.compile(f"#{order[2]}$"))
        # Undone where it was done.
        desk.press("Control+z")
        expect(desk.page).to_have_url(re.compile(f"#{order[1]}$"))
        expect(desk.page.locator("#page-list .done")).to_have_count(1)
        # Done up to a block only.
        desk.press("Home", "ArrowDown", "ArrowDown", "Shift+D")
        expect(desk.page.get_by_role("button", name="Done to 3")).to_be_visible()
        desk.page.get_by_label("not done").check()
        expect(desk.page.locator("#page-list a")).to_have_count(2)
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [(row["done"], row["first"]) for row in rows] == [(True, 0), (True, 0), (False, 0), (True, 0)]
    assert rows[-1]["last"] == 2


def test_filters_and_unsure_blocks(opened: Opened, sample: Review) -> None:
    desk = opened(sample)
    desk.open()
    blocks = sample.get("api/pages/0").json()["all"]
    unsure = [i for i, block in enumerate(blocks) if block["confidence"] < 0.7]
    assert len(unsure) > 1
    desk.press("Space")
    expect(desk.row(unsure[0])).to_have_attribute("aria-selected", "true")
    desk.press("Space")
    expect(desk.row(unsure[1])).to_have_attribute("aria-selected", "true")
    desk.press("Shift+Space")
    expect(desk.row(unsure[0])).to_have_attribute("aria-selected", "true")
    expect(desk.page.locator("#status")).to_contain_text(blocks[unsure[0]]["reason"])
    desk.page.get_by_label(f"unsure {len(unsure)}").check()
    expect(desk.page.locator("#blocks li")).to_have_count(len(unsure))
    desk.page.get_by_label(f"unsure {len(unsure)}").uncheck()
    social = sum(block["label"] == "social" for block in blocks)
    desk.page.get_by_label("Show only blocks of a label").select_option("social")
    expect(desk.page.locator("#blocks li")).to_have_count(social)
    # A block that the filter hides, clicked in the page, is shown with all others.
    title = next(i for i, block in enumerate(blocks) if block["label"] == "title")
    desk.frame.locator(f"[data-block='{title}']").click()
    expect(desk.page.locator("#blocks li")).to_have_count(len(blocks))
    expect(desk.row(title)).to_have_attribute("aria-selected", "true")
    desk.press("/")
    desk.page.keyboard.type("no such words anywhere")
    expect(desk.page.get_by_text("No block is like that.")).to_be_visible()
    desk.press("Escape")
    expect(desk.page.locator("#find-block")).to_have_value("")
    expect(desk.page.locator("#blocks li")).to_have_count(len(blocks))
    desk.press("Control+a")
    expect(desk.page.locator("#count")).to_have_text(f"{len(blocks)} selected")


def test_letters_typed_into_a_field_set_nothing(opened: Opened, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    with reviewing(saved, "-o", path) as review:
        desk = opened(review)
        desk.open()
        desk.press("ArrowDown")
        desk.page.get_by_placeholder("Find words").focus()
        desk.page.keyboard.type("body")
        expect(desk.page.get_by_placeholder("Find words")).to_have_value("body")
        expect(desk.page.locator("#undo")).to_be_disabled()
        # A keyboard of another script has other letters on the same keys.
        desk.page.locator("#blocks").focus()
        desk.page.get_by_placeholder("Find words").fill("")
        desk.page.locator("#blocks").focus()
        desk.press("Home")
        desk.page.evaluate(
            """document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key: "а", code: "KeyF", bubbles: true, cancelable: true })
            )"""
        )
        expect(desk.row(0)).to_have_attribute("data-label", "legal")
        desk.press("x")
        expect(desk.row(0)).not_to_have_class(re.compile("corrected"))
    assert len(path.read_bytes().splitlines()) == 2


def test_what_fails_is_said(opened: Opened, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with reviewing(saved, "-o", tmp_path / "file" / "c.jsonl") as review:
        desk = opened(review)
        desk.open()
        label = desk.row(0).get_attribute("data-label") or ""
        desk.press("Home", "o" if label != "other" else "b")
        expect(desk.page.get_by_role("alert")).to_contain_text("The change is not kept")
        expect(desk.row(0)).to_have_attribute("data-label", label)
        review.stop()
        desk.press("f")
        expect(desk.page.get_by_role("alert")).to_contain_text("The review has ended")
    refused = ("Failed to load resource: the server responded with a status of 507", "net::ERR_CONNECTION_REFUSED")
    assert desk.said
    assert all(any(why in said for why in refused) for said in desk.said)
    desk.said.clear()


def test_right_to_left_and_its_own_styles(opened: Opened, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    story = "".join(
        f"<p>Paragraph {i} of the story tells what there is to tell of it, at some length.</p>" for i in range(9)
    )
    page.write_text(
        "<title>A story</title><style>p { color: rgb(1, 2, 3) } aside { display: none } .x{} "
        f"{'/* long */' * 1000}</style><body><h1>A story</h1>{story}<aside>Sign up for our newsletter.</aside>"
    )
    with reviewing(page, "-o", tmp_path / "c.jsonl") as review:
        desk = opened(review)
        desk.open()
        first = desk.frame.locator("p").first
        expect(first).to_have_css("color", "rgb(1, 2, 3)")
        desk.press("End")
        expect(desk.page.get_by_text("The page itself does not show this block.")).to_be_visible()
        desk.page.get_by_label("its own styles").uncheck()
        expect(first).not_to_have_css("color", "rgb(1, 2, 3)")
        expect(desk.page.get_by_text("The page itself does not show this block.")).to_be_hidden()
        expect(desk.frame.locator("aside")).to_be_visible()


def test_styles_that_hide_the_article_are_switched_off(opened: Opened, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    story = "".join(
        f"<p>Paragraph {i} of the story tells what there is to tell of it, at some length.</p>" for i in range(9)
    )
    page.write_text(f"<style>body:not(.ready) p {{ display: none }}</style><body><h1>A story</h1>{story}")
    with reviewing(page, "-o", tmp_path / "c.jsonl") as review:
        desk = opened(review)
        desk.open()
        expect(desk.page.get_by_label("its own styles")).not_to_be_checked()
        expect(desk.frame.locator("p").first).to_be_visible()


def test_a_page_of_thousands_of_blocks(opened: Opened, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>Long</title><body>" + "".join(f"<p>Paragraph number {i} of it.</p>" for i in range(5000)))
    with reviewing(page, "-o", tmp_path / "c.jsonl") as review:
        desk = opened(review)
        desk.open()
        assert desk.page.locator("#blocks li").count() < 3000
        desk.press("End")
        expect(desk.row(4999)).to_be_in_viewport()
        desk.press("f")
        expect(desk.row(4999)).to_have_attribute("data-label", "legal")
        desk.page.get_by_placeholder("Find words").fill("number 3123 ")
        expect(desk.page.locator("#blocks li")).to_have_count(1)


def test_the_list_of_a_thousand_pages(opened: Opened, tmp_path: Path) -> None:
    """Only the pages in view are in the document."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number:04}.html").write_text(f"<title>Page {number}</title><p>Of day {number}, in short.</p>")
    with reviewing(folder, "-o", tmp_path / "c.jsonl") as review:
        desk = opened(review)
        desk.open()
        expect(desk.page.locator("#reading")).to_have_text("0 of 1,000 done", timeout=60_000)
        assert desk.page.locator("#page-list a").count() < 60
        desk.page.get_by_placeholder("Find a page").fill("page 777")
        expect(desk.page.locator("#page-list a")).to_have_count(1)
        desk.page.locator("#page-list a").click()
        expect(desk.page.locator("#title")).to_have_text("Page 777")
        desk.page.get_by_placeholder("Find a page").fill("")
        desk.page.locator("#page-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        expect(desk.page.locator("#page-list li").last).to_have_attribute("aria-posinset", "1000")


SHOW = """async (ids) => {
    const made = ids.map((id) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", document.getElementById("frame").getAttribute("sandbox"));
        const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
        frame.src = `pages/${id}`;
        frame.width = frame.height = 400;
        document.body.append(frame);
        return { frame, loaded, id };
    });
    await Promise.all(made.map((one) => one.loaded));
    await new Promise((done) => setTimeout(done, 100));
    const ran = (view) => view.pwned || Array.from(view.frames).some(ran);
    return made.map(({ frame, id }) => {
        const view = frame.contentWindow;
        const blocks = view.document.querySelectorAll("[data-block]").length;
        const at = view.location.pathname.split("/").pop();
        frame.remove();
        return [id, Boolean(ran(view)), at === String(id), blocks];
    });
}"""


def test_hostile_pages_do_nothing(opened: Opened, tmp_path: Path) -> None:
    assert len(HOSTILE) >= 200
    with reviewing(SAMPLES / "hostile", "-o", tmp_path / "c.jsonl") as review:
        pages = review.pages()
        assert len(pages) >= 200
        desk = opened(review)
        desk.open()
        numbers = [page["id"] for page in pages.values()]
        for first in range(0, len(numbers), AT_ONCE):
            for number, ran, is_there, blocks in desk.page.evaluate(SHOW, numbers[first : first + AT_ONCE]):
                assert (number, ran, is_there) == (number, False, True)
                assert blocks > 0
        # And as a person would see them, clicked at where they would be clicked.
        box = desk.page.locator("#frame").bounding_box()
        assert box is not None
        for done in range(15):
            before = desk.page.url
            for x, y in ((0.1, 0.1), (0.2, 0.3), (0.1, 0.5), (0.5, 0.5), (0.3, 0.8)):
                desk.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
            desk.press("d")
            expect(desk.page).not_to_have_url(before)
            expect(desk.page.locator("#reading")).to_have_text(f"{done + 1} of {len(pages)} done")
        assert desk.page.evaluate("() => window.pwned || Array.from(window.frames).some((view) => view.pwned)") is False
        assert desk.page.url.startswith(review.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everybody(browser: Browser, sample: Review, scheme: str, width: int) -> None:
    """No serious or critical finding of axe-core, with blocks selected and the help open, too."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(sample.url)
    expect(page.locator("#blocks li").first).to_be_attached()
    # The frame holds a page of somebody else.
    options = {"iframes": False, "resultTypes": ["violations"]}
    views = ["pages", "original", "blocks", "text"] if width < 500 else [""]
    for view in views:
        if view:
            page.locator(f".views [data-view={view}]").click()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+ArrowDown")
        found = Axe().run(page, options=options).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found = Axe().run(page, options=options).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    context.close()


def test_on_a_phone(browser: Browser, saved: Path, tmp_path: Path) -> None:
    """Everything by touch: the pages, the page, its blocks, labels, done."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    with reviewing(saved, "-o", tmp_path / "c.jsonl") as review:
        review.pages()
        page.goto(review.url)
        page.locator(".views [data-view=pages]").tap()
        page.locator("#page-list a").nth(1).tap()
        page.locator(".views [data-view=blocks]").tap()
        page.locator("#blocks li").first.tap()
        page.locator("#labels [data-label=legal]").tap()
        expect(page.locator("#b0")).to_have_attribute("data-label", "legal")
        page.locator(".views [data-view=original]").tap()
        block = page.frame_locator("#frame").locator("[data-block='0']")
        expect(block).to_have_attribute("data-label", "legal")
        page.locator("#undo").tap()
        expect(block).not_to_have_attribute("data-label", "legal")
        page.locator(".views [data-view=blocks]").tap()
        page.get_by_label("select several").check()
        for index in (1, 3):
            page.locator(f"#b{index}").tap()
        page.locator("#labels [data-label=social]").tap()
        expect(page.locator("#blocks .corrected")).to_have_count(3)
        expect(page.locator("#b2")).not_to_have_class(re.compile("corrected"))
        page.locator(".views [data-view=text]").tap()
        expect(page.locator("#text p").first).to_be_visible()
        page.locator("#done").tap()
        page.locator(".views [data-view=pages]").tap()
        expect(page.locator("#page-list .done")).to_have_count(1)
    context.close()
