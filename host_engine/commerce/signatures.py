"""Signatures of webhooks: HMAC-SHA256 with a secret that shop and channel share, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

TIMESTAMP = "X-Host-Engine-Timestamp"
SIGNATURE = "X-Host-Engine-Signature"
MOST = 4  # signatures in one header: a sender that changes its secret signs with both


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """What the header `SIGNATURE` holds for a body sent at a time, in UNIX seconds."""
    return "sha256=" + _digest(secret, timestamp, body).hex()


def signed(secrets: Sequence[str], timestamp: int, body: bytes, shown: str) -> bool:
    """Whether one of the signatures shown, divided by commas, is by one of the secrets."""
    right = [_digest(secret, timestamp, body) for secret in secrets]
    given = [_hex(each.strip().removeprefix("sha256=")) for each in shown.split(",")[:MOST]]
    return _any_same(right, given)


def signed_by_shopify(secrets: Sequence[str], body: bytes, shown: str) -> bool:
    """Whether `X-Shopify-Hmac-Sha256` is right: base64 of the HMAC of the body as it came, keyed with the app's secret.

    Source: shopify.dev, "Verify webhook deliveries".
    """
    try:
        given = base64.b64decode(shown.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return _any_same([hmac.digest(each.encode(), body, hashlib.sha256) for each in secrets], [given])


def sign_as_shopify(secret: str, body: bytes) -> str:
    """What `X-Shopify-Hmac-Sha256` holds for a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def _digest(secret: str, timestamp: int, body: bytes) -> bytes:
    return hmac.digest(secret.encode(), str(timestamp).encode() + b"." + body, hashlib.sha256)


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _any_same(right: Sequence[bytes], given: Sequence[bytes]) -> bool:
    found = False
    for one in right:
        for other in given:
            found |= hmac.compare_digest(one, other)
    return found
