// The buttons that are always in reach, the box to have something said, and the keyboard.

import { button, h, icon, panel, show, state } from "/console/assets/board.js";

export const KEYS = [
  ["H", "Hold, and go on"], ["M", "Mute: slate and silence at once; again: sound back"], ["N", "Next line now"], ["K", "Skip to the next segment"],
  ["T", "Take over with your microphone; again: hand back"], ["Page Down", "while you have taken over: the first line of the prompter is said"], ["S", "Write something to be said"], ["Enter", "in the box: say it next"],
  ["Ctrl Enter", "in the box: say it now"], ["1 … 7", "Questions, Products, Catalogs, Outputs, Host, Prompter, Log"],
  ["Alt ↑ ↓", "in the rundown: move the segment"], ["Esc", "leave the box, close this"], ["?", "this list"],
];
export const TABS = ["questions", "products", "catalogs", "outputs", "cast", "prompter", "log"];

export default panel({
  data: () => ({ text: "", asked: {}, findings: null }),
  computed: { queued() { return state.air?.orders || []; } },
  mounted() { document.addEventListener("keydown", this.key); },
  unmounted() { document.removeEventListener("keydown", this.key); },
  methods: {
    press(what, fields) {
      if (!this.may || !state.connected) return;
      this.asked[what] = true;
      setTimeout(() => (this.asked[what] = false), 1500);
      this.order(what, fields);
    },
    hold() { this.press(state.air?.held ? "release" : "hold"); },
    mute() { this.press("mute", { on: !state.air?.muted }); },
    next() { this.press("take", { on_air: state.air?.line ?? null }); },
    skip() { this.press("skip"); },
    take() { window.hostConsole.takeover?.(); },
    say(when, anyway = false) {
      if (!this.text.trim()) return this.$refs.text.focus();
      this.press("say", { text: this.text.trim(), when, anyway });
      this.saying = when;
    },
    answered(answer) {
      if (answer.do !== "say") return;
      if (answer.done) [this.text, this.findings] = ["", null];
      else this.findings = answer.status === 422 ? answer.sentence : null;
    },
    key(event) {
      const writes = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "Escape") {
        state.help = false;
        return writes?.blur();
      }
      if (writes || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const act = { h: this.hold, m: this.mute, n: this.next, k: this.skip, t: this.take, s: () => this.$refs.text.focus(), "?": () => (state.help = !state.help) }[event.key.toLowerCase()];
      const tab = TABS[Number(event.key) - 1];
      if (!act && !tab) return;
      event.preventDefault();
      tab ? show(tab) : act();
    },
    enter(event) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(event.ctrlKey || event.metaKey ? "now" : "next");
    },
    help() {
      return h("div", { class: "veil", onClick: (event) => event.target === event.currentTarget && (state.help = false) }, [
        h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": "Keyboard shortcuts" }, [
          h("div", { class: "caption" }, [h("h2", "Keyboard shortcuts"), h("span", { class: "grow" }), button("", { glyph: "cross", kind: "quiet", title: "Close", onClick: () => (state.help = false) })]),
          h("dl", { class: "keys" }, KEYS.flatMap(([key, does]) => [h("dt", h("kbd", key)), h("dd", does)])),
        ]),
      ]);
    },
    big(what, text, glyph, key, extra = {}) {
      const { on, kind, title, off } = extra;
      return h("button", { type: "button", class: ["big", kind, { on, asked: this.asked[what] }], disabled: !this.may || off, "aria-pressed": on, "data-do": what, title, onClick: extra.act }, [
        icon(glyph), h("span", text), h("kbd", key),
      ]);
    },
  },
  render() {
    const { air, takeover } = state, live = takeover?.active;
    return h("footer", { class: "desk", "aria-label": "Desk" }, [
      this.findings ? h("div", { class: "findings", role: "alert" }, [
        icon("warn"), h("p", this.findings),
        button("Say it anyway", { kind: "plain", onClick: () => this.say(this.saying, true) }),
        button("Change it", { kind: "quiet", onClick: () => { this.findings = null; this.$refs.text.focus(); } }),
      ]) : null,
      this.queued.length ? h("ul", { class: "queue", "aria-label": "To be said" }, this.queued.map((each) => h("li", { key: each.id }, [
        h("small", `${each.who}, ${each.begun ? "being said" : each.when}`), h("span", each.text),
        this.may ? button("", { glyph: "cross", kind: "quiet", title: "Do not have it said", "data-do": "withdraw", onClick: () => this.order("withdraw", { id: each.id }) }) : null,
      ]))) : null,
      h("form", { class: "say", onSubmit: (event) => event.preventDefault() }, [
        h("textarea", { ref: "text", rows: 1, maxlength: 1000, disabled: !this.may, "aria-label": "What the host is to say", placeholder: this.may ? "Have the host say …" : "You may look. Operators have things said here.", value: this.text, onInput: (event) => (this.text = event.target.value), onKeydown: this.enter }),
        button("Say next", { glyph: "say", kind: "plain", disabled: !this.may || !this.text.trim(), title: "After the line on air (Enter)", "data-do": "say-next", onClick: () => this.say("next") }),
        button("Say now", { glyph: "say", kind: "accent", disabled: !this.may || !this.text.trim(), title: "At once; the line on air is said anew (Ctrl Enter)", "data-do": "say-now", onClick: () => this.say("now") }),
      ]),
      h("div", { class: "bigs" }, [
        this.big("hold", air?.held ? "Go on" : "Hold", air?.held ? "release" : "hold", "H", { on: air?.held, kind: "accent-on", act: this.hold, title: air?.held ? "Let the host go on" : "After this line the host says nothing, until you let her go on" }),
        this.big("take", "Next line", "next", "N", { act: this.next, off: air?.held, title: "Leave this line and go to the next, at once" }),
        this.big("skip", "Skip segment", "skip", "K", { act: this.skip, title: "Leave this segment and go to the next, at once" }),
        this.big("takeover", live ? "Hand back" : "Take over", "mic", "T", { on: live, kind: "red-on", act: this.take, title: live ? "The host goes on where she was" : "Speak yourself: your voice, the host's lips" }),
        this.big("mute", air?.muted ? "Sound back" : "Mute", air?.muted ? "sound" : "mute", "M", { on: air?.muted, kind: "red-on alarm", act: this.mute, title: air?.muted ? "Picture and sound come back" : "Emergency: slate and silence from the next frame on" }),
      ]),
      state.help ? this.help() : null,
    ]);
  },
});
