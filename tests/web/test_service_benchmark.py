"""The benchmark of the service runs, and finds nothing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import SAMPLE

from benchmarks import service


def test_good_and_bad_clients(capsys: pytest.CaptureFixture[str]) -> None:
    options = {"requests": 80, "clients": 6, "bad": 0.25, "workers": 1, "kill-every": 3}
    told = [f"--{name}={value}" for name, value in options.items()]
    assert service.main([str(SAMPLE.parent), *told]) == 0
    said = capsys.readouterr().out
    assert said.startswith("80 requests in ")
    assert "good pages that came out: 100.00%; wrong or not due: 0" in said
    assert "exit status 0; faults in the log: 0" in said


def test_wrong_answers_are_found() -> None:
    tally = service.Tally()
    tally.add("good", "200", frozenset({"200"}), 0.5)
    tally.add("good", "200 but wrong", frozenset({"200"}))
    assert (tally.good, tally.seconds, tally.wrong) == (0.5, [0.5], ["good: 200 but wrong"])


def test_a_folder_without_pages(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="there are no pages"):
        service.main([str(tmp_path)])
