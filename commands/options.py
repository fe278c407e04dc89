"""Options that several commands have alike, and what is checked of their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from catalog.settings import duration
from commands.program import ROOT
from providers import ADAPTERS

P = ParamSpec("P")
T = TypeVar("T")

NAMES = [adapter.GATEWAY.id for adapter in ADAPTERS]
_BASE_URL = re.compile(r"https?://[^\s?#]+")


def checked_age(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """Refuse what is no duration."""
    try:
        return text if text is None or duration(text) is not None else None
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from problem


def checked_url(_: click.Context, __: click.Parameter, text: str) -> str:
    """Refuse what no path can be added to, and end without a slash."""
    if text and not _BASE_URL.fullmatch(text):
        raise click.BadParameter("a base URL is https://host/path, without spaces, ? and #")
    return text.rstrip("/")


def checked_day(_: click.Context, __: click.Parameter, text: str) -> str:
    """Refuse what is no day of the calendar."""
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as problem:
        raise click.BadParameter("a day is written 2026-11-20") from problem


def _checked_report(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}")
    return path


_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, file_okay=False, path_type=Path)
NAME = click.Choice(NAMES)
OUTPUT = click.option("--output", type=_FOLDER, default=ROOT / "output", help="Where the tree goes.")
DATA = click.option("--data", type=_FOLDER, default=ROOT / "data", help="Where the state is kept.")
ACCEPT = click.option("--accept", type=NAME, multiple=True, help="Overrule one gateway's hold; repeatable.")
NO_HUB = click.option(
    "--no-huggingface", is_flag=True, help="Do not ask the Hugging Face Hub; keep what is known."
)
LOG_ATTEMPT = click.option("--log-attempt", is_flag=True, help="Note in the data folder how each fetch went.")
STRICT = click.option("--strict", is_flag=True, help="Exit 3 when a gateway is not fresh.")
REPORT = click.option(
    "--report", "report_file", type=_FILE, callback=_checked_report, help="Write a JSON report."
)
VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Name every request.")
_BUILDING = (
    click.option("--gateway", "gateways", type=NAME, multiple=True, help="Fetch only this one; repeatable."),
    click.option("--offline", is_flag=True, help="Ask no gateway: build from the data folder alone."),
    click.option("--max-age", callback=checked_age, help="Fetch only what is older than this, such as 6h."),
    ACCEPT,
    NO_HUB,
    click.option("--plain", is_flag=True, help="Also publish the records without Hugging Face metrics."),
    OUTPUT,
    DATA,
    click.option(
        "--base-url", default="", callback=checked_url, help="Make links absolute: https://host/path."
    ),
    click.option("--max-entries", type=click.IntRange(1), help="Allow a tree of more files and folders."),
    LOG_ATTEMPT,
    STRICT,
    REPORT,
    click.option("--concurrency", type=click.IntRange(1, 32), help="Requests at once to each gateway."),
    VERBOSE,
)


def building(command: Callable[P, T]) -> Callable[P, T]:
    """Give a command the options that building and fetching have in common."""
    for option in reversed(_BUILDING):
        command = option(command)
    return command
