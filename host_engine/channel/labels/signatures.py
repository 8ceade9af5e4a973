"""Who signs for the recordings of a channel: its certificate, or one that it makes itself and keeps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from host_engine import document
from host_engine.channel_file.config import Channel, Problem
from host_engine.provenance.apart import sign_apart
from host_engine.provenance.certificate import SOON, Identity, identity, self_made
from host_engine.provenance.signing import can_sign


def open_identity(channel: Channel, key: str, now: datetime) -> Identity:
    """Who signs. `key`: the private key as PEM, where it comes from the environment. Blocks for milliseconds.

    Raises ValueError or OSError, with a sentence.
    """
    wanted = channel.marking
    if wanted.certificate is None:
        return _own_identity(channel, now)
    chain = channel.path(wanted.certificate).read_bytes()
    # Where variables come from a file of one line each, the lines of the key are written with \n.
    private = channel.path(wanted.key).read_bytes() if wanted.key else key.replace("\\n", "\n").encode()
    return identity(chain, private, now)


def _own_identity(channel: Channel, now: datetime) -> Identity:
    kept = channel.path(channel.cache) / "provenance" / f"{channel.name}.pem"
    with suppress(OSError, ValueError):
        both = kept.read_bytes()
        known = identity(both, both, now)
        if known.until - now > SOON:
            return known
    chain, key = self_made(channel.name, now)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".{kept.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key + chain)
    part.replace(kept)
    return identity(chain, key, now)


def check_marking(channel: Channel, path: Path, environment: Mapping[str, str] = os.environ) -> list[Problem]:
    """What is wrong with the certificate and the key that a channel file names; nothing of a key that is not set."""
    wanted = channel.marking
    if wanted.certificate is None:
        return []
    for name, file in ("certificate", wanted.certificate), ("key", wanted.key):
        if file is not None and not channel.path(file).is_file():
            return [document.problem_at(path, ("marking", name), f"there is no such file: {channel.path(file)}")]
    if wanted.key_env and wanted.key_env not in environment:
        return []
    try:
        open_identity(channel, environment.get(wanted.key_env or "", ""), datetime.now(UTC))
    except (ValueError, OSError) as error:
        return [document.problem_at(path, ("marking", "certificate"), str(error))]
    return []


def sign_rendered(channel: Channel, path: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Sign a file that `render` wrote; a sentence about it. Raises ValueError or OSError where it is not signed."""
    wanted = channel.marking
    if not wanted.sign or not can_sign(path):
        why = "marking.sign is off" if not wanted.sign else f"C2PA has no place in {path.suffix} files"
        return f"It is marked as made by an AI, and not signed: {why}."
    if wanted.key_env and wanted.key_env not in environment:
        raise ValueError(f"{path} is not signed: {wanted.key_env}, with the key of the certificate, is not set")
    who = open_identity(channel, environment.get(wanted.key_env or "", ""), datetime.now(UTC))
    if error := sign_apart(path, who, wanted.timestamps):
        raise ValueError(f"{path} is not signed: {error}")
    by = "with a certificate made here, for which nobody vouches" if who.own else f"by {who.holder}"
    return f"It is marked as made by an AI, and signed {by}."
