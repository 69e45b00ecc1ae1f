"""The command line, thin over the public names.

What was asked for goes to standard output; progress, warnings and errors go to standard error. Exit status: 0; 1 where
an input failed, the others still came out; 2 for a wrong call.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

import cleaner
from cleaner.cli.clean import clean_command
from cleaner.cli.corpus import corpus_command
from cleaner.cli.inspect import inspect_command
from cleaner.cli.learn import evaluate_command, train_command
from cleaner.cli.report import report_command
from cleaner.cli.review import review_command
from cleaner.cli.rules import rules_app
from cleaner.cli.serve import serve_command
from cleaner.cli.site import site_command

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def main() -> None:
    """Run the command line; ends the process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows another: no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="cleaner")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleaner {cleaner.__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The article of a saved web page and nothing else, every block with a label and a reason."""


app.command("clean")(clean_command)
app.command("inspect")(inspect_command)
app.command("report")(report_command)
app.command("review")(review_command)
app.command("serve")(serve_command)
app.command("corpus")(corpus_command)
app.command("site")(site_command)
app.add_typer(rules_app, name="rules")
app.command("train")(train_command)
# argparse of its own: what it takes is that of the benchmark.
app.command(
    "evaluate", add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)(evaluate_command)
