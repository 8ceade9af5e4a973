"""Who signs for recordings: the channel's certificate, checked as C2PA asks, or one that is made here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SELF_MADE = "Self-made by host-engine"  # the organisation in certificates that nobody vouches for
YEARS = 10  # there is nobody who could renew it, and without a time stamp a signature ends with its certificate
SOON = timedelta(days=30)
CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
# C2PA 2.2, 14.5.1: what a certificate must be for. The last two are Microsoft's and C2PA's own.
PURPOSES = {
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    x509.ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9"),
    x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1"),
}
Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key, fit to sign with."""

    holder: str  # for people
    own: bool  # made here: nobody vouches for it
    until: datetime
    algorithm: str  # as C2PA calls it
    chain: str  # PEM, the holder's first
    key: str = field(repr=False)  # PEM, PKCS #8


def identity(chain: bytes, key: bytes, now: datetime) -> Identity:
    """The identity of a PEM chain and a PEM key. Raises ValueError with a sentence for whatever C2PA would refuse."""
    try:
        found = x509.load_pem_x509_certificates(chain)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("there is no certificate in PEM, from -----BEGIN CERTIFICATE----- on") from None
    private = _key(key)
    _check(found[0], private, now)
    return Identity(
        _name(found[0].subject),
        SELF_MADE in _name(found[0].issuer),
        found[0].not_valid_after_utc,
        _algorithm(private),
        "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in found),
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    )


def _key(pem: bytes) -> Key:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError:
        raise ValueError("the private key is locked with a password; write it without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("there is no private key in PEM, from -----BEGIN PRIVATE KEY----- on") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise ValueError("the private key is of a kind that C2PA does not take; use ECDSA, RSA or Ed25519")
    return key


def _algorithm(key: Key) -> str:
    match key:
        case ec.EllipticCurvePrivateKey() if key.curve.name in CURVES:
            return CURVES[key.curve.name]
        case rsa.RSAPrivateKey() if key.key_size >= 2048:
            return "ps256"
        case ed25519.Ed25519PrivateKey():
            return "ed25519"
    raise ValueError("the private key is too short, or on a curve that C2PA does not take; use P-256, P-384 or P-521")


def _check(certificate: x509.Certificate, key: Key, now: datetime) -> None:
    _algorithm(key)
    if certificate.public_key() != key.public_key():
        raise ValueError("the private key does not belong to the first certificate of the file")
    if now >= certificate.not_valid_after_utc:
        raise ValueError(f"the certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}; ask for a new one")
    if now < certificate.not_valid_before_utc:
        raise ValueError(f"the certificate begins on {certificate.not_valid_before_utc:%Y-%m-%d}")
    if certificate.subject == certificate.issuer:
        raise ValueError("the certificate is signed by itself, which C2PA refuses; leave it out for one made here")
    if not any(each in PURPOSES for each in _purposes(certificate)):
        raise ValueError(
            "the certificate is not for signing content: it needs the extended key usage emailProtection,"
            " documentSigning or C2PA's own"
        )


def _purposes(certificate: x509.Certificate) -> Iterable[x509.ObjectIdentifier]:
    try:
        return certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return ()


def _name(name: x509.Name) -> str:
    found = [each.value for each in name if each.oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    return ", ".join(str(each) for each in found) or name.rfc4514_string()


def self_made(channel: str, now: datetime) -> tuple[bytes, bytes]:
    """A chain and a key for a channel without a certificate, both PEM, by an authority whose key nobody keeps."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    made = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, SELF_MADE)])
    root_name = x509.Name([*made, x509.NameAttribute(NameOID.COMMON_NAME, f"{SELF_MADE}, root"[:64])])
    holder = x509.Name([*made, x509.NameAttribute(NameOID.COMMON_NAME, channel[:64])])
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, now, authority=True)
    leaf = _certificate(holder, root_name, key.public_key(), root_key, now, authority=False)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, root))
    return chain, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signs: ec.EllipticCurvePrivateKey,
    now: datetime,
    authority: bool,
) -> x509.Certificate:
    begins = now.astimezone(UTC) - timedelta(days=1)  # clocks differ
    usage = dict.fromkeys(
        (
            "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
            "decipher_only",
        ),
        False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signs.public_key()), critical=False)
    )
    if not authority:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.sign(signs, hashes.SHA256())
