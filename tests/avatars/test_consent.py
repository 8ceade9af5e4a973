"""No consent, no avatar: what is refused, and in which words."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from presenter import own_consent, signed_consent

from host_engine.avatars.consent import read_consent
from host_engine.document import Problems

TODAY = date(2026, 11, 22)


def test_a_signed_consent_allows_what_is_in_it(tmp_path: Path) -> None:
    consent = read_consent(signed_consent(tmp_path))
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert consent.refused(now) is None
    assert consent.refused(now, channel="main", brand="tea house", language="de-AT", use="live") is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"brand": "Shoe Shop"}, "does not cover the brand 'Shoe Shop', only Tea House; ask anna@example.com"),
        ({"language": "fr"}, "does not cover the language 'fr', only de, en"),
    ],
)
def test_what_is_out_of_scope_is_refused_in_a_sentence(tmp_path: Path, asked: dict[str, str], said: str) -> None:
    refused = read_consent(signed_consent(tmp_path)).refused(TODAY, **asked)  # type: ignore[arg-type]
    assert refused is not None
    assert said in refused


def test_expired_revoked_and_not_yet_given_are_refused(tmp_path: Path) -> None:
    consent = read_consent(signed_consent(tmp_path, "revoked: 2026-11-22\n"))
    assert consent.refused(date(2026, 11, 21)) is None
    assert "was revoked on 2026-11-22; ask anna@example.com" in str(consent.refused(TODAY))
    consent = read_consent(signed_consent(tmp_path))
    assert consent.refused(date(2099, 12, 31)) is None
    assert "expired after 2099-12-31" in str(consent.refused(date(2100, 1, 1)))
    assert "begins on 2026-01-01; today is 2025-12-31" in str(consent.refused(date(2025, 12, 31)))


def test_a_proof_that_was_changed_is_told_with_its_line(tmp_path: Path) -> None:
    path = signed_consent(tmp_path)
    (tmp_path / "signed.pdf").write_bytes(b"%PDF signed by nobody")
    with pytest.raises(Problems, match=r"anna\.yaml:6: proof\.sha256: .*is not the file that was meant"):
        read_consent(path)
    assert read_consent(path, proof=False).person == "Anna Muster"


def test_a_proof_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = signed_consent(tmp_path)
    (tmp_path / "signed.pdf").unlink()
    with pytest.raises(Problems, match=r"proof\.file: the proof signed\.pdf cannot be read"):
        read_consent(path)


def test_artwork_of_our_own_needs_no_proof_but_a_person_does(tmp_path: Path) -> None:
    path = own_consent(tmp_path)
    assert read_consent(path).kind == "own-artwork"
    path.write_text(path.read_text().replace("own-artwork", "person"))
    with pytest.raises(Problems, match="'proof' is missing"):
        read_consent(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("channels: any", "channels: main", r"scope\.channels: write a list, such as \[main\], or the word any"),
        ("channels: any", "channels: []", "an empty list allows nothing"),
        ("uses: any", "uses: [live, films]", "'films' is not one of"),
        ("given: 2026-01-01", "given: soon", "'soon'"),
        ("person: Anna Muster\n", "", "'person' is missing"),
        ("expires: 2099-12-31", "expires: 2025-12-31", "it expires on 2025-12-31, before it was given"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = own_consent(tmp_path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Problems, match=said):
        read_consent(path)
