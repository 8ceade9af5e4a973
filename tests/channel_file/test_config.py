"""The channel file: what is wrong is said with its line, and secrets stay in the environment."""

from pathlib import Path

import pytest

from host_engine.audience.answers import product_replies, shop_replies
from host_engine.audience.answers.cues import intents
from host_engine.channel_file import config
from host_engine.document import Problems

GOOD = """name: demo
catalog: shop
outputs:
  - {kind: rtmp, name: tube, url: "rtmp://example.com/live", key_env: TUBE_KEY}
  - {kind: file, name: archive, path: "out/{date}.mp4"}
"""


RECORDING = "name: demo\ncatalog: a\noutputs:\n- {kind: file, name: t, "
TARGET = "name: demo\ncatalog: a\noutputs:\n- {kind: rtmp, name: t, "


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "channel.yaml"
    path.write_text(text)
    return path


def said(path: Path) -> list[str]:
    with pytest.raises(Problems) as caught:
        config.load(path)
    return [str(problem) for problem in caught.value.problems]


def test_paths_start_at_the_file(tmp_path):
    channel = config.load(written(tmp_path, GOOD))
    assert channel.path(channel.catalog) == tmp_path / "shop"
    assert (channel.media.width, channel.media.height, channel.media.fps) == (720, 1280, 25)
    assert channel.at_port(9000).http.port == 9000
    assert channel.at_port(9000).path(channel.catalog) == tmp_path / "shop"


def test_keys_come_from_the_environment(tmp_path):
    path = written(tmp_path, GOOD)
    channel = config.load(path)
    assert config.stream_keys(channel, path, {"TUBE_KEY": "abc"}) == {"tube": "abc"}
    with pytest.raises(Problems) as caught:
        config.stream_keys(channel, path, {})
    assert f"{path}:4:" in str(caught.value)
    assert "stream key of 'tube', is not set" in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        ("catalog: a\n", None, "name"),
        ("name: demo\ncatalog: a\ncolour: red\n", 3, "colour"),
        ("name: demo\ncatalog: a\nformat: {width: 721}\n", 3, "width"),
        ("name: demo\ncatalog: a\nformat: {fps: 23}\n", 3, "divide"),
        ("name: demo\ncatalog: a\nhttp:\n  port: 99999\n", 4, "port"),
        ("name: demo\ncatalog: a\noutputs:\n- {kind: rtmp, name: t, url: 'http://x/live'}\n", 4, "rtmp://HOST/APP"),
        ("name: demo\ncatalog: a\noutputs:\n- {kind: rtmp, name: t, url: 'rtmp://x/live', key: abc}\n", 4, "key"),
        (
            "name: demo\ncatalog: a\noutputs:\n- {kind: rtmp, name: t, url: 'rtmp://x/live', key_env: ab-cd}\n",
            4,
            "write the NAME of an environment variable here",
        ),
        (TARGET + "url: 'rtmp://x/live?streamKey=abc'}\n", 4, "does not belong behind the ? of an address"),
        (TARGET + "url: 'rtmp://x/live?live_0123456789abcdef'}\n", 4, "does not belong behind the ? of an address"),
        (TARGET + "url: rtmp://x/a, backup: 'rtmp://y/a?sign=1'}\n", 4, "does not belong behind the ? of an address"),
        (TARGET + "url: rtmp://x/a, backup: 'srt://y/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + "url: 'rtmp://x:99999/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + "url: 'rtmp://[::1/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + "url: 'rtmp:/x/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + "url: 'rtpm://x/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + "url: 'rtmp://ana@x/a'}\n", 4, "no user and no password"),
        (TARGET + "url: 'rtmp://x y/a'}\n", 4, "rtmp://HOST/APP"),
        (TARGET + 'url: "rtmp://x\\0/a"}\n', 4, "rtmp://HOST/APP"),
        (TARGET + "url: rtmp://x/a, watch: 'http://x:99999/a.flv'}\n", 4, "write rtmp://HOST/APP/STREAM"),
        (TARGET + "url: rtmp://x/a, watch: 'http://[::1/a.flv'}\n", 4, "write rtmp://HOST/APP/STREAM"),
        (TARGET + "url: rtmp://x/a, watch: 'rtmp://x'}\n", 4, "write rtmp://HOST/APP/STREAM"),
        (TARGET.replace("rtmp", "whip") + "url: 'https://x:99999/a'}\n", 4, "https://sfu.example.com/whip"),
        (TARGET + "url: rtmp://x/a, label: '   '}\n", 4, "two letters that are seen"),
        ('name: demo\ncatalog: a\nlabel: "\\u200b\\u200b"\n', 3, "two letters that are seen"),
        (TARGET + "url: rtmp://x/a, size: [721, 1280]}\n", 4, "multiple of 2"),
        (TARGET + "url: rtmp://x/a, delay: 20m}\n", 4, "600"),
        (TARGET + "url: rtmp://x/a, rotate: 10s}\n", 4, "60"),
        ("name: demo\ncatalog: a\nencoding: {preset: zippy}\n", 3, "zippy"),
        ("name: demo\ncatalog: a\noutputs:\n- {kind: file, name: t, path: x.avi}\n", 4, ".mp4 or .mkv"),
        (RECORDING + "path: a.mp4, segment: 15 minutes}\n", 4, "write it like 90s, 15m or 1h30m"),
        (RECORDING + "path: a.mp4, segment: 0.1s}\n", 4, "at least 1"),
        ("name: demo\ncatalog: a\nalarms: {webhook: 'ftp://s3cret'}\n", 3, "write an address such as https://"),
        ("name: demo\ncatalog: a\nalarms: {secret_env: my-secret}\n", 3, "write the NAME of an environment variable"),
        ("name: demo\ncatalog: a\nmonitor: {silence: -1}\n", 3, "at least 0"),
        (RECORDING + "path: a.mp4, keep: {}}\n", 4, "write how long or how much to keep"),
        (RECORDING + "path: a.mp4, keep: {size: lots}}\n", 4, "write it like 500MB, 200GB or 1.5TB"),
        (RECORDING + "path: a.mp4, keep: {days: 0}}\n", 4, "over 0"),
        ("name: demo\ncatalog: [a\n", 3, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, wrong, line, words):
    path = written(tmp_path, wrong)
    problems = said(path)
    assert any(words in problem for problem in problems), problems
    if line is not None:
        assert any(problem.startswith(f"{path}:{line}:") for problem in problems), problems


def test_every_problem_at_once(tmp_path):
    wrong = "name: demo\ncatalog: a\ncolour: red\nformat: {width: 1}\nhttp: {port: -1}\n"
    assert len(said(written(tmp_path, wrong))) == 3


@pytest.mark.parametrize("url", ["rtmp://h?k=hunter2", "rtmp://a:hunter2@h/x", "rtmp://h/x?key=hunter2", "h/hunter2"])
def test_a_key_in_the_address_of_a_target_is_refused_and_not_repeated(tmp_path, url):
    (problem,) = said(written(tmp_path, f"{TARGET}url: '{url}'}}\n"))
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    "url", ["https://ana:hunter2@example.com/v1", "htp://ana:hunter2@example.com", "http://x/v1?key=hunter2"]
)
def test_a_password_in_the_address_of_a_model_is_refused_and_not_repeated(tmp_path, url):
    (problem,) = said(written(tmp_path, f"{GOOD}audience:\n  model: {{model: m, url: '{url}'}}\n"))
    assert "channel.yaml:7:" in problem
    assert "a password does not belong in this file" in problem
    assert "hunter2" not in problem


def test_a_slip_of_the_pen_in_a_topic_of_the_review_is_refused(tmp_path):
    (problem,) = said(written(tmp_path, f"{GOOD}audience:\n  review:\n    topics: {{shiping: approve}}\n"))
    assert "channel.yaml:8:" in problem
    assert "did you mean 'shipping'?" in problem


def test_a_topic_that_is_none_names_those_there_are(tmp_path):
    (problem,) = said(written(tmp_path, f"{GOOD}audience:\n  review:\n    topics: {{klingon: approve}}\n"))
    assert "no questions of the kind 'klingon'" in problem
    assert "shipping, size, stock, tax" in problem


def test_every_kind_of_answer_can_be_a_topic_of_the_review(tmp_path):
    kinds = {*intents("en"), *product_replies.REPLIES, *shop_replies.REPLIES}
    topics = "".join(f"      {kind}: approve\n" for kind in sorted(kinds))
    channel = config.load(written(tmp_path, f"{GOOD}audience:\n  review:\n    topics:\n{topics}"))
    assert set(channel.audience.review.topics) == kinds


def test_two_outputs_of_one_name(tmp_path):
    twice = GOOD.replace("archive", "tube")
    assert any("two outputs are named 'tube'" in problem for problem in said(written(tmp_path, twice)))


def test_how_long_recordings_are_and_how_much_is_kept(tmp_path):
    plain = config.load(written(tmp_path, RECORDING + "path: a.mp4}\n")).outputs[0]
    assert (plain.segment, plain.keep) == (900, None)
    text = RECORDING + "path: a.mp4, segment: 1h30m, keep: {days: 30, size: 200GB}}\n"
    told = config.load(written(tmp_path, text)).outputs[0]
    assert (told.segment, told.keep.days, told.keep.size) == (5400, 30, 200 * 10**9)


def test_two_recordings_into_the_same_files(tmp_path):
    twice = GOOD + '  - {kind: file, name: copy, path: "out/{date}.mp4"}\n'
    assert any("two recordings go to 'out/{date}.mp4'" in problem for problem in said(written(tmp_path, twice)))


def test_when_to_sound_an_alarm_and_whom_to_tell(tmp_path):
    plain = config.load(written(tmp_path, "name: demo\ncatalog: a\n"))
    assert (plain.monitor.silence, plain.monitor.frozen, plain.monitor.av_step_ms) == (8, 3, 40)
    assert plain.alarms.webhook is None
    text = "name: demo\ncatalog: a\nalarms: {webhook: 'https://example.com/x?token=y', secret_env: HOOK}\n"
    path = written(tmp_path, text)
    told = config.load(path)
    assert config.stream_keys(told, path, {"HOOK": "s3cret"}) == {config.WEBHOOK: "s3cret"}
    with pytest.raises(config.Problems, match="the secret of the webhook, is not set"):
        config.stream_keys(told, path, {})


def test_where_the_journal_is_and_the_key_that_signs_it(tmp_path):
    path = written(tmp_path, "name: demo\ncatalog: a\njournal: {key_env: JOURNAL_KEY}\n")
    channel = config.load(path)
    assert config.stream_keys(channel, path, {"JOURNAL_KEY": "s3cret"}) == {config.JOURNAL: "s3cret"}
    with pytest.raises(config.Problems, match="the key of the journal, is not set"):
        config.stream_keys(channel, path, {})
    (problem,) = said(written(tmp_path, "name: demo\ncatalog: a\njournal: {url: 'mysql://me:s3cret@db/x'}\n"))
    assert "write a path for SQLite, or postgresql+psycopg://USER@HOST/DATABASE" in problem
    assert "s3cret" not in problem


@pytest.mark.parametrize("name", ["air", "viewers", "programme"])
def test_an_output_cannot_be_called_like_a_part_of_the_channel(tmp_path, name):
    problems = said(written(tmp_path, GOOD.replace("archive", name)))
    assert any(f"no output can be called '{name}'" in problem for problem in problems), problems


def test_a_missing_file_is_a_sentence(tmp_path):
    assert str(tmp_path / "none.yaml") in said(tmp_path / "none.yaml")[0]


@pytest.mark.parametrize(("line", "on"), [("", True), ("ladder: off\n", False), ("ladder: on\n", True)])
def test_the_ladder_can_be_taken_away(tmp_path, line, on):
    assert config.load(written(tmp_path, GOOD + line)).ladder is on
