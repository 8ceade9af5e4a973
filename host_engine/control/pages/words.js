// What the page says, in the language of the channel.

const WORDS = {
  en: {
    live: "Live", off: "Off air", ai: "AI host", shown: "On show now", view: "View product", close: "Got it",
    soon: "The next product is on its way.", tap: "Tap for sound", again: "Try again",
    mute: "Mute", unmute: "Sound on", volume: "Volume", full: "Full screen", video: "Live video",
    connecting: "One moment", connectingMore: "The show is about to appear.",
    reconnecting: "We lost the picture", reconnectingMore: "Getting it back …",
    offair: "We'll be right back", offairMore: "The show is off air at the moment. This page waits for it.",
    busy: "The room is full", busyMore: "A place will be free in a moment.",
    unsupported: "This browser cannot play the show", unsupportedMore: "Please try a recent Chrome, Safari, Edge or Firefox.",
    oldPrice: "Before", newTab: "opens in a new tab",
    aboutTitle: "This host is made by a computer",
    aboutHost: "The person you see is drawn and the voice is made by a computer. Nobody was filmed.",
    aboutShop: "Products, prices and terms are the shop's own. What counts is what the shop's product page says.",
  },
  de: {
    live: "Live", off: "Pause", ai: "KI-Moderation", shown: "Jetzt im Bild", view: "Zum Produkt", close: "Verstanden",
    soon: "Gleich kommt das nächste Produkt.", tap: "Ton einschalten", again: "Noch einmal",
    mute: "Ton aus", unmute: "Ton an", volume: "Lautstärke", full: "Vollbild", video: "Livevideo",
    connecting: "Einen Moment", connectingMore: "Die Sendung erscheint gleich.",
    reconnecting: "Das Bild ist weg", reconnectingMore: "Wir holen es zurück …",
    offair: "Gleich geht es weiter", offairMore: "Gerade wird nicht gesendet. Diese Seite wartet darauf.",
    busy: "Alle Plätze sind belegt", busyMore: "Gleich wird einer frei.",
    unsupported: "Dieser Browser kann die Sendung nicht zeigen", unsupportedMore: "Bitte nimm ein aktuelles Chrome, Safari, Edge oder Firefox.",
    oldPrice: "Vorher", newTab: "öffnet einen neuen Tab",
    aboutTitle: "Hier moderiert ein Computer",
    aboutHost: "Die Person im Bild ist gezeichnet, die Stimme macht ein Computer. Niemand wurde gefilmt.",
    aboutShop: "Produkte, Preise und Bedingungen sind die des Shops. Es gilt, was auf der Produktseite steht.",
  },
  es: {
    live: "En directo", off: "Sin emisión", ai: "Presenta una IA", shown: "Ahora en pantalla", view: "Ver producto", close: "Entendido",
    soon: "El próximo producto llega enseguida.", tap: "Activar el sonido", again: "Reintentar",
    mute: "Silenciar", unmute: "Activar sonido", volume: "Volumen", full: "Pantalla completa", video: "Vídeo en directo",
    connecting: "Un momento", connectingMore: "El programa aparece enseguida.",
    reconnecting: "Se ha perdido la imagen", reconnectingMore: "La estamos recuperando …",
    offair: "Volvemos enseguida", offairMore: "Ahora no hay emisión. Esta página la espera.",
    busy: "La sala está llena", busyMore: "Enseguida habrá sitio.",
    unsupported: "Este navegador no puede mostrar el programa", unsupportedMore: "Prueba con un Chrome, Safari, Edge o Firefox reciente.",
    oldPrice: "Antes", newTab: "se abre en otra pestaña",
    aboutTitle: "Presenta un ordenador",
    aboutHost: "La persona que ves está dibujada y la voz la crea un ordenador. No se ha filmado a nadie.",
    aboutShop: "Los productos, precios y condiciones son de la tienda. Vale lo que dice la página del producto.",
  },
  fr: {
    live: "En direct", off: "Hors antenne", ai: "Présenté par une IA", shown: "À l'écran", view: "Voir le produit", close: "Compris",
    soon: "Le prochain produit arrive.", tap: "Activer le son", again: "Réessayer",
    mute: "Couper le son", unmute: "Activer le son", volume: "Volume", full: "Plein écran", video: "Vidéo en direct",
    connecting: "Un instant", connectingMore: "L'émission va apparaître.",
    reconnecting: "L'image est perdue", reconnectingMore: "Nous la récupérons …",
    offair: "Nous revenons tout de suite", offairMore: "Rien n'est diffusé pour l'instant. Cette page attend.",
    busy: "La salle est pleine", busyMore: "Une place se libère bientôt.",
    unsupported: "Ce navigateur ne peut pas lire l'émission", unsupportedMore: "Essayez un Chrome, Safari, Edge ou Firefox récent.",
    oldPrice: "Avant", newTab: "s'ouvre dans un nouvel onglet",
    aboutTitle: "Un ordinateur présente",
    aboutHost: "La personne à l'écran est dessinée et sa voix est faite par un ordinateur. Personne n'a été filmé.",
    aboutShop: "Les produits, prix et conditions sont ceux de la boutique. La page du produit fait foi.",
  },
};

let words = WORDS.en;

export const say = (key) => words[key] ?? WORDS.en[key] ?? "";

// Speak `language` where we can, English where not, everywhere on the page.
export function speak(language) {
  const code = language.toLowerCase().split("-")[0];
  const known = code in WORDS ? code : "en";
  if (words === WORDS[known] && document.documentElement.lang === known) return;
  words = WORDS[known];
  document.documentElement.lang = known;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
}
