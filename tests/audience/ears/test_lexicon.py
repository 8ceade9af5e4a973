from pathlib import Path

import pytest
from pocketsphinx import get_model_path

from host_engine.audience.ears.arpabet import PHONES, arpabet
from host_engine.audience.ears.lexicon import WAYS, lexicon, written
from host_engine.audience.ears.spelling import phones

DICTIONARY = Path(get_model_path("en-us/cmudict-en-us.dict"))


@pytest.mark.parametrize(
    ("ipa", "said"),
    [
        ("sˈɛnt͡ʃə", "S EH N T SH AH"),
        ("mˈætʃʌ", "M AE CH AH"),
        ("ɹˈɔɪbɒs", "R OY B AA S"),
        ("kˈyːçənvˌɑːɡə", "K UW HH AH N V AA G AH"),
        ("tˈiːpɑːt", "T IY P AA T"),
        ("", ""),
        ("ˈˌ", ""),
    ],
)
def test_ipa_becomes_the_sounds_of_the_dictionary(ipa, said):
    assert " ".join(arpabet(ipa)) == said


def test_only_sounds_that_the_recogniser_knows():
    known = {line.split()[-1] for line in DICTIONARY.read_text().splitlines()[:5000]}
    assert known <= PHONES
    assert len(PHONES) == 39


def test_words_that_no_dictionary_has_get_sounds_by_rule():
    assert phones("teapot") == ["T", "IY", "P", "AA", "T"]
    assert phones("küchenwaage", "de")[0] == "K"
    assert set(phones("gusseisenpfanne", "de")) <= PHONES


def test_the_spelling_of_the_shop_comes_first_and_the_dictionary_is_kept():
    found = lexicon({"sencha", "rooibos", "tea", "spf", "xqz"}, DICTIONARY, {"Rooibos": "roy-boss"}, "en")
    assert found["rooibos"][0] == "R OY B AA S"
    assert found["tea"] == ["T IY"]
    assert found["sencha"][0].startswith("S EH N")
    assert found["spf"] == ["EH S P IY EH F"]
    assert all(1 <= len(ways) <= WAYS for ways in found.values())


def test_a_word_of_another_language_is_known_by_both_rules():
    assert len(lexicon({"abendrot"}, DICTIONARY, {}, "de")["abendrot"]) == 2


def test_it_is_written_as_pocketsphinx_reads_it():
    assert written({"tea": ["T IY", "T EY"]}) == "tea T IY\ntea(2) T EY\n"
