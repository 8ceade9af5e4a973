"""Who is let in to a channel: its tokens, the guard of its operators' routes, and where it is kept what they did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from host_engine.access.audit_log import AuditLog, Fact
from host_engine.access.keyring import Keyring
from host_engine.access.refusals import Refusals
from host_engine.access.sessions import Sessions
from host_engine.access.token import Token, hashed, new_secret
from host_engine.access.token_file import write_private
from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.operators.token_places import nobody_may, run_token_file, tokens_file
from host_engine.channel_file.config import Channel
from host_engine.control.doors import Doors
from host_engine.control.operators.guard import TokenGuard
from host_engine.host.deadline import DaemonThreads
from host_engine.journal.address import Address
from host_engine.journal.trouble import Trouble

log = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks at the file with the tokens, besides those at each request
THIS_RUN = "this machine"  # whoever shows the token of this run, which lies beside the channel


@dataclass(frozen=True)
class Admission:
    """The guard of a running channel, and what is kept running for it."""

    guard: TokenGuard
    keyring: Keyring
    refusals: Refusals
    file: Path  # with the secret of this run
    journal: Address
    channel: str
    threads: DaemonThreads

    async def run(self) -> None:
        """Notice tokens that come and go, and sum up refusals, until cancelled. The token of this run ends with it."""
        summing = asyncio.create_task(self.refusals.run())
        try:
            while True:
                self.keyring.look()
                await asyncio.sleep(LOOK)
        except asyncio.CancelledError:
            with suppress(OSError):
                self.file.unlink(missing_ok=True)
            raise
        finally:
            summing.cancel()
            await asyncio.wait([summing])

    def no_request(self, address: str, sentence: str) -> None:
        """Something came that is no request: it is kept with what was refused."""
        self.refusals.refused(Who("", "viewer", address), "a request", sentence)

    async def rows(self, limit: int, before: int | None) -> list[dict[str, Any]]:
        """The audit log, newest first. Raises OSError with a sentence while it cannot be read."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._read, limit, before)

    def _read(self, limit: int, before: int | None) -> list[dict[str, Any]]:
        """On a thread that stands back."""
        from host_engine.journal.audit import audit_rows  # SQLAlchemy takes a third of a second: on this thread
        from host_engine.journal.reading import AsRun

        try:
            with closing(AsRun(self.journal, self.channel)) as kept:
                return audit_rows(kept, limit, before)
        except Trouble as trouble:
            raise OSError(str(trouble)) from trouble


def make_admission(
    channel: Channel, fact: Fact, journal: Address, alarms: Alarms, now: Callable[[], datetime]
) -> Admission:
    """Read the tokens of a channel and make the one of this run. `fact`: keeps something in the as-run log."""
    audit = AuditLog(fact)
    keyring = Keyring(tokens_file(channel), alarms, now)
    keyring.changed = lambda sentence: audit(Who("the token file", "admin"), "tokens", sentence)
    file = run_token_file(channel)
    keyring.add(Token(THIS_RUN, "admin", hashed(_token_of_this_run(file)), now()))
    wanted, http = channel.operator, channel.http
    guard = TokenGuard(
        keyring,
        Sessions(wanted.session_hours),
        audit,
        Refusals(audit),
        cookie=f"host_engine_{channel.name}",
        doors=Doors(proxies=http.proxies),
        requests=wanted.requests,
    )
    if said := nobody_may(channel, now()):
        log.warning("%s.", said)
    return Admission(guard, keyring, guard.refusals, file, journal, channel.name, DaemonThreads(1, "audit"))


def _token_of_this_run(file: Path) -> str:
    """A new secret, in a file that only its user can read."""
    secret = new_secret()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, secret)
    except OSError as problem:
        log.warning("The commands on this machine cannot operate the channel: %s cannot be written: %s", file, problem)
    return secret
