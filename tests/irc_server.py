"""A real IRC server for the tests: Debian's ngircd, on free loopback ports, plain and with TLS."""

from __future__ import annotations

import asyncio
import datetime
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rtmp_server import free_port

INSTALL = "the tests need a real IRC server: apt-get install --no-install-recommends ngircd"
CONFIGURATION = """
[Global]
  Name = irc.test.local
  Info = tests
  Listen = 127.0.0.1
  MotdPhrase = hello
  Ports = {port}
  {password}
[Limits]
  MaxConnectionsIP = 0
  MaxNickLength = 30
  MaxPenaltyTime = 0
  PingTimeout = 120
[Options]
  DNS = no
  Ident = no
  PAM = no
  ConnectIPv6 = no
[SSL]
  CertFile = {folder}/certificate.pem
  KeyFile = {folder}/key.pem
  Ports = {tls_port}
"""


class IrcServer:
    """ngircd in a folder of its own. A killed one is started again on the same ports."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self.folder, self.port, self.tls_port = folder, free_port(), free_port()
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = write_certificate(folder)

    def start(self) -> None:
        ngircd = shutil.which("ngircd") or shutil.which("ngircd", path="/usr/sbin")
        if not ngircd:
            pytest.fail(INSTALL)
        file = self.folder / "ngircd.conf"
        password = f"Password = {self._password}" if self._password else ""
        file.write_text(
            CONFIGURATION.format(folder=self.folder, port=self.port, tls_port=self.tls_port, password=password)
        )
        with (self.folder / "ngircd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [ngircd, "-n", "-f", str(file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        for _ in range(500):
            if all(_listens(port) for port in (self.port, self.tls_port)):
                return
            time.sleep(0.02)
        pytest.fail("ngircd did not start: " + (self.folder / "ngircd.log").read_text(errors="replace"))

    def freeze(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, connections and all."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key beside it; readable for the server's user."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    path = folder / "certificate.pem"
    path.write_bytes(pem)
    return path


class Talker:
    """Another viewer of an IRC server, as the tests need one: it writes, and it reads what is written."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def join(cls, port: int, nick: str, channel: str, password: str = "") -> Talker:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        talker = cls(reader, writer)
        if password:
            talker.send(f"PASS {password}")
        talker.send(f"NICK {nick}")
        talker.send(f"USER {nick} 0 * :{nick}")
        await talker.until(" 001 ")
        talker.send(f"JOIN {channel}")
        await talker.until(" 366 ")
        return talker

    def send(self, line: str | bytes) -> None:
        self._writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    async def until(self, part: str, seconds: float = 20) -> str:
        """The first line that holds this part."""
        async with asyncio.timeout(seconds):
            while line := (await self._reader.readline()).decode("utf-8", "replace"):
                if line.startswith("PING"):
                    self.send(line.strip().replace("PING", "PONG", 1))
                if part in line:
                    return line.strip()
        raise EOFError("the server closed the connection")

    def leave(self) -> None:
        self._writer.transport.abort()


def trusting(certificate: Path) -> ssl.SSLContext:
    """A context for servers of the tests that use this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context
