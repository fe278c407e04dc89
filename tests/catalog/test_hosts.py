"""The files of the hosts: what is rendered, what is copied, what is shared."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from jinja2 import UndefinedError

from catalog.hosts import hosts
from commands import program
from tests.factories import ORDER, book, kept


def made(site: Mapping[str, str], *gateways: str) -> dict[str, str]:
    """Make the files of the hosts of a catalog in which some gateways have a model."""
    listed = [kept(gateway=name, id="acme/one") for name in gateways or ORDER]
    artifacts = hosts({path: text.encode() for path, text in site.items()}, book(*listed))
    return {artifact.path: artifact.body.decode() for artifact in artifacts}


def test_a_file_is_taken_as_it_is() -> None:
    """Also one that looks like a template; what lies elsewhere in `site/` is no host's."""
    assert made({"hosts/toy/a/b.conf": "{{ no }}\n", "style.css": ""}) == {"hosts/toy/a/b.conf": "{{ no }}\n"}


def test_a_template_knows_the_gateways_in_their_order() -> None:
    """It loses its suffix and keeps its last line's end."""
    found = made({"hosts/toy/map.conf.j2": "{% for name in gateways %}\n{{ name }}\n{% endfor %}\n"})
    assert found == {"hosts/toy/map.conf": "".join(f"{name}\n" for name in ORDER)}


def test_a_template_knows_which_gateways_have_nothing() -> None:
    """A request for them is no 404: nobody knows."""
    found = made({"hosts/toy/map.conf.j2": "{{ empty | join(' ') }}\n"}, "openrouter", "deepinfra", "chutes")
    assert found == {"hosts/toy/map.conf": "portkey featherless\n"}


def test_a_template_may_include_another_file() -> None:
    """A host that takes one file alone gets the shared code inside of it; no copy lies beside it."""
    site = {"hosts/toy/one.js.j2": "{% include 'shared.js' %}\nend\n", "hosts/shared.js": "shared()\n"}
    assert made(site) == {"hosts/toy/one.js": "shared()\nend\n"}


def test_a_shared_file_stands_beside_those_who_name_it() -> None:
    """Also when another shared file is the one that names it."""
    site = {
        "hosts/answer.js": 'import "./resolve.js"',
        "hosts/resolve.js": "1",
        "hosts/unused.js": "2",
        "hosts/one/deep/worker.js": 'import "../answer.js"',
        "hosts/two/worker.js": 'import "./resolve.js"',
        "hosts/three/plain.conf": "",
    }
    copies = made(site).keys() - site.keys()
    assert copies == {"hosts/one/answer.js", "hosts/one/resolve.js", "hosts/two/resolve.js"}


def test_a_mistake_in_a_template_stops_the_build() -> None:
    """A name that nobody gives is no empty text."""
    with pytest.raises(UndefinedError):
        made({"hosts/toy/a.conf.j2": "{{ gatewais }}"})


def test_every_host_is_told_that_no_site_may_frame_a_page() -> None:
    """In its own configuration, which is the one place where a header can be set."""
    files = made({path: body.decode() for path, body in program.site().items() if path.startswith("hosts/")})
    told = {path.split("/")[1] for path, text in files.items() if "frame-ancestors 'none'" in text}
    assert told == {path.split("/")[1] for path in files}
