"""What is to be done about an OBS, and why: pure values, no OBS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from wanted_obs import FEED, SIZE, SLATE, scene, wanted

from host_engine.channel_file.steering import Obs
from host_engine.obs.actual import Actual, Placed, Streaming, Transition
from host_engine.obs.aspects import Aspect
from host_engine.obs.diff import compare, other_collection, other_profile
from host_engine.obs.diff_items import placed
from host_engine.obs.wanted import IMAGE, Stream, Volume, Wanted, wanted_of
from host_engine.show.box import Box
from host_engine.show.obs_scene import ObsSource

KINDS = {"ffmpeg_source": "ffmpeg_source", "color_source": "color_source_v3", "text_ft2_source": "text_ft2_source_v2"}
NAMES = {"cut_transition": "Schnitt", "fade_transition": "Überblenden"}
KEY = "live_very_secret"


def empty(**fields: Any) -> Actual:
    """An OBS that was just installed."""
    about: dict[str, Any] = {
        "collection": "Untitled", "collections": {"Untitled"}, "profile": "Untitled", "profiles": {"Untitled"},
        "canvas": SIZE, "scene": "Scene", "scenes": {"Scene"},
        "items": {}, "inputs": {}, "kinds": KINDS, "settings": {}, "volumes": {},
        "transition": Transition("fade_transition", 300, NAMES),
    }  # fmt: skip
    return Actual(**about | fields)


def right(want: Wanted, **fields: Any) -> Actual:
    """An OBS that is as it is wanted."""
    items = {
        each.name: tuple(
            Placed(n + 1, item.source, n, True, placed(item.box, each.size, SIZE)) for n, item in enumerate(each.items)
        )
        for each in want.scenes
    }
    about: dict[str, Any] = {
        "scene": want.scene,
        "scenes": frozenset(items),
        "items": items,
        "inputs": {each.name: next(kind for kind in each.kinds if kind in KINDS) for each in want.sources},
        "settings": {each.name: dict(each.settings) for each in want.sources},
        "volumes": {FEED.name: Volume(-3.0, False), "Mic": Volume(0.0, True)},
        "transition": Transition("cut_transition", None, NAMES),
    }
    return empty(**about | fields)


def wrong(want: Wanted, actual: Actual) -> list[Aspect]:
    return [each for each in compare(want, actual) if not each.alike]


def one(want: Wanted, actual: Actual) -> Aspect:
    found = wrong(want, actual)
    assert len(found) == 1, [each.reason for each in found]
    return found[0]


def names(aspects: list[Aspect]) -> list[str]:
    return [request.name for each in aspects for request in each.requests]


def test_nothing_is_to_be_done_where_all_is_as_wanted() -> None:
    want = wanted()
    assert wrong(want, right(want)) == []
    assert {each.key for each in compare(want, right(want))} >= {"program", "transition", "scene/studio", "volume/Mic"}


def test_an_empty_obs_gets_everything_and_each_source_is_made_once() -> None:
    want = wanted()
    found = wrong(want, empty(inputs={"Mic": "pulse_input_capture"}, volumes={"Mic": Volume(0.0, False)}))
    made = names(found)
    assert made.count("CreateScene") == len(want.scenes) == 4  # and the one for a camera
    assert made.count("CreateInput") == 3  # slate, feed, text
    assert made.count("CreateSceneItem") == 2 * 3
    assert made.index("SetCurrentProgramScene") > max(n for n, name in enumerate(made) if name == "CreateScene")
    assert made.count("SetInputMute") == 1
    assert all(each.reason.endswith(".") and each.requests for each in found)


def test_a_scene_that_was_deleted_on_air_is_left_before_it_is_made_anew() -> None:
    want = wanted()
    actual = replace(right(want), scenes=frozenset({"Chat", "Alerts", "Blitz ⚡ 限時", "be-right-back", "human"}))
    found = next(each for each in wrong(want, actual) if each.key == "scene/studio")
    assert [(each.name, each.data["sceneName"]) for each in found.requests] == [
        ("SetCurrentProgramScene", "Alerts"),
        ("CreateScene", "studio"),
    ]


def test_a_new_source_is_put_where_it_belongs() -> None:
    want = wanted()
    standing = Placed(7, "Chat", 0, True, {}), Placed(8, "Logo", 1, True, {})
    actual = right(want)
    found = wrong(want, replace(actual, items={**actual.items, "studio": standing}))
    puts = [each.requests[-1] for each in found]
    assert [(each.name, each.data["sceneItemIndex"], each.takes) for each in puts] == [
        ("SetSceneItemIndex", 0, ("sceneItemId",)),
        ("SetSceneItemIndex", 1, ("sceneItemId",)),
    ]
    flash = replace(actual, items={**actual.items, "Blitz ⚡ 限時": actual.items["Blitz ⚡ 限時"][:2]})
    assert names(wrong(want, flash)) == ["CreateSceneItem", "SetSceneItemTransform"]  # a text goes on top


def test_what_somebody_has_changed_is_said_and_put_back() -> None:
    want = wanted()
    actual = right(want)
    found = one(want, replace(actual, scene="Chat"))
    assert found.reason == "OBS shows the scene 'Chat', not 'studio'."
    assert found.requests == (("SetCurrentProgramScene", {"sceneName": "studio"}, ()),)

    slate, feed = actual.items["studio"]
    hidden = replace(actual, items={**actual.items, "studio": (slate, replace(feed, seen=False))})
    assert one(want, hidden).reason == "The source 'Host engine' is hidden in OBS's scene 'studio'."
    cropped = replace(feed, transform={**feed.transform, "cropTop": 40})
    found = one(want, replace(actual, items={**actual.items, "studio": (slate, cropped)}))
    assert found.reason == "The source 'Host engine' is cropped in OBS's scene 'studio'."
    moved = replace(feed, transform={**feed.transform, "positionX": 99.0, "boundsType": "OBS_BOUNDS_NONE"}, seen=False)
    found = one(want, replace(actual, items={**actual.items, "studio": (slate, moved)}))
    assert "is hidden and stands somewhere else" in found.reason
    assert [each.name for each in found.requests] == ["SetSceneItemEnabled", "SetSceneItemTransform"]
    nearly = replace(feed, transform={**feed.transform, "positionX": 0.3})
    assert not wrong(want, replace(actual, items={**actual.items, "studio": (slate, nearly)}))


def test_sources_that_cover_each_other_exchange_their_places() -> None:
    want = wanted()
    actual = right(want)
    slate, feed = actual.items["studio"]
    chat = Placed(9, "Chat", 1, True, {})
    items = (replace(feed, index=0), chat, replace(slate, index=2))
    found = one(want, replace(actual, items={**actual.items, "studio": items}))
    assert [(each.data["sceneItemId"], each.data["sceneItemIndex"]) for each in found.requests] == [
        (slate.id, 0),
        (feed.id, 2),
    ]


def test_settings_are_named_and_not_told_and_a_revived_feed_is_as_it_was() -> None:
    want = wanted()
    actual = right(want)
    elsewhere = {**FEED.settings, "input": "rtmp://elsewhere/live/very-secret"}
    found = one(want, replace(actual, settings={**actual.settings, FEED.name: elsewhere}))
    assert found.reason == "The source 'Host engine' in OBS has another input."
    assert found.requests[0].data["inputSettings"] == {"input": FEED.settings["input"]}
    revived = {**FEED.settings, "input": f"{FEED.settings['input']}?revived=3", "hw_decode": True}
    assert not wrong(want, replace(actual, settings={**actual.settings, FEED.name: revived}))


def test_a_name_that_somebody_else_has_is_said_and_left_alone() -> None:
    want = wanted()
    actual = right(want)
    found = one(want, replace(actual, inputs={**actual.inputs, FEED.name: "window_capture"}))
    assert found.reason == (
        "The source 'Host engine' in OBS is a window_capture, not a ffmpeg_source: rename it there."
    )
    assert not found.requests
    found = one(want, replace(actual, inputs={**actual.inputs, FEED.name: "browser_source"}))  # another way of feeding
    assert [each.name for each in found.requests] == ["RemoveSceneItem"] * 4 + ["RemoveInput"]
    inputs = {**empty().inputs, "studio": "image_source"}
    taken = [each for each in wrong(want, empty(inputs=inputs)) if each.key == "scene/studio"]
    assert taken[0].reason.startswith("OBS has a source 'studio', so there cannot be a scene of that name")
    assert not taken[0].requests


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Volume(0.0, False), "The source 'Music' in OBS is at 0.0 dB, not at -12.5 dB."),
        (Volume(-12.5, True), "The source 'Music' in OBS is muted."),
        (Volume(-12.45, False), ""),
        (Volume(3.0, True), "The source 'Music' in OBS is muted and is at 3.0 dB, not at -12.5 dB."),
    ],
)
def test_volumes(seen: Volume, said: str) -> None:
    want = replace(wanted(), volumes={"Music": Volume(-12.5, False)})
    found = [each for each in compare(want, right(want, volumes={"Music": seen})) if each.key == "volume/Music"]
    assert [each.reason for each in found] == [said]


def test_silence_is_as_quiet_as_it_gets() -> None:
    want = replace(wanted(), volumes={"Music": Volume(-100.0, False)})
    assert not wrong(want, right(want, volumes={"Music": Volume(-99.5, False)}))
    missing = one(want, right(want, volumes={}))
    assert missing.reason == "OBS has no source 'Music' whose volume could be set."


def test_transitions_are_found_by_their_kind_whatever_they_are_called() -> None:
    cut, fade = wanted(), wanted(transition=400)
    fading = right(cut, transition=Transition("fade_transition", 300, NAMES))
    assert one(cut, fading).requests[0].data == {"transitionName": "Schnitt"}
    assert one(fade, fading).reason == "OBS fades for 300 ms from one scene to the next, not for 400 ms."
    assert [each.data for each in one(fade, right(fade)).requests] == [
        {"transitionName": "Überblenden"},
        {"transitionDuration": 400},
    ]
    assert not wrong(fade, right(fade, transition=Transition("fade_transition", 400, NAMES)))
    none = one(fade, right(fade, transition=Transition("cut_transition", None, {"cut_transition": "Cut"})))
    assert "has no fade" in none.reason
    assert not none.requests
    assert wanted(transition=7).transition == 50  # OBS has no shorter one


def test_the_stream_is_set_started_and_moved_and_its_key_is_told_nobody() -> None:
    want = wanted(stream=Stream("rtmp://platform/app", KEY))
    ours = Streaming(False, False, True, "rtmp://platform/app/", KEY)
    assert [each.key for each in wrong(want, right(want, stream=ours))] == ["stream/running"]
    assert not wrong(want, right(want, stream=ours._replace(active=True)))
    other = one(want, right(want, stream=Streaming(False, False, False, "auto", "theirs")))
    assert other.requests[0].name == "SetStreamServiceSettings"
    assert other.requests[0].data["streamServiceSettings"]["key"] == KEY
    running = one(want, right(want, stream=Streaming(True, False, True, "rtmp://platform/app", "theirs")))
    assert running.requests == (("StopStream", {}, ()),)
    told = " ".join(map(repr, [want, other, running, ours]))
    assert KEY not in told.replace(repr(ours), "")
    assert KEY not in other.reason + running.reason
    assert not wrong(replace(want, profile="tea"), right(want, stream=Streaming(True, False, False, "auto", "")))


def test_another_collection_is_known_by_what_the_channel_names_or_by_its_own_name() -> None:
    named, own, any_one = wanted(collection="Tea"), replace(wanted(), own="tea"), wanted()
    there = right(named, collection="Gaming", collections={"Gaming", "tea"})
    assert [other_collection(each, there) for each in (named, own, any_one)] == ["Tea", "tea", None]
    assert other_collection(own, replace(there, collection="tea")) is None
    assert other_collection(own, replace(there, collections=frozenset({"Gaming"}))) is None
    assert other_profile(own, replace(there, profile="x", profiles=frozenset({"x", "tea"}))) == "tea"


def test_boxes_stand_where_the_picture_is() -> None:
    whole = placed(Box(0, 0, 720, 1280), SIZE, (1920, 1080))  # an upright picture in a wide canvas
    assert (whole["positionX"], whole["positionY"]) == (pytest.approx(656.25), 0)
    assert (whole["boundsWidth"], whole["boundsHeight"]) == (pytest.approx(607.5), 1080)
    part = placed(Box(360, 640, 360, 640), SIZE, (360, 640))
    assert (part["positionX"], part["positionY"], part["boundsWidth"]) == (180, 320, 180)


def test_what_scene_files_say_is_wanted() -> None:
    made = wanted_of(
        Obs(scenes={"studio": "Küche"}, by_hand="follow"),
        {
            "studio-vertical": scene("studio-vertical", by_hand="enforce", feed=Box(0, 0, 360, 640)),
            "sale-vertical": scene("sale-vertical", sources=[ObsSource(name="T", text="x", box=Box(1, 2, 30, 40))]),
            "human-and-host-vertical": scene("human-and-host-vertical", volumes={"Host engine": "muted", "Mic": -6}),
        },
        SIZE,
        FEED,
        beneath=SLATE,
    )
    assert {name: each.scene for name, each in made.items()} == {
        "studio-vertical": "Küche",
        "sale-vertical": "sale",
        "human-and-host-vertical": "human-and-host",
        "human": "human",
    }
    assert made["studio-vertical"].by_hand == "enforce"
    assert made["sale-vertical"].by_hand == "follow"
    first = made["sale-vertical"].scenes[0]
    assert [(each.source, each.box) for each in first.items] == [
        (SLATE.name, Box(0, 0, 360, 640)),
        (FEED.name, Box(0, 0, 360, 640)),
    ]
    assert made["human-and-host-vertical"].volumes == {FEED.name: Volume(None, True), "Mic": Volume(-6.0, False)}
    assert made["human"].volumes == {FEED.name: Volume(None, False)}
    text = next(each for each in made["human"].sources if each.name == "T")
    assert text.settings["text"] == "x"
    assert text.kinds != IMAGE
