"""A brand's own certificates, by an authority of the tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC)
MAKES = {
    "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ps256": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


def name(holder: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tee AG"), x509.NameAttribute(NameOID.COMMON_NAME, holder)]
    )


def brand(
    kind: str = "es256",
    begins: datetime = NOW - timedelta(days=10),
    ends: datetime = NOW + timedelta(days=300),
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    by_itself: bool = False,
    password: bytes | None = None,
) -> tuple[bytes, bytes, bytes]:
    """(chain, key, root), each PEM, of Tee AG."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), MAKES[kind]()
    root_name, holder = name("Tee AG Root"), name("Tee AG Live")
    root = _made(root_name, root_name, root_key.public_key(), root_key, begins, ends, None)
    signs, by = (key, holder) if by_itself else (root_key, root_name)
    leaf = _made(holder, by, key.public_key(), signs, begins, ends, purpose)
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return leaf.public_bytes(pem), key.private_bytes(pem, form, lock), root.public_bytes(pem)


def _made(subject, issuer, public, signs, begins, ends, purpose) -> x509.Certificate:
    authority = purpose is None
    flags = dict.fromkeys(
        (
            "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
            "decipher_only",
        ),
        False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **flags), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signs.public_key()), False)
    )
    if purpose is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), False)
    return made.sign(signs, None if isinstance(signs, ed25519.Ed25519PrivateKey) else hashes.SHA256())
