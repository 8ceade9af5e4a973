"""The attributes of the product data specification that a catalog knows, and the names that feeds have for them."""

from __future__ import annotations

import re

from host_engine.feeds.offer import ORDER

ATTRIBUTES = frozenset(ORDER) - {"selling_points"}
_OTHER = {
    "name": "title", "image": "image_link", "image_url": "image_link", "additional_images": "additional_image_link",
    "additional_image_links": "additional_image_link", "product_highlights": "product_highlight",
    "product_details": "product_detail", "url": "link", "product_url": "link", "ean": "gtin", "upc": "gtin",
    "isbn": "gtin", "manufacturer": "brand", "colour": "color", "unit_pricing_base": "unit_pricing_base_measure",
    "product_category": "google_product_category", "category": "product_type", "stock": "availability",
    "summary": "description", "content": "description",
    # as accounts in other languages name them
    "titel": "title", "titre": "title", "título": "title", "titolo": "title", "beschreibung": "description",
    "descripción": "description", "descrizione": "description", "lien": "link", "enlace": "link",
    "bildlink": "image_link",
    "lien_image": "image_link", "enlace_imagen": "image_link", "link_immagine": "image_link",
    "verfügbarkeit": "availability", "disponibilité": "availability", "disponibilidad": "availability",
    "disponibilità": "availability", "preis": "price", "prix": "price", "precio": "price", "prezzo": "price",
    "sonderangebotspreis": "sale_price", "prix_soldé": "sale_price", "precio_oferta": "sale_price",
    "prezzo_scontato": "sale_price", "zustand": "condition", "état": "condition", "estado": "condition",
    "condizione": "condition", "marke": "brand", "marque": "brand", "marca": "brand", "farbe": "color",
    "couleur": "color", "colore": "color", "größe": "size", "taille": "size", "talla": "size", "taglia": "size",
}  # fmt: skip


def attribute(written: str) -> str:
    """The attribute that a column or an element is: "Image Link", "g:image_link" and "image_link(...)" are one."""
    bare = re.sub(r"\s*[\[(].*$", "", written.strip().lower()).removeprefix("g:")
    name = re.sub(r"[\s-]+", "_", bare)
    return _OTHER.get(name, name)
