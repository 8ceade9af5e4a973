"""What differs from language to language when a text is split, filled and said: tables, no code."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = frozenset({"en", "de", "es", "fr", "it", "pt", "nl"})

# Letters a second of a host who says about 160 English words a minute; spaces count a little, pauses are extra.
SPEED = {"en": 13.5, "de": 14.0, "es": 14.5, "fr": 14.0, "it": 14.5, "pt": 14.5, "nl": 14.0}

# Where a speaker may breathe inside a clause.
CONJUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "en": ("and", "or", "but", "because", "which", "while", "so", "with"),
    "de": ("und", "oder", "aber", "denn", "weil", "sowie", "damit", "mit"),
    "es": ("y", "e", "o", "u", "pero", "porque", "que", "con"),
    "fr": ("et", "ou", "mais", "car", "parce", "qui", "avec"),
    "it": ("e", "ed", "o", "ma", "perché", "che", "con"),
    "pt": ("e", "ou", "mas", "porque", "que", "com"),
    "nl": ("en", "of", "maar", "omdat", "want", "met"),
}

# Words with a full stop that end no sentence, and how they are said ("" where the word itself is said).
ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "approx.": "approximately", "no.": "number",
        "nos.": "numbers", "vs.": "versus", "dr.": "doctor", "mr.": "mister", "mrs.": "missis", "ms.": "miss",
        "st.": "saint", "incl.": "including", "excl.": "excluding", "max.": "maximum", "min.": "minimum",
        "prof.": "professor", "ltd.": "limited", "inc.": "incorporated", "co.": "company", "dept.": "department",
        "a.m.": "A M", "p.m.": "P M", "pcs.": "pieces", "oz.": "ounces", "ca.": "about",
    },
    "de": {
        "z.b.": "zum Beispiel", "z.": "", "b.": "", "d.h.": "das heißt", "d.": "", "h.": "", "u.a.": "unter anderem",
        "u.": "", "a.": "", "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "nr.": "Nummer",
        "inkl.": "inklusive", "exkl.": "exklusive", "zzgl.": "zuzüglich", "max.": "maximal", "min.": "mindestens",
        "dr.": "Doktor", "prof.": "Professor", "hr.": "Herr", "fr.": "Frau", "str.": "Straße", "st.": "Stück",
        "stk.": "Stück", "evtl.": "eventuell", "ggf.": "gegebenenfalls", "vgl.": "vergleiche",
        "mwst.": "Mehrwertsteuer",
        "etc.": "et cetera", "tel.": "Telefon", "art.": "Artikel", "i.d.r.": "in der Regel", "o.ä.": "oder Ähnliches",
    },
    "es": {
        "p.ej.": "por ejemplo", "ej.": "ejemplo", "etc.": "etcétera", "aprox.": "aproximadamente", "núm.": "número",
        "n.º": "número", "sr.": "señor", "sra.": "señora", "dr.": "doctor", "dra.": "doctora", "máx.": "máximo",
        "mín.": "mínimo", "incl.": "incluido", "ud.": "usted", "uds.": "ustedes", "tel.": "teléfono", "p.": "",
    },
    "fr": {
        "p.ex.": "par exemple", "ex.": "exemple", "etc.": "et cetera", "env.": "environ", "m.": "monsieur",
        "mme.": "madame", "dr.": "docteur", "max.": "maximum", "min.": "minimum", "incl.": "inclus",
        "tél.": "téléphone", "réf.": "référence", "p.": "",
    },
    "it": {
        "es.": "esempio", "ecc.": "eccetera", "circa.": "circa", "sig.": "signor", "dott.": "dottor",
        "max.": "massimo", "min.": "minimo", "n.": "numero", "tel.": "telefono",
    },
    "pt": {
        "ex.": "exemplo", "etc.": "et cetera", "aprox.": "aproximadamente", "sr.": "senhor", "sra.": "senhora",
        "dr.": "doutor", "máx.": "máximo", "mín.": "mínimo", "tel.": "telefone",
    },
    "nl": {
        "bijv.": "bijvoorbeeld", "bv.": "bijvoorbeeld", "enz.": "enzovoort", "ca.": "circa", "nr.": "nummer",
        "incl.": "inclusief", "excl.": "exclusief", "max.": "maximaal", "min.": "minimaal", "dr.": "dokter",
        "d.w.z.": "dat wil zeggen", "o.a.": "onder andere", "m.b.t.": "met betrekking tot", "tel.": "telefoon",
    },
}  # fmt: skip

# How the values that the product specification names in English are said.
NAMED_VALUES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "in_stock": "in stock", "out_of_stock": "sold out", "preorder": "on preorder", "backorder": "on back order",
        "new": "new", "refurbished": "refurbished", "used": "used", "male": "men", "female": "women",
        "unisex": "everyone", "newborn": "newborns", "infant": "infants", "toddler": "toddlers", "kids": "kids",
        "adult": "adults",
    },
    "de": {
        "in_stock": "auf Lager", "out_of_stock": "ausverkauft", "preorder": "vorbestellbar",
        "backorder": "bald wieder lieferbar", "new": "neu", "refurbished": "generalüberholt", "used": "gebraucht",
        "male": "Herren", "female": "Damen", "unisex": "alle", "newborn": "Neugeborene", "infant": "Babys",
        "toddler": "Kleinkinder", "kids": "Kinder", "adult": "Erwachsene",
    },
    "es": {
        "in_stock": "disponible", "out_of_stock": "agotado", "preorder": "en preventa", "backorder": "bajo pedido",
        "new": "nuevo", "refurbished": "reacondicionado", "used": "usado", "male": "hombre", "female": "mujer",
        "unisex": "todos", "newborn": "recién nacidos", "infant": "bebés", "toddler": "niños pequeños",
        "kids": "niños", "adult": "adultos",
    },
    "fr": {
        "in_stock": "en stock", "out_of_stock": "épuisé", "preorder": "en précommande",
        "backorder": "en réapprovisionnement", "new": "neuf", "refurbished": "reconditionné",
        "used": "d'occasion", "male": "hommes", "female": "femmes", "unisex": "tous", "newborn": "nouveau-nés",
        "infant": "bébés", "toddler": "tout-petits", "kids": "enfants", "adult": "adultes",
    },
    "it": {
        "in_stock": "disponibile", "out_of_stock": "esaurito", "preorder": "in preordine",
        "backorder": "in riassortimento", "new": "nuovo", "refurbished": "ricondizionato", "used": "usato",
        "male": "uomo", "female": "donna", "unisex": "tutti", "newborn": "neonati", "infant": "lattanti",
        "toddler": "bimbi", "kids": "bambini", "adult": "adulti",
    },
    "pt": {
        "in_stock": "disponível", "out_of_stock": "esgotado", "preorder": "em pré-venda", "backorder": "por encomenda",
        "new": "novo", "refurbished": "recondicionado", "used": "usado", "male": "homem", "female": "mulher",
        "unisex": "todos", "newborn": "recém-nascidos", "infant": "bebés", "toddler": "crianças pequenas",
        "kids": "crianças", "adult": "adultos",
    },
    "nl": {
        "in_stock": "op voorraad", "out_of_stock": "uitverkocht", "preorder": "te reserveren",
        "backorder": "in nabestelling", "new": "nieuw", "refurbished": "gereviseerd", "used": "gebruikt",
        "male": "heren", "female": "dames", "unisex": "iedereen", "newborn": "pasgeborenen", "infant": "baby's",
        "toddler": "peuters", "kids": "kinderen", "adult": "volwassenen",
    },
}  # fmt: skip
