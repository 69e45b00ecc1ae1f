"""What a run is to do and what it has done, in one file: what was asked, each task, each finished task."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cleaner.corpus.plan import Part, Task
from cleaner.corpus.schema import SCHEMA_VERSION
from cleaner.files import write_whole
from cleaner.version import __version__

NAME = "manifest.jsonl"


class CannotResume(ValueError):
    """A folder holds no run that could go on, or another one."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was finished: what is in its shard."""

    task: int
    shard: str
    pages: int
    errors: int
    bytes: int
    seconds: float


class Manifest:
    """The manifest of a folder."""

    def __init__(
        self, folder: Path, base: str, tasks: list[Task], done: dict[int, Done], *, same_inputs: bool = True
    ) -> None:
        self.same_inputs = same_inputs
        self.base = base
        self.tasks = tasks
        self.done = done
        self._path = folder / NAME

    @classmethod
    def begin(cls, folder: Path, options: dict[str, Any], tasks: Iterable[Task]) -> Manifest:
        """Write down what is to be done. Raises FileExistsError where the folder holds a run."""
        if (folder / NAME).exists():
            raise FileExistsError(f"{folder} holds a run already: go on with it (--resume), or take another folder")
        made = cls(folder, str(Path.cwd()), list(tasks), {})
        head: dict[str, Any] = {"cleaner": __version__, "schema": SCHEMA_VERSION, "base": made.base}
        head |= {"options": options, "tasks": len(made.tasks)}
        rows = [head, *({"task": asdict(task)} for task in made.tasks)]
        write_whole(folder / NAME, "".join(json.dumps(row) + "\n" for row in rows))
        return made

    @classmethod
    def read(cls, folder: Path, options: dict[str, Any]) -> Manifest:
        """Read what was to be done and what was. Raises CannotResume."""
        try:
            lines = (folder / NAME).read_text("utf-8").splitlines()
            head = json.loads(lines[0])
            rows = [json.loads(line) for line in lines[1 : 1 + head["tasks"]]]
            tasks = [task_of(row["task"]) for row in rows]
            if len(tasks) != head["tasks"]:
                raise ValueError("its manifest is cut short")
            asked, version, base = head["options"], head["schema"], head["base"]
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise CannotResume(f"{folder} holds no run that could go on: {error}") from None
        same = asked.pop("inputs", None) == options["inputs"]
        if version != SCHEMA_VERSION or asked != {name: value for name, value in options.items() if name != "inputs"}:
            raise CannotResume(f"{folder} holds a run with other options: {json.dumps(asked)}")
        done = {found.task: found for line in lines[1 + len(tasks) :] if (found := _done(line)) is not None}
        there = {task: row for task, row in done.items() if (folder / row.shard).exists()}
        return cls(folder, base, tasks, there, same_inputs=same)

    def finished(self, row: Done) -> None:
        """Note a finished task, so that it stays so whatever happens next."""
        self.done[row.task] = row
        with self._path.open("a", encoding="utf-8") as file:
            # A line that was cut off must not take this one with it.
            file.write(("" if _ends_whole(self._path) else "\n") + json.dumps({"done": asdict(row)}) + "\n")
            file.flush()
            os.fsync(file.fileno())


def task_of(row: dict[str, Any]) -> Task:
    """The task that was written down as a row."""
    return Task(row["number"], tuple(Part(**part) for part in row["parts"]), row["size"])


def _done(line: str) -> Done | None:
    try:
        return Done(**json.loads(line)["done"])
    except (ValueError, KeyError, TypeError):
        return None


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
