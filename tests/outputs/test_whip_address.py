"""Addresses of WHIP servers: who is told the token, where a server may send us, and what is said of them."""

from __future__ import annotations

import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs.http_exchange import NoAnswer
from host_engine.outputs.ice_servers import ice_servers
from host_engine.outputs.refusal import Refused
from host_engine.outputs.whip_address import Nowhere, WhipAddress, explain, server

TOKEN = "t0ken"


@pytest.mark.parametrize(
    ("url", "other", "told"),
    [
        ("https://sfu.example.com/whip", "https://sfu.example.com/session/1", True),
        ("https://sfu.example.com/whip", "https://SFU.example.com:443/session/1", True),
        ("https://sfu.example.com/whip", "https://sfu.example.com:8443/session/1", False),
        ("https://sfu.example.com/whip", "http://sfu.example.com/session/1", False),
        ("https://sfu.example.com/whip", "https://example.com/session/1", False),
        ("https://sfu.example.com/whip", "https://sfu.example.com.evil.example/session/1", False),
        ("http://sfu.example.com/whip", "https://sfu.example.com/whip", True),
        ("http://sfu.example.com:8080/whip", "https://sfu.example.com/whip", False),
        ("http://sfu.example.com/whip", "https://sfu.example.com:8443/whip", False),
        ("http://[2001:db8::1]/whip", "http://[2001:db8::1]:80/x", True),
    ],
)
def test_the_token_is_for_the_endpoints_own_server(url: str, other: str, told: bool) -> None:
    address = WhipAddress.parse(url, TOKEN)
    assert address.headers(url) == {"Authorization": f"Bearer {TOKEN}"}
    assert bool(address.headers(other)) is told
    assert WhipAddress.parse(url).headers(url) == {}


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("/session/1", "https://sfu.example.com/session/1"),
        (" session/1?x=y ", "https://sfu.example.com/a/session/1?x=y"),
        ("//eu.example.com/s", "https://eu.example.com/s"),
        ("https://eu.example.com/s", "https://eu.example.com/s"),
    ],
)
def test_a_server_may_send_us_elsewhere(location: str, found: str) -> None:
    address = WhipAddress.parse("https://sfu.example.com/a/whip", TOKEN)
    assert address.follow("https://sfu.example.com/a/whip", location) == found


@pytest.mark.parametrize(
    "location",
    ["http://sfu.example.com/s", "file:///etc/passwd", "https://x:0/", "https://a:b@c.example/", "/" + "x" * 3000],
)
def test_but_not_anywhere(location: str) -> None:
    address = WhipAddress.parse("https://sfu.example.com/a/whip", TOKEN)
    with pytest.raises(Nowhere):
        address.follow("https://sfu.example.com/a/whip", location)


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("rtmp://sfu.example.com/whip", "", "is like https://HOST/PATH"),
        ("https://", "", "is like https://HOST/PATH"),
        ("https://[::1/whip", "", "is like https://HOST/PATH"),
        ("https://host:99999/whip", "", "is like https://HOST/PATH"),
        ("https://me:pass@sfu.example.com/whip", "", "with user and password is not supported"),
        ("https://sfu.example.com/whip here", "", "signs that cannot be sent"),
        ("https://sfu.example.com/" + "x" * 3000, "", "too long"),
        ("https://sfu.example.com/whip", "two words", "the bearer token holds signs"),
        ("https://sfu.example.com/whip", "a\r\nX: y", "the bearer token holds signs"),
        ("https://sfu.example.com/whip", "k" * 3000, "too long"),
    ],
)
def test_what_cannot_be_asked_is_refused(url: str, token: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as raised:
        WhipAddress.parse(url, token)
    assert "pass" not in str(raised.value).replace("password", "")


def test_only_host_and_port_are_ever_shown() -> None:
    address = WhipAddress.parse("https://sfu.example.com:8443/whip/live_1234_secret?auth=abc", TOKEN)
    assert address.server == "sfu.example.com:8443"
    assert "secret" not in repr(address)
    assert TOKEN not in repr(address)
    quoted = address.quote(f"no stream\nlive_1234_secret for {TOKEN} with auth=abc " + "x" * 500)
    assert quoted.startswith("no stream (hidden) for (hidden) with (hidden)")
    assert len(quoted) == 200
    assert server("http://[2001:db8::1]:8080/x") == "[2001:db8::1]:8080"
    assert server("https://sfu.example.com/x") == "sfu.example.com"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoAnswer(), "sfu does not answer as an HTTP server does"),
        (ssl.SSLCertVerificationError(1, "bad"), "the certificate of sfu is not trusted"),
        (ssl.SSLError(1, "wrong version"), "sfu does not speak TLS as it should"),
        (socket.gaierror(-2, "x"), "there is no host called sfu"),
        (ConnectionRefusedError(), "nobody listens at sfu"),
        (ConnectionResetError(), "sfu closed the connection"),
        (TimeoutError(), "sfu did not answer in time"),
        (OSError(113, "No route to host"), "sfu: No route to host"),
        (ValueError("?"), "sfu cannot be asked: ValueError"),
    ],
)
def test_what_goes_wrong_on_the_way_is_a_sentence(error: Exception, said: str) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "self-signed certificate"
    assert explain("sfu", error).startswith(said)


# --- ICE servers in Link headers ---


def test_the_servers_of_the_rfcs_own_example_are_found() -> None:
    header = (
        '<stun:stun.example.net>; rel="ice-server", '
        '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; '
        'credential-type="password", '
        '<turns:turn.example.net?transport=tcp>; rel="ice-server"; username="user"; credential="my, \\"Password"'
    )
    found = ice_servers([header, "<stun:other.example.net:9>;rel=ice-server"])
    assert [(each.urls, each.username, each.credential) for each in found] == [
        ("stun:stun.example.net", None, None),
        ("turn:turn.example.net?transport=udp", "user", "myPassword"),
        ("turns:turn.example.net?transport=tcp", "user", 'my, "Password'),
        ("stun:other.example.net:9", None, None),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<https://example.com/help>; rel=help",
        '<https://example.com>; rel="ice-server"',
        "<stun:>; rel=ice-server",
        "<turn:turn.example.net>; rel=ice-server",
        "<turn:turn.example.net>; rel=ice-server; username=a; credential=b; credential-type=oauth",
        "<stun:127.0.0.1:99999>; rel=ice-server",
        "<stun:127.0.0.1:0>; rel=ice-server",
        "<turn:127.0.0.1:70000?transport=tcp>; rel=ice-server; username=a; credential=b",
        f"<stun:{'a' * 70}.example>; rel=ice-server",
        "<stun:a b>; rel=ice-server; x=" + '"' * 500,
        "<>;" * 1000,
        "<a>;b=" + " " * 5000,
    ],
)
def test_links_of_no_use_are_left_out(header: str) -> None:
    assert [each.urls for each in ice_servers([header]) if each.urls != "stun:a b"] == []


@given(st.text('<>;=", \\abstunr:ice-v', max_size=300))
def test_no_link_raises(header: str) -> None:
    assert len(ice_servers([header] * 20)) <= 8
