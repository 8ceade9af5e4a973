"""The guarded connection to OBS: what it answers, what it refuses, and everything that may be wrong with it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from rtmp_server import free_port
from scripted_obs import ScriptedObs
from wanted_obs import wait

from host_engine.obs.client import GONE, Client, Lost, Refused

SOON = 0.4  # seconds of patience, where it is to run out


@pytest.fixture
def obs() -> Iterator[ScriptedObs]:
    made = ScriptedObs("sesame").start()
    yield made
    made.stop()


class Heard(list[tuple[str, dict[str, Any]]]):
    def __call__(self, name: str, data: Any) -> None:
        self.append((name, dict(data)))


def client(port: int, password: str = "sesame", heard: Any = None, patience: float = 20.0) -> Client:
    return Client("127.0.0.1", port, password, Heard() if heard is None else heard, patience)


def lost(port: int, password: str = "sesame", patience: float = 20.0) -> Lost:
    """Why there is no connection."""
    tried = client(port, password, patience=patience)
    with pytest.raises(Lost) as caught:
        tried.connect()
    tried.close()
    assert "The show goes on without it" in str(caught.value)
    assert "sesame" not in str(caught.value)
    return caught.value


def test_requests_are_answered_and_events_are_heard(obs: ScriptedObs) -> None:
    heard = Heard()
    with closing(client(obs.port, heard=heard)) as made:
        made.connect()
        assert made.request("GetVersion")["obsVersion"] == "29.0.2"
        made.request("CreateScene", sceneName="Küche 🫖 台所")
        assert made.request("GetSceneList")["scenes"][1]["sceneName"] == "Küche 🫖 台所"
        wait(lambda: ("SceneCreated", {"sceneName": "Küche 🫖 台所", "isGroup": False}) in heard)


def test_what_is_large_is_not_looked_through_byte_by_byte(obs: ScriptedObs, monkeypatch: pytest.MonkeyPatch) -> None:
    """websocket-client checks UTF-8 in Python, which takes a screenshot half a second of everybody's time."""
    monkeypatch.setattr("websocket._abnf.validate_utf8", lambda text: pytest.fail("looked through"))
    heard = Heard()
    with closing(client(obs.port, heard=heard)) as made:
        made.connect()
        obs.tell("CustomEvent", picture="x" * 3_000_000)
        wait(lambda: heard)
        assert made.request("GetVersion")
        obs.say(b'{"op": 5, "d": \xff}')
        assert made.request("GetVersion")  # what is no UTF-8 is passed over


def test_what_is_refused_keeps_its_code_and_comment(obs: ScriptedObs) -> None:
    with closing(client(obs.port)) as made:
        made.connect()
        with pytest.raises(Refused, match=r"No source was found by the name of `Nowhere`\. \(code 600\)") as caught:
            made.request("SetCurrentProgramScene", sceneName="Nowhere")
        assert (caught.value.code, caught.value.request) == (600, "SetCurrentProgramScene")
        assert made.request("GetVersion")


def test_who_is_told_may_fail_and_an_unknown_event_may_come(obs: ScriptedObs) -> None:
    def broken(name: str, data: Any) -> None:
        raise RuntimeError("a fault of the test")

    with closing(client(obs.port, heard=broken)) as made:
        made.connect()
        obs.tell("NeverHeardOf", what=1)
        obs.say('{"op": 5, "d": {"eventType": "WithoutData"}}')
        assert made.request("GetVersion")


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"op": 7}', '{"op": 7, "d": {"requestId": []}}'])
def test_nonsense_ends_the_connection_at_worst(obs: ScriptedObs, text: str) -> None:
    heard = Heard()
    with closing(client(obs.port, heard=heard)) as made:
        made.connect()
        obs.say(text)
        with suppress(Lost):
            assert made.request("GetVersion")["obsVersion"]
        assert made.connected or (GONE, {}) in heard


def test_an_answer_without_a_status_is_none(obs: ScriptedObs) -> None:
    obs.answer_as["GetVersion"] = {"op": 7, "d": {}}
    with closing(client(obs.port)) as made:
        made.connect()
        with pytest.raises(Lost, match="answers what no OBS would answer"):
            made.request("GetVersion")


@pytest.mark.parametrize("code", ["abc", {"a": 1}, float("inf"), None, [404]])
def test_a_refusal_whose_code_is_no_number_is_one(obs: ScriptedObs, code: Any) -> None:
    with closing(client(obs.port)) as made:
        made.connect()
        obs.answer_as["GetVersion"] = {
            "op": 7,
            "d": {"requestId": str(made.id), "requestStatus": {"result": False, "code": code, "comment": ["odd"]}},
        }
        with pytest.raises(Refused, match=r"GetVersion: \['odd'\] \(code 0\)"):
            made.request("GetVersion")


def test_events_that_no_obs_has_do_not_end_the_connection(obs: ScriptedObs) -> None:
    with closing(client(obs.port)) as made:
        made.connect()
        for name in ("é", "1", "class", "__class__", "x" * 5000):
            obs.tell(name, a=1)
        obs.say("[" * 100_000)
        assert made.request("GetVersion")["obsVersion"]
        assert made.connected


def test_a_message_longer_than_any_of_obs_is_not_kept(obs: ScriptedObs, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    monkeypatch.setattr("host_engine.obs.client.LONGEST", 10_000)
    with closing(client(obs.port, heard=heard)) as made:
        made.connect()
        obs.say("x" * 20_000)
        wait(lambda: (GONE, {}) in heard)
        assert not made.connected


def test_a_wrong_password_and_one_that_is_missing(obs: ScriptedObs) -> None:
    error = lost(obs.port, "open")
    assert error.kind == "wrong password"
    assert "compare what obs.password_env names with Tools > WebSocket Server Settings" in str(error)
    assert "the channel file names none" in str(lost(obs.port, ""))


def test_a_password_that_nobody_asks_for() -> None:
    obs = ScriptedObs().start()
    with closing(client(obs.port)) as made:
        made.connect()
        assert made.request("GetVersion")
    obs.stop()


def test_nobody_there() -> None:
    error = lost(free_port())
    assert error.kind == "away"
    assert "is not there: start it, and switch on its server" in str(error)
    nowhere = Client("nowhere.invalid", 4455, "", Heard())
    with pytest.raises(Lost, match=r"OBS at nowhere.invalid:4455 cannot be reached: .* Look at obs.host"):
        nowhere.connect()
    odd = Client("a b\0", 4455, "", Heard())
    with pytest.raises(Lost, match="cannot be reached"):
        odd.connect()


def test_obs_websocket_4(obs: ScriptedObs) -> None:
    obs.hello = False
    error = lost(obs.port, patience=6.0)
    assert error.kind == "wrong protocol"
    assert "speaks obs-websocket 4.9.1, and we speak 5: update OBS to 28 or later" in str(error)


def test_something_else_at_that_port(obs: ScriptedObs) -> None:
    for text in ("hello", "[]", '{"op": 0, "d": {}, "error": 7}', '{"op": 3}'):
        obs.says = text
        assert lost(obs.port).kind in ("not OBS", "wrong protocol", "away"), text


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 404 Not Found\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"\0" * 50])
def test_a_peer_that_is_no_websocket_or_says_nothing(says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve() -> None:
            peer = server.accept()[0]
            kept.append(peer)
            if says:
                peer.recv(4096)
                peer.sendall(says)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        error = lost(server.getsockname()[1], patience=20.0 if b"\n" in says else SOON)
        assert error.kind == ("not OBS" if b"\n" in says else "silent"), error
        thread.join(10)
        for each in kept:
            each.close()


def test_a_relay_whose_obs_is_away_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close(), daemon=True)
        thread.start()
        error = lost(server.getsockname()[1])
        assert error.kind == "away", error
        thread.join(10)


def test_one_that_hangs_is_given_up(obs: ScriptedObs) -> None:
    with closing(client(obs.port)) as made:
        made.connect()
        obs.silent, made.timeout = True, SOON
        with pytest.raises(Lost, match=r"has not answered for 0.4 s, as if it hung") as caught:
            made.request("GetVersion")
        assert caught.value.kind == "silent"


@pytest.mark.parametrize("how", ["drop", "cut", "kick"])
def test_one_that_goes_is_noticed_at_once(obs: ScriptedObs, how: str) -> None:
    heard = Heard()
    with closing(client(obs.port, heard=heard)) as made:
        made.connect()
        assert made.connected
        {"drop": obs.drop, "cut": obs.cut, "kick": lambda: obs.drop(4011)}[how]()
        wait(lambda: (GONE, {}) in heard)
        assert not made.connected
        with pytest.raises(Lost, match="sent us away" if how == "kick" else "gone away"):
            made.request("GetVersion")


def test_one_that_goes_while_it_is_asked(obs: ScriptedObs) -> None:
    with closing(client(obs.port)) as made:
        made.connect()
        obs.silent = True
        threading.Timer(0.2, obs.cut).start()
        with pytest.raises(Lost, match="gone away"):  # long before the patience of 20 s ends
            made.request("GetVersion")


def test_closing_is_possible_at_any_time(obs: ScriptedObs) -> None:
    made = client(obs.port)
    made.close()
    made.connect()
    made.close()
    made.close()
    assert not made.connected
    made.connect()  # and once more
    assert made.request("GetVersion")
    made.close()
