// What the page remembers of a shopper: on their machine only.

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {} // a private window keeps nothing
}

export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// By which the channel knows that questions, written and spoken, come from one viewer; nobody else is told it.
export const viewer = (() => {
  const known = remembered("viewer");
  if (/^[0-9a-f]{32}$/.test(known ?? "")) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  remember("viewer", made);
  return made;
})();
