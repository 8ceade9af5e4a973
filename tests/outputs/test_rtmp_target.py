"""RTMP addresses: what they mean, what is none, and what is never told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs.rtmp_target import Refused, Target


@pytest.mark.parametrize(
    ("url", "key", "host", "port", "app", "stream", "tc_url"),
    [
        ("rtmp://a.example/live2", "k", "a.example", 1935, "live2", "k", "rtmp://a.example/live2"),
        ("rtmps://a.example/rtmp/", "k", "a.example", 443, "rtmp", "k", "rtmps://a.example/rtmp"),
        ("rtmps://a.example:443/app", "k?b=1", "a.example", 443, "app", "k?b=1", "rtmps://a.example/app"),
        ("rtmp://[::1]:1940/app/inst", "k", "::1", 1940, "app/inst", "k", "rtmp://[::1]:1940/app/inst"),
        ("rtmp://h/app?token=1", "k", "h", 1935, "app?token=1", "k", "rtmp://h/app?token=1"),
        ("rtmp://127.0.0.1/live/host", "", "127.0.0.1", 1935, "live", "host", "rtmp://127.0.0.1/live"),
        ("rtmp://h/live/host?t=1", "", "h", 1935, "live", "host?t=1", "rtmp://h/live"),
        ("rtmp://h/app", "a#b", "h", 1935, "app", "a#b", "rtmp://h/app"),
    ],
)
def test_addresses(url: str, key: str, host: str, port: int, app: str, stream: str, tc_url: str) -> None:
    target = Target.parse(url, key)
    assert (target.host, target.port, target.app, target.key, target.tc_url) == (host, port, app, stream, tc_url)


@pytest.mark.parametrize(
    ("url", "key", "words"),
    [
        ("", "k", "starts with rtmp"),
        ("http://h/app", "k", "starts with rtmp"),
        ("rtmp:///app", "k", "no host"),
        ("rtmp://h", "k", "application"),
        ("rtmp://h/", "k", "application"),
        ("rtmp://h/app", "", "application"),
        ("rtmp://h:port/app", "k", "host or port"),
        ("rtmp://h:99999/app", "k", "host or port"),
        ("rtmp://h:0/app", "k", "port 0"),
        ("rtmp://[::1/app", "k", "host or port"),
        ("rtmp://" + "h" * 80 + "/app", "k", "host or port"),
        ("rtmp://h\0/app", "k", "no host"),
        ("rtmp://h x/app", "k", "no host"),
        ("rtmp://u:p@h/app", "k", "password"),
        ("rtmp://h/app", "k\nx", "cannot be sent"),
        ("rtmp://h/app", "k" * 2000, "too long"),
    ],
)
def test_what_is_no_address(url: str, key: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        Target.parse(url, key)


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_is_an_address_or_refused(url: str, key: str) -> None:
    for text in (url, "rtmp://" + url):
        try:
            Target.parse(text, key)
        except Refused:
            continue


def test_secrets_are_told_nowhere() -> None:
    target = Target.parse("rtmp://h/app?token=t0p", "s3cret?pass=w0rd")
    assert "s3cret" not in repr(target)
    assert "t0p" not in repr(target)
    assert target.quote("no s3cret?pass=w0rd, no s3cret, no token=t0p\n\x1b[31mhere") == (
        "no (hidden), no (hidden), no (hidden) [31mhere"
    )
    assert len(target.quote("x" * 5000)) == 200
    assert "s3cret" not in str(target.explain(ConnectionError("bad s3cret")))
