"""Publishing: what is sent, in which order, and what is found after a publisher died at any moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from obstore.store import LocalStore

from catalog import publish as publishing
from catalog.differences import Tree
from catalog.errors import StopBuildError
from catalog.manifest import MANIFEST, UNLISTED
from catalog.publish import Options, Publication
from tests.factories import NOW
from tests.publications import Heard, Noted, dump, later, memory, on_disk, plant, publish

RECORD, OTHER, GONE = (f"catalog/model/acme/{name}.json" for name in ("one", "two", "gone"))
INDEX, LIST = "catalog/index.json", "catalog/gateway/chutes.json"
FIRST = {RECORD: "1", OTHER: "2", GONE: "3", INDEX: "1 2 3", LIST: "1", "catalog/model/Acme/One.json": "1"}
SECOND = {**FIRST, RECORD: "one", INDEX: "one 2", "catalog/model/acme/new.json": "new"}
del SECOND[GONE]
THIRD = {**SECOND, RECORD: "1", INDEX: "1 2", LIST: "third"}


@pytest.fixture
def first(trees: tuple[Tree, Tree, Tree], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What a store holds after the first tree was published; from now on two files are a batch."""
    store = memory()
    publish(trees[0], store)
    monkeypatch.setattr(publishing, "BATCH", 2)
    return dump(store)


@pytest.fixture(params=[2, 3])
def trees(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Tree, Tree, Tree]:
    """Three nights of one tree, with a manifest of one level and with one of two."""
    return (
        plant(tmp_path / "1", FIRST, 1, request.param),
        plant(tmp_path / "2", SECOND, 2, request.param),
        plant(tmp_path / "3", THIRD, 3, request.param),
    )


def test_everything_is_sent_once(trees: tuple[Tree, Tree, Tree]) -> None:
    """A first run sends the whole tree, a second one nothing, with three questions."""
    store = memory()
    there, told = publish(trees[0], store)
    assert there.files() == on_disk(trees[0])
    assert (told.files, told.deleted, told.waiting) == (len(on_disk(trees[0])), 0, 0)
    again, told = publish(trees[0], store)
    assert (again.changes, told.files, again.requests) == ([], 0, 3)


def test_only_what_changed_is_sent(trees: tuple[Tree, Tree, Tree]) -> None:
    """The files of the second night that differ from the first, by digest: `1` and `2` are of one size."""
    store = memory()
    publish(trees[0], store)
    there, told = publish(trees[1], store)
    old, new = on_disk(trees[0]), on_disk(trees[1])
    changed = {path for path, text in new.items() if old.get(path) != text}
    assert sorted(there.puts) == sorted(changed)
    assert told.files == len(changed)
    assert there.files() == {**old, **new}, "what is gone stays for a while"


def test_records_before_lists_before_the_manifest(trees: tuple[Tree, Tree, Tree]) -> None:
    """No list names what is not there yet, and the manifest comes when all of it is."""
    store = memory()
    for tree in trees[:2]:
        there, _ = publish(tree, store)
        kinds = [_kind(path) for path in there.puts]
        assert kinds == sorted(kinds)
        assert kinds[-1] == 4
        after = there.changes[there.changes.index(("put", MANIFEST)) + 1 :]
        assert all(path.startswith(".publish/") for _, path in after)


def _kind(path: str) -> int:
    if path == MANIFEST:
        return 4
    if path.startswith("catalog/manifest/"):
        return 2 if len(path) > len("catalog/manifest/xx.json") else 3
    return 0 if "/model/" in path else 1


def test_what_is_gone_is_deleted_after_the_grace_period(trees: tuple[Tree, Tree, Tree]) -> None:
    """A reader with an index of yesterday still finds it; a week later nobody has such an index."""
    store = memory()
    publish(trees[0], store)
    _, told = publish(trees[1], store, now=later(1))
    waiting = told.waiting
    assert waiting >= 1
    there, told = publish(trees[1], store, now=later(7.9))
    assert (there.changes, told.waiting, GONE in there.files()) == ([], waiting, True)
    there, told = publish(trees[1], store, now=later(8.1))
    assert (told.files, told.deleted, told.waiting) == (0, waiting, 0)
    assert there.files() == on_disk(trees[1])
    there, told = publish(trees[1], store, now=later(9))
    assert there.changes == []


def test_what_comes_back_is_not_deleted(trees: tuple[Tree, Tree, Tree], tmp_path: Path) -> None:
    """A model that is listed again in time stays, whatever was planned."""
    store = memory()
    publish(trees[0], store)
    publish(trees[1], store)
    back = plant(tmp_path / "back", {**SECOND, GONE: "back"}, 9)
    there, _ = publish(back, store, now=later(30))
    assert {**there.files(), **on_disk(back)} == there.files()
    assert there.files()[GONE] == "back"


@pytest.mark.parametrize("same_tree", [True, False], ids=["then the same tree", "then another tree"])
def test_a_publisher_dies_at_any_moment(
    trees: tuple[Tree, Tree, Tree], first: dict[str, bytes], *, same_tree: bool
) -> None:
    """Wherever it died, readers have a whole tree, and the next run sends no more than what is missing.

    The other tree takes back some of what the dead publisher may or may not have sent.
    """
    old, new = on_disk(trees[0]), on_disk(trees[1])
    length = len(publish(trees[1], memory(first))[0].changes)
    after = trees[1] if same_tree else trees[2]
    for left in range(length):
        store = memory(first)
        dead, _ = publish(trees[1], store, left=left)
        found = dead.files()
        assert found[MANIFEST] in (old[MANIFEST], new[MANIFEST])
        assert all(found[path] in (old.get(path), new.get(path)) for path in {**old, **new} if path in found)
        assert old.keys() <= found.keys(), "readers of the old index"
        if found[MANIFEST] == new[MANIFEST]:
            assert {**found, **new} == found
        heir, _ = publish(after, store)
        wanted = on_disk(after)
        missing = {path for path, text in wanted.items() if found.get(path) != text}
        assert missing <= set(heir.puts)
        assert len(set(heir.puts) - missing - {*UNLISTED, MANIFEST}) <= 2, "at most one batch goes again"
        assert {**heir.files(), **wanted} == heir.files()
        last, told = publish(after, store, now=later(30))
        assert (told.files, last.files()) == (0, wanted)
        assert publish(after, store, now=later(30))[0].changes == []


@pytest.mark.slow
def test_publishers_die_one_after_the_other(trees: tuple[Tree, Tree, Tree], first: dict[str, bytes]) -> None:
    """What three dead publishers of different trees left behind is understood by the fourth."""
    for one in range(3, 30, 6):
        for other in range(0, 30, 4):
            store = memory(first)
            publish(trees[1], store, left=one)
            publish(trees[2], store, left=other)
            publish(trees[1], store, left=5, force=True)
            there, _ = publish(trees[2], store)
            assert {**there.files(), **on_disk(trees[2])} == there.files()
            assert publish(trees[2], store, now=later(30))[0].files() == on_disk(trees[2])


def test_a_manifest_that_grew_another_level(tmp_path: Path) -> None:
    """Every file of the tree is compared though the shards are other ones; old parts go in the end."""
    store = memory()
    trees = [plant(tmp_path / str(digits), FIRST, digits, digits) for digits in (2, 3, 4)]
    for tree in trees:
        there, _ = publish(tree, store)
        sent = {path for path in there.puts if "manifest" not in path and path not in UNLISTED}
        assert sent == (set(FIRST) if tree is trees[0] else set())
    assert publish(trees[2], store, now=later(30))[0].files() == on_disk(trees[2])


def test_an_older_tree_is_refused(trees: tuple[Tree, Tree, Tree]) -> None:
    """A runner that was left behind does not undo what another one published; who means it can say so."""
    store = memory()
    publish(trees[1], store)
    with pytest.raises(StopBuildError, match=r"holds a newer tree, serial 2 .* this one is 1 .*--force"):
        publish(trees[0], store)
    there, _ = publish(trees[0], store, force=True)
    assert {**there.files(), **on_disk(trees[0])} == there.files()


def test_files_of_others_are_left_alone(trees: tuple[Tree, Tree, Tree]) -> None:
    """A prefix with something in it and no tree was named by mistake."""
    store = memory()
    Noted(store).put("holiday.jpg", b"x")
    with pytest.raises(StopBuildError, match=r"holds 'holiday.jpg' and no published tree"):
        publish(trees[0], store)
    there, _ = publish(trees[0], store, force=True)
    assert there.files() == {**on_disk(trees[0]), "holiday.jpg": "x"}


def test_a_rehearsal_changes_nothing(trees: tuple[Tree, Tree, Tree]) -> None:
    """It names what a run would send and delete, and takes no lock."""
    store = memory()
    publish(trees[0], store)
    there = Noted(store)
    publication = Publication(trees[1], there, Options(now=NOW, concurrency=1), Heard())
    lines = list(publication.rehearse())
    assert there.changes == []
    done, told = publish(trees[1], store)
    assert sorted(line[7:] for line in lines if line.startswith("upload ")) == sorted(done.puts)
    assert f"drop {GONE}, delete it after 7 days, 0:00:00" in lines
    assert (publication.told.files, publication.told.waiting) == (told.files, told.waiting)
    late = Publication(trees[1], there, Options(now=later(8), concurrency=1), Heard())
    assert f"delete {GONE}" in list(late.rehearse())


def test_all_sends_everything(trees: tuple[Tree, Tree, Tree]) -> None:
    """For a destination that somebody else changed by hand."""
    store = memory()
    publish(trees[0], store)
    Noted(store).put(RECORD, b"spoilt")
    there, _ = publish(trees[0], store, everything=True)
    assert sorted(there.puts) == sorted(on_disk(trees[0]))
    assert there.files() == on_disk(trees[0])


def test_a_spoilt_shard_costs_its_files(trees: tuple[Tree, Tree, Tree]) -> None:
    """What the destination says of itself is believed only with the right digest."""
    store = memory()
    publish(trees[0], store)
    shards = [path for path, text in on_disk(trees[0]).items() if RECORD in text]
    Noted(store).put(shards[0], b"{}")
    there, _ = publish(trees[1], store)
    assert {**there.files(), **on_disk(trees[1])} == there.files()


def test_other_headers_send_everything(
    trees: tuple[Tree, Tree, Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with other rules for types and ages brings them to files that did not change."""
    store = memory()
    publish(trees[0], store)
    monkeypatch.setattr("catalog.notes.HEADERS", "other")
    there, _ = publish(trees[0], store)
    assert sorted(there.puts) == sorted(on_disk(trees[0]))
    assert publish(trees[0], store)[0].changes == []


def test_a_tree_that_does_not_keep_its_promise_is_not_published(trees: tuple[Tree, Tree, Tree]) -> None:
    """A file that was changed after the build stops the run before the manifest."""
    store = memory()
    publish(trees[0], store)
    (trees[1].root / INDEX).write_text("by hand")
    with pytest.raises(
        StopBuildError, match=r"index.json is not what the manifest says: build the tree again"
    ):
        publish(trees[1], store)
    (trees[1].root / INDEX).unlink()
    with pytest.raises(StopBuildError, match=r"index.json is not what the manifest says"):
        publish(trees[1], store)
    assert Noted(store).files()[MANIFEST] == on_disk(trees[0])[MANIFEST]


def test_no_tree_is_nothing_to_publish(tmp_path: Path) -> None:
    """An empty output folder does not empty the destination."""
    with pytest.raises(StopBuildError, match="holds no built tree to publish"):
        Tree(tmp_path)


def test_a_folder_is_a_destination(trees: tuple[Tree, Tree, Tree], tmp_path: Path) -> None:
    """Whole files only, no links, and what a killed writer left behind is swept up."""
    folder = tmp_path / "www"
    folder.mkdir()

    def into(tree: Tree, now: datetime = NOW) -> Noted:
        there = Noted(LocalStore(prefix=folder), str(folder), folder)
        Publication(tree, there, Options(now=now, concurrency=4), Heard()).run()
        return there

    into(trees[0])
    assert {path.stat().st_nlink for path in folder.rglob("*") if path.is_file()} == {1}
    there = into(trees[1])
    assert there.files() == {**on_disk(trees[0]), **on_disk(trees[1])}
    there = into(trees[1], now=later(8))
    assert there.files() == on_disk(trees[1])
    assert not (folder / GONE).exists()
