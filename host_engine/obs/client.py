"""obs-websocket-py with guards: deadlines, the code and comment of what OBS refuses, and words for troubles."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal

from obswebsocket import requests
from obswebsocket.core import RecvThread, obsws
from websocket import ABNF, WebSocket, WebSocketConnectionClosedException, WebSocketException, WebSocketTimeoutException
from websocket._abnf import frame_buffer

log = logging.getLogger(__name__)
logging.getLogger("obswebsocket").setLevel(logging.ERROR)  # what it tells besides holds keys, or is told by us

PATIENCE = 3.0  # seconds for an answer, and for a connection; half of them for one step of it
WRONG_PASSWORD, WRONG_PROTOCOL, SENT_AWAY = 4009, 4010, 4011  # codes that OBS closes a connection with
EVENT, ANSWER = 5, 7  # kinds of messages
GONE = "ConnectionGone"  # told as an event
LONGEST = 32 * 1024 * 1024  # bytes of a message: a screenshot has one or two million

Kind = Literal["away", "silent", "wrong password", "wrong protocol", "not OBS", "sent away"]
Heard = Callable[[str, Mapping[str, Any]], None]


class Lost(Exception):
    """There is no OBS to speak with: a sentence that says what to do."""

    def __init__(self, kind: Kind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: Kind = kind


class Refused(Exception):
    """OBS did not do what it was asked to."""

    def __init__(self, request: str, code: int, comment: str) -> None:
        super().__init__(f"{request}: {comment or 'no reason given'} (code {code})")
        self.request, self.code, self.comment = request, code, comment


class Client(obsws):  # type: ignore[misc]
    """One connection to one OBS, used by one thread. Nothing waits longer than `patience` seconds.

    `heard` is told of each event, on a thread of the library: it must only put it somewhere, and may not raise.
    """

    ws: Any  # a _Socket

    def __init__(self, host: str, port: int, password: str, heard: Heard, patience: float = PATIENCE) -> None:
        super().__init__(host, port, password, legacy=False, timeout=patience)
        self.server = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._heard, self._gone = heard, True
        self.register(self._event)

    @property
    def connected(self) -> bool:
        return not self._gone

    def connect(self) -> None:
        """Raises Lost."""
        try:
            sock = socket.create_connection((self.host, self.port), timeout=self.timeout)
        except (OSError, ValueError, OverflowError) as error:  # a name that is none is a ValueError
            raise self._away(error) from error
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(self.timeout / 2)
        deadline = threading.Timer(self.timeout, _shut, (sock,))
        deadline.daemon = True
        deadline.start()
        self.ws = _Socket(skip_utf8_validation=True)  # a screenshot would take its check in Python half a second
        try:
            self.ws.connect(f"ws://{self.server}", socket=sock)
            self._auth()
        except Exception as error:  # whatever answers there may be anything
            lost = self._why(error)
            _shut(sock)
            sock.close()
            raise lost from error
        finally:
            deadline.cancel()
        sock.settimeout(None)
        self._gone = False
        self.thread_recv = _Receiver(self)
        self.thread_recv.start()

    def request(self, name: str, **data: Any) -> dict[str, Any]:
        """What OBS answers. Raises Refused, or Lost where it does not answer in time: then this connection is over."""
        asked = getattr(requests, name)(**data)
        self.call(asked)
        return dict(asked.datain)

    def call(self, asked: Any) -> Any:
        """As the library's, but it raises Refused with the code and the comment, and does not wait for one that is
        gone."""
        if self._gone:
            raise Lost("away", self._say("has gone away"))
        number, done = str(self.id), threading.Event()
        self.id += 1
        self.events[number] = done
        try:
            order = {"requestType": asked.name, "requestId": number, "requestData": asked.data()}
            self.ws.send(json.dumps({"op": 6, "d": order}))
            if not self._gone:  # or nobody would set it any more
                done.wait(self.timeout)
        except (OSError, WebSocketException) as error:
            raise self._away(error) from error
        finally:
            self.events.pop(number, None)
        answer = self.answers.pop(number, None)
        if answer is None and self._gone:
            raise Lost("away", self._say("has gone away"))
        if answer is None:
            raise Lost("silent", self._say(f"has not answered for {self.timeout:g} s, as if it hung"))
        status = answer.get("requestStatus")
        if not isinstance(status, Mapping):
            raise Lost("not OBS", self._say("answers what no OBS would answer"))
        given = answer.get("responseData")
        asked.input(given if isinstance(given, Mapping) else {}, status.get("result"))
        if not status.get("result"):
            code = status.get("code")
            said = code if isinstance(code, int) else 0
            raise Refused(asked.name, said, str(status.get("comment") or "")[:300])
        return asked

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        if self.ws is None or self.ws.sock is None:
            return
        sock = self.ws.sock
        with suppress(OSError, WebSocketException):
            sock.settimeout(0.2)
            self.ws.send_close()
        _shut(sock)
        if self.thread_recv is not None:
            self.thread_recv.join(self.timeout)
        self.ws.shutdown()

    def disconnect(self) -> None:
        """As the library calls it."""
        self.close()

    def gone(self) -> None:
        """The connection is over: nobody waits for an answer any more."""
        self._gone = True
        for each in list(self.events.values()):
            each.set()
        self._tell(GONE, {})

    def _event(self, event: Any) -> None:
        self._tell(event.name, event.datain if isinstance(event.datain, Mapping) else {})

    def _tell(self, name: str, data: Mapping[str, Any]) -> None:
        try:
            self._heard(name, data)
        except Exception:  # it would end the library's thread, and every call with it
            log.exception("the event %s of OBS could not be passed on", name)

    def _why(self, error: Exception) -> Lost:
        """What a connection that did not come about is to be told as."""
        code = self.ws.code
        if code == WRONG_PASSWORD:
            if not self.password:
                said = "wants a password, and the channel file names none: write its variable at obs.password_env"
                return Lost("wrong password", self._say(said, ""))
            said = "refuses the password: compare what obs.password_env names with Tools > WebSocket Server Settings"
            return Lost("wrong password", self._say(said, ""))
        if code == WRONG_PROTOCOL:
            return Lost("wrong protocol", self._say("speaks another version of obs-websocket than 5: update OBS", ""))
        if isinstance(error, WebSocketTimeoutException) and self.ws.connected and not self.ws.heard:
            return self._old() or Lost("silent", self._say("lets us in and says nothing"))
        if isinstance(error, WebSocketTimeoutException):
            return Lost("silent", self._say("does not answer, as if it hung"))
        if isinstance(error, OSError):
            return self._away(error)
        if isinstance(error, WebSocketConnectionClosedException) and not self.ws.heard:  # a relay whose OBS is away
            return Lost("away", self._say("hangs up as soon as it is called: it may just start, or be gone"))
        said = "is not obs-websocket, whatever answers there: compare obs.host and obs.port with OBS's own settings"
        return Lost("not OBS", self._say(said, ""))

    def _old(self) -> Lost | None:
        """obs-websocket 4, which waits for us to begin; None where it is something else."""
        with suppress(OSError, WebSocketException, ValueError):
            self.ws.send(json.dumps({"request-type": "GetVersion", "message-id": "1"}))
            answer = json.loads(self.ws.recv())
            if isinstance(answer, dict) and "message-id" in answer:
                version = str(answer.get("obs-websocket-version") or "4")[:20]
                said = f"speaks obs-websocket {version}, and we speak 5: update OBS to 28 or later"
                return Lost("wrong protocol", self._say(said, ""))
        return None

    def _away(self, error: Exception) -> Lost:
        if isinstance(error, ConnectionRefusedError):
            said = "is not there: start it, and switch on its server at Tools > WebSocket Server Settings"
            return Lost("away", self._say(said, ""))
        if isinstance(error, TimeoutError):
            return Lost("away", self._say("cannot be reached: it does not answer", "Look at obs.host and obs.port."))
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Lost("away", self._say(f"cannot be reached: {why[:200]}", "Look at obs.host and obs.port."))

    def _say(self, what: str, do: str = "Look whether it runs.") -> str:
        code = self.ws.code if self.ws is not None else None
        if code == SENT_AWAY:
            what, do = "has sent us away: somebody has ended our session there", "We try again."
        return f"OBS at {self.server} {what}. The show goes on without it. {do}".strip()


class _Socket(WebSocket):
    """Keeps the code with which the other side closed, and whether it has said anything; acknowledges at once."""

    code: int | None = None
    heard = False

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.frame_buffer = _Bounded(self._recv, True)
        self._begun = 0  # bytes of a message that has not ended

    def recv_frame(self) -> Any:
        if self.code is not None:
            raise WebSocketConnectionClosedException("closed by the other side")
        if hasattr(socket, "TCP_QUICKACK"):  # OBS holds an answer back until its event before that is acknowledged
            with suppress(OSError):
                self.sock and self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        frame: Any = super().recv_frame()  # type: ignore[no-untyped-call]
        self.heard = True
        if frame.opcode in (ABNF.OPCODE_CONT, ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY):
            self._begun = 0 if frame.fin else self._begun + len(frame.data)
            _bound(self._begun)
        if frame.opcode == ABNF.OPCODE_CLOSE:
            self.code = int.from_bytes(frame.data[:2], "big") if len(frame.data) >= 2 else 1005
        return frame


class _Bounded(frame_buffer):
    """Frames as they come, unless they say that they are longer than anything of OBS."""

    def recv_length(self) -> None:
        super().recv_length()
        _bound(self.length or 0)


def _bound(length: int) -> None:
    if length > LONGEST:
        raise WebSocketException("a message longer than any of OBS")


class _Receiver(RecvThread):  # type: ignore[misc]
    """The library's thread, which tells when it ends, however it does.

    The library's own loop puts each message into words for its log, read or not: 9 ms of everybody's time for a
    screenshot. It also ends by what is no message.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.daemon, self.name = True, "obs-answers"

    def run(self) -> None:
        try:
            while self.running:
                with suppress(ValueError, RecursionError):  # no JSON, or no UTF-8
                    self._hear(json.loads(self.ws.recv() or "{}"))
        except Exception as error:  # what is no obs-websocket says anything
            log.debug("the connection to OBS is over: %s", error)
        finally:
            self.core.gone()

    def _hear(self, message: Any) -> None:
        op, data = (message.get("op"), message.get("d")) if isinstance(message, dict) else (None, None)
        if not isinstance(data, dict):
            return
        if op == EVENT and str(data.get("eventType")).isalnum():
            try:
                self.core.eventmanager.trigger(self.build_event(data))
            except Exception as error:  # the library raises for what no event of OBS is called
                log.debug("an event of OBS was passed over: %s", error)
        elif op == ANSWER and (waits := self.core.events.get(str(data.get("requestId")))):
            self.core.answers[str(data["requestId"])] = data
            waits.set()


def _shut(sock: socket.socket) -> None:
    """Wake up whoever waits for this socket."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
