"""Signatures: ours and Shopify's, with several secrets, and everything that is none."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from host_engine.commerce.signatures import sign, sign_as_shopify, signed, signed_by_shopify

BODY = b'{"id": "e-1"}'


def test_ours_is_the_hmac_of_timestamp_dot_body() -> None:
    right = hmac.new(b"secret", b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert sign("secret", 1700000000, BODY) == f"sha256={right}"
    assert signed(["secret"], 1700000000, BODY, f"sha256={right}")
    assert signed(["secret"], 1700000000, BODY, right.upper())


def test_while_secrets_change_either_side_may_be_first() -> None:
    old, new = sign("old", 5, BODY), sign("new", 5, BODY)
    assert signed(["new", "old"], 5, BODY, old)
    assert signed(["new"], 5, BODY, f"{old}, {new}")
    assert not signed(["new"], 5, BODY, ",".join([old] * 4 + [new])), "no more than four are looked at"


@pytest.mark.parametrize("shown", ["", "sha256=", "sha256=zz", "sha1=00", "é" * 64, "00" * 32, "," * 300])
def test_what_is_no_signature(shown: str) -> None:
    assert not signed(["secret"], 5, BODY, shown)
    assert not signed_by_shopify(["secret"], BODY, shown)


def test_nothing_is_signed_where_there_is_no_secret_and_other_times_and_bodies_are_others() -> None:
    shown = sign("secret", 5, BODY)
    assert not signed([], 5, BODY, shown)
    assert not signed(["secret"], 6, BODY, shown)
    assert not signed(["secret"], 5, BODY + b" ", shown)


def test_shopifys_is_base64_of_the_hmac_of_the_body() -> None:
    right = base64.b64encode(hmac.new(b"hush", BODY, hashlib.sha256).digest()).decode()
    assert sign_as_shopify("hush", BODY) == right
    assert signed_by_shopify(["other", "hush"], BODY, right)
    assert not signed_by_shopify(["other"], BODY, right)
    assert not signed_by_shopify(["hush"], BODY + b"\n", right)
