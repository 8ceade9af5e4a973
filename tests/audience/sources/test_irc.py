"""IRC lines: whatever a server sends becomes a command or nothing, and nothing of ours becomes two."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from host_engine.audience.sources.intake import harmless
from host_engine.audience.sources.irc import LONGEST, Line, Lines, compose, parse
from host_engine.audience.sources.twitch_words import heard_in, refusal, reply_text

SOME = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
TWITCH = (
    "@badge-info=;badges=vip/1;display-name=Ana\\sB;emotes=;first-msg=1;id=885196de;tmi-sent-ts=1640000000123;"
    "user-id=42 :ana!ana@ana.tmi.twitch.tv PRIVMSG #shop :is it :) big?"
)
WORD = st.text(st.characters(exclude_characters=" \r\n\0:@", exclude_categories=("Cs",)), min_size=1)
TEXT = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)))


def test_a_message_of_twitch():
    line = parse(TWITCH)
    assert (line.nick, line.command, line.params) == ("ana", "PRIVMSG", ("#shop", "is it :) big?"))
    assert line.tags["display-name"] == "Ana B"
    assert (line.tags["emotes"], line.tags["user-id"]) == ("", "42")


def test_lines_without_prefix_tags_or_text():
    assert parse("PING :tmi.twitch.tv")[2:] == ("PING", ("tmi.twitch.tv",))
    assert parse("ping x")[2:] == ("PING", ("x",))
    assert parse(":irc.local 001 me :Welcome").prefix == "irc.local"
    assert parse(":irc.local 001 me :Welcome").nick == ""
    assert parse("PRIVMSG #a :").params == ("#a", "")
    for nothing in ("", " ", "@a=b", ":only", "@a=b :only ", "\x00"):
        assert parse(nothing) is None or parse(nothing).params == ()


@SOME
@given(st.text())
def test_no_line_makes_it_fail(text):
    found = parse(text)
    assert found is None or (found.command and isinstance(found.last, str))


TAGS = st.dictionaries(st.sampled_from(["id", "user-id", "display-name", "tmi-sent-ts", "msg-id", "login"]), TEXT)


@SOME
@given(st.sampled_from(["PRIVMSG", "USERNOTICE", "NOTICE", "ERROR", "464"]), TEXT, TEXT, TAGS)
def test_no_message_makes_it_fail(command, prefix, text, tags):
    line = Line(tags, prefix, command, ("#shop", text))
    heard = heard_in(line, "#shop", "host")
    assert heard is None or harmless(heard) is not None
    assert isinstance(refusal(line, True), str)
    assert "\n" not in reply_text(text)


@SOME
@given(WORD, TEXT, st.dictionaries(st.from_regex(r"[a-z-]{1,9}", fullmatch=True), TEXT, min_size=1))
def test_what_is_composed_is_understood(word, text, tags):
    (line,) = Lines(1_000_000).feed(compose("PRIVMSG", word, text, tags=tags))
    found = parse(line)
    assert (found.command, found.params[0], found.tags) == ("PRIVMSG", word, tags)
    assert found.last.strip("\0 ") == text.strip("\0 ")


@SOME
@given(st.text(), st.text())
def test_no_text_of_ours_becomes_a_second_line(one, two):
    assert compose("PRIVMSG", one, two, tags={"reply-parent-msg-id": one}).count(b"\n") == 1


@SOME
@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
def test_pieces_make_no_difference(data, cuts):
    whole = Lines(60).feed(data + b"\n")
    lines, found, start = Lines(60), [], 0
    for cut in [*sorted(min(each, len(data)) for each in cuts), len(data)]:
        found += lines.feed(data[start:cut])
        start = cut
    assert found + lines.feed(b"\n") == whole


def test_a_line_without_end_is_passed_over_and_costs_no_memory():
    lines = Lines()
    assert lines.feed(b"PING :a\r\n" + b"x" * 9000) == ["PING :a"]
    for _ in range(200):
        assert lines.feed(b"x" * 9000) == []
    assert lines.too_long == 1
    assert lines.feed(b"\r\nPING :b\r\n") == ["PING :b"]
    assert lines.feed(b"y" * (LONGEST + 1) + b"\nPING :c\n") == ["PING :c"]
    assert lines.too_long == 2


def test_bytes_that_are_no_text_do_not_hide_the_line():
    (line,) = Lines().feed(b":a!a@b PRIVMSG #x :\xff\xfe how much? \xf0\x9f\r\n")
    assert "how much?" in parse(line).last
