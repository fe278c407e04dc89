"""Figures against their bounds, as a table between two markers of `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import Figures, Grown, Night, Series
from tests.bench.stages import EXPORTS, STAGES, WHOLE

BEGIN, END = "<!-- made by `make bench`: begin -->", "<!-- made by `make bench`: end -->"
MEGABYTE = 1_000_000
_INTRO = """# Benchmarks

`make bench` makes upstream bodies of a wanted size from the shipped snapshots: the real listings, and
whole organisations once more under made-up names. Every row that can carry a description has one of
2 KB. Builds run without a network, each in a fresh process that imports everything before its clock
starts; the figure is CPU time, user and system, on tmpfs, and the median of alternated runs. Ratios
are medians of the ratios within one run. A *cold build* starts with no snapshot and no tree and
makes the JSON files, without exports and website, which are measured apart; a *rebuild* finds both
and the same bodies. *From bodies to JSON records* is the part of a cold build that ends with the bytes of
every record: all but hashing and writing the tree, lists, indexes and manifest. The *reference loop* reads
the same bodies with `json.loads(parse_float=Decimal)`, validates each row with pydantic, dumps the same
records with orjson, hashes them and writes one file each; *the loop that also makes the links* gives each
file its further names. *The bare tree* is the loop that makes the folders, files and links of the finished
tree and nothing else. *Identity* is the step that gives every listing its model key, the *diff* that of two
data folders of which the second has other prices for 3 % of the listings, every file read. The budget of
95,000 entries is lifted here, as `--max-entries` does: from about 23,500 listings on a tree needs more.
`make bench` ends with an error while a bound is broken.

The last rows are of nginx under wrk on loopback, with the shipped catalog: ids, every other one with
`?gateway=`, by the rules of `hosts/nginx/`, against the paths of the same files by an nginx with the
same headers and compression and no rules.
"""


@dataclass(frozen=True)
class Line:
    """One measured thing and what is asked of it."""

    what: str
    listings: int
    value: str
    bound: str = ""
    broken: bool = False

    @property
    def name(self) -> str:
        """What is said of a broken bound."""
        return f"{self.what} at {self.listings:,} listings: {self.value}, bound {self.bound}"


def bounded(what: str, listings: int, value: float, most: float, unit: str = "") -> Line:
    """Return a line with an upper bound."""
    return Line(what, listings, f"{value:.2f}{unit}", f"≤ {most:g}{unit}", broken=value > most)


def at_least(what: str, listings: int, value: float, least: float) -> Line:
    """Return a line with a lower bound."""
    return Line(what, listings, f"{value:.2f}", f"≥ {least:g}", broken=value < least)


def speed(listings: int, series: Series) -> list[Line]:
    """Return the lines of one size."""
    tasks = {"cold": "cold build", "reference": "reference loop", "rebuild": "rebuild, nothing changed"}
    cold = series.runs[0]["cold"]
    rate = cold["listings"] / series.median("records")
    return [
        *(Line(name, listings, f"{series.median(task):.2f} s") for task, name in tasks.items()),
        bounded("cold build ÷ reference loop", listings, series.ratio("cold", "reference"), 2),
        Line(
            "cold build ÷ the loop that also makes the links",
            listings,
            f"{series.ratio('cold', 'named'):.2f}",
        ),
        Line("the bare tree ÷ reference loop", listings, f"{series.ratio('bare', 'reference'):.2f}"),
        Line("from bodies to JSON records, listings per second", listings, f"{rate:,.0f}", "goal 10,000"),
        Line(
            "from bodies to JSON records ÷ reference loop",
            listings,
            f"{series.ratio('records', 'reference'):.2f}",
        ),
        bounded("identity ÷ reference loop", listings, series.ratio("resolve", "reference"), 0.2),
        bounded("rebuild ÷ cold build", listings, series.ratio("rebuild", "cold"), 0.3),
        bounded("diff, 3 % of the prices ÷ reference loop", listings, series.ratio("diff", "reference"), 0.2),
        bounded("entries per listing", listings, cold["entries"] / cold["listings"], 4.2),
    ]


def memory(listings: int, series: Series, longer: Figures) -> list[Line]:
    """Return the lines about peak memory."""
    peak = series.peak("cold")
    return [
        bounded("peak memory", listings, peak / MEGABYTE, 400, " MB"),
        bounded("peak with descriptions of 20 KB ÷ of 2 KB", listings, longer["peak"] / peak, 1.2),
    ]


def whole(listings: int, cpu: float, stages: Mapping[str, float]) -> list[Line]:
    """Return the lines about a build with the formats of other tools and the website."""
    cost, rest = stages[EXPORTS], sum(stages.values()) - sum(stages[name] for name in WHOLE)
    return [
        bounded("exports ÷ the rest of a cold build", listings, cost / rest, 0.5),
        Line("cold build with exports and website, 1 run", listings, f"{cpu:.2f} s"),
    ]


def growth(series: Series) -> list[Line]:
    """Return the line about CPU per listing of a catalog ten times as large."""
    small, large = (series.runs[0][task]["listings"] for task in ("small", "large"))
    each = series.ratio("large", "small") * small / large
    slower = series.ratio("many", "few") * small / large
    return [
        Line("cold build, 3 runs", large, f"{series.median('large'):.2f} s"),
        bounded(f"CPU per listing ÷ that at {small:,}", large, each, 1.15),
        bounded(f"identity per listing ÷ that at {small:,}; 10 would be quadratic", large, slower, 1.5),
        Line("peak memory", large, f"{series.peak('large') / MEGABYTE:.0f} MB"),
    ]


_NIGHTS = """
| listings | night | listings changed | files written | MB | objects sent | MB | of the tree | \
KB sent for each | CPU: build | publish |
|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def nights(sizes: Iterable[Grown]) -> str:
    """Return the table of what nights cost."""
    rows = (_night(night) for size in sizes for night in size.nights)
    return "\n".join([_NIGHTS, *rows, ""])


def _night(night: Night) -> str:
    built, sent = night.built, night.sent
    cells = (
        f"{built['listings']:,}",
        night.what,
        f"{built['changed']:,}",
        f"{built['written'] + built['linked']:,}",
        f"{built['written_bytes'] / MEGABYTE:,.1f}",
        f"{sent['sent']:,}",
        f"{sent['sent_bytes'] / MEGABYTE:,.1f}",
        f"{sent['sent_bytes'] / built['bytes']:.1%}",
        f"{_each(night) / 1000:,.1f}",
        f"{built['cpu']:.1f} s",
        f"{sent['cpu']:.1f} s",
    )
    return f"| {' | '.join(cells)} |"


def _each(night: Night) -> float:
    """Return the bytes that are sent for each changed listing."""
    return float(night.sent["sent_bytes"] / night.built["changed"])


def proportion(small: Grown, large: Grown) -> Iterator[Line]:
    """Yield what a night costs at a large size by what the same night costs at a small one."""
    few, many = (size.nights[0].built["listings"] for size in (small, large))
    for one, other in zip(small.nights, large.nights, strict=False):
        sent, cpu = _each(other) / _each(one), other.built["cpu"] / one.built["cpu"] * few / many
        yield bounded(f"night, {other.what}: bytes sent for each change ÷ that at {few:,}", many, sent, 1.1)
        yield bounded(f"night, {other.what}: CPU per listing ÷ that at {few:,}", many, cpu, 1.3)


def disk(listings: int, figures: Mapping[str, Figures]) -> list[Line]:
    """Return the lines about time on disk."""
    return [
        Line("on disk, cold build, wall time", listings, f"{figures['cold']['wall']:.2f} s"),
        Line(
            "on disk, the same folders, files and links alone", listings, f"{figures['bare']['wall']:.2f} s"
        ),
    ]


def web(listings: int, figures: tuple[float, float]) -> list[Line]:
    """Return the lines about requests to nginx."""
    rate, ratio = figures
    return [
        Line("nginx: ids, per second of its processor time", listings, f"{rate:,.0f}"),
        at_least("nginx: ids with the query rules ÷ paths without them", listings, ratio, 0.9),
    ]


def markdown(lines: Iterable[Line], stages: Mapping[str, float], notes: Iterable[str]) -> str:
    """Return everything between the markers."""
    rows = [f"| {line.what} | {line.listings:,} | {line.value} | {verdict(line)} |" for line in lines]
    return "\n".join(
        [
            machine(),
            *notes,
            "",
            "| measured | listings | result | bound |",
            "|---|---:|---:|---|",
            *rows,
            "",
            "| stage of a cold build with exports and website | CPU | share |",
            "|---|---:|---:|",
            *_stages(stages),
            "",
        ]
    )


def _stages(spent: Mapping[str, float]) -> Iterator[str]:
    """Yield a row for each stage in the order of a build, and below it one for each of its steps."""
    total = sum(spent.values())
    for stage in STAGES:
        steps = {name: seconds for name, seconds in spent.items() if name.partition(":")[0] == stage}
        seconds = sum(steps.values())
        yield f"| **{stage}** | **{seconds:.2f} s** | **{seconds / total:.0%}** |"
        for name, each in sorted(steps.items(), key=lambda step: -step[1]):
            if name != stage:
                yield f"| {name.partition(': ')[2]} | {each:.2f} s | {each / total:.0%} |"


def plain(lines: Iterable[Line], notes: Iterable[str]) -> str:
    """Return a table of lines alone, with where and when it was measured."""
    rows = [f"| {line.what} | {line.listings:,} | {line.value} | {verdict(line)} |" for line in lines]
    head = ["", "| measured | listings | result | bound |", "|---|---:|---:|---|"]
    return "\n".join([machine(), *notes, *head, *rows, ""])


def verdict(line: Line) -> str:
    """Return the bound of a line, and whether it is broken."""
    return f"**{line.bound}, broken**" if line.broken else line.bound


def machine() -> str:
    """Return the day and what was measured on."""
    today = datetime.now(UTC).date()
    return f"{today}, {_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}."


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    known = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    models = (line.partition(":")[2].strip() for line in known if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def publish(file: Path, text: str) -> None:
    """Put a text between the markers of a file, which is made if need be."""
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{_INTRO}\n{BEGIN}\n{END}\n", encoding="utf-8")
    replace_between(file, BEGIN, END, text)


def replace_between(file: Path, begin: str, end: str, text: str) -> None:
    """Put a text between two markers of a file."""
    head, rest = file.read_text(encoding="utf-8").split(begin, 1)
    tail = rest.split(end, 1)[1]
    file.write_text(f"{head}{begin}\n{text}{end}{tail}", encoding="utf-8")
