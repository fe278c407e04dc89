"""What is too large to be held waits on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.spool import DiskSpool


def test_a_spool_gives_back_by_name_what_came_in_any_order(tmp_path: Path) -> None:
    """And counts different names."""
    spool = DiskSpool(tmp_path / "x")
    for name in ("b", "c", "a"):
        assert spool.add(name, name.encode() * 3)
    assert (len(spool), list(spool.items())) == (3, [("a", b"aaa"), ("b", b"bbb"), ("c", b"ccc")])
    spool.close()


@pytest.mark.parametrize(
    "order", [(b"1", b"2", b"3"), (b"3", b"1", b"2"), (b"2", b"3", b"1"), (b"1", b"1", b"1")]
)
def test_of_two_with_one_name_the_smaller_one_stays(tmp_path: Path, order: tuple[bytes, ...]) -> None:
    """Whatever the order of an answer, the listing is the same; every repetition is told."""
    spool = DiskSpool(tmp_path / "x")
    assert [spool.add("a", data) for data in order] == [True, False, False]
    assert (len(spool), list(spool.items())) == (1, [("a", b"1")])
    spool.close()


def test_a_spool_can_be_written_while_it_is_read(tmp_path: Path) -> None:
    """Places are looked up one by one."""
    spool = DiskSpool(tmp_path / "x")
    spool.add("a", b"1")
    spool.add("b", b"2")
    found = spool.items()
    first = next(found)
    spool.add("b", b"0")
    assert [first, *found] == [("a", b"1"), ("b", b"0")]
    spool.close()
