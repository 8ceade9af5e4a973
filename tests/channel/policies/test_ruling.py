"""Channel files under policies: what is refused, with rule, file and line; what is forced; what platforms bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from host_engine.channel.policies.ruling import Ruling, anew, reworded, rule_file
from host_engine.channel.policies.target_admission import admitted
from host_engine.channel_file import config
from host_engine.channel_file.config import RtmpTarget, WhipTarget
from host_engine.commands.checking import check_channel, load_channel, notices_of
from host_engine.document import Problems
from host_engine.show.script import load_show

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 22)
CATALOG = """\
name: tea
shop: Leaf
language: en
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR}
"""
RUNDOWN = "segments:\n  - {id: hello, lines: [Hello to all of you.]}\n"
NOTICE = "mandatory:\n  - {id: ai, every: 20m, text: I am an AI host.}\n"


def shop(folder: Path, notice: str = "") -> Path:
    catalog = folder / "catalog"
    catalog.mkdir(exist_ok=True)
    (catalog / "catalog.yaml").write_text(CATALOG)
    (catalog / "rundown.yaml").write_text(notice + RUNDOWN)
    return catalog


def channel(folder: Path, notice: str = "", outputs: list[dict[str, Any]] | None = None, **more: Any) -> Path:
    shop(folder, notice)
    path = folder / "channel.yaml"
    written = {"name": "demo", "catalog": "catalog", "scenes": str(ROOT / "scenes"), **more, "outputs": outputs or []}
    path.write_text(yaml.safe_dump(written, sort_keys=False, allow_unicode=True))
    return path


def ruling(folder: Path, **written: Any) -> Ruling:
    path = channel(folder, **written)
    return rule_file(config.load(path), path)


def target(platform: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "rtmp", "name": "tube", **({"platform": platform} if platform else {}), **more}


LIVE = "rtmp://live.example.com/app"


def test_without_a_policy_nothing_is_asked(tmp_path: Path) -> None:
    made = ruling(tmp_path)
    assert [each.policy.name for each in made.holding] == ["permissive"]
    assert (made.findings, made.human_voice, made.demand.text, made.demand.letters) == ((), False, None, 0.0)


def test_a_refusal_names_the_rule_both_files_and_both_lines(tmp_path: Path) -> None:
    path = channel(tmp_path, outputs=[target("douyin", url=LIVE)])
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "name: demo" in text)
    (problem,) = [each for each in check_channel(path) if "douyin" in str(each)]
    assert (problem.path, problem.line, problem.where) == (str(path), line, "compliance.registration")
    said = str(problem)
    assert "no registration number is given; Douyin, virtual hosts:" in said
    assert '"A virtual host is registered with the platform before going live;' in said
    assert "(douyin-virtual-host/registration, douyin-virtual-host.yaml:22)" in said
    assert "write the number under compliance.registration" in said
    with pytest.raises(Problems, match="douyin-virtual-host"):
        load_channel(path)


def test_a_platform_that_allows_no_ai_voices_brings_the_human_voice_mode(tmp_path: Path) -> None:
    made = ruling(tmp_path, outputs=[target("tiktok-shop-us", url=LIVE)])
    assert made.human_voice
    assert not made.refusals
    assert [each.policy.name for each in made.holding] == ["tiktok-shop-us-live", "tiktok-live"]
    said = next(each for each in made.warnings if "AI voice" in each)
    assert "channel.yaml:" in said
    assert "outputs[0].platform: the output 'tube' would get an AI voice" in said
    assert "people speak or sign in real time" in said
    assert ruling(tmp_path, compliance={"human_voice": True}).human_voice


@pytest.mark.parametrize(
    ("label", "policies", "text", "letters"),
    [
        (None, ["eu-ai-act"], None, 0.0),
        ("Mira", ["eu-ai-act"], "AI-generated host", 0.0),
        (None, ["china-labelling"], "AI生成", 0.05),
        (None, ["china-labelling", "eu-ai-act"], "AI生成", 0.05),
        ("AI生成", ["china-labelling"], None, 0.05),
        (None, ["new-york-synthetic-performer"], None, 0.03),
    ],
)
def test_the_label_is_forced_where_it_does_not_say_so(
    tmp_path: Path, label: str | None, policies: list[str], text: str | None, letters: float
) -> None:
    made = ruling(tmp_path, **({"label": label} if label else {}), compliance={"policies": policies})
    assert (made.demand.text, made.demand.letters) == (text, letters)
    assert not made.refusals
    again = made.demand.text or label or "AI host"
    assert ruling(tmp_path, label=again, compliance={"policies": policies}).demand.text is None


def test_a_registration_number_is_on_the_picture(tmp_path: Path) -> None:
    made = ruling(tmp_path, compliance={"registration": "沪AI 2026-77"})
    assert (made.demand.text, made.demand.letters) == ("AI host · 沪AI 2026-77", 0.03)
    both = {"policies": ["china-labelling"], "registration": "77-B"}
    assert ruling(tmp_path, compliance=both).demand.text == "AI生成 · 77-B"
    own = ruling(tmp_path, compliance=both, outputs=[target(url=LIVE, label="KI")])
    assert [each.label for each in own.channel.outputs if isinstance(each, RtmpTarget)] == ["AI生成 · 77-B"]


def test_the_words_of_a_target_with_its_own_label_are_put_right(tmp_path: Path) -> None:
    made = ruling(tmp_path, compliance={"policies": ["eu-ai-act"]}, outputs=[target(url=LIVE, label="Mira")])
    (output,) = made.channel.outputs
    assert isinstance(output, RtmpTarget)
    assert (output.label, made.demand.text) == ("AI-generated host", None)


def test_a_notice_that_is_missing_or_is_there(tmp_path: Path) -> None:
    own = tmp_path / "policies"
    own.mkdir()
    (own / "loud.yaml").write_text(
        "title: Loud\nwhere: here\nchecked: 2026-11-22\nagain: 3000\nrules:\n"
        "  - {id: aloud, asks: notice, every: 30m,\n"
        "     says: The host says that she is an AI., words: {en: [[AI]]}}\n"
    )
    asked = {"policies": ["loud"], "folder": "policies"}
    (refused,) = ruling(tmp_path, compliance=asked).refusals
    assert refused.problem.path == str(tmp_path / "catalog" / "rundown.yaml")
    assert f"(loud/aloud, {own / 'loud.yaml'}:6)" in refused.sentence
    assert "'every: 30m'" in refused.do
    assert not ruling(tmp_path, notice=NOTICE, compliance=asked).refusals
    late = ruling(tmp_path, notice=NOTICE.replace("20m", "40m"), compliance=asked).refusals
    assert "the mandatory line 'ai' is said every 40m" in late[0].what
    assert late[0].problem.line == 2


def test_presets_fill_in_what_is_left_out_and_no_more(tmp_path: Path) -> None:
    def made(platform: str, **more: Any) -> RtmpTarget:
        (output,) = ruling(tmp_path, outputs=[target(platform, **more)], encoding={"kbps": 8000}).channel.outputs
        assert isinstance(output, RtmpTarget)
        return output

    tube = made("youtube")
    assert (tube.url, tube.rotate, tube.kbps) == ("rtmps://a.rtmps.youtube.com:443/live2", None, None)
    assert tube.backup == "rtmps://b.rtmps.youtube.com:443/live2?backup=1"
    twitch = made("twitch")
    assert (twitch.kbps, twitch.rotate) == (6000, 47 * 3600)
    mine = made("twitch", url=LIVE, kbps=3000, rotate="2h")
    assert (mine.url, mine.backup, mine.kbps, mine.rotate) == (LIVE, None, 3000, 7200)
    assert (
        made("custom", url=LIVE).model_dump()
        == RtmpTarget(kind="rtmp", name="tube", platform="custom", url=LIVE).model_dump()
    )


@pytest.mark.parametrize(
    ("written", "where", "said"),
    [
        (target("youtub"), "outputs[0].platform", "there is no platform 'youtub'; did you mean 'youtube'?"),
        (target("tiktok"), "outputs[0].platform", "TikTok LIVE has no address of its own"),
        (target("twitch", kbps=9000), "outputs[0].kbps", "Twitch takes 6000 kbit/s at most"),
        (target("facebook", rotate="9h"), "outputs[0].rotate", "ends a session after 8h; write 7h45m"),
        (target("twitch", size=[2560, 1440]), "outputs[0].size", "takes pictures of 1920 pixels at most"),
    ],
)
def test_what_a_platform_does_not_take_is_told_with_its_place(
    tmp_path: Path, written: dict[str, Any], where: str, said: str
) -> None:
    path = channel(tmp_path, outputs=[written])
    (problem,) = [each for each in check_channel(path) if each.where == where]
    assert said in problem.what
    assert problem.line is not None


def test_names_that_are_none_are_told(tmp_path: Path) -> None:
    path = channel(tmp_path, compliance={"policies": ["eu-ai-akt"], "declared": ["eu-ai-act/nothing"]})
    said = "\n".join(map(str, check_channel(path)))
    assert "compliance.policies[0]: there is no policy 'eu-ai-akt'; did you mean 'eu-ai-act'?" in said
    assert "compliance.declared[0]: no policy has a rule 'eu-ai-act/nothing'" in said
    path = channel(tmp_path, outputs=[{"kind": "rtmp", "name": "tube"}])
    assert "write the url, or a platform whose address is known" in "\n".join(map(str, check_channel(path)))


def test_check_tells_what_is_forced_and_where_pictures_do_not_fit(tmp_path: Path) -> None:
    path = channel(tmp_path, outputs=[target("twitch")], compliance={"policies": ["china-labelling"]})
    said = "\n".join(notices_of([path]))
    assert "Twitch shows wide pictures, and 'tube' gets one of 720x1280" in said
    assert "it is drawn so by itself; to have it your own way, write 'AI生成' as its label" in said
    assert "china-labelling/declared" in said


def test_policies_of_the_stream_of_obs_hold_as_well(tmp_path: Path) -> None:
    obs = {"stream": {"kind": "rtmp", "name": "out", "platform": "tiktok-shop-us", "url": LIVE}}
    made = ruling(tmp_path, obs=obs)
    assert made.human_voice
    assert made.holding[0].targets == ("out",)


def test_the_same_channel_on_air_with_another_show_and_other_targets(tmp_path: Path) -> None:
    first = ruling(tmp_path, compliance={"policies": ["eu-ai-act"]})
    shop(tmp_path, NOTICE)
    show = load_show(tmp_path / "catalog")
    later = anew(first, first.channel.outputs, show, TODAY, False)
    assert {each.name for each in first.findings} - {each.name for each in later.findings} == {"eu-ai-act/spoken"}
    shopping = RtmpTarget(kind="rtmp", name="shop", platform="tiktok-shop-us", url=LIVE)
    more = anew(later, [shopping], show, TODAY, False)
    assert (more.human_voice, len(more.voices), more.demand.safe.top) == (True, 1, 0.13)
    silent = anew(more, [shopping], show, TODAY, True)
    assert (silent.human_voice, len(silent.voices)) == (True, 1)
    assert "eu-ai-act" in {each.policy.name for each in reworded(silent, first.library).holding}


def test_a_target_that_is_added_is_judged_before(tmp_path: Path) -> None:
    made = ruling(tmp_path, compliance={"policies": ["eu-ai-act"]})

    def admit(voice: bool = False, **written: Any) -> Any:
        return admitted(made, RtmpTarget(kind="rtmp", name="new", **written), TODAY, voice)

    assert admit(platform="youtube").url.startswith("rtmps://a.rtmps")
    assert admit(url=LIVE, label="Mira").label == "AI-generated host"
    with pytest.raises(
        ValueError, match=r"^The output 'new' would get an AI voice.*turn the human-voice mode on first"
    ):
        admit(platform="tiktok-shop-us", url=LIVE)
    assert admit(voice=True, platform="tiktok-shop-us", url=LIVE).url == LIVE
    with pytest.raises(ValueError, match="No registration number"):
        admit(voice=True, platform="douyin", url=LIVE)
    with pytest.raises(ValueError, match="There is no platform 'nowhere'"):
        admit(platform="nowhere", url=LIVE)
    with pytest.raises(ValueError, match="TikTok LIVE has no address of its own"):
        admit(platform="tiktok")
    whip = WhipTarget(kind="whip", name="new", url="https://sfu.example.com/whip")
    assert admitted(made, whip, TODAY, False) == whip
    banned = replace(
        made, holding=made.holding + ruling(tmp_path, outputs=[target("tiktok-shop-us", url=LIVE)]).holding
    )
    assert admitted(banned, whip, TODAY, False) == whip  # what another target's platform forbids is not its affair


def test_sessions_are_ended_in_time_where_a_rule_forces_it(tmp_path: Path) -> None:
    own = tmp_path / "policies"
    own.mkdir()
    (own / "short.yaml").write_text(
        "title: Short\nwhere: here\nchecked: 2026-11-22\nagain: 3000\nrules:\n"
        "  - {id: short, asks: session, longest: 4h,\n"
        "     says: No session lasts longer than four hours.}\n"
    )
    asked = {"policies": ["short"], "folder": "policies"}
    made = ruling(tmp_path, compliance=asked, outputs=[target(url=LIVE)])
    (output,) = made.channel.outputs
    assert isinstance(output, RtmpTarget)
    assert output.rotate == 4 * 3600 - 288


def test_a_policy_file_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    own = tmp_path / "policies"
    own.mkdir()
    (own / "mine.yaml").write_text("title: Mine\nwhere: here\nchecked: 2026-11-22\nrules:\n  - {id: x, asks: lable}\n")
    path = channel(tmp_path, compliance={"policies": ["mine"], "folder": "policies"})
    assert any(each.path == str(own / "mine.yaml") and each.line == 5 for each in check_channel(path))
