"""What C2PA says of a file: who signed, what they claim, and whether the file is still as it was then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host_engine.provenance.certificate import SELF_MADE

MOST = 5  # faults that are told
UNTRUSTED = "signingCredential.untrusted"
WORDS = {
    "assertion.bmffHash.mismatch": "its pictures, sound or tags were changed after it was signed",
    "assertion.dataHash.mismatch": "its bytes were changed after it was signed",
    "assertion.hashedURI.mismatch": "what was claimed of it was changed after it was signed",
    "claimSignature.mismatch": "the signature does not belong to what is claimed",
    "signingCredential.expired": "the certificate had ended when it was signed",
    "signingCredential.invalid": "the certificate is none with which content is signed",
    "signingCredential.revoked": "the certificate was withdrawn",
    "claimSignature.outsideValidity": "the certificate was not valid when it was signed",
}


@dataclass(frozen=True)
class Credentials:
    """holder and issuer are as the certificate writes them, which anybody can write unless it is `trusted`."""

    whole: bool  # the signature fits, and the file is as it was signed
    trusted: bool  # the certificate leads to one of the anchors that were given
    holder: str
    issuer: str
    when: str  # as a time-stamping authority says; empty where none was asked
    sources: tuple[str, ...]  # digitalSourceType of each action that has one
    faults: tuple[str, ...]  # sentences

    @property
    def own(self) -> bool:
        """The certificate says that an engine made it itself."""
        return not self.trusted and SELF_MADE in self.issuer


class Damaged(ValueError):
    """There is something of C2PA in the file, and it cannot be read; a sentence."""


def credentials(path: Path, mime: str, anchors: str = "") -> Credentials | None:
    """What is signed in the file, None where nothing is. `anchors`: PEM certificates that are trusted.

    Nothing is fetched from anywhere. Raises Damaged, and OSError where the file cannot be opened.
    """
    import c2pa

    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(anchors)},
    }
    if anchors:
        settings["trust"] = {"trust_anchors": anchors}
    try:
        with path.open("rb") as file, c2pa.Context.from_dict(settings) as context:
            reader = c2pa.Reader.try_create(mime, file, context=context)
            if reader is None:
                return None
            with reader:
                return _understood(json.loads(reader.json()))
    except c2pa.C2paError as error:
        raise Damaged(f"what C2PA wrote into it cannot be read: {error}") from error


def _understood(store: Mapping[str, Any]) -> Credentials:
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    signature = manifest.get("signature_info") or {}
    state = str(store.get("validation_state", "Invalid"))
    return Credentials(
        state in ("Valid", "Trusted"),
        state == "Trusted",
        str(signature.get("common_name") or signature.get("issuer") or "somebody who is not named"),
        str(signature.get("issuer") or ""),
        str(signature.get("time") or ""),
        tuple(dict.fromkeys(_sources(manifest))),
        tuple(dict.fromkeys(_faults(store))),
    )


def _sources(manifest: Mapping[str, Any]) -> Iterator[str]:
    for assertion in manifest.get("assertions", ()):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions", ()):
                if isinstance(source := action.get("digitalSourceType"), str):
                    yield source


def _faults(store: Mapping[str, Any]) -> Iterator[str]:
    results = (store.get("validation_results") or {}).get("activeManifest") or {}
    found = results.get("failure") or store.get("validation_status") or ()
    for fault in list(found)[:MOST]:
        code = str(fault.get("code", ""))
        if code != UNTRUSTED:
            yield WORDS.get(code, f"{code}: {fault.get('explanation', '')}")
