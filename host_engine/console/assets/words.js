// Fields of a catalog and their values, as somebody reads them who has never seen its file.

export const STOCK = { in_stock: "in stock", out_of_stock: "sold out", preorder: "preorder", backorder: "backorder" };
const FIELDS = {
  sale_price_effective_date: "sale runs", availability: "stock", availability_date: "back in stock", image_link: "picture",
  additional_image_link: "more pictures", selling_points: "selling points", product_highlight: "highlights", product_detail: "details",
  faq: "questions and answers", pronunciations: "how it is said", expiration_date: "expires", link: "address", clip: "video",
};
const DAY = { weekday: "short", day: "numeric", month: "short" }, TIME = { hour: "2-digit", minute: "2-digit", hour12: false };
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, FILE = /(^|\/)([^/]+\.(jpe?g|png|webp|gif|mp4|webm|mov))$/i;
const LONGEST = 60;

export function field(name) {
  return FIELDS[name] || name.replaceAll("_", " ");
}

export function value(given) {
  if (given === null || given === undefined || given === "") return "none";
  if (typeof given === "boolean") return given ? "yes" : "no";
  if (Array.isArray(given)) return given.length ? short(given.map(value).join(", ")) : "none";
  if (typeof given === "object") return short(Object.values(given).map((each) => value(each)).join(": "));
  const text = String(given);
  if (STOCK[text]) return STOCK[text];
  const [from, to] = text.split("/");
  if (INSTANT.test(text)) return to && INSTANT.test(to) ? period(new Date(from), new Date(to)) : instant(new Date(text));
  return short(text.match(FILE)?.[2] || text);
}

// The time of a version, on the day it was; today without the day.
export function when(given) {
  const at = new Date(typeof given === "number" ? given * 1000 : given);
  if (Number.isNaN(at.getTime())) return String(given ?? "");
  return at.toDateString() === new Date().toDateString() ? at.toLocaleTimeString([], { ...TIME, second: "2-digit" }) : instant(at);
}

function instant(at) {
  const year = at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return `${at.toLocaleDateString([], { ...DAY, ...year })}, ${at.toLocaleTimeString([], TIME)}`;
}

function period(from, to) {
  const same = from.toDateString() === to.toDateString();
  return `${instant(from)} to ${same ? to.toLocaleTimeString([], TIME) : instant(to)}`;
}

function short(text) {
  return text.length > LONGEST ? text.slice(0, LONGEST - 1) + "…" : text;
}
