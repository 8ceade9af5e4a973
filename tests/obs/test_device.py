"""OBS as a device, beside a scripted OBS that speaks the real protocol: it comes, goes, hangs, is changed by hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from scripted_obs import NOT_READY, ScriptedObs
from wanted_obs import FEED, SLATE, Steered, steered, wait, wanted

from host_engine.obs import by_hand, device, device_session
from host_engine.obs.client import Lost, Refused
from host_engine.obs.device_messages import Watch
from host_engine.obs.wanted import Stream

KEY = "live_very_secret"
STREAM = Stream("rtmp://platform.example/app", KEY)


@pytest.fixture
def obs(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedObs]:
    """A scripted OBS, at which the device looks more often than at a real one."""
    monkeypatch.setattr(device_session, "LOOK", 0.3)
    monkeypatch.setattr(device, "PAUSE", 0.1)
    monkeypatch.setattr(device, "LONGER", 0.2)
    monkeypatch.setattr(by_hand, "AGAIN", 0.3)
    made = ScriptedObs("sesame").start()
    yield made
    made.stop()


def with_mic(obs: ScriptedObs) -> ScriptedObs:
    obs.inputs["Mic"] = {"kind": "pulse_input_capture", "settings": {}, "muted": False, "db": 0.0}
    return obs


def test_an_obs_that_was_just_installed_gets_all_that_the_show_wants(obs: ScriptedObs) -> None:
    with steered(with_mic(obs)) as made:
        state = made.settled(shown="studio")
        assert set(obs.scenes) == {"Scene", "studio", "Blitz ⚡ 限時", "be-right-back", "human"}
        assert obs.order("studio") == [SLATE.name, FEED.name]
        assert obs.order("Blitz ⚡ 限時") == [SLATE.name, FEED.name, "Banner 🔥"]
        assert obs.inputs["Banner 🔥"]["settings"]["text"] == "Only today"
        assert obs.item("studio", FEED.name)["sceneItemTransform"]["boundsHeight"] == 1280
        assert obs.program == "studio"
        assert obs.inputs["Mic"]["muted"]
        assert obs.transition[0] == "cut_transition"
        wait(lambda: made.state.took_ms and made.state.obs == "29.0.2")
        assert not state.troubles
        assert "OBS has no scene 'studio'." in [each.reason for each in made.state.changes]
        before = made.state.put_right
        made.looked(obs)
        assert made.state.put_right == before


def test_what_other_settings_of_ours_had_made_is_made_anew(obs: ScriptedObs) -> None:
    obs.inputs[SLATE.name] = {"kind": "image_source", "settings": {"file": "/gone.png"}, "muted": False, "db": 0.0}
    obs.scenes["studio"] = []
    obs._put([], "studio", SLATE.name)
    with steered(obs) as made:
        made.settled(shown="studio", troubles=())
        assert obs.inputs[SLATE.name]["kind"] == "color_source_v3"
        assert obs.order("studio") == [SLATE.name, FEED.name]


def test_the_scene_follows_the_show_and_is_not_counted_as_put_right(obs: ScriptedObs) -> None:
    with steered(with_mic(obs)) as made:
        made.settled(shown="studio")
        before = made.state.put_right
        made.device.want(wanted("flash-sale-vertical"))
        wait(lambda: obs.program == "Blitz ⚡ 限時")
        made.settled(shown="Blitz ⚡ 限時", wanted="Blitz ⚡ 限時")
        assert made.state.put_right == before


def test_what_somebody_changes_is_put_back(obs: ScriptedObs) -> None:
    with steered(with_mic(obs)) as made:
        made.settled(shown="studio")
        obs.show("Scene")
        wait(lambda: obs.program == "studio")
        obs.remove_scene("be-right-back")
        wait(lambda: obs.scenes.get("be-right-back") and len(obs.order("be-right-back")) == 2)
        obs.remove_scene("studio")
        wait(lambda: obs.program == "studio" and obs.order("studio") == [SLATE.name, FEED.name])
        obs.item("studio", FEED.name)["sceneItemEnabled"] = False  # of which nobody tells
        obs.inputs[FEED.name]["settings"]["input"] = "rtmp://elsewhere/live/x"
        wait(lambda: obs.item("studio", FEED.name)["sceneItemEnabled"])
        wait(lambda: obs.inputs[FEED.name]["settings"]["input"] == FEED.settings["input"])
        reasons = [each.reason for each in made.state.changes]
        assert "OBS shows the scene 'Scene', not 'studio'." in reasons
        assert "The source 'Host engine' is hidden in OBS's scene 'studio'." in reasons


def test_what_somebody_changes_is_respected_until_the_scene_changes(obs: ScriptedObs) -> None:
    with steered(with_mic(obs), wanted(by_hand="follow")) as made:
        made.settled(shown="studio", drift=())
        made.looked(obs)
        obs.show("Scene")
        wait(lambda: made.state.drift == ("OBS shows the scene 'Scene', not 'studio'.",))
        made.looked(obs)
        assert obs.program == "Scene"
        made.device.want(wanted("be-right-back-vertical", by_hand="follow"))
        wait(lambda: obs.program == "be-right-back")
        made.settled(drift=())
        obs.show("Scene")
        wait(lambda: made.state.drift)
        assert made.device.put_right().result(20).shown == "be-right-back"
        assert not made.state.drift


def test_an_obs_that_comes_late_goes_and_comes_back(obs: ScriptedObs) -> None:
    obs.stop()
    with steered(obs) as made:
        wait(lambda: made.state.link == "away")
        assert "is not there: start it" in made.state.said
        assert dict(made.state.troubles)["away"] == made.state.said
        made.device.want(wanted("be-right-back-vertical"))
        obs.start()
        made.settled(shown="be-right-back", connections=1)
        obs.stop()
        wait(lambda: made.state.link == "away")
        assert made.state.shown is None
        obs.scenes, obs.inputs, obs.program = {"Scene": []}, {}, "Scene"  # it had not saved
        obs.start()
        made.settled(shown="be-right-back", connections=2)
        assert not made.state.said


@pytest.mark.parametrize("how", ["cut", "kick"])
def test_a_connection_that_is_lost_is_made_anew(obs: ScriptedObs, how: str) -> None:
    with steered(obs) as made:
        made.settled(connections=1)
        obs.program = "Scene"
        obs.cut() if how == "cut" else obs.drop(4011)
        made.settled(connections=2, shown="studio")


def test_one_that_hangs_is_left_and_taken_up_again(obs: ScriptedObs) -> None:
    with steered(obs, patience=2.0) as made:
        made.settled()
        obs.silent = True
        wait(lambda: made.state.link == "silent")
        assert "as if it hung" in made.state.said
        obs.silent = False
        made.settled(shown="studio")


def test_a_wrong_password_is_said_and_the_right_one_lets_in(obs: ScriptedObs) -> None:
    obs.password = "other"
    made = Steered(obs.port, wanted(), "sesame")
    made.start()
    wait(lambda: made.state.link == "wrong password")
    assert "refuses the password" in made.state.said
    obs.password = "sesame"
    made.settled(shown="studio")
    made.end()


def test_another_scene_collection_is_left_alone(obs: ScriptedObs) -> None:
    obs.collection = "Tea"
    with steered(with_mic(obs), wanted(collection="Tea", profile="Tea", stream=STREAM)) as made:
        made.settled(shown="studio")
        assert "whose stream is left alone" in dict(made.state.troubles)["profile"]
        obs.use_collection("Gaming", ("Game", "Chat"))
        wait(lambda: made.state.link == "another collection")
        assert made.state.said == dict(made.state.troubles)["collection"]
        assert made.state.said.startswith("OBS uses the scene collection 'Gaming', which is left alone, and not 'Tea'.")
        made.device.want(wanted("be-right-back-vertical", collection="Tea", profile="Tea", stream=STREAM))
        made.looked(obs)
        assert set(obs.scenes) == {"Game", "Chat"}
        assert obs.program == "Game"
        assert obs.service["streamServiceType"] == "rtmp_common"
        obs.use_collection("Tea")
        made.settled(shown="be-right-back")


def test_an_obs_that_loads_is_not_asked_and_one_that_starts_is_asked_again(obs: ScriptedObs) -> None:
    obs.refuse["GetSceneCollectionList"] = NOT_READY, "OBS is not ready to perform the request."
    with steered(obs) as made:
        wait(lambda: obs.count("GetSceneCollectionList") > 2)
        assert made.state.link == "starting"
        assert not made.state.troubles
        obs.refuse.clear()
        made.settled(shown="studio")
        obs.tell("CurrentSceneCollectionChanging", sceneCollectionName="x")
        with pytest.raises(Refused, match="another scene collection"):
            wait(lambda: made.device.ask("GetVersion").result(20) and False)
        before = len(obs.asked)
        made.device.want(wanted("be-right-back-vertical"))
        with pytest.raises(Refused):
            made.device.ask("GetVersion").result(20)
        assert len(obs.asked) == before
        obs.tell("CurrentSceneCollectionChanged", sceneCollectionName="x")
        made.settled(shown="be-right-back")


def test_a_scene_that_obs_cannot_make_yet_is_not_shown(obs: ScriptedObs) -> None:
    obs.refuse["CreateScene"] = 601, "A source already exists by that scene name."  # it was just deleted
    with steered(obs) as made:
        wait(lambda: obs.count("CreateScene") > 8)
        assert not obs.count("SetCurrentProgramScene")
        obs.refuse.clear()
        made.settled(shown="studio", troubles=())


def test_what_obs_refuses_is_said_and_the_rest_is_done(obs: ScriptedObs) -> None:
    obs.kinds.remove("text_ft2_source_v2")
    obs.refuse["SetCurrentSceneTransition"] = 600, "No such transition."
    with steered(obs) as made:
        wait(lambda: "(code 605)" in dict(made.state.troubles).get("refused", ""))
        wait(lambda: "(code 600)" in dict(made.state.troubles)["refused"])
        made.settled(shown="studio")
        said = dict(made.state.troubles)["refused"]
        assert "The source 'Banner 🔥' is not in OBS's scene" in said
        assert "Your specified input kind is not supported by OBS. (code 605)" in said
        assert "No such transition. (code 600)" in said
        obs.refuse.clear()
        obs.kinds.append("text_ft2_source_v2")
        made.device.put_right().result(20)
        made.settled(troubles=())
        assert obs.order("Blitz ⚡ 限時")[-1] == "Banner 🔥"


def test_an_obs_that_refuses_to_tell_what_it_is_like(obs: ScriptedObs) -> None:
    obs.refuse["GetVideoSettings"] = 703, "Broken."
    with steered(obs) as made:
        wait(lambda: "refused" in dict(made.state.troubles))
        assert "does not tell what it is like: GetVideoSettings: Broken. (code 703)" in made.state.said
        obs.refuse.clear()
        made.settled(shown="studio")


@pytest.mark.parametrize("answer", [{}, {"responseData": {"scenes": 7}}, {"responseData": {"scenes": [{}]}}])
def test_answers_that_cannot_be_understood_end_the_connection_and_not_the_device(
    obs: ScriptedObs, answer: dict[str, object]
) -> None:
    obs.answer_as["GetSceneList"] = {"op": 7, "d": {"requestStatus": {"result": True, "code": 100}} | answer}
    with steered(obs) as made:
        wait(lambda: made.state.link == "not OBS")
        assert "cannot be understood" in made.state.said
        obs.answer_as.clear()
        made.settled(shown="studio")


def test_a_stream_is_set_started_and_started_again(obs: ScriptedObs) -> None:
    with steered(obs, wanted(stream=STREAM)) as made:
        made.settled(streaming=True)
        assert obs.service["streamServiceSettings"]["key"] == KEY
        obs.stop_stream()
        wait(lambda: obs.streaming)
        obs.stop_stream(by_hand=False)
        wait(lambda: obs.streaming)
        obs.reconnecting = True
        wait(lambda: "has lost the server" in dict(made.state.troubles).get("stream", ""))
        assert made.state.streaming is False
        obs.reconnecting = False
        made.settled(streaming=True, troubles=())
        assert KEY not in repr(made.states)
        assert "OBS does not stream." in [each.reason for each in made.state.changes]


def test_a_stream_that_cannot_begin_is_told_and_tried_again(obs: ScriptedObs) -> None:
    obs.stream_works = False
    with steered(obs, wanted(stream=STREAM)) as made:
        wait(lambda: "It is begun again every" in dict(made.state.troubles).get("stream", ""))
        obs.stream_works = True
        made.settled(streaming=True, troubles=())


def test_a_stream_to_somewhere_else_is_moved_and_one_that_somebody_stopped_is_respected(obs: ScriptedObs) -> None:
    obs.streaming = True
    with steered(obs, wanted(stream=STREAM, by_hand="follow")) as made:
        wait(lambda: obs.streaming and obs.service["streamServiceType"] == "rtmp_custom")
        made.settled(streaming=True)
        made.looked(obs)
        obs.stop_stream()
        wait(lambda: "OBS does not stream." in made.state.drift)
        made.device.want(wanted("be-right-back-vertical", stream=STREAM,
                                by_hand="follow"))  # fmt: skip
        made.settled(shown="be-right-back")
        made.looked(obs)
        assert not obs.streaming
        made.device.put_right().result(20)
        wait(lambda: obs.streaming)


def test_whoever_asks_gets_an_answer_or_a_reason(obs: ScriptedObs) -> None:
    with steered(obs) as made:
        made.settled()
        assert made.device.ask("GetVersion").result(20)["obsVersion"] == "29.0.2"
        with pytest.raises(Refused, match="not valid"):
            made.device.ask("NoSuchRequest").result(20)
        obs.stop()
        wait(lambda: made.state.link == "away")
        for future in (made.device.ask("GetVersion"), made.device.put_right()):
            with pytest.raises(Lost, match="The show goes on without it"):
                future.result(20)


def test_who_looks_at_obs_does_so_on_its_thread_and_may_be_refused(obs: ScriptedObs) -> None:
    threads: list[str] = []

    def look(ask: object) -> None:
        threads.append(threading.current_thread().name)
        if len(threads) == 1:
            raise Refused("GetSourceScreenshot", 600, "gone")

    made = Steered(obs.port, wanted(), obs.password)
    made.device.watches.append(Watch(0.05, look))
    made.start()
    wait(lambda: len(threads) > 2)
    assert len(set(threads)) == 1
    made.end()


def test_at_the_end_obs_is_left_with_the_slate(obs: ScriptedObs) -> None:
    made = Steered(obs.port, wanted(), obs.password)
    made.start()
    made.settled(shown="studio")
    made.end(wanted("be-right-back-vertical"))
    assert obs.program == "be-right-back"
    assert made.state.link == "ended"


def test_what_is_fought_over_is_left_alone_and_said(obs: ScriptedObs) -> None:
    done = threading.Event()

    def insist() -> None:
        while not done.is_set():
            if obs.program == "studio":
                obs.show("Scene")
            done.wait(0.002)

    with steered(obs) as made:
        made.settled(shown="studio")
        thread = threading.Thread(target=insist, daemon=True)
        thread.start()
        wait(lambda: "contested" in dict(made.state.troubles))
        assert "again and again" in dict(made.state.troubles)["contested"]
        done.set()
        thread.join(20)
        made.device.want(replace(wanted("be-right-back-vertical")))  # the show goes on
        wait(lambda: obs.program == "be-right-back")
