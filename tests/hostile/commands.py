"""What the commands print of nasty strings: nothing that steers a terminal, nothing that Markdown obeys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

import build
from catalog.assistant import Assistant
from catalog.screen import Screen
from tests.hostile.corpus import CONTROLS, CORPUS, SCREENS
from tests.hostile.gateways import SAID

FEW = (*SCREENS, "../../etc/passwd", "<script>alert(1)</script>", "__proto__", "x|y")
"""Strings for commands that take one id each."""
FOREIGN = "\x1b[31mx.json"
"""A file that somebody puts into the tree."""
_CODE = re.compile(r"`[^`\n]*`")
_OBEYED = re.compile(r"[@\[\]!<>]|https?:|www\.|#\d|GH-\d")
_ORDERS = re.compile(r"^(?:::\w|##\[)", re.MULTILINE)
"""How a line begins that GitHub's runners obey."""
_TAGS = re.compile(r"</?details>|</?summary>")
_CELL = re.compile(r"(?<!\\)\|")


class Said(NamedTuple):
    """What one call printed."""

    words: tuple[str, ...]
    text: str


Command = Callable[[Path], Iterator[Said]]
"""Calls a command on a site in several ways."""


def call(*words: str) -> Said:
    """Call a command; only mistakes of the program itself are raised."""
    done = CliRunner().invoke(build.main, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Said(words, done.output)


def _build(site: Path) -> Iterator[Said]:
    """Build offline, which tells of the gateway that failed, with a report."""
    folders = ("--data", str(site / "data"), "--output", str(site / "output"))
    yield call("--offline", "-v", "--no-huggingface", *folders, "--report", str(site / "report.json"))
    yield Said(("--report",), (site / "report.json").read_text(encoding="utf-8"))


def _fetch(site: Path) -> Iterator[Said]:
    """Do the same without a tree."""
    yield call("fetch", "--offline", "--no-huggingface", "--data", str(site / "data"))


def _show(site: Path) -> Iterator[Said]:
    """Show records under nasty ids, and of nasty fields, and complain of ids that are not there."""
    for text in FEW:
        for words in (
            ("--", text),
            ("--gateway", "openrouter", "--", text),
            ("--no-huggingface", "--", text),
        ):
            yield call("show", "--output", str(site / "output"), *words)
    for number in range(0, len(CORPUS), 7):
        yield call("show", f"fields/row{number}", "--output", str(site / "output"))
    yield call("show", "x", "--gateway", "\x1b[31m", "--output", str(site / "output"))


def _diff(site: Path) -> Iterator[Said]:
    """Compare both nights in every form but Markdown, which is asked for by itself."""
    for form in ("json", "line"):
        yield call("diff", str(site / "before"), str(site / "data"), "--format", form)
    yield call("diff", "\x1b[31m", "\x9b31m", "--data", str(site / "data"))


def _history(site: Path) -> Iterator[Said]:
    """Print histories."""
    for text in (*FEW, *(f"acme/{text}" for text in FEW)):
        yield call("history", "--data", str(site / "data"), "--", text)


def _identity(site: Path) -> Iterator[Said]:
    """Explain ids."""
    names = [
        f"{gateway}|{text}" for text in CORPUS for gateway in ("openrouter", "deepinfra") if "\0" not in text
    ]
    for words in (names, ["--json", *names], ["\x1b[31m"]):
        yield call("identity", "--data", str(site / "data"), *words)


def _watch(site: Path) -> Iterator[Said]:
    """Look for every id in a file."""
    file = site / "ids.txt"
    text = "".join(f'"{text}"\n"acme/{text}"\nfields/row{number}\n' for number, text in enumerate(CORPUS))
    file.write_text(text, encoding="utf-8")
    yield call("watch", str(file), "--data", str(site / "data"))


def _check(site: Path) -> Iterator[Said]:
    """Check a tree with a file that is none of ours."""
    foreign = site / "output/catalog" / FOREIGN
    foreign.write_text("{}")
    yield call("check", str(site / "output"))
    foreign.unlink()


def _mcp(site: Path) -> Iterator[Said]:
    """Ask everything that an assistant can ask; answers are JSON."""
    tree = Assistant(site / "output")
    yield Said(("search",), json.dumps(tree.search_models("x", limit=100)))
    yield Said(("search",), json.dumps([tree.search_models(text) for text in CORPUS]))
    yield Said(("changes",), json.dumps(tree.recent_changes(100)))
    for number in range(10, 14):
        yield Said(("get",), json.dumps(tree.get_model(f"fields/row{number}")))
        yield Said(("compare",), json.dumps(tree.compare_gateways(f"fields/row{number}")))
        yield Said(("price",), json.dumps(tree.price_of_call(f"fields/row{number}", 1, 1)))
    for text in FEW:
        yield Said(("get",), _complaint(tree, text))


def _complaint(tree: Assistant, text: str) -> str:
    try:
        return json.dumps(tree.get_model(text))
    except ValueError as problem:
        return str(problem)


def _publish(site: Path) -> Iterator[Said]:
    """Tell what a publication of the tree would send."""
    there = str(site / "published")
    yield call("publish", there, "--output", str(site / "output"), "--dry-run")


COMMANDS: dict[str, Command] = {
    "build": _build, "fetch": _fetch, "show": _show, "diff": _diff, "history": _history,
    "identity": _identity, "watch": _watch, "check": _check, "mcp": _mcp, "publish": _publish,
}  # fmt: skip
"""Commands that print words of gateways."""
SILENT = {
    "serve": "logs paths of requests, see tests/catalog/test_serve.py",
    "replay": "prints what the closing table says, through the same screen",
    "join": "prints what `fetch` does, through the same function",
}
"""Commands that need no case of their own, and why."""


def wrong(said: Said) -> Iterator[str]:
    """Yield what of a text steers a terminal."""
    if found := CONTROLS.search(said.text):
        yield f"{said.words!a} prints {said.text[max(0, found.start() - 40) : found.end() + 10]!a}"
    if found := _ORDERS.search(said.text):
        yield f"{said.words!a} gives a runner the order {said.text[found.start() : found.end() + 20]!a}"


def markdown(site: Path) -> Iterator[str]:
    """Yield what of the report for a pull request is more than words, code, headings and tables."""
    text = call("diff", str(site / "before"), str(site / "data")).text
    yield from wrong(Said(("diff",), text))
    if SAID not in text:
        yield "the report speaks of no nasty string"
    cells = 0
    for line in text.splitlines():
        bare = _CODE.sub("", _TAGS.sub("", line))
        if _OBEYED.search(bare) or "`" in bare:
            yield f"Markdown obeys {line!a}"
        here = len(_CELL.findall(line)) if line.startswith("|") else 0
        if cells and here and here != cells:
            yield f"a row of {here} cells: {line!a}"
        cells = here


def quotes(words: Sequence[str] = CORPUS) -> str:
    """Return what `show --live` prints of offers under nasty ids: its table is filled from records."""
    with Screen([], verbose=True) as screen, screen.console.capture() as captured:
        screen.table([("openrouter", text, text) for text in words], ("gateway", "id", "today"))
        for text in words:
            screen.say(f"! {text}")
    return captured.get()


__all__ = ["COMMANDS", "SILENT", "Said", "call", "markdown", "quotes", "wrong"]
