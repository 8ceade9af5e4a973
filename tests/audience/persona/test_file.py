"""A persona file that is wrong is told in sentences, each with file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.audience.persona.file import PersonaFile, faults, read
from host_engine.audience.persona.phrases import ADDRESSES, FIELDS, KEYS, LANGUAGES, defaults
from host_engine.audience.persona.truth import denies_being_an_ai, says_it_is_an_ai
from host_engine.commands.checking import check_channel, check_paths, warnings_of
from host_engine.document import Problems

ROOT = Path(__file__).parents[3]


def written(folder: Path, text: str) -> Path:
    file = folder / "persona.yaml"
    file.write_text(text, "utf-8")
    return file


def told(folder: Path, text: str) -> str:
    """What is said of a file, from its line on."""
    with pytest.raises(Problems) as raised:
        read(written(folder, text))
    return "\n".join(str(problem).removeprefix(f"{folder}/") for problem in raised.value.problems)


def test_the_personas_that_are_shipped_are_right():
    found = sorted((ROOT / "personas").glob("*/persona.yaml"))
    assert found
    assert check_paths(found) == []
    mira = read(ROOT / "personas" / "mira")
    assert len(mira.knowledge) == 2
    assert mira.languages == tuple(LANGUAGES)


def test_a_name_is_enough(tmp_path):
    assert read(written(tmp_path, "name: Leo\n")) == PersonaFile(name="Leo")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "persona.yaml:1: 'name' is missing"),
        ("name: Leo\nnam: Leo\n", "persona.yaml:2: nam: there is no field 'nam' here; did you mean 'name'?"),
        ("name: <b>Leo</b>\n", "persona.yaml:1: name: '<' cannot be said"),
        ("name: Leo 🫖\n", "persona.yaml:1: name: '🫖' cannot be said"),
        ("name: Leo\nlanguages: [en, xx]\n", "persona.yaml:2: languages[1]: 'xx' is not a language of answers: en, it"),
        ("name: Leo\nlanguages: en\n", "persona.yaml:2: languages: this must be a list"),
        ("name: Leo\nstyle: {words: many}\n", "persona.yaml:2: style.words: 'many' is not a whole number"),
        ("name: Leo\nstyle:\n  address: {de: Du}\n", "persona.yaml:3: style.address.de: 'Du' is no way to address"),
        ("name: Leo\ncatchphrases: {every: 0}\n", "persona.yaml:2: catchphrases.every: '0' is too small"),
        (
            "name: Leo\nphrases:\n  greeting:\n    en: ['Hi {nam}!']\n",
            "persona.yaml:4: phrases.greeting.en[0]: '{nam}' means nothing here; {name} may stand in braces",
        ),
        ("name: Leo\nphrases:\n  bridge:\n    en: ['Hi {']\n", "phrases.bridge.en[0]: '{}' means nothing here"),
        ("name: Leo\nphrases:\n  bridge:\n    en: []\n", "persona.yaml:4: phrases.bridge.en: the list has 0 entries"),
        ("name: Leo\nphrases:\n  bridge: {en: ['<speak>Hi']}\n", "'<' cannot be said"),
        (
            "name: Leo\nlanguages: [en]\nphrases:\n  bridge: {de: [Ja!]}\n",
            "persona.yaml:4: phrases.bridge.de[0]: 'de' is not among the languages of this persona",
        ),
        (
            "name: Leo\nphrases:\n  human: {en: [I am Leo.]}\n",
            "persona.yaml:3: phrases.human.en[0]: this does not say that she is an AI, in English; add it",
        ),
        ("name: Leo\nphrases:\n  human: {de: ['Ich bin keine KI.']}\n", "whoever asks is told the truth"),
        (
            "name: Leo\nnever: {words: [cheap*]}\ncatchphrases:\n  said: {en: [Cheaper than ever.]}\n",
            "persona.yaml:4: catchphrases.said.en[0]: this is never said, by `never` in this file: cheap",
        ),
        (
            "name: Leo\nnever: {topics: {politics: [election]}}\n"
            "examples:\n  - questions: [Who?]\n    answer: The election!\n",
            "persona.yaml:5: examples[0].answer: this is never said, by `never` in this file: politics",
        ),
        ("name: Leo\nexamples: [{questions: [], answer: Yes}]\n", "examples[0].questions: the list has 0 entries"),
        ("name: Leo\nknowledge: [nothing.md]\n", "persona.yaml:2: knowledge[0]: there is no note 'nothing.md'"),
        ("name: Leo\nknowledge: [../../etc/passwd]\n", "lies outside the persona's folder"),
        ("name: Leo\nknowledge: [/etc/passwd]\n", "lies outside the persona's folder"),
        ("name: Leo\nknowledge: [persona.yaml]\n", "its name must end in .md"),
        ('name: Leo\nknowledge: ["a\\0b.md"]\n', "this is not a path"),
        ("name: [Leo\n", "persona.yaml:"),
        ("name: Leo\n\tstyle: a\n", "persona.yaml:2:"),
        ("- name\n", "this must be a group of fields"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, said):
    assert said in told(tmp_path, text)


def test_notes_of_other_kinds_are_refused(tmp_path):
    (tmp_path / "latin.md").write_bytes("Größe".encode("latin-1"))
    (tmp_path / "huge.md").write_text("x" * 300_000)
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    said = told(tmp_path, "name: Leo\nknowledge: [latin.md, huge.md, folder.md, link.md]\n")
    assert "knowledge[0]: 'latin.md' is not written in UTF-8" in said
    assert "knowledge[1]: 'huge.md' has 300 kB; at most 200 kB" in said
    assert "knowledge[2]: there is no note 'folder.md'" in said
    assert "knowledge[3]: 'link.md' lies outside the persona's folder" in said


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xff\xfe", b"a" * 100, b"{" * 10_000])
def test_no_file_is_too_broken(tmp_path, content):
    (tmp_path / "persona.yaml").write_bytes(content)
    with pytest.raises(Problems):
        read(tmp_path)


KEYS_OF_IT = st.sampled_from([*sorted(PersonaFile.model_fields), *sorted(KEYS), "en", "said"])
LEAVES = st.text(max_size=9) | st.none()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS_OF_IT, inner), max_leaves=9))
def test_whatever_stands_in_it_is_told_in_sentences(value):
    from pydantic import ValidationError

    try:
        persona = PersonaFile.model_validate({"name": "Leo", "phrases": value, "never": value, "knowledge": value})
    except ValidationError:
        return
    assert all(fault.what for fault in faults(persona))


def test_the_channel_file_leads_to_it(tmp_path):
    channel = tmp_path / "channel.yaml"
    channel.write_text(
        f"name: a\ncatalog: {ROOT}/product_catalogs/tea\nscenes: {ROOT}/scenes\naudience: {{persona: p}}\n"
    )
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "persona.yaml").write_text("name: Leo\nwords: 3\n")
    assert [str(each) for each in check_channel(channel)] == [
        f"{tmp_path}/p/persona.yaml:2: words: there is no field 'words' here"
    ]
    channel.write_text(channel.read_text().replace("persona: p", "persona: q"))
    assert [str(each) for each in check_channel(channel)] == [
        f"{channel}:4: audience.persona: there is no such file: {tmp_path}/q"
    ]


def test_the_default_phrases_are_whole_and_true():
    assert set(defaults()) == set(KEYS) == set(FIELDS)
    assert set(ADDRESSES) == set(LANGUAGES)
    for key, by_language in defaults().items():
        assert set(by_language) == set(LANGUAGES), key
        assert list(faults(PersonaFile.model_validate({"name": "A", "phrases": {key: by_language}}))) == []
    for key in ("greeting", "thanks", "follow", "bridge"):
        for language, phrases in defaults()[key].items():
            assert any("{name}" in phrase for phrase in phrases), (key, language)
            assert any("{name}" not in phrase for phrase in phrases), (key, language)


@pytest.mark.parametrize(
    ("language", "text", "truth"),
    [
        ("en", "I am Mira, an AI.", True),
        ("en", "I'm a real person.", False),
        ("en", "I am not an AI, I'm human.", False),
        ("en", "No, I am not human, I am a computer program.", True),
        ("de", "Ich bin eine KI und kein Mensch.", True),
        ("de", "Ich bin ein echter Mensch, keine KI.", False),
        ("fr", "Je suis une IA, pas une personne.", True),
        ("fr", "Je suis une vraie personne.", False),
        ("it", "Non sono una persona, sono un'IA.", True),
        ("it", "Sono una persona vera, non un'IA.", False),
        ("es", "No soy una persona, soy una IA.", True),
        ("es", "Soy una persona de verdad.", False),
        ("zh", "我不是真人，我是AI主播。", True),
        ("zh", "我是真人。", False),
        ("zh", "我不是机器人。", False),
    ],
)
def test_whether_she_says_what_she_is(language, text, truth):
    assert (says_it_is_an_ai(text, language) and not denies_being_an_ai(text, language)) == truth


def test_what_the_gate_would_stop_is_warned_of(tmp_path):
    channel = tmp_path / "channel.yaml"
    channel.write_text(f"name: a\ncatalog: {ROOT}/product_catalogs/tea\naudience: {{persona: persona.yaml}}\n")
    (tmp_path / "a.md").write_text("# Water\nBoil it.\n# Offer\nEverything is half price until Sunday.\n")
    file = written(
        tmp_path,
        "name: Leo\nphrases:\n  bridge: {en: ['Well, {name}.', It is only 5 pounds.]}\nknowledge: [a.md]\n"
        "examples:\n  - {questions: [Is it good?], answer: I drink it every day at home.}\n",
    )
    told = [str(each) for each in warnings_of([channel])]
    assert any(each.startswith(f"{file}:3: phrases.bridge.en[1]: the fact gate will not let") for each in told)
    assert any(each.startswith(f"{file}:6: examples[0].answer: the fact gate will not let") for each in told)
    assert any(each.startswith(f"{tmp_path}/a.md: Offer: the fact gate will not let") for each in told)
    assert not any("bridge.en[0]" in each or "Water" in each for each in told)


def test_the_gate_stops_nothing_of_what_is_shipped():
    assert warnings_of([ROOT / "channel.yaml"]) == []
