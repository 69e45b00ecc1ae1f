"""Pages that a person corrected, as sets like any other: what was set and what was seen is gold, all else unknown."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from cleaner.document import Label
from cleaner.html.decode import decode
from cleaner.html.parse import parse
from cleaner.html.segment import segment
from cleaner.load import Page, load
from cleaner.load.inputs import find_inputs
from cleaner.pipeline import MAX_BLOCKS, Cleaner
from cleaner.training.sets import MissingSet, find_sets, is_set, opened, read_pages
from cleaner.user.corrections import Came, Corrections, came_of

CORRECTED = "corrected"
"""How the names of these sets begin."""
_FILE = "corrections.jsonl"
_ID = 16
"""Digits of a page's digest that are its id."""


@contextmanager
def opened_with_corrections(
    data: Sequence[Path], names: Sequence[str], corrections: Sequence[Path] = ()
) -> Iterator[dict[str, Path]]:
    """Give the folders of the named sets, as :func:`cleaner.training.sets.opened` does, and of those of corrections.

    These are made of the files named, which may be about any page in data, and of every ``corrections.jsonl`` that lies
    with its pages in data or in a folder there. Raises MissingSet where there are no sets at all, OSError or ValueError
    for a file that cannot be used.
    """
    is_corrected = bool(corrections) or any(map(_beside, data))
    found = {name for folder in data for name in find_sets(folder)}
    wanted = [name for name in names if name in found] if is_corrected else names
    with ExitStack() as stack:
        sets = stack.enter_context(opened(data, wanted)) if wanted or not is_corrected else {}
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="corrected-")))
        made = {
            name: folder
            for name, pages, path in _sources(data, sets, corrections)
            if (folder := write_corrected(scratch / name, pages, path)) is not None
        }
        if not sets and not made:
            raise MissingSet(f"no set, and no page that was corrected, in {', '.join(map(str, data))}")
        yield sets | made


def write_corrected(folder: Path, pages: Iterable[Page], corrections: Path) -> Path | None:
    """Write the pages that a file of corrections is about as a set into a folder; None where there is none of them.

    How many they are goes to standard error. Raises OSError or ValueError for a file that cannot be used.
    """
    known = Corrections.load(corrections)
    rows: dict[str, str] = {}
    for page in pages:
        came = came_of(page)
        if came.sha256[:_ID] not in rows and known.knows(came) and (row := _row(page, came, known)) is not None:
            (folder / "html").mkdir(parents=True, exist_ok=True)
            (folder / "html" / f"{came.sha256[:_ID]}.html").write_bytes(_content(page))
            rows[came.sha256[:_ID]] = row
    missing = max(0, known.pages - len(rows))
    print(f"{corrections}: {len(rows)} corrected pages{f', {missing} not found' if missing else ''}", file=sys.stderr)
    if not rows:
        return None
    (folder / "pages.jsonl").write_text("\n".join(rows.values()) + "\n", encoding="utf-8")
    return folder


def _sources(
    data: Sequence[Path], sets: Mapping[str, Path], corrections: Sequence[Path]
) -> Iterator[tuple[str, Iterable[Page], Path]]:
    """Each set to be made: its name, the pages that may be in it, and the file that says what is right on them."""
    for path in chain.from_iterable(map(_beside, data)):
        yield f"{CORRECTED}-{path.parent.resolve().name}", _pages_of(path.parent), path
    loose = [place for place in data if not find_sets(place)]
    for number, path in enumerate(corrections, 1):
        pages = chain.from_iterable(map(_pages_of, [*sets.values(), *loose]))
        yield CORRECTED if len(corrections) == 1 else f"{CORRECTED}-{number}", pages, path


def _beside(place: Path) -> list[Path]:
    return [path for path in (place / _FILE, *sorted(place.glob(f"*/{_FILE}"))) if path.is_file()]


def _pages_of(folder: Path) -> Iterator[Page]:
    """The pages of a set, or of a folder that is none; those in archives, too."""
    if is_set(folder):
        yield from (Page(content, row.url or None, name=row.id) for row, content in read_pages(folder))
        return
    for item in find_inputs([str(folder)], _complain):
        try:
            yield from (page for page in load(item.name) if page.error is None)
        except OSError as error:
            _complain(item.name, error.strerror or str(error))


def _complain(name: str, what: str) -> None:
    print(f"{name}: {what}", file=sys.stderr)


def _row(page: Page, came: Came, corrections: Corrections) -> str | None:
    """The line of a page in its set; None where no block of it is known. Plain text is not learnt from."""
    if page.kind == "text":
        return None
    root, _ = parse(decode(_content(page))[0])
    texts = segment(root, MAX_BLOCKS).text if root is not None else []
    gold = _with_own(corrections.gold(came, texts), page, texts)
    if not gold:
        return None
    row = {
        "id": came.sha256[:_ID],
        "url": page.url or "",
        "blocks": [[label, texts[i]] for i, label in gold.items()],
        "places": list(gold),
        "whole": corrections.reviewed(came) is not None,
    }
    return json.dumps(row, ensure_ascii=False)


def _with_own(gold: Mapping[int, Label | None], page: Page, texts: Sequence[str]) -> dict[int, Label]:
    """The gold with the cleaner's own labels where a person left them and did not say what they were."""
    if None in gold.values():
        columns = Cleaner().clean(page).columns
        if list(columns.texts) == list(texts):
            return {i: label or columns.labels[i] for i, label in gold.items()}
    return {i: label for i, label in gold.items() if label is not None}


def _content(page: Page) -> bytes:
    """The page as bytes that decode alike without what their transport said: a set does not keep that."""
    if isinstance(page.content, str):
        return page.content.encode("utf-8", "replace")
    told = decode(page.content, page.charset)[0]
    return page.content if decode(page.content)[0] == told else told
