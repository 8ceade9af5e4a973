"""What is said to learn from: rows of words in several languages, and syllables that no language has."""

from __future__ import annotations

from random import Random
from typing import Final

WORDS: Final = {
    "en-us": "people bubble purple maybe promise beautiful before from family five very everything voice wonderful "
    "warm water world show shoes fresh cheese change judge measure thing think brother weather soft sofa leather "
    "lamp table kitchen bottle cup coffee tea green blue orange yellow black white silver gold price offer today "
    "tomorrow morning evening home room light heavy simple easy quick quiet loud music moment minute second hour "
    "welcome thank please help buy basket order colour size large small medium new old good better best right left "
    "we you they our this that here there how why what when who enjoy happy boy noise about house mouth outside "
    "over open own go know slow food move blue look book foot put early first work learn girl bird car far start",
    "de": "bitte beste Beispiel Pumpe Pfanne Apfel Abend immer Zimmer kommen Morgen Familie fünf frisch Vase wunderbar "
    "Wasser warm Welt schön Schuhe Tisch Stuhl Mädchen Küche Kuchen Buch auch nicht richtig möchte mögen Öl über "
    "grün blau braun Haus Maus Freude heute neu Feuer ein zwei drei weiß Preis Angebot Farbe Größe klein groß Leder "
    "Licht Zeit Zucker Tasse Tee Kaffee Teller Messer Gabel Löffel wir ihr sie das die der mit ohne für von",
    "es": "bueno pan papel bebé mamá amigo familia favor fuego feliz vida verde ventana mesa silla cocina agua "
    "chocolate leche mucho noche niño mañana año precio oferta zapato luz rojo azul blanco negro grande pequeño hoy "
    "ahora siempre nunca casa coche perro gato uno dos tres cuatro cinco seis pero porque muy bien gracias",
    "fr": "bonjour beau bleu pomme pain maman famille femme fenêtre vert vie voilà oui nuit huit jour joli chaise "
    "chocolat choix table lampe cuisine eau peau couleur fleur peu deux bon bonbon vin main un lundi prix offre "
    "aujourd'hui demain toujours petit grand rouge jaune merci beaucoup moi toi nous vous avec pour dans sur",
    "it": "buono bello bambino mamma famiglia fiore favore vita verde vino acqua chiave gelato giallo ciao cucina "
    "pesce scarpa luce latte tavola sedia bottiglia prezzo offerta oggi domani sempre grande piccolo rosso azzurro "
    "bianco nero uno due tre quattro cinque perché molto bene grazie prego noi voi questo quello",
    "pl": "proszę bardzo pan pani mama rodzina woda kawa herbata stół krzesło kuchnia światło nowy dobry mały duży "
    "czerwony żółty zielony niebieski cena oferta dzisiaj jutro zawsze dziękuję my wy ten tamten but buty książka",
}  # fmt: skip
ONSETS: Final = (*"pbmfvwtdnszlrkghjy", "sh", "ch", "th", "pr", "bl", "fl", "sp", "st", "tr", "kr", "br", "fr")
VOWELS: Final = ("a", "e", "i", "o", "u", "ah", "ee", "oo", "oh", "ay", "ow", "oy")
CODAS: Final = ("", "", "", "p", "b", "m", "f", "v", "t", "n", "s", "l", "k", "mp", "sh", "st")
ENDS: Final = ".!?"


def text(language: str, random: Random) -> str:
    """Three to nine words of the language with a comma here and there; one in five texts is made of syllables."""
    count = random.randint(3, 9)
    if random.random() < 0.2:
        words = [_made_up(random) for _ in range(count)]
    else:
        words = [random.choice(_known(language)) for _ in range(count)]
    said = [word + ("," if random.random() < 0.08 else "") for word in words[:-1]]
    return " ".join([*said, words[-1] + random.choice(ENDS)])


def _known(language: str) -> list[str]:
    return WORDS.get(language, WORDS["en-us"]).split()


def _made_up(random: Random) -> str:
    return "".join(
        random.choice(ONSETS) + random.choice(VOWELS) + random.choice(CODAS) for _ in range(random.randint(1, 3))
    )
