"""The typefaces of everything written on the picture: Manrope, and the system's own for scripts that it lacks."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib import resources
from pathlib import Path

import skia

from host_engine.host.fontconfig import without_remarks

log = logging.getLogger(__name__)

WEIGHTS = {"regular": 400, "medium": 500, "semibold": 600, "bold": 700, "extrabold": 800}
_FILES = {"regular": "Regular", "medium": "Medium", "semibold": "SemiBold", "bold": "Bold", "extrabold": "ExtraBold"}


class FontMissing(RuntimeError):
    """A font that is needed is not there; the message is a sentence for people."""


class Fonts:
    """Makes shaped paragraphs in Manrope; a character it lacks is looked up once among the fonts of the system.

    All calls into skia hold Python's lock, so one collection serves every thread.
    """

    def __init__(self, folder: Path) -> None:
        with without_remarks():
            self._system = skia.FontMgr()
        self._known = skia.textlayout.TypefaceFontProvider()
        self._faces = {weight: self._open(folder, weight) for weight in WEIGHTS}
        self._spare: dict[tuple[str, str], str | None] = {}  # (character, weight) -> family
        self._lacking: set[int] = set()  # blocks of characters without a font
        self._collection = skia.textlayout.FontCollection()
        self._collection.setDefaultFontManager(self._known)
        self._unicode = skia.Unicodes.ICU.Make()

    def _open(self, folder: Path, weight: str) -> skia.Typeface:
        path = folder / f"Manrope-{_FILES[weight]}.ttf"
        face = self._system.makeFromFile(str(path)) if path.is_file() else None
        if face is None:
            raise FontMissing(f"the font {path} is missing or unreadable; reinstall the package font-manrope")
        self._known.registerTypeface(face, weight)
        return face

    def families(self, text: str, weight: str) -> list[str]:
        """Names of the typefaces that together have the characters of `text`, first choice first."""
        face, found = self._faces[weight], [weight]
        for character in dict.fromkeys(text):
            if face.unicharToGlyph(ord(character)) == 0 and not character.isspace():
                family = self._fallback(character, weight)
                if family is not None and family not in found:
                    found.append(family)
        return found

    def lacks(self, text: str, weight: str = "bold") -> str:
        """The characters of `text` that no font on this machine has: a box would stand in their place."""
        face = self._faces[weight]
        unseen = (c for c in dict.fromkeys(text) if not c.isspace() and face.unicharToGlyph(ord(c)) == 0)
        return "".join(character for character in unseen if self._fallback(character, weight) is None)

    def _fallback(self, character: str, weight: str) -> str | None:
        key = character, weight
        if key not in self._spare:
            style = skia.FontStyle(WEIGHTS[weight], 5, skia.FontStyle.kUpright_Slant)
            face = self._system.matchFamilyStyleCharacter("", style, [], ord(character))
            family = None if face is None else f"{face.getFamilyName()} {weight}"
            if family is None:
                self._tell(character)
            elif family not in self._spare.values():
                self._known.registerTypeface(face, family)
            self._spare[key] = family
        return self._spare[key]

    def _tell(self, character: str) -> None:
        """Say that a character has no font, once for its block of 256."""
        if (block := ord(character) // 256) not in self._lacking:
            self._lacking.add(block)
            log.warning("no font on this machine has %r (U+%04X) and others like it", character, ord(character))

    def paragraph(self, text: str, size: float, weight: str, colour: int = 0xFF000000) -> skia.textlayout.Paragraph:
        """`text` shaped as one line, ready to paint or to measure."""
        style = skia.textlayout.TextStyle()
        style.setFontFamilies(self.families(text, weight))
        style.setFontSize(size)
        style.setColor(colour)
        whole = skia.textlayout.ParagraphStyle()
        whole.setTextStyle(style)
        builder = skia.textlayout.ParagraphBuilder.make(whole, self._collection, self._unicode)
        builder.pushStyle(style)
        builder.addText(text)
        paragraph = builder.Build()
        paragraph.layout(1e6)
        return paragraph


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """The one collection of this process. Raises FontMissing."""
    try:
        folder = Path(str(resources.files("font_manrope"))) / "files"
    except ModuleNotFoundError as error:
        raise FontMissing("the package font-manrope is not installed; run: pip install font-manrope") from error
    return Fonts(folder)
