"""Artifacts, and a folder that they are written to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalog.artifact import Artifact, Limits
from catalog.manifest import Stamped
from catalog.write import Report, Writer
from tests.toys import LATER, NOW

ONE = Artifact("catalog/model/a/one.json", b"1\n", ("catalog/model/A/One.json",))
TWO = Artifact("catalog/model/a/two.json", b"2\n")
GATEWAYS = "catalog/gateways.json"
MANIFEST = "catalog/manifest.json"


def staged(
    root: Path, artifacts: Iterable[Artifact], limits: Limits | None = None, serial: int = 1
) -> Writer:
    """Stage a whole tree without making it the published one."""
    root.mkdir(exist_ok=True)
    writer = Writer(root, limits)
    writer.stage(artifacts)
    stamped = Stamped(now=NOW if serial == 1 else LATER, serial=serial, commit=None, inputs="0" * 64)
    writer.finish([Artifact(GATEWAYS, b'{"gateways":[]}\n')], (2, 2), stamped)
    return writer


def publish(root: Path, *artifacts: Artifact, limits: Limits | None = None, serial: int = 1) -> Report:
    """Write a whole tree."""
    writer = staged(root, artifacts, limits, serial)
    writer.commit()
    return writer.report


def figures(report: Report) -> tuple[int, int, int, int, int]:
    """Return created, updated, unchanged, linked, deleted."""
    return report.created, report.updated, report.unchanged, report.linked, report.deleted
