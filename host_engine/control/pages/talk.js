// What is said between viewers and the host: the messages over the picture, and the field to write in.
// Whatever viewers write is set as text, never as markup.

import { Chat } from "/static/chat.js";
import { remember, remembered } from "/static/keep.js";
import { refusal, say } from "/static/words.js";

const $ = (id) => document.getElementById(id);
const KNOWN = ["answered", "duplicate"]; // reasons for which a question is not taken though nothing is wrong with it
const MOST = 60; // messages on the page
const FRESH = 45_000; // ms until one that nobody talks about fades
const TOLD = 8000; // ms that a sentence below them stands

export class Talk {
  // onViewers is told how many are watching, onLongest for how many seconds a viewer may speak.
  constructor({ onViewers, onLongest }) {
    Object.assign(this, { onViewers, onLongest, product: null, shown: new Map(), replies: new Map(), sent: new Map(), seen: new Set() });
    this.chat = new Chat("/api/chat", (told) => this.hear(told), (on, seconds) => this.reach(on, seconds));
    this.chat.name = remembered("name") ?? "";
    $("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask($("text").value.trim());
    });
    $("text").addEventListener("input", () => this.typed());
    for (const quick of document.querySelectorAll(".quick button"))
      quick.addEventListener("click", () => this.ask(quick.textContent));
    $("aim-off").addEventListener("click", () => {
      this.aim(null);
      $("text").focus();
    });
    this.naming();
  }

  start() {
    if (!this.chat.wanted) this.chat.start();
  }

  stop() {
    this.chat.stop();
  }

  // What the next question is about: {id, title} or null.
  aim(product) {
    this.product = product;
    $("aim").hidden = !product;
    $("aim-title").textContent = product?.title ?? "";
    if (product) $("text").focus();
  }

  ask(text) {
    if (!text) return;
    const ref = this.chat.say(this.product ? { text, product: this.product.id } : { text });
    if (ref === null) return this.tell(say("away"), true);
    const item = this.add({ name: say("you"), text, product: this.product }, "own sent");
    this.sent.set(ref, item);
    $("text").value = "";
    this.typed();
    this.aim(null);
  }

  typed() {
    $("compose").classList.toggle("writing", Boolean($("text").value.trim()));
  }

  // --- what the channel tells ---

  hear(told) {
    const key = `${told.what} ${told.id}`;
    const once = ["asked", "answering", "answered"].includes(told.what);
    if (once && this.seen.has(key)) return; // told again after the connection was lost
    if (once) this.seen.add(key);
    if (this.seen.size > 500) this.seen.delete(this.seen.values().next().value);
    const hear = {
      hello: () => (this.onLongest(told.longest), this.onViewers(told.viewers)),
      viewers: () => this.onViewers(told.count),
      receipt: () => this.receipt(told),
      yours: () => told.ids.forEach((id) => this.own(id)),
      heard: () => this.heard(told),
      asked: () => this.asked(told),
      answering: () => this.mark(told.id, "answering"),
      answered: () => this.answered(told),
      waiting: () => this.tell(say("waiting")),
      vetoed: () => this.fail(told.id, say("vetoed")),
      expired: () => this.fail(told.id, say("expired")),
    };
    hear[told.what]?.();
  }

  receipt(told) {
    const item = this.sent.get(told.ref);
    this.sent.delete(told.ref);
    if (told.state === "refused") {
      const known = KNOWN.includes(told.reason);
      item?.classList.replace("sent", known ? "known" : "refused");
      return this.tell(refusal(told.reason) || told.said || say("refused"), !known);
    }
    item?.classList.remove("sent");
    if (item) this.shown.set(told.id, item);
    this.tell(say(told.state === "joined" ? "joined" : "taken"));
  }

  heard(told) {
    this.onHeard?.(told);
    if (told.state === "refused") {
      const why = refusal(told.reason) || told.said || say("unheard");
      return this.tell(told.text ? `${say("heard")} “${told.text}” ${why}` : why, true);
    }
    if (!this.shown.has(told.id)) this.shown.set(told.id, this.add({ name: say("you"), text: told.text }, "own"));
    this.tell(`${say("heard")} “${told.text}”`);
  }

  // A question that this viewer asked before the page was opened anew.
  own(id) {
    const item = this.shown.get(id);
    if (!item || item.classList.contains("own")) return;
    item.classList.add("own");
    item.firstChild.textContent = say("you");
    this.replies.get(id)?.classList.add("mine");
  }

  asked(told) {
    if (!this.shown.has(told.id)) this.shown.set(told.id, this.add(told, ""));
  }

  answered(told) {
    const own = this.shown.get(told.id)?.classList.contains("own");
    this.mark(told.id, "done");
    const text = told.name && !own ? `@${told.name} ${told.answer}` : told.answer;
    this.replies.set(told.id, this.add({ name: say("host"), text, product: told.product }, own ? "host mine" : "host"));
  }

  fail(id, why) {
    this.shown.get(id)?.classList.add("refused");
    this.tell(why, true);
  }

  mark(id, name) {
    const item = this.shown.get(id);
    item?.classList.remove("answering");
    item?.classList.add(name);
  }

  // --- how it looks ---

  add({ name, text, product }, kind) {
    const item = document.createElement("li");
    item.className = kind;
    const who = document.createElement("b");
    who.textContent = name || say("somebody");
    who.dataset.hue = hue(name || "");
    const words = document.createElement("span");
    words.textContent = text;
    item.append(who, " ", words);
    if (product?.title) {
      const about = document.createElement("em");
      about.textContent = product.title;
      item.append(" ", about);
    }
    const log = $("log");
    const below = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    log.append(item);
    setTimeout(() => item.classList.add("old"), FRESH);
    while (log.children.length > MOST) this.forget(log.firstChild);
    if (below || kind.includes("own")) log.scrollTop = log.scrollHeight;
    return item;
  }

  forget(item) {
    for (const all of [this.shown, this.replies]) for (const [id, each] of all) if (each === item) all.delete(id);
    item.remove();
  }

  // A sentence below the messages; it goes after a while, unless it is `lasting`.
  tell(text, bad = false, lasting = false) {
    clearTimeout(this.telling);
    $("told").textContent = text;
    $("told").classList.toggle("bad", bad);
    if (text && !lasting) this.telling = setTimeout(() => this.tell(""), TOLD);
  }

  reach(on, seconds) {
    $("compose").classList.toggle("away", !on);
    if (!on) this.tell(say("lost").replace("{n}", seconds), true, true);
    else if (this.away) this.tell(say("back"));
    this.away = !on;
    for (const [ref, item] of on ? [] : this.sent) {
      item.classList.replace("sent", "refused"); // nobody knows whether it arrived
      this.sent.delete(ref);
    }
  }

  naming() {
    const show = () => $("who").classList.toggle("known", Boolean(this.chat.name));
    $("who").addEventListener("click", () => {
      $("name").value = this.chat.name;
      $("naming").showModal();
    });
    $("naming").addEventListener("click", ({ target }) => target === $("naming") && $("naming").close());
    $("naming-form").addEventListener("submit", () => {
      const name = $("name").value.trim().slice(0, 30);
      remember("name", name);
      this.chat.introduce(name);
      show();
    });
    show();
  }
}

// The same name has the same colour, one of eight.
function hue(name) {
  let sum = 0;
  for (const each of name) sum = (sum * 31 + each.codePointAt(0)) % 1009;
  return sum % 8;
}
