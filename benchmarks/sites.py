"""What a profile of a site adds: asks gone, article kept, and what learning takes.

``python -m benchmarks.sites FOLDER``: where FOLDER holds sample sites (``samples/sites``), each page is cleaned with
and without a profile of the site's other pages. Where it holds sets of pages, so are the pages of every site that has
three of them or more in a set, by the model that never saw the site. ``--scale PAGES`` instead observes so many pages
made of the samples' and tells time and memory, and whether parts that are merged say the same as one profile of all.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from cleaner import Cleaner, Document, Label
from cleaner.document import Source
from cleaner.pipeline import MAX_BLOCKS
from cleaner.site.profile import SiteProfile
from cleaner.training.evaluate.cruft import cruft_score, has_block
from cleaner.training.evaluate.folds import FoldCleaners, shipped_folds
from cleaner.training.evaluate.measures import snippet_score, word_score
from cleaner.training.evaluate.process import be_quiet, memory
from cleaner.training.evaluate.table import rows
from cleaner.training.folds import content_key, site
from cleaner.training.sets import MissingSet, Row, find_sets, opened, read_page, read_rows

LEAST_PAGES = 3
PARTS = 10
_CHECKED = 200
_MADE_FROM = 40


class SampleScore(NamedTuple):
    """A sample site: its asks, those left without and with a profile; its body's texts, those that the profile lost."""

    site: str
    asks: int
    left: int
    left_now: int
    body: int
    lost: int


class SetScore(NamedTuple):
    """The pages of a set that are of larger sites: what is kept of the body and what comes along, without and with."""

    name: str
    sites: int
    pages: int
    measure: str
    kept: tuple[float, float]
    cruft: tuple[float, float]


def sample_sites(folder: Path) -> list[Path]:
    """The sample sites of a folder."""
    return sorted(path.parent for path in folder.glob("*/site.json"))


def measure_sample(folder: Path) -> SampleScore:
    """Clean each page of a sample site with what the others taught."""
    about = json.loads((folder / "site.json").read_text("utf-8"))["pages"]
    pages = [((folder / page["file"]).read_bytes(), page["url"]) for page in about]
    plain = Cleaner()
    before = [plain.clean(content, url) for content, url in pages]
    after = _with_others(pages, before, [Cleaner] * len(pages))
    asks = left = left_now = body = lost = 0
    for page, old, new in zip(about, before, after, strict=True):
        was, now = old.text, new.text
        asks += len(page["asks"])
        left += sum(has_block(was, ask["text"]) for ask in page["asks"])
        left_now += sum(has_block(now, ask["text"]) for ask in page["asks"])
        body += len(page["body"])
        lost += sum(has_block(was, text) and not has_block(now, text) for text in page["body"])
    return SampleScore(folder.name, asks, left, left_now, body, lost)


def measure_set(name: str, folder: Path, folds: FoldCleaners) -> SetScore | None:
    """Clean the pages of a set's larger sites with what each site's other pages taught; None where there are none."""
    by_site: dict[str, list[Row]] = defaultdict(list)
    for row in read_rows(folder):
        by_site[site(row.url, row.id)].append(row)
    groups = [group for group in by_site.values() if len(group) >= LEAST_PAGES]
    if not groups:
        return None
    outputs: list[tuple[Row, str, str]] = []
    for group in groups:
        pages = [(read_page(folder, row.id), row.url or None) for row in group]
        makers = [_Maker(_model(folds, content)) for content, _ in pages]
        before = [maker().clean(content, url) for maker, (content, url) in zip(makers, pages, strict=True)]
        after = _with_others(pages, before, makers)
        outputs += [(row, old.text, new.text) for row, old, new in zip(group, before, after, strict=True)]
    return SetScore(name, len(groups), len(outputs), *_set_measures(outputs))


class _Maker(NamedTuple):
    """Makes cleaners with one model."""

    model: Path | None

    def __call__(self, **options: Any) -> Cleaner:
        return Cleaner(model=self.model, **options)


def _model(folds: FoldCleaners, content: bytes) -> Path | None:
    path = folds.folder / f"fold-{folds.folds.get(content_key(content))}.onnx"
    return path if path.is_file() else None


def _with_others(
    pages: Sequence[tuple[bytes, str | None]], before: list[Document], makers: Sequence[Any]
) -> Iterator[Document]:
    """Each page, cleaned with a profile of the others; one that is there twice is among them."""
    for i, (content, url) in enumerate(pages):
        profile = SiteProfile.learn(other for k, other in enumerate(before) if k != i)
        yield makers[i](site=profile).clean(content, url)


def _set_measures(outputs: Sequence[tuple[Row, str, str]]) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """The measure that a set allows, the body kept, and the cruft in the output."""
    sides = [{row.id: texts[side] for row, *texts in outputs} for side in (0, 1)]
    every = [row for row, _, _ in outputs]
    if any(row.blocks for row in every):
        scores = [cruft_score(side, every) for side in sides]
        return "blocks", (scores[0].keep, scores[1].keep), (scores[0].cruft_leak, scores[1].cruft_leak)
    if any(row.gold is not None for row in every):
        words = [word_score([(side[row.id], row.gold or "") for row in every]) for side in sides]
        return "words", (words[0].recall, words[1].recall), (1 - words[0].precision, 1 - words[1].precision)
    found = [snippet_score((side[row.id], row) for row in every) for side in sides]
    return "snippets", (found[0].recall, found[1].recall), (found[0].leak, found[1].leak)


class Growth(NamedTuple):
    """What observing made pages takes: milliseconds a page, megabytes."""

    pages: int
    milliseconds: float
    megabytes: float
    entries: int


def made_pages(folder: Path, count: int, start: int = 0) -> Iterator[Document]:
    """Pages of one site: the sample sites' in turn, each with every text of its body and teasers made its own."""
    plain = Cleaner()
    originals = [
        plain.clean(path.read_bytes()) for place in sample_sites(folder) for path in sorted(place.glob("*.html"))
    ][:_MADE_FROM]
    for number in range(start, start + count):
        yield _made(originals[number % len(originals)], number)


def _made(original: Document, number: int) -> Document:
    columns = original.columns
    word = blake2b(str(number).encode(), digest_size=6).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    own = {Label.BODY, Label.TITLE, Label.RELATED}
    texts = [
        f"{word} {text[: len(text) // 2]} {word[::-1]} {text[len(text) // 2 :]}" if label in own else text
        for text, label in zip(columns.texts, columns.labels, strict=True)
    ]
    # Without markup: whoever learns as he cleans need not parse it again either.
    source = Source(None, f"https://paper.example/{number}")
    return replace(original, columns=replace(columns, texts=texts), source=source)


def growth(folder: Path, count: int) -> Growth:
    """Observe made pages."""
    profile = SiteProfile()
    start, seconds, most = 0.0, 0.0, 0.0
    for number, document in enumerate(made_pages(folder, count)):
        if number == 0:
            gc.collect()
            start = memory()
        begun = time.process_time()
        profile.observe(document)
        seconds += time.process_time() - begun
        if number % 1000 == 999 or number == count - 1:
            most = max(most, memory())
    return Growth(count, 1000 * seconds / count, most - start, len(profile))


def streamed(folder: Path, rounds: int = 5) -> tuple[float, float]:
    """Milliseconds a page without a profile, and with one that learns as it cleans."""
    pages = [path.read_bytes() for place in sample_sites(folder) for path in sorted(place.glob("*.html"))]
    taken = []
    for learns in (False, True):
        profile = SiteProfile()
        ours = Cleaner(site=profile) if learns else Cleaner()
        ours.clean(pages[0])
        begun = time.process_time()
        for page in pages * rounds:
            document = ours.clean(page)
            if learns:
                profile.observe(document)
        taken.append(1000 * (time.process_time() - begun) / len(pages) / rounds)
    return taken[0], taken[1]


def merged(folder: Path, count: int) -> tuple[bool, float]:
    """Whether ten merged parts are one profile of all, bit for bit; and on how many blocks both advise the same."""
    from cleaner.html.parse import parse
    from cleaner.html.seen import Seen
    from cleaner.html.segment import segment

    whole = SiteProfile.learn(made_pages(folder, count))
    parts = [SiteProfile.learn(made_pages(folder, count // PARTS, i * count // PARTS)) for i in range(PARTS)]
    together = reduce(SiteProfile.merge, parts)
    same = total = 0
    places = [path for place in sample_sites(folder) for path in sorted(place.glob("*.html"))]
    for path in random.Random(1).sample(places, min(_CHECKED, len(places))):
        root, _ = parse(path.read_bytes())
        if root is None:
            continue
        seen = Seen(segment(root, MAX_BLOCKS))
        said = [profile.advise(seen) for profile in (whole, together)]
        odds = [[0.0] * len(seen.blocks) if one is None else one.odds for one in said]
        same += sum((a > 0) == (b > 0) for a, b in zip(*odds, strict=True))
        total += len(seen.blocks)
    return together.to_json() == whole.to_json(), same / max(1, total)


def _samples_table(scores: Sequence[SampleScore]) -> str:
    totals = SampleScore("all", *(sum(column) for column in zip(*(score[1:] for score in scores), strict=True)))
    cells = [[str(value) for value in score] for score in (*scores, totals)]
    return rows(["site", "asks", "left", "left with profile", "body texts", "lost by profile"], cells)


def _sets_table(scores: Sequence[SetScore]) -> str:
    cells = [
        [
            *(score.name, str(score.sites), str(score.pages), score.measure),
            *(f"{value:.4f}" for value in (*score.kept, *score.cruft)),
        ]
        for score in scores
    ]
    return rows(["set", "sites", "pages", "by", "body kept", "with profile", "cruft", "with profile"], cells)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sites", description="What a profile of a site adds.")
    parser.add_argument("folder", type=Path, help="sample sites, or sets of pages")
    parser.add_argument("--folds", type=Path, default=shipped_folds(), help="fold models, as cleaner train writes them")
    parser.add_argument("--set", action="append", dest="sets", help="this set only; may be repeated")
    parser.add_argument("--scale", type=int, metavar="PAGES", help="observe so many pages made of the samples")
    options = parser.parse_args(arguments)
    samples = sample_sites(options.folder)
    if options.scale:
        return _scale(options.folder, options.scale) if samples else parser.error("no sample sites there")
    if samples:
        print(_samples_table([measure_sample(sample) for sample in samples]))
        return 0
    try:
        with opened(options.folder, options.sets or find_sets(options.folder)) as folders:
            folds = FoldCleaners.open(options.folds)
            scores = [measure_set(name, path, folds) for name, path in folders.items()]
    except (MissingSet, OSError, ValueError) as error:
        parser.error(str(error))
    print(_sets_table([score for score in scores if score is not None]))
    return 0


def _scale(folder: Path, count: int) -> int:
    plain, learning = streamed(folder)
    print(f"cleaning {plain:.1f} ms a page, learning as it cleans {learning:.1f} ms")
    print("{:,} pages: {:.2f} ms a page, +{:.0f} MB, {:,} entries".format(*growth(folder, count)))
    for pages in (count // 100, count // 2):
        equal, share = merged(folder, pages)
        print(
            f"{PARTS} parts of {pages:,} pages: {'equal' if equal else 'not equal'}, {share:.4%} of the advice the same"
        )
    return 0


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
