"""Whether the presenter still agrees to be shown: asked every second, as long as the show lasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

log = logging.getLogger(__name__)

ALARM = "avatar/consent"
EVERY = 1.0  # seconds between two looks
PATIENCE = 10.0  # seconds that the disk may take to answer, before not knowing counts as a no


class ConsentWatch:
    """Lets the presenter be shown as long as nothing speaks against it, and again when nothing does any more.

    `ask` says in a sentence why she may not be shown, or None; it reads files, so it is asked on one of the `threads`.
    What it cannot find out is a no. `changed` is told the sentence, or None, within two seconds; so are the alarm and
    the journal. All happens on the event loop.
    """

    def __init__(
        self,
        ask: Callable[[], str | None],
        changed: Callable[[str | None], None],
        threads: Executor,
        instead: str,
        alarm: Callable[[str, str | None], object] = lambda name, trouble: None,
    ) -> None:
        """`instead`: what is shown while she is not, such as "the drawn host"."""
        self.told: Callable[[str], object] = lambda text: None
        self.refused: str | None = None
        self._ask, self._changed, self._threads, self._instead, self._alarm = ask, changed, threads, instead, alarm

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            self.take(await self._answer())
            await asyncio.sleep(EVERY)

    async def _answer(self) -> str | None:
        asked = asyncio.get_running_loop().run_in_executor(self._threads, self._ask)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), PATIENCE)
        except TimeoutError:
            return f"the consent could not be read within {PATIENCE:.0f} s"
        except Exception as error:
            log.exception("the consent could not be looked at")
            return f"the consent could not be looked at: {error or type(error).__name__}"

    def take(self, refused: str | None) -> None:
        """This is the answer now."""
        if refused == self.refused:
            return
        before, self.refused = self.refused, refused
        self._changed(refused)
        if refused is None:
            said = "the presenter may be shown again"
            self._alarm(ALARM, None)
        else:
            said = f"the presenter is not shown, {self._instead} is: {refused}"
            self._alarm(ALARM, said)
        if before is None or refused is None:
            log.warning("consent: %s", said)
            self.told(said)
