"""Certificates that C2PA would refuse are refused with a sentence, before anything is recorded."""

from datetime import timedelta

import pytest
from brand_certificates import NOW, brand
from cryptography.x509.oid import ExtendedKeyUsageOID

from host_engine.provenance.certificate import SELF_MADE, identity, self_made


@pytest.mark.parametrize("kind", ["es256", "es384", "ps256", "ed25519"])
def test_a_brand_signs_with_its_own(kind):
    chain, key, _ = brand(kind)
    found = identity(chain, key, NOW)
    assert (found.algorithm, found.holder, found.own) == (kind, "Tee AG, Tee AG Live", False)
    assert "PRIVATE" not in repr(found)


def test_one_is_made_here_where_there_is_none():
    chain, key = self_made("demo", NOW)
    found = identity(chain, key, NOW)
    assert found.own
    assert found.holder == f"{SELF_MADE}, demo"
    assert found.until > NOW + timedelta(days=3000)
    assert found.chain.count("BEGIN CERTIFICATE") == 2
    kept = key + chain  # as it is kept, in one file
    assert identity(kept, kept, NOW) == found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": NOW - timedelta(days=1)}, "ended on"),
        ({"begins": NOW + timedelta(days=1)}, "begins on"),
        ({"by_itself": True, "purpose": ExtendedKeyUsageOID.EMAIL_PROTECTION}, "signed by itself"),
        ({"purpose": ExtendedKeyUsageOID.SERVER_AUTH}, "not for signing content"),
        ({"password": b"secret"}, "locked with a password"),
    ],
)
def test_what_c2pa_would_refuse_is_a_sentence(changes, words):
    chain, key, _ = brand(**changes)
    with pytest.raises(ValueError, match=words):
        identity(chain, key, NOW)


def test_files_that_are_something_else_are_sentences():
    chain, key, _ = brand()
    _, another, _ = brand()
    for parts, words in (
        ((b"", key), "no certificate in PEM"),
        ((b"\xff\xfe\0", key), "no certificate in PEM"),
        ((key, key), "no certificate in PEM"),
        ((chain, b"hello"), "no private key in PEM"),
        ((chain, chain), "no private key in PEM"),
        ((chain, another), "does not belong to"),
    ):
        with pytest.raises(ValueError, match=words):
            identity(*parts, NOW)
