// Asking aloud: hold the button while speaking, or press it once to start and once to stop.

import { Microphone } from "/static/microphone.js";
import { say } from "/static/words.js";

const $ = (id) => document.getElementById(id);
const HELD = 400; // ms: a shorter press starts what another press stops
const PATIENCE = 12_000; // ms until the words that were heard ought to be there

export class Aloud {
  // tell(sentence, bad, lasting) shows a sentence; duck(on) makes the show quieter, so that it is not heard again.
  constructor({ tell, duck, language }) {
    Object.assign(this, { tell, duck, language, longest: 20, wanted: false, talking: false, free: false });
    this.microphone = new Microphone("/api/microphone");
    const button = (this.button = $("hold"));
    button.addEventListener("pointerdown", (event) => this.press(event));
    for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => this.release());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", ({ detail }) => detail === 0 && this.toggle()); // by key, or by assistive technology
    addEventListener("blur", () => this.wanted && !this.asking && this.stop());
  }

  press(event) {
    if (event.button !== 0) return;
    if (this.wanted) {
      this.ending = true;
      return this.stop();
    }
    this.ending = false;
    this.pressed = performance.now();
    this.button.setPointerCapture(event.pointerId);
    this.start();
  }

  release() {
    if (!this.wanted || this.ending) return;
    if (performance.now() - this.pressed > HELD) this.stop();
  }

  toggle() {
    if (this.wanted) this.stop();
    else this.start();
  }

  async start() {
    this.wanted = true;
    if (this.asking) return; // the browser is asking already
    this.look("opening");
    this.tell(say("opening"), false, true);
    this.asking = true; // the browser may ask for permission: then the page is left for a moment
    try {
      await this.microphone.start(this.language());
    } catch (error) {
      console.info("no microphone:", error.message);
      return this.fail(say(error.word ?? "micLost"));
    } finally {
      this.asking = false;
    }
    if (!this.wanted) {
      this.microphone.stop();
      return this.tell(say("ready"));
    }
    this.talking = true;
    this.got = false;
    this.duck(true);
    this.look("talking");
    this.tell(say("listening"), false, true);
    this.over = setTimeout(() => this.stop(), this.longest * 1000);
    this.draw();
  }

  stop() {
    this.wanted = false;
    clearTimeout(this.over);
    this.look("");
    if (!this.talking) return;
    this.talking = false;
    this.duck(false);
    this.microphone.stop();
    if (this.got) return;
    this.tell(say("thinking"), false, true);
    this.waiting = setTimeout(() => this.tell(say("unheard"), true), PATIENCE);
  }

  // The channel has told what it heard.
  heard() {
    this.got = true; // maybe while the button is still held: a pause ends a question too
    clearTimeout(this.waiting);
  }

  close() {
    this.wanted = this.talking = false;
    clearTimeout(this.over);
    this.look("");
    this.duck(false);
    this.microphone.close();
  }

  fail(sentence) {
    this.wanted = this.talking = false;
    this.look("");
    this.duck(false);
    this.microphone.close();
    this.tell(sentence, true);
  }

  look(state) {
    this.button.dataset.state = state;
    this.button.setAttribute("aria-pressed", String(Boolean(state)));
    this.button.setAttribute("aria-label", say(state ? "holdStop" : "hold"));
    document.body.classList.toggle("speaking", state === "talking");
  }

  draw() {
    if (!this.talking) return this.button.style.removeProperty("--level");
    this.button.style.setProperty("--level", this.microphone.level().toFixed(3));
    requestAnimationFrame(() => this.draw());
  }
}
