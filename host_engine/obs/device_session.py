"""One connection to OBS: see what it is like, put right what is not as wanted, hear what is changed there, again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from host_engine.obs.actual import Actual, read
from host_engine.obs.aspects import Aspect
from host_engine.obs.by_hand import ByHand, Sorted
from host_engine.obs.client import GONE, Lost, Refused
from host_engine.obs.device_messages import Asked, Connection, End, Event, Message, PutRight, Watch
from host_engine.obs.device_state import Board, State
from host_engine.obs.diff import PROGRAM, SCENE, TRANSITION, compare, other_collection, other_profile
from host_engine.obs.wanted import Wanted

log = logging.getLogger(__name__)

LOOK = 2.0  # seconds between two looks: OBS does not tell of everything that is changed there
SOON, RATE = 0.01, 0.1  # seconds from an event to the next look; at least between two looks
NOT_READY, STARTING = 207, 0.25  # code of an OBS that starts or loads; seconds until it is asked again
CHANGING = 10.0  # seconds that another scene collection may take to load
PASSES = 5  # looks until all should be as wanted
SIGNS = (
    "CurrentProgramSceneChanged", "SceneCreated", "SceneRemoved", "SceneNameChanged", "SceneItemCreated",
    "SceneItemRemoved", "SceneItemListReindexed", "SceneItemEnableStateChanged", "InputCreated", "InputRemoved",
    "InputNameChanged", "InputSettingsChanged", "InputMuteStateChanged", "InputVolumeChanged",
    "CurrentSceneTransitionChanged", "CurrentSceneTransitionDurationChanged", "StreamStateChanged",
    "CurrentProfileChanged", "CurrentSceneCollectionChanged",
)  # fmt: skip
"""Events after which OBS is looked at."""


class Session:
    """Ends with Lost as soon as the connection does, or when it is told to end."""

    def __init__(
        self,
        client: Connection,
        inbox: SimpleQueue[Message],
        wanted: Wanted,
        board: Board,
        watches: Sequence[Watch] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wanted = wanted
        self._ask, self._inbox, self._board, self._clock = client.request, inbox, board, clock
        self._by_hand, self._actual = ByHand(), None  # type: tuple[ByHand, Actual | None]
        self._began = self._due = clock()
        self._looked = self._changing = float("-inf")
        self._settled = self._stopping = False
        self._orders: list[Future[State]] = []
        self._watches = watches
        self._watched = dict.fromkeys(watches, self._began)  # when each looked last

    def run(self) -> None:
        """Until the end of the channel. Raises Lost."""
        try:
            while True:
                for message in self._messages():
                    match message:
                        case End(goodbye):
                            return self._leave(goodbye)
                        case Wanted():
                            self._want(message)
                        case Asked():
                            self._answer(message)
                        case PutRight(answer):
                            self._by_hand.all_anew()
                            self._orders.append(answer)
                            self._due = self._clock()
                        case Event(name, data):
                            self._hear(name, data)
                if self._clock() >= self._due:
                    self._look()
                self._watch()
        except Lost as lost:
            error = lost
            self._answered(lambda order: order.set_exception(error))
            raise

    def _messages(self) -> Iterator[Message]:
        """What came until it is time to look again; all of it that is there."""
        with suppress(Empty):
            yield self._inbox.get(timeout=max(0.001, self._due - self._clock()))
            while True:
                yield self._inbox.get_nowait()

    def _want(self, wanted: Wanted) -> None:
        """Show the scene at once, where it is known that it is there; the rest follows with the look after that."""
        if wanted.scene != self.wanted.scene:
            self._by_hand.another_scene()
        self.wanted = wanted
        self._board.tell(wanted=wanted.scene)
        self._due = self._clock()
        if self._actual is None or self._left_alone(self._actual) or self._changing > self._due:
            return
        for aspect in compare(wanted, self._actual):
            if aspect.key in (PROGRAM, TRANSITION):
                for each in aspect.requests:
                    with suppress(Refused):  # it is not as it was; that is seen at once
                        self._ask(each.name, **each.data)
        self._actual = replace(self._actual, scene=wanted.scene)

    def _answer(self, asked: Asked) -> None:
        if not asked.answer.set_running_or_notify_cancel():
            return
        try:
            if self._changing > self._clock():
                raise Refused(asked.name, NOT_READY, "OBS loads another scene collection")
            asked.answer.set_result(self._ask(asked.name, **asked.data))
        except (Refused, Lost) as error:
            asked.answer.set_exception(error)
            if isinstance(error, Lost):
                raise

    def _hear(self, name: str, data: Mapping[str, Any]) -> None:
        now = self._clock()
        if name == GONE:
            self._ask("GetVersion")  # raises Lost where it is this connection that is gone
        elif name == "CurrentSceneCollectionChanging":
            self._changing = now + CHANGING  # OBS must not be asked for anything meanwhile
        elif name == "CurrentSceneCollectionChanged":
            self._changing, self._by_hand, self._actual = float("-inf"), ByHand(), None
        elif name == "StreamStateChanged":
            self._hear_of_stream(str(data.get("outputState")).rpartition("_")[2], now)
        if name in SIGNS:
            self._due = min(self._due, max(now + SOON, self._looked + RATE))

    def _hear_of_stream(self, state: str, now: float) -> None:
        if state == "STARTING":
            self._by_hand.stream_begins(now)
        elif state == "STARTED":
            self._by_hand.stream_began()
        elif state == "STOPPED":
            self._by_hand.stream_ended(now, self._stopping)
        self._stopping = state == "STOPPING"

    def _look(self) -> None:
        now = self._looked = self._clock()
        self._due = now + LOOK
        if self._changing > now:
            self._due = self._changing
            return
        try:
            found = self._passes()
        except Refused as refused:
            if refused.code == NOT_READY:
                self._due = now + STARTING
            else:
                said = f"OBS does not tell what it is like: {refused}. The show goes on without it."
                self._board.tell(link="starting", said=said, troubles=(("refused", said),))
            return
        except (KeyError, TypeError, ValueError) as error:
            said = f"OBS answers what cannot be understood ({error!r:.100}); the show goes on without it. Update OBS."
            log.warning("%s", said, exc_info=error)
            raise Lost("not OBS", said) from error
        self._report(found)
        self._answered(lambda order: order.set_result(self._board.state))
        if (soonest := self._by_hand.soonest()) is not None:
            self._due = max(now + RATE, min(self._due, soonest))

    def _passes(self) -> Sorted | None:
        """Look, and put right, until there is nothing more to do. None: this OBS is left alone."""
        found = Sorted([], [], [], [], [])
        for _ in range(PASSES):
            self._actual = actual = read(self._ask, self.wanted)
            if self._left_alone(actual):
                return None
            found = self._by_hand.sort(compare(self.wanted, actual), self.wanted.by_hand, self._clock())
            if not found.due:
                break
            self._put_all(found.due, actual)
        return found

    def _put_all(self, due: list[Aspect], actual: Actual) -> None:
        there = set(actual.scenes)
        for aspect in due:
            if aspect.key == PROGRAM and aspect.value not in there:
                continue  # OBS would show one that was just deleted, and keep its name from being used again
            if self._put(aspect) and aspect.key == f"{SCENE}{aspect.value}":
                there.add(aspect.value)

    def _watch(self) -> None:
        """Let one of those look whose time has come, while nothing more urgent is to be done."""
        now = self._clock()
        if self._board.state.link != "steered" or self._changing > now:
            return
        for each in self._watches:
            if now - self._watched.get(each, self._began) >= each.every:
                self._watched[each] = now
                try:
                    each.look(self._ask)
                except Refused as refused:
                    log.debug("a look at OBS was refused: %s", refused)
                return

    def _put(self, aspect: Aspect) -> bool:
        """Whether OBS did it."""
        given: dict[str, Any] = {}
        try:
            for each in aspect.requests:
                given |= self._ask(each.name, **each.data, **{name: given[name] for name in each.takes})
        except Refused as refused:
            if refused.code == NOT_READY:
                raise
            if self._by_hand.refused(aspect, str(refused), self._clock()):
                log.warning("%s OBS refuses to change that: %s", aspect.reason, refused)
            return False
        log.info("%s Put right.", aspect.reason)
        self._by_hand.put_right(aspect, self._clock())
        self._board.put_right(aspect.reason, time.time())
        return True

    def _left_alone(self, actual: Actual) -> bool:
        return other_collection(self.wanted, actual) is not None

    def _report(self, found: Sorted | None) -> None:
        actual, wanted = self._actual, self.wanted
        assert actual is not None
        troubles: dict[str, str] = {}
        if found is None:
            there, ours = actual.collection, other_collection(wanted, actual)
            troubles["collection"] = (
                f"OBS uses the scene collection '{there}', which is left alone, and not '{ours}'. The show goes on"
                f" without it. Choose '{ours}' in OBS, at Scene Collection."
            )
        else:
            for name in ("refused", "contested", "stream"):
                if said := getattr(found, name):
                    troubles[name] = " ".join(said[:5])
        if actual.stream and actual.stream.reconnecting:
            troubles["stream"] = "OBS has lost the server that it streams to, and tries to reach it again by itself."
        if wanted.stream and (ours := other_profile(wanted, actual)):
            troubles["profile"] = (
                f"OBS uses the profile '{actual.profile}', whose stream is left alone, and not '{ours}'. Choose"
                f" '{ours}' in OBS, at Profile."
            )
        self._board.tell(
            link="another collection" if found is None else "steered",
            said=troubles.get("collection", ""),
            shown=actual.scene,
            troubles=tuple(troubles.items()),
            drift=tuple(found.drift) if found else (),
            collection=actual.collection,
            profile=actual.profile,
            streaming=actual.stream.active and not actual.stream.reconnecting if actual.stream else None,
        )
        if found and not found.due and not self._settled:
            self._settled = True
            self._introduce()

    def _introduce(self) -> None:
        """OBS is as it should be for the first time in this connection."""
        took = round((self._clock() - self._began) * 1000, 1)
        about = self._ask("GetVersion")
        obs, websocket = str(about.get("obsVersion", "")), str(about.get("obsWebSocketVersion", ""))
        log.info("OBS %s is steered by obs-websocket %s; it was as it should be after %.0f ms", obs, websocket, took)
        self._board.tell(obs=obs, websocket=websocket, took_ms=took)

    def _answered(self, how: Callable[[Future[State]], None]) -> None:
        orders, self._orders = self._orders, []
        for each in orders:
            if each.set_running_or_notify_cancel():
                how(each)

    def _leave(self, goodbye: Wanted | None) -> None:
        actual = self._actual
        if goodbye and actual and not self._left_alone(actual) and goodbye.scene in actual.scenes:
            with suppress(Refused, Lost):
                self._ask("SetCurrentProgramScene", sceneName=goodbye.scene)
