"""Publishing to real S3 servers, with faults between them and the publisher."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import obstore
import pytest
from obstore.store import S3Store

from catalog.headers import JSON, LIST_CACHE, RECORD_CACHE
from catalog.manifest import MANIFEST, UNLISTED
from tests import nodepackages
from tests.objectstore import (
    BUCKET,
    KEYS,
    ROOT,
    S3,
    Proxy,
    consumers,
    make_bucket,
    moto,
    proxied,
    s3rver,
    without_aws,
)
from tests.publications import plant
from tests.site import EPOCH
from tests.toys import contents

pytestmark = pytest.mark.slow
WHERE = f"s3://{BUCKET}/some/where"
DAY = 24 * 3600
FIRST = dict.fromkeys(
    [
        "assets/site.js", "catalog/catalog.sqlite", "catalog/feeds/all.atom", "catalog/gateway/chutes.json",
        "catalog/gateway/chutes/model/acme/one.json", "catalog/index.json",
        "catalog/model/Acme/one@1:free.json",
        "catalog/model/acme/one.json", "catalog/model/acme/one~401~3afree.json",
        "catalog/model/acme/two.json",
        "catalog/models.ndjson.gz", "catalog/plain/model/acme/one.json", "catalog/provider/acme.json",
        "index.html", "model/acme/one/index.html", "v1/models",
    ],
    "first",
)  # fmt: skip
SECOND = {
    **FIRST,
    **dict.fromkeys(
        [
            "catalog/gateway/chutes.json", "catalog/gateway/chutes/model/acme/one.json", "catalog/index.json",
            "catalog/model/acme/one.json", "catalog/model/acme/three.json", "model/acme/one/index.html",
        ],
        "other",
    ),
}  # fmt: skip
del SECOND["catalog/plain/model/acme/one.json"]


class Trees(NamedTuple):
    """Two nights: in the second one some files have other content of one size, one is new, one gone."""

    first: Path
    second: Path

    @property
    def changed(self) -> set[str]:
        """Files of the second night that are new or other ones."""
        old, new = contents(self.first), contents(self.second)
        return {path for path, body in new.items() if old.get(path) != body}

    @property
    def gone(self) -> set[str]:
        """Files of the first night that the second has not."""
        return contents(self.first).keys() - contents(self.second).keys()


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """Plant the trees of two nights."""
    folder = tmp_path_factory.mktemp("nights")
    trees = Trees(folder / "first", folder / "second")
    plant(trees.first, FIRST, 1)
    plant(trees.second, SECOND, 2)
    return trees


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Run moto's server for all tests of this module."""
    if reason := consumers():
        pytest.skip(reason)
    with moto() as port:
        yield port


@pytest.fixture
def proxy(server: int) -> Iterator[Proxy]:
    """Stand in front of moto, with an empty bucket."""
    with proxied(server) as proxy:
        make_bucket(server)
        store = _store(server)
        obstore.delete(store, [each["path"] for chunk in obstore.list(store) for each in chunk])
        yield proxy


def _store(port: int) -> S3Store:
    return S3Store(
        BUCKET,
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        client_options={"allow_http": True},
        access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def direct(proxy: Proxy) -> dict[str, str]:
    """Return what leads a publisher past the proxy."""
    return {**proxy.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy.server}"}


def start(tree: Path, environ: dict[str, str], *words: str, day: int = 1) -> subprocess.Popen[str]:
    """Start a publisher in a process of its own."""
    told = {**without_aws(), **environ, "SOURCE_DATE_EPOCH": str(int(EPOCH) + day * DAY)}
    command = [sys.executable, str(ROOT / "build.py"), "publish", WHERE, "--output", str(tree), *words]
    return subprocess.Popen(command, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def publish(tree: Path, environ: dict[str, str], *words: str, day: int = 1) -> tuple[int, str, str]:
    """Publish; returns the exit code, what was said, and what was said of troubles."""
    with start(tree, environ, *words, day=day) as process:
        output, errors = process.communicate(timeout=300)
    return process.returncode, output, errors


def there(port: int) -> dict[str, bytes]:
    """Return every published file, and no other."""
    store = _store(port)
    prefix = "some/where/"
    paths = [each["path"] for chunk in obstore.list(store) for each in chunk]
    assert all(path.startswith(prefix) for path in paths)
    wanted = [path for path in paths if not path.startswith(f"{prefix}.publish/")]
    with ThreadPoolExecutor(8) as pool:
        bodies = pool.map(lambda path: bytes(obstore.get(store, path).bytes()), wanted)
        return {path.removeprefix(prefix): body for path, body in zip(wanted, bodies, strict=True)}


def test_two_nights(trees: Trees, proxy: Proxy) -> None:
    """Everything, then nothing, then what changed, in its order; a week later what is gone goes."""
    code, output, errors = publish(trees.first, proxy.environ)
    assert (code, errors) == (0, ""), errors
    assert there(proxy.server) == contents(trees.first)
    lines = output.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "records", "lists", "shards of the manifest", "manifest", "s3",
    ]  # fmt: skip
    proxy.asked.clear()
    code, output, errors = publish(trees.first, proxy.environ)
    assert (code, errors, len(proxy.asked)) == (0, "", 3)
    assert f"{WHERE}: 0 files (0.0 MB) uploaded, 0 deleted, 0 wait to be deleted; 3 requests\n" == output
    code, output, errors = publish(trees.second, proxy.environ, day=2)
    puts = [path.removeprefix("some/where/") for path in proxy.done("PUT") if "/.publish/" not in path]
    assert (code, errors, set(puts) - set(UNLISTED)) == (0, "", trees.changed - set(UNLISTED))
    kinds = [kind for path in puts if (kind := _kind(path)) is not None]
    assert (kinds, set(kinds), puts[-1]) == (sorted(kinds), {0, 1, 2}, MANIFEST)
    assert there(proxy.server) == {**contents(trees.first), **contents(trees.second)}
    code, output, errors = publish(trees.second, proxy.environ, day=10)
    assert (code, errors, there(proxy.server) == contents(trees.second)) == (0, "", True)
    assert f"{len(trees.gone)} deleted" in output


def _kind(path: str) -> int | None:
    """Return 0 for a record, 1 for a list that names records, 2 for the manifest and its shards."""
    if path.startswith("catalog/manifest"):
        return 2
    if re.match(r"catalog/(gateway/[^/]+/)?model/", path):
        return 0
    return 1 if re.match(r"catalog/(gateway|index|provider)/|catalog/[a-z]+\.json", path) else None


def test_types_and_ages(trees: Trees, proxy: Proxy) -> None:
    """What a reader is told of a file is what the contract promises, names without an ending included."""
    publish(trees.first, direct(proxy))
    wanted = {
        "catalog/model/Acme/one@1:free.json": (JSON, RECORD_CACHE),
        "catalog/gateway/chutes.json": (JSON, LIST_CACHE),
        MANIFEST: (JSON, LIST_CACHE),
        "v1/models": (JSON, LIST_CACHE),
        "index.html": ("text/html; charset=utf-8", LIST_CACHE),
        "catalog/feeds/all.atom": ("application/atom+xml", LIST_CACHE),
        "catalog/catalog.sqlite": ("application/vnd.sqlite3", LIST_CACHE),
    }
    store = _store(proxy.server)
    found = {path: obstore.get(store, f"some/where/{path}").attributes for path in wanted}
    assert found == {
        path: {"Content-Type": kind, "Cache-Control": age} for path, (kind, age) in wanted.items()
    }


@pytest.mark.parametrize("kind", ["503", "cut", "lost"])
def test_a_server_that_stumbles(trees: Trees, proxy: Proxy, kind: str) -> None:
    """Every seventh request fails once, among them conditional ones: the run goes on and ends well."""
    proxy.fault = lambda method, path, number: kind if number % 7 == 3 else ""
    code, _, errors = publish(trees.first, proxy.environ)
    assert (code, errors) == (0, ""), errors
    assert there(proxy.server) == contents(trees.first)
    assert sum(each.status in (0, 500, 503) for each in proxy.asked) > 10 or kind == "lost"


def test_a_server_that_refuses_one_file(trees: Trees, proxy: Proxy) -> None:
    """What cannot be sent stops the run with one line, before the manifest, and the lock is given back."""
    publish(trees.first, direct(proxy))
    record = next(path for path in sorted(trees.changed) if "/model/" in path)
    proxy.fault = lambda method, path, number: "403" if method == "PUT" and path.endswith(record) else ""
    code, _, errors = publish(trees.second, proxy.environ, day=2)
    assert code == 1
    assert errors == f"Error: {WHERE}: cannot write {record}: 403 Forbidden, AccessDenied\n"
    assert there(proxy.server)[MANIFEST] == contents(trees.first)[MANIFEST]
    proxy.fault = lambda method, path, number: ""
    assert publish(trees.second, proxy.environ, day=2)[0] == 0
    assert {**there(proxy.server), **contents(trees.second)} == there(proxy.server)


@pytest.mark.parametrize("step", [4, 9, 14, 17])
def test_killed(trees: Trees, proxy: Proxy, step: int) -> None:
    """A process that is killed leaves its readers a whole tree, and the next run sends what is missing."""
    publish(trees.first, direct(proxy))
    running: list[subprocess.Popen[str]] = []
    proxy.asked.clear()

    def fault(method: str, path: str, number: int) -> str:
        changes = sum(each.method in {"PUT", "POST", "DELETE"} for each in proxy.asked)
        if changes >= step and running and method in {"PUT", "POST", "DELETE"}:
            running[0].send_signal(signal.SIGKILL)
            return "cut"
        return ""

    with start(trees.second, proxy.environ, "--concurrency", "1", day=2) as process:
        running.append(process)
        proxy.fault = fault
        process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    proxy.fault = lambda method, path, number: ""
    old, new, found = contents(trees.first), contents(trees.second), there(proxy.server)
    assert found[MANIFEST] in (old[MANIFEST], new[MANIFEST])
    assert all(body in (old.get(path), new.get(path)) for path, body in found.items())
    assert old.keys() <= found.keys()
    code, _, errors = publish(trees.second, proxy.environ, day=2)
    assert (code, "its lock runs out at" in errors) == (1, True)
    code, _, errors = publish(trees.second, proxy.environ, "--take-over", day=2)
    assert (code, errors) == (0, ""), errors
    assert there(proxy.server) == {**old, **new}


def test_two_publishers_at_once(trees: Trees, proxy: Proxy, tmp_path: Path) -> None:
    """One of them publishes, the other one, of the same tree on another machine, says why it does not."""
    twin = shutil.copytree(trees.first, tmp_path / "twin")
    with start(trees.first, proxy.environ) as one, start(twin, proxy.environ) as other:
        said = [process.communicate(timeout=300) for process in (one, other)]
    assert sorted(process.returncode for process in (one, other)) == [0, 1]
    assert sum("another publisher" in errors for _, errors in said) == 1, said
    assert there(proxy.server) == contents(trees.first)


def test_a_bucket_that_is_not_there(trees: Trees, proxy: Proxy) -> None:
    """One line, in words, and no key in it."""
    environ = {**without_aws(), **proxy.environ, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
    command = [
        sys.executable,
        str(ROOT / "build.py"),
        "publish",
        "s3://nowhere/x",
        "--output",
        str(trees.first),
    ]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Error: s3://nowhere/x: there is no such bucket\n")


def on_disk(bucket: Path) -> dict[str, bytes]:
    """Return every published file as s3rver keeps it."""
    root, ending = bucket / "some/where", "._S3rver_object"
    found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob(f"*{ending}")}
    return {path.removesuffix(ending): body for path, body in found.items() if not path.startswith(".")}


def test_another_implementation(trees: Trees, tmp_path: Path) -> None:
    """s3rver, which ignores conditions, is noticed; without a lock it works the same."""
    if reason := nodepackages.missing(S3):
        pytest.skip(reason)
    kept = tmp_path / BUCKET
    kept.mkdir()
    with s3rver(tmp_path) as port, proxied(port) as proxy:
        code, _, errors = publish(trees.first, proxy.environ)
        assert (code, "does not write on condition" in errors) == (1, True)
        code, _, errors = publish(trees.first, proxy.environ, "--no-lock")
        assert (code, errors) == (0, "")
        assert on_disk(kept) == contents(trees.first)
        assert publish(trees.second, proxy.environ, "--no-lock", day=2)[0] == 0
        assert publish(trees.second, proxy.environ, "--no-lock", day=20)[0] == 0
        assert on_disk(kept) == contents(trees.second)
