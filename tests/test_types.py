"""What a type checker says of programs that use the public names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import cleaner
from cleaner.document import LabelName

ROOT = Path(__file__).parent.parent


def checked(code: str, folder: Path) -> str:
    """What mypy says of a program in a folder of its own."""
    (folder / "program.py").write_text("import cleaner\n" + code)
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", "program.py"]
    environment = os.environ | {"MYPYPATH": str(ROOT), "MYPY_CACHE_DIR": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


def test_the_names_of_labels_are_those_of_the_labels() -> None:
    assert get_args(LabelName) == tuple(label.value for label in cleaner.Label)


def test_labels_by_name_and_member_are_taken(tmp_path: Path) -> None:
    code = (
        "cleaner.clean(b'', keep=['donation', cleaner.Label.PAYWALL], drop='caption')\n"
        "cleaner.Cleaner(keep=cleaner.Label.BODY, drop=(cleaner.Label(name) for name in input().split()))\n"
        "cleaner.Cleaner().viewed(keep={'byline'})\n"
    )
    assert checked(code, tmp_path).startswith("Success")


def test_a_misspelt_label_is_a_type_error_and_a_value_error(tmp_path: Path) -> None:
    calls = ["cleaner.clean(b'', keep=['donations'])", "cleaner.Cleaner(drop='advert')"]
    said = checked("\n".join(calls), tmp_path)
    assert [line.partition(":")[2].partition(":")[0] for line in said.splitlines()[:-1]] == ["2", "3"]
    for call in calls:
        with pytest.raises(ValueError, match=r"the labels are title, body"):
            eval(call)
