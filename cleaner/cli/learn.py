"""``cleaner train`` and ``cleaner evaluate``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.terminal import tell


def train_command(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Sets of pages with gold, or folders of sets.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="The model file, NAME.onnx.")],
    labels: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Labels of blocks of these pages (JSON Lines).")
    ] = None,
    corrections: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Corrections of these pages: what cleaner review writes.")
    ] = None,
    written: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Asks and articles written for training: asks/, hosts/.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often each fit sees every page.")] = 4,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each fit's network that are averaged.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Fits at a time.")] = os.cpu_count() or 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 1,
) -> None:
    """Train a model: one for each fifth of the sites that never saw it, then one of all pages."""
    from cleaner.training.command import CannotTrain, train_model

    try:
        how = {"runs": runs, "epochs": epochs, "seed": seed}
        print(train_model(data, output, labels or (), how, jobs, written, corrections or ()))
    except CannotTrain as error:
        tell("train", str(error))
        raise typer.Exit(1) from None


def evaluate_command(context: typer.Context) -> None:
    """Print the table of the benchmark for labelled pages: DATA... [--peers]; --help tells more."""
    from cleaner.training.evaluate.command import main as evaluate

    raise typer.Exit(evaluate(context.args))
