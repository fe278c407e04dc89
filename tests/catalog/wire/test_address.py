"""Where requests may go and what they carry."""

from __future__ import annotations

import pytest

from catalog.errors import SetVariableError, UseSnapshotError
from catalog.ports import Base, Gateway
from catalog.wire.address import address, keys

KEY = "made-up-key-of-a-test"
LIST = Base("LIST_URL", "https://api.example.test/v1", key_variable="LIST_KEY", headers={"x-mode": "all"})
PRICES = Base("PRICES_URL", "https://prices.example.test")
GATEWAY = Gateway("example", "Example", "https://example.test", "https://example.test/docs", (LIST, PRICES))
CLOSED = Gateway(
    "closed", "Closed", "https://example.test", "https://example.test/docs", (LIST, PRICES), key_required=True
)


@pytest.mark.parametrize(
    ("path", "below"),
    [
        pytest.param("/models?limit=5", "/models?limit=5", id="ordinary"),
        pytest.param("/v1/models?offset=500", "/models?offset=500", id="link that begins with the real path"),
        pytest.param("/here/v1/models", "/models", id="link that begins with the path in use"),
        pytest.param("/v1", "/v1", id="the prefix alone is a name below the base"),
        pytest.param("http://localhost:8123/here/v1/models?a=b", "/models?a=b", id="full URL of the origin"),
        pytest.param("/x?next=https://other.test/", "/x?next=https://other.test/", id="URL in the query"),
    ],
)
def test_a_path_or_a_link_is_read_as_below_the_base(path: str, below: str) -> None:
    """Links that an answer holds lead to the base in use, wherever that is."""
    where = address(GATEWAY, "", {"LIST_URL": "http://localhost:8123/here/v1/"})
    assert where.below(path) == below
    assert where.url == "http://localhost:8123/here/v1"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("models", id="no slash"),
        pytest.param("@other.test/", id="would become a user name"),
        pytest.param("https://other.test/v1/models", id="other host"),
        pytest.param("http://api.example.test/v1/models", id="other scheme"),
        pytest.param("https://api.example.test:8443/v1/models", id="other port"),
        pytest.param("http://api.example.test:443/v1/models", id="other scheme, same port"),
        pytest.param("https://me@api.example.test/v1/models", id="user name"),
        pytest.param("https://api.example.test/other/models", id="not below the base"),
        pytest.param("/mod\nels", id="line break"),
        pytest.param("https://[/v1", id="broken URL"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    """Nothing that an answer holds can make us ask another origin."""
    with pytest.raises(UseSnapshotError):
        address(GATEWAY, "", {}).below(path)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://proxy.example.test/or", id="https"),
        pytest.param("http://127.0.0.1:8123/v1", id="http on 127.0.0.1"),
        pytest.param("http://127.9.9.9", id="http on another loopback address"),
        pytest.param("http://[::1]:8123", id="http on ::1"),
        pytest.param("http://localhost:1", id="http on localhost"),
    ],
)
def test_a_safe_base_url_is_accepted(url: str) -> None:
    """A base URL is https, or http on this machine."""
    assert address(GATEWAY, "", {"LIST_URL": url}).url == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://api.example.test/v1", id="http"),
        pytest.param("http://10.0.0.1/", id="http on a private address"),
        pytest.param("http://localhost.example.test/", id="a name that only begins like localhost"),
        pytest.param("http://[::ffff:10.0.0.1]/", id="mapped private address"),
        pytest.param("http://2130706433/", id="loopback as a number"),
        pytest.param("file:///etc/hosts", id="file"),
        pytest.param("https://", id="no host"),
        pytest.param("https://user:geheim@api.example.test", id="password"),
        pytest.param("https://api.example.test/?token=geheim", id="query"),
        pytest.param("https://api.example.test/#geheim", id="fragment"),
        pytest.param("ht\ttps://api.example.test", id="tab inside"),
        pytest.param("https://api.example.test\\@geheim.test", id="backslash"),
        pytest.param("https://api.example.test\\geheim", id="another backslash"),
        pytest.param("https://api.example.test:99999", id="impossible port"),
        pytest.param("https://[::1", id="broken brackets"),
    ],
)
def test_an_unsafe_base_url_is_refused_by_the_name_of_its_variable(url: str) -> None:
    """A base URL that cannot be used costs this gateway only, and is not shown."""
    with pytest.raises(UseSnapshotError, match=r"^LIST_URL: ") as refused:
        address(GATEWAY, "", {"LIST_URL": url})
    assert "geheim" not in str(refused.value)


def test_an_empty_variable_counts_as_not_set() -> None:
    """`.env.example` leaves variables empty."""
    where = address(GATEWAY, "", {"LIST_URL": "", "LIST_KEY": " "})
    assert (where.url, where.headers) == (LIST.url, {"x-mode": "all"})


def test_a_key_goes_to_its_own_base_only() -> None:
    """The header of a key belongs to the base that declares it."""
    environ = {"LIST_KEY": f" {KEY}\n"}
    assert address(GATEWAY, "LIST_URL", environ).headers == {
        "x-mode": "all",
        "Authorization": f"Bearer {KEY}",
    }
    assert address(GATEWAY, "PRICES_URL", environ).headers == {}
    assert keys(GATEWAY, environ) == {KEY}


@pytest.mark.parametrize("variable", ["", "LIST_URL", "PRICES_URL"])
@pytest.mark.parametrize(
    "environ", [pytest.param({}, id="unset"), pytest.param({"LIST_KEY": ""}, id="empty")]
)
def test_a_needed_key_that_is_missing_is_asked_for(variable: str, environ: dict[str, str]) -> None:
    """A gateway that serves nothing without its key is not asked at all."""
    with pytest.raises(SetVariableError) as missing:
        address(CLOSED, variable, environ)
    assert missing.value.variable == "LIST_KEY"


@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\x7f", " ", "é", "€"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(sign: str) -> None:
    """The message names the variable and holds nothing of the key."""
    with pytest.raises(UseSnapshotError, match=r"^LIST_KEY: ") as refused:
        address(GATEWAY, "", {"LIST_KEY": f"made{sign}up"})
    assert "made" not in str(refused.value)


def test_an_address_does_not_show_its_key() -> None:
    """Whatever prints an address prints no key."""
    assert KEY not in repr(address(GATEWAY, "", {"LIST_KEY": KEY}))


def test_an_unknown_base_is_a_failure_of_this_gateway() -> None:
    """A slip in an adapter costs its gateway, not the build."""
    with pytest.raises(UseSnapshotError, match="no base OTHER_URL"):
        address(GATEWAY, "OTHER_URL", {})
