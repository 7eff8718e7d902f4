"""`collabbus`: the command line."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True)
run_app = typer.Typer(no_args_is_help=True)
app.add_typer(run_app, name="run")


@run_app.command("processor")
def run_processor(region: str | None = None, instance: str | None = None) -> None:
    """Run a region's processor."""
    from collabbus.processor.app import run
    from collabbus.settings import load

    raise typer.Exit(run(load(region=region, instance=instance)))


@app.command("x")
def x() -> None:
    pass


def main() -> None:
    """Run the command line."""
    app()
