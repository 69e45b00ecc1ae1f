"""Which of reference and twin runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cleaner.html import _segment
from cleaner.twin import PURE, twin

WHICH = "from cleaner.html.segment import TWIN; print(TWIN and TWIN.__name__)"


def test_a_twin_that_is_not_there_is_none() -> None:
    assert twin("cleaner.html._no_such_twin") is None


def test_a_twin_that_was_built_is_given() -> None:
    assert twin("cleaner.html._segment") is _segment


@pytest.mark.parametrize(("value", "named"), [("1", "None"), ("", "cleaner.html._segment")])
def test_the_references_can_be_asked_for(value: str, named: str) -> None:
    environment = {**os.environ, PURE: value}
    run = subprocess.run([sys.executable, "-c", WHICH], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == named


def test_a_twin_that_was_built_for_another_libxml2_is_none() -> None:
    other = f"from lxml import etree; etree.LIBXML_VERSION = (2, 6, 0); {WHICH}"
    run = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "None"
