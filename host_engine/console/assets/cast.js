// Who speaks and who appears: chosen here, heard and seen without a break in the show.

import { button, empty, h, icon, panel, state } from "/console/assets/board.js";

const VOICES = { woman: "a woman's voice", man: "a man's voice" };

export default panel({
  data: () => ({ hosts: null, voices: null, wanted: null, wrong: "", busy: "", all: false }),
  mounted() {
    this.$watch(() => state.tab, (tab) => tab === "cast" && this.look(), { immediate: true });
  },
  methods: {
    look() { this.order("hosts"); }, // and then the voices: of two answers at once a page may be told only the last
    appear(host, outfit) {
      [this.busy, this.wrong] = [`${host}/${outfit}`, ""];
      this.order("host", { host, outfit });
    },
    speak(use) {
      [this.busy, this.wrong] = [use, ""];
      this.order("voice", { use });
    },
    answered(answer) {
      const { do: what, done, body } = answer, chose = what === "host" || what === "voice";
      if (chose) this.busy = "";
      if (!done) this.wrong = answer.sentence;
      else if (what === "hosts" || what === "host") this.hosts = body;
      else this.voices = body;
      if (what === "host" || what === "hosts") this.order("voices"); // hers comes with her
    },
    title(name) { return name.slice(0, 1).toUpperCase() + name.slice(1); },
    host(each) {
      const here = each.host === this.hosts.host;
      return h("li", { key: each.host, class: ["card", "host", { on: here }], "data-name": each.host }, [
        h("div", { class: "row" }, [h("b", this.title(each.host)), h("small", VOICES[each.voice] || ""), h("span", { class: "grow" }), here ? h("small", { class: "tally on" }, "on air") : null]),
        h("div", { class: "row", role: "group", "aria-label": `What ${this.title(each.host)} wears` }, each.outfits.map((outfit) => {
          const on = here && outfit === this.hosts.outfit, drawn = this.busy === `${each.host}/${outfit}`;
          return button(drawn ? "Drawing …" : outfit, { kind: on ? "chosen" : "plain", glyph: on ? "check" : null, "aria-pressed": on, "data-do": "appear", disabled: !this.may || !!this.busy, onClick: () => on || this.appear(each.host, outfit) });
        })),
      ]);
    },
    people() {
      if (!this.hosts) return empty("…");
      if (this.hosts.why) return h("div", { class: "card" }, [this.hosts.filmed ? h("b", this.hosts.filmed) : null, h("p", this.hosts.why)]);
      return h("ul", this.hosts.hosts.map(this.host));
    },
    voice(each) {
      const on = this.voices.use[0] === each.name, asked = this.busy === each.name;
      const refused = Object.entries(this.voices.fallen || {}).find(([name]) => name.split(":")[0] === each.name.split(":")[0])?.[1];
      return h("li", { key: each.name, class: ["card voice", { off: !each.here }], "data-name": each.name }, [
        h("div", { class: "row" }, [
          h("b", each.name), h("small", each.about), h("span", { class: "grow" }),
          on ? h("small", { class: "tally accent" }, "chosen") : each.here ? button(asked ? "Opening …" : "Use", { kind: "plain", "data-do": "speak", disabled: !this.may || !!this.busy, onClick: () => this.speak(each.name) }) : h("small", "not installed"),
        ]),
        refused ? h("p", { class: "bad" }, [icon("warn"), h("span", String(refused))]) : null,
      ]);
    },
  },
  render() {
    const { voices } = this;
    return h("section", { class: "panel tab cast", role: "tabpanel", "aria-labelledby": "tab-cast" }, [
      h("div", { class: "caption" }, [h("h2", "Who appears"), h("span", { class: "grow" }), h("small", { class: "faint" }, this.hosts?.why ? "" : "drawn beside the show, some seconds")]),
      this.wrong ? h("p", { class: "bad", role: "alert" }, [icon("warn"), h("span", this.wrong)]) : null,
      this.people(),
      h("div", { class: "caption" }, [h("h2", "Who speaks"), h("span", { class: "grow" }), voices ? h("small", `now ${voices.speaks}`) : null]),
      voices ? h("ul", [this.voice({ name: "auto", here: true, about: "the best for the language" }), ...voices.voices.map(this.voice)]) : empty("…"),
      this.may ? null : h("p", { class: "faint" }, "Operators choose here; you may look."),
    ]);
  },
});
