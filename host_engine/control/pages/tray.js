// The tray: all products of the shop, the one on air first; each can be asked about, and looked at in the shop.

import { say } from "/static/words.js";

const $ = (id) => document.getElementById(id);
const TYPING = 250; // ms after the last key until it is looked for
const FRESH = 60_000; // ms after which prices are asked for again

export class Tray {
  // onAsk is given the product {id, title} that a viewer wants to ask about.
  constructor(onAsk) {
    Object.assign(this, { onAsk, products: new Map(), order: [], next: 0, onAir: null, words: "", turn: 0, loaded: 0 });
    this.dialog = $("tray");
    this.list = $("tray-list");
    $("tray-open").addEventListener("click", () => this.open());
    $("tray-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.modal && this.dialog.close());
    $("find").addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.find($("find").value), TYPING);
    });
    this.more = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && this.load(), {
      root: this.list,
      rootMargin: "200px",
    });
    this.beside = matchMedia("(min-width: 700px) and (orientation: landscape), (min-width: 1000px)");
    this.beside.addEventListener("change", () => this.place());
  }

  get modal() {
    return this.dialog.matches(":modal");
  }

  // Beside the picture it always stands open, over it only when it is called.
  place() {
    if (this.modal) this.dialog.close();
    this.dialog.toggleAttribute("open", this.beside.matches);
  }

  start() {
    if (this.started) return;
    this.started = true;
    this.place();
    this.find("");
    setInterval(() => !document.hidden && this.dialog.open && performance.now() - this.loaded > FRESH && this.find(this.words), 5000);
  }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.list.focus();
    if (performance.now() - this.loaded > FRESH) this.find(this.words);
  }

  find(words) {
    this.words = words.trim();
    this.turn++;
    this.next = 0;
    return this.load(true);
  }

  async load(anew = false) {
    if (this.next === null || (this.loading && !anew)) return;
    const turn = this.turn;
    this.loading = true;
    try {
      const query = new URLSearchParams({ q: this.words, offset: this.next });
      const response = await fetch(`/api/products?${query}`, { signal: AbortSignal.timeout(8000) });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const page = await response.json();
      if (turn !== this.turn) return;
      if (anew) this.order = [];
      for (const product of page.products) {
        this.products.set(product.id, product);
        if (!this.order.includes(product.id)) this.order.push(product.id);
      }
      this.next = page.next;
      this.loaded = performance.now();
      if (!this.words) $("tray-count").textContent = page.total > 99 ? "99+" : page.total;
      $("tray-total").textContent = page.total;
      this.show();
    } catch (error) {
      console.info("the products cannot be shown:", error.message);
    } finally {
      if (turn === this.turn) this.loading = false;
    }
  }

  // The product on air, as /api/now tells it.
  pin(product) {
    if (JSON.stringify(product) === JSON.stringify(this.onAir)) return;
    this.onAir = product;
    if (this.started) this.show();
  }

  show() {
    const first = this.onAir && !this.words ? [{ ...this.products.get(this.onAir.id), ...this.onAir }] : [];
    const others = this.order.map((id) => this.products.get(id)).filter((each) => each.id !== first[0]?.id);
    const key = JSON.stringify([first, others]);
    $("tray-none").hidden = first.length + others.length > 0;
    if (key === this.shown) return;
    this.shown = key;
    const focused = this.list.querySelector(":focus")?.closest("li")?.dataset.id;
    this.more.disconnect();
    this.list.replaceChildren(...first.map((each) => item(each, true, this)), ...others.map((each) => item(each, each.id === this.onAir?.id, this)));
    if (focused) [...this.list.children].find((each) => each.dataset.id === focused)?.querySelector("button").focus();
    if (this.next !== null && this.list.lastElementChild) this.more.observe(this.list.lastElementChild);
  }

  ask(product) {
    if (this.modal) this.dialog.close();
    this.onAsk({ id: product.id, title: product.title });
  }
}

function item(product, onAir, tray) {
  const row = make("li", onAir ? "onair" : "");
  row.dataset.id = product.id;
  const ask = make("button", "ask");
  ask.type = "button";
  ask.setAttribute("aria-label", `${say("askAbout")} ${product.title}, ${product.sale_price ?? product.price}`);
  ask.addEventListener("click", () => tray.ask(product));
  ask.append(frame(product, onAir), words(product));
  row.append(ask);
  if (product.link) {
    const link = make("a", "go", say("look"));
    Object.assign(link, { href: product.link, target: "_blank", rel: "noopener noreferrer" });
    link.setAttribute("aria-label", `${say("view")}: ${product.title}, ${say("newTab")}`);
    row.append(link);
  }
  return row;
}

function frame(product, onAir) {
  const box = make("span", "thumb");
  if (product.picture) {
    const picture = make("img");
    Object.assign(picture, { src: product.picture, alt: "", loading: "lazy", decoding: "async" });
    picture.addEventListener("error", () => picture.remove());
    box.append(picture);
  }
  if (product.saving) box.append(make("i", "saving", product.saving));
  if (onAir) box.append(make("i", "now", say("live")));
  return box;
}

function words(product) {
  const box = make("span", "item-words");
  box.append(make("span", "item-title", product.title));
  const prices = make("span", "item-prices");
  prices.append(make("b", product.sale_price ? "less" : "", product.sale_price ?? product.price));
  if (product.sale_price) prices.append(" ", make("s", "", product.price));
  if (product.availability && product.availability !== "in_stock") prices.append(" ", make("small", "", say(product.availability)));
  box.append(prices);
  return box;
}

function make(name, style = "", text = "") {
  const made = document.createElement(name);
  if (style) made.className = style;
  made.textContent = text;
  return made;
}
