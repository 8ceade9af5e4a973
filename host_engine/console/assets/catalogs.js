// Catalogs: what a swap would change, said before the button; the way back; and what was in force before.

import { button, clock, empty, h, icon, panel, state } from "/console/assets/board.js";

const BORDERS = { sentence: "at the end of the sentence", segment: "at the end of the segment", now: "at once" };
const WHAT = { swap: "swapped in", rollback: "rolled back to", save: "saved anew", start: "went on air with" };
const MANY = 8;
const BACK = ""; // in the place of a name: the version before

export default panel({
  data: () => ({ listed: null, chosen: null, diff: null, wrong: null, border: "sentence", busy: "", all: false }),
  mounted() {
    this.order("look"); // the sizes of catalogs that were saved since
    this.$watch(() => state.tab, (tab) => tab === "catalogs" && this.order("look"));
    this.$watch(() => state.channel?.version, () => this.order("look"));
  },
  methods: {
    choose(name) {
      [this.chosen, this.diff, this.wrong, this.busy, this.all] = [name, null, null, "Reading and checking it …", false];
      this.order("diff", { name });
    },
    swap() {
      this.busy = this.border === "segment" ? "Swapping at the end of the segment …" : "Swapping …";
      this.order("swap", { name: this.chosen, border: this.border });
    },
    back() {
      [this.chosen, this.diff, this.wrong, this.busy, this.all] = [BACK, null, null, "Reading the version before …", false];
      this.order("back");
    },
    rollback() {
      this.busy = "Rolling back …";
      this.order("rollback", { border: this.border });
    },
    answered(answer) {
      if (answer.do === "look" && answer.done) this.listed = answer.body.catalogs;
      if (answer.do === "look" || answer.do === "give_up") return;
      const asked = answer.do === "diff" || answer.do === "back";
      if (asked && (answer.do === "back" ? BACK : answer.fields?.name) !== this.chosen) return;
      this.busy = "";
      if (asked) this.$nextTick(this.bring);
      if (asked) [this.diff, this.wrong] = answer.done ? [answer.body, null] : [null, answer];
      else if (answer.done) [this.chosen, this.diff, this.wrong] = [null, null, null];
    },
    bring() { // low in a list, only the button would be seen, and not what it changes
      const seen = this.$el.querySelector(".preview");
      (seen?.closest(".catalog") || seen)?.scrollIntoView({ block: "start" });
    },
    borders() {
      return h("label", { class: "border" }, [h("span", "In force"), h("select", { "aria-label": "When it comes in force", value: this.border, onChange: (event) => (this.border = event.target.value) },
        ["sentence", "segment"].map((value) => h("option", { value, selected: value === this.border }, BORDERS[value])))]);
    },
    changes(diff) {
      const part = (text, list, count, row) => count ? h("details", { open: count <= MANY || this.all }, [
        h("summary", [h("b", count), ` ${text[count === 1 ? 0 : 1]}`]),
        h("ul", list.slice(0, this.all ? list.length : 30).map(row)),
        list.length > 30 && !this.all ? button(`All ${list.length}`, { kind: "quiet", onClick: () => (this.all = true) }) : null,
        count > list.length ? h("p", { class: "faint" }, `and ${count - list.length} more`) : null,
      ]) : null;
      const { added = [], removed = [], changed = [], counts = {}, lines = {}, segments = {} } = diff;
      const words = (of, names) => names.map(([key, text]) => [key, text, Array.isArray(of[key]) ? of[key].length : of[key]]).filter(([, , n]) => n).map(([, text, n]) => `${n} ${text}`).join(", ");
      const each = [["added", "new"], ["removed", "gone"], ["changed", "changed"], ["moved", "moved"]];
      const none = !added.length && !removed.length && !changed.length;
      return [
        none ? h("p", { class: "faint" }, "No product differs.") : null,
        part(["product changes", "products change"], changed, counts.changed ?? changed.length, (one) => h("li", [h("b", one.title), ...Object.entries(one.fields || {}).map(([field, [before, after]]) =>
          h("span", { class: "change" }, [h("small", field.replaceAll("_", " ")), " ", h("s", brief(before)), " ", h("span", brief(after))]))])),
        part(["product comes", "products come"], added, counts.added ?? added.length, (one) => h("li", [h("b", one.title), " ", h("span", one.price)])),
        part(["product goes", "products go"], removed, counts.removed ?? removed.length, (one) => h("li", [h("b", one.title), one.on_air ? h("small", { class: "tally on" }, "on air") : null])),
        h("p", { class: "faint" }, [words(segments, each) ? `Segments: ${words(segments, each)}. ` : "", words(lines, each) ? `Lines: ${words(lines, each)}.` : ""]),
        this.next(diff) ? h("p", ["Goes on with: ", h("em", this.next(diff))]) : null,
      ];
    },
    next(diff) {
      const id = diff.on_air?.goes_on_with;
      return state.rundown?.segments.flatMap((each) => each.lines).find((line) => line.id === id)?.text;
    },
    preview() {
      if (this.busy) return h("div", { class: "card preview" }, h("p", { class: "busy" }, this.busy));
      if (this.wrong) return h("div", { class: "card preview" }, [
        h("p", { class: "bad" }, [icon("warn"), this.wrong.sentence]),
        h("ul", { class: "problems" }, (this.wrong.body?.problems || []).slice(0, 20).map((each) => h("li", typeof each === "string" ? each : each.text || JSON.stringify(each)))),
        h("p", { class: "faint" }, "Nothing has changed on air. Mend the files and choose it again."),
      ]);
      if (!this.diff) return null;
      return h("div", { class: "card preview" }, [
        (this.diff.warnings || []).map((each) => h("p", { class: "warning" }, [icon("warn"), each])),
        this.changes(this.diff),
        this.may ? h("div", { class: "row" }, [this.borders(), this.chosen === BACK ? button(`Roll back to ${this.diff.name}`, { kind: "accent", "data-do": "rollback", onClick: this.rollback })
          : button(`Swap to ${this.chosen}`, { kind: "accent", "data-do": "swap", onClick: this.swap }), button("Leave it", { kind: "quiet", onClick: () => (this.chosen = this.diff = null) })]) : null,
      ]);
    },
    catalog(each) {
      const open = this.chosen === each.name;
      return h("li", { key: each.name, class: ["catalog", { on: each.name === state.catalogs?.name, open }], "data-name": each.name }, [
        h("button", { type: "button", class: "name", "aria-expanded": open, onClick: () => (open ? (this.chosen = null) : this.choose(each.name)) }, [
          h("b", each.name), h("small", `${each.products ?? "?"} products`), each.name === state.catalogs?.name ? h("small", { class: "tally accent" }, "in force") : null,
        ]),
        open ? this.preview() : null,
      ]);
    },
    version(each, n) {
      return h("li", { key: each.id }, [
        h("span", { class: "figure" }, when(each.when)), h("span", [`${each.who} ${WHAT[each.what] || each.what} `, h("b", each.name)]),
        n === 0 ? h("small", { class: "tally accent" }, "in force") : null,
      ]);
    },
  },
  render() {
    const { versions = [], under_way, invalid } = state.catalogs || {};
    const before = versions.find((each) => each.back);
    return h("section", { class: "panel tab catalogs", id: "panel-catalogs", role: "tabpanel", "aria-labelledby": "tab-catalogs" }, [
      h("div", { class: "caption" }, [h("h2", "Catalogs"), h("span", { class: "grow" }),
        this.may ? button("Roll back …", { glyph: "back", kind: "plain", "data-do": "back", disabled: !before, title: before ? `See what going back to ${before.name} changes` : "There is no version before this one", onClick: this.back }) : null]),
      under_way ? h("div", { class: "row" }, [h("p", { class: "busy" }, `${under_way.what === "rollback" ? "The roll back" : "The swap"} to ${under_way.name} is under way, in force ${BORDERS[under_way.border] || ""}.`), this.may ? button("Give it up", { kind: "quiet", onClick: () => this.order("give_up") }) : null]) : null,
      invalid ? h("p", { class: "bad" }, [icon("warn"), `The files that were saved last are not in force: ${invalid}`]) : null,
      this.chosen === BACK ? this.preview() : null,
      !this.listed ? empty("…") : this.listed.length ? h("ul", this.listed.map(this.catalog)) : empty("There is no other catalog. Put one beside this one's folder, with catalog.yaml and rundown.yaml, and it is listed here."),
      h("h2", "In force so far"),
      versions.length ? h("ul", { class: "versions" }, versions.slice(0, 12).map(this.version)) : empty("Since the channel went on air, nothing has been swapped or changed."),
    ]);
  },
});

function brief(value) {
  if (value === null || value === undefined || value === "") return "none";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? text.slice(0, 59) + "…" : text;
}

function when(value) {
  const seconds = typeof value === "number" ? value : Date.parse(value) / 1000;
  return Number.isFinite(seconds) ? clock(seconds) : String(value ?? "");
}
