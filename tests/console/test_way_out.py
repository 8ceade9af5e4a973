"""How outputs are told to somebody who has two seconds."""

from typing import Any

import pytest

from host_engine.console import policy_standing, way_out

LIVE: dict[str, Any] = {
    "name": "tube", "kind": "rtmp", "to": "rtmps://live.example.com/...", "state": "live", "error": None, "dropped": 0,
    "kbps": 2494, "behind_ms": 40, "reconnects": 0, "added": True,
}  # fmt: skip


def test_an_output_that_sends_says_so_and_no_more() -> None:
    shown = way_out.output(LIVE)
    assert (shown["tone"], shown["says"], shown["what"]) == ("good", "sending", "stream")
    assert shown["facts"] == ["2.5 Mbit/s"]


def test_figures_stand_still_where_nothing_happens() -> None:
    assert way_out.output(LIVE) == way_out.output(LIVE | {"kbps": 2451, "behind_ms": 71})


def test_what_is_worth_a_word_is_said() -> None:
    shown = way_out.output(
        LIVE
        | {
            "behind_ms": 7300,
            "dropped": 12,
            "reconnects": 1,
            "address": "second",
            "delay_s": 2,
            "rendition": "1280x720",
        }
    )
    assert shown["facts"] == [
        "2.5 Mbit/s", "held back 2 s", "5 s behind", "at its second address", "1280x720", "12 frames left out",
        "came back 1 time",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "tone", "says"),
    [
        ({"state": "waiting", "error": "cannot reach live.example.com"}, "wrong", "trying again"),
        ({"state": "refused", "error": "the stream key is refused"}, "wrong", "refused by its server"),
        ({"state": "stopped", "error": "the stream key is refused"}, "off", "stopped"),
        ({"state": "live", "error": "the first address does not answer"}, "wait", "sending"),
        ({"state": "connecting"}, "wait", "connecting"),
        ({"state": "something_new"}, "wait", "something new"),
    ],
)
def test_how_it_stands(facts: dict[str, Any], tone: str, says: str) -> None:
    shown = way_out.output(LIVE | facts)
    assert (shown["tone"], shown["says"]) == (tone, says)
    assert shown["trouble"] == ("" if facts["state"] == "stopped" else facts.get("error") or "")


def test_a_recording_is_known_by_its_file() -> None:
    facts = {"name": "archive", "kind": "file", "to": "{date}.mp4", "state": "recording", "file": "/srv/a/today.mp4"}
    shown = way_out.output(facts)
    assert (shown["what"], shown["to"], shown["tone"]) == ("recording", "today.mp4", "good")
    assert way_out.output(facts | {"file": None})["to"] == "{date}.mp4"


def says(part: str, facts: Any) -> list[tuple[str, str]]:
    return [(row["tone"], row["says"]) for row in way_out.standing({part: facts})[part]]


OBS: dict[str, Any] = {
    "state": "steered", "said": "", "scene": {"wanted": "studio", "shown": "studio"}, "streaming": None, "drift": [],
    "troubles": {}, "changes": [],
}  # fmt: skip


@pytest.mark.parametrize("nothing", [None, {}, 7, "away"])
def test_what_a_channel_does_not_have_takes_no_room(nothing: Any) -> None:
    assert way_out.standing({"obs": nothing}) == {"obs": [], "label": [], "policies": []}


def test_obs_as_it_should_be_is_one_line() -> None:
    assert says("obs", OBS) == [("good", "OBS shows 'studio', as the show wants it.")]


def test_obs_that_is_away_is_said_once() -> None:
    away = "OBS does not answer at 127.0.0.1:4455. Is it running, with its WebSocket server on?"
    assert says("obs", OBS | {"state": "away", "said": away, "troubles": {"away": away}}) == [("wrong", away)]
    assert says("obs", OBS | {"state": "connecting", "said": ""}) == [("wait", "OBS: connecting.")]


def test_what_was_done_by_hand_and_what_was_put_right_are_told() -> None:
    changes = [{"at": 1795365000.2 + n, "reason": f"Reason {n}."} for n in range(5)]
    drift = ["'Banner' was hidden."]
    told = says("obs", OBS | {"streaming": False, "drift": drift, "changes": changes})
    assert told[1:3] == [("wrong", "OBS is not streaming."), ("wait", "By hand, and left so: 'Banner' was hidden.")]
    assert [each.partition(": ")[2] for _, each in told[3:]] == ["Reason 4.", "Reason 3.", "Reason 2."]
    assert ("wait", "1 thing was changed by hand, and left so.") in says("obs", OBS | {"drift": 1})


def test_the_label_is_told_for_each_picture_that_left() -> None:
    def picture(**facts: Any) -> dict[str, Any]:
        return {"of": "programme", "words": "AI host", "labelled": True, "what": "labelled", "forced": False, **facts}

    told = says("label", {"step": "none", "pictures": [picture(), picture(of="wide", labelled=None)]})
    assert told == [("good", "The programme left with 'AI host'."), ("wait", "'wide' has not been looked at yet.")]
    told = says("label", {"step": "in-place", "pictures": [picture(of="obs", labelled=False, what="covered")]})
    assert told == [
        ("wrong", "The label is forced over everything, at its place."),
        ("wrong", "OBS: 'AI host' is covered."),
    ]


def test_rules_are_kept_or_told_with_what_is_not_so() -> None:
    brief = {"in_force": ["a", "b"], "not_kept": ["a/label"], "forced": ["b/label"], "human_voice": True}
    assert [tone for tone, _ in says("policies", brief)] == ["wait", "wait", "wait"]
    assert says("policies", {"in_force": ["a"]}) == [("good", "1 policy holds and is kept.")]
    assert says("policies", {"in_force": []}) == []
    rule = {
        "id": "label",
        "outcome": "refuse",
        "what": 'the label is too small; China: "So be it; always" (china/label, a.yaml:3); make it larger',
    }
    whole = {
        "policies": [
            {"title": "China", "rules": [rule, {"what": None}]},
            {"title": "EU", "rules": [], "old": "is old."},
        ]
    }
    assert list(policy_standing.rules(whole)) == [
        ("wrong", "China: 1 thing to look at."), ("off", "The label is too small; make it larger."),
        ("good", "EU: kept."), ("wait", "EU: is old."),
    ]  # fmt: skip


def test_the_picture_that_obs_shows_is_read_back() -> None:
    told = says("obs", OBS | {"feed": {"state": "alive", "behind_ms": 312, "revived": 0}})
    assert told[1] == ("good", "OBS gets the engine's picture.")
    told = says("obs", OBS | {"feed": {"state": "late", "behind_ms": 2500, "revived": 0}})
    assert told[1] == ("wrong", "OBS gets the engine's picture too late, 2.5 s behind.")
    told = says("obs", OBS | {"feed": {"state": "frozen", "behind_ms": None, "revived": 2}})
    assert told[1] == ("wrong", "OBS shows a picture of the engine that stands still.")


def test_what_feeds_obs_is_no_stream_to_a_platform() -> None:
    shown = way_out.output(LIVE | {"name": "obs-feed"}, "obs-feed")
    assert (shown["what"], shown["feed"]) == ("the way into OBS", True)
    assert not way_out.output(LIVE, "obs-feed")["feed"]


def test_what_is_different_there_is_said_in_words() -> None:
    wishes = {
        "platform": "youtube", "picture": [720, 1280], "kbps": 900, "label": "KI", "language": "de", "delay": 90.0,
        "rotate": 28_800.0, "backup": "rtmp://b/...", "key_env": "STREAM_KEY_2",
    }  # fmt: skip
    assert way_out.output(LIVE | {"wishes": wishes})["wishes"] == [
        "for youtube", "720 × 1280", "900 kbit/s", "label 'KI'", "label in de", "90 s later",
        "a new session every 8 h", "second address rtmp://b/...", "key kept as STREAM_KEY_2",
    ]  # fmt: skip
    kept = way_out.output(LIVE | {"kind": "file", "wishes": {"segment": 900.0, "days": 30.0, "size": 2e9}})
    assert kept["wishes"] == ["a new file every 15 min", "kept for 30 days", "at most 2 GB"]


def test_one_that_waits_for_its_key_says_so_although_it_is_stopped() -> None:
    shown = way_out.output(LIVE | {"state": "stopped", "error": "old", "needs": "Give it its key again."})
    assert (shown["tone"], shown["says"], shown["trouble"]) == ("wrong", "waits", "Give it its key again.")
