// Taking over: the operator's voice or camera goes on air, and the words to say are written large.

import { button, empty, h, panel, show, state } from "/console/assets/board.js";
import { GoLive } from "/console/assets/go_live.js";

export default panel({
  data: () => ({ phase: "", wrong: "", kind: "voice", size: Number(localStorage.getItem("console.size")) || 30, level: 0 }),
  mounted() {
    window.hostConsole.takeover = () => this.toggle();
    this.seen = false; // the channel has said that this microphone is there
    this.$watch(() => state.takeover, (taken) => {
      if (this.phase !== "live") return;
      if (taken?.active) this.seen = true;
      else if (this.seen) this.end(false);
    });
    document.addEventListener("keydown", this.key);
  },
  unmounted() {
    document.removeEventListener("keydown", this.key);
    this.end();
  },
  computed: {
    beside() { return state.air?.scenes?.find((each) => each.camera)?.name; }, // a scene with a place for both
  },
  methods: {
    key(event) { // as clickers for presenters send it
      if (event.key !== "PageDown" || !state.takeover?.active || !this.may) return;
      event.preventDefault();
      this.said();
    },
    said() {
      const first = state.takeover?.prompt?.[0];
      if (first) this.order("said", { line: first.id });
    },
    toggle() {
      if (this.phase || state.takeover?.active) return this.end();
      show("prompter");
      return this.begin();
    },
    async begin() {
      if (!this.may || this.phase) return;
      [this.phase, this.wrong, this.seen] = ["asking", "", false];
      this.side(this.kind === "beside");
      this.live = new GoLive(this.kind === "voice" ? "voice" : "camera", (level) => (this.level = level));
      try {
        await this.live.begin();
        this.phase = "live";
      } catch (error) {
        this.wrong = error.message;
        this.live.end(false);
        this.side(false);
        this.phase = "";
      }
    },
    end(tell = true) {
      this.live?.end(tell);
      if (!this.live && tell && state.takeover?.active) GoLive.release();
      [this.live, this.phase, this.level] = [null, "", 0];
      this.side(false);
    },
    side(on) { // the scene is chosen first: it is on air with the first picture of the camera
      if (on === !!this.beside_me) return;
      if (on) this.before = state.air?.scene_by_hand || null;
      this.beside_me = on;
      this.order("scene", { name: on ? this.beside : this.before });
    },
    grow(by) {
      this.size = Math.min(72, Math.max(18, this.size + by));
      localStorage.setItem("console.size", this.size);
    },
  },
  render() {
    const taken = state.takeover, live = this.phase === "live" || taken?.active, other = taken?.active && this.phase !== "live";
    const lines = taken?.prompt || [];
    return h("section", { class: "panel tab prompter", role: "tabpanel", "aria-labelledby": "tab-prompter" }, [
      h("div", { class: "caption" }, [
        h("h2", live ? "Live" : "Prompter"),
        h("span", { class: "grow" }),
        button("", { glyph: "down", kind: "quiet", title: "Smaller", onClick: () => this.grow(-4) }),
        button("", { glyph: "up", kind: "quiet", title: "Larger", onClick: () => this.grow(4) }),
      ]),
      this.wrong ? h("p", { class: "bad", role: "alert" }, this.wrong) : null,
      taken?.off ? empty(taken.off) : h("div", { class: "row" }, [
        live ? button(other ? `Hand back (${taken.who} is live)` : "Hand back", { glyph: "release", kind: "red", "data-do": "hand-back", disabled: !this.may, onClick: () => this.end() })
          : button(this.phase ? "Asking for the microphone …" : "Take over", { glyph: "mic", kind: "accent", "data-do": "take-over", disabled: !this.may || !!this.phase, onClick: this.begin }),
        live && lines.length && this.may ? button("I have said this", { glyph: "next", kind: "plain", "data-do": "said", title: "The next line comes first; Page Down does the same", onClick: this.said }) : null,
        live ? null : h("select", { "aria-label": "What goes on air", disabled: !!this.phase, value: this.kind, onChange: (event) => (this.kind = event.target.value) }, [
          h("option", { value: "voice", selected: this.kind === "voice" }, "my voice, the host's lips"), h("option", { value: "camera", selected: this.kind === "camera" }, "my camera and my voice"),
          this.beside ? h("option", { value: "beside", selected: this.kind === "beside" }, "my camera beside the host") : null,
        ]),
      ]),
      this.phase === "live" ? h("div", { class: "meter", role: "meter", "aria-label": "Your voice" }, h("i", { style: { width: `${Math.round(this.level * 100)}%` } })) : null,
      lines.length ? h("ol", { class: "prompt", style: { fontSize: `${this.size}px` } }, lines.map((each, n) => h("li", { key: each.id, class: { on: n === 0 } }, each.text)))
        : empty("Here stands what the host would say, in large letters, so that you can say it yourself."),
    ]);
  },
});
