// Catalogs: what a swap to each would change, said beside the button; the way back; and what was in force before.

import { button, empty, h, icon, panel, state } from "/console/assets/board.js";
import { field, value, when } from "/console/assets/words.js";

const BORDERS = { sentence: "at the end of the sentence", segment: "at the end of the segment", now: "at once" };
const WHAT = { swap: "swapped in", rollback: "rolled back to", save: "saved anew", start: "went on air with" };
const STATES = { reading: "is read and checked", preparing: "is made ready" };
const MANY = 8;
const BACK = ""; // in the place of a name: the version before
const COMPARED = 4, LARGEST = 3000; // catalogs, and their products, that are compared before anybody asks
const SMALL = 300; // products of a catalog that is compared again with each line, as the show would go on elsewhere

export default panel({
  data: () => ({ listed: null, diffs: {}, chosen: null, wanted: [], asked: null, border: "sentence", busy: "", all: false, gaveUp: false }),
  mounted() {
    this.order("look"); // the sizes of catalogs that were saved since
    this.$watch(() => state.tab, (tab) => tab === "catalogs" && this.again());
    this.$watch(() => state.air?.line, this.anew);
    this.$watch(() => state.channel?.version, () => {
      if (!this.busy) this.diffs = {};
      if (this.chosen === BACK && !this.busy) this.chosen = null;
      this.again();
    });
  },
  methods: {
    again() {
      this.asked = null;
      this.order("look");
    },
    others() { return (this.listed || []).filter((each) => each.name !== state.catalogs?.name); },
    compare() { // so that the first click on a catalog can be the one that swaps
      if (!this.may || state.tab !== "catalogs" || this.busy) return;
      this.wanted = this.others().filter((each) => (each.products ?? LARGEST) < LARGEST).slice(0, COMPARED).map((each) => each.name);
      if (this.chosen) this.wanted = [this.chosen, ...this.wanted.filter((name) => name !== this.chosen)];
      this.ask();
    },
    ask() { // one after the other: reading them is work
      if (this.asked !== null || !this.wanted.length) return;
      this.asked = this.wanted.shift();
      this.order("diff", { name: this.asked });
    },
    small(name) { return this.others().some((each) => each.name === name && (each.products ?? LARGEST) <= SMALL); },
    anew() {
      if (this.busy || this.asked !== null || state.tab !== "catalogs" || !this.diffs[this.chosen]?.diff || !this.small(this.chosen)) return;
      this.wanted = [this.chosen];
      this.ask();
    },
    choose(name) {
      [this.chosen, this.all] = [name, false];
      if (!this.diffs[name] && this.asked !== name) this.wanted = [name, ...this.wanted];
      this.ask();
      this.$nextTick(this.bring);
    },
    swap(name) {
      [this.chosen, this.busy] = [name, this.border === "segment" ? "Swapping at the end of the segment …" : "Swapping …"];
      this.order("swap", { name, border: this.border });
    },
    giveUp() {
      this.gaveUp = true;
      this.order("give_up");
    },
    back() {
      [this.chosen, this.all] = [BACK, false];
      delete this.diffs[BACK];
      this.order("back");
    },
    rollback() {
      this.busy = "Rolling back …";
      this.order("rollback", { border: this.border });
    },
    answered(answer) {
      if (answer.do === "look" && answer.done) this.listed = answer.body.catalogs;
      if (answer.do === "look") return this.compare();
      if (answer.do === "give_up") return;
      if (answer.do === "diff" || answer.do === "back") {
        const name = answer.do === "back" ? BACK : answer.fields?.name, first = !this.diffs[name];
        this.diffs[name] = answer.done ? { diff: { ...answer.body, line: state.air?.line } } : { wrong: answer };
        if (name === this.asked) this.asked = null;
        if (name === this.chosen && first) this.$nextTick(this.bring);
        return this.ask();
      }
      this.busy = "";
      const gaveUp = this.gaveUp && answer.status === 409;
      this.gaveUp = false;
      if (answer.done) this.chosen = null;
      else if (!gaveUp) this.diffs[answer.fields?.name ?? BACK] = { wrong: answer };
    },
    bring() { // low in a list, only the button would be seen, and not what it changes
      const seen = this.$el.querySelector(".preview");
      (seen?.closest(".catalog") || seen)?.scrollIntoView({ block: "start" });
    },
    borders() {
      return h("label", { class: "border" }, [h("span", "In force"), h("select", { "aria-label": "When it comes in force", value: this.border, onChange: (event) => (this.border = event.target.value) },
        ["sentence", "segment"].map((value) => h("option", { value, selected: value === this.border }, BORDERS[value])))]);
    },
    summary({ diff, wrong }) {
      if (wrong) return h("small", { class: "bad" }, "This catalog is not sound: press its name to see why.");
      const { counts = {}, warnings = [] } = diff;
      const parts = [[counts.changed, "changes", "change"], [counts.added, "comes", "come"], [counts.removed, "goes", "go"]]
        .filter(([n]) => n).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
      return [
        h("small", parts.length ? `Products: ${parts.join(", ")}` : "No product differs"),
        warnings.length ? h("small", { class: "warning" }, [icon("warn"), warnings[0], warnings.length > 1 ? ` And ${warnings.length - 1} more.` : ""]) : null,
      ];
    },
    changes(diff, name) {
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
        part(["product changes", "products change"], changed, counts.changed ?? changed.length, (one) => h("li", [h("b", one.title), ...Object.entries(one.fields || {}).map(([name, [before, after]]) =>
          h("span", { class: "change" }, [h("small", field(name)), " ", h("s", value(before)), " ", h("span", value(after))]))])),
        part(["product comes", "products come"], added, counts.added ?? added.length, (one) => h("li", [h("b", one.title), " ", h("span", one.price)])),
        part(["product goes", "products go"], removed, counts.removed ?? removed.length, (one) => h("li", [h("b", one.title), one.on_air ? h("small", { class: "tally on" }, "on air") : null])),
        h("p", { class: "faint" }, [words(segments, each) ? `Segments: ${words(segments, each)}. ` : "", words(lines, each) ? `Lines: ${words(lines, each)}.` : ""]),
        diff.on_air?.with_text && (diff.line === state.air?.line || this.small(name)) ? h("p", ["Goes on with: ", h("em", diff.on_air.with_text)]) : null,
      ];
    },
    preview(name) {
      if (this.busy) return h("div", { class: "card preview row" }, [h("p", { class: "busy grow" }, this.busy), this.may ? button("Give it up", { kind: "quiet", "data-do": "give-up", onClick: this.giveUp }) : null]);
      const { diff, wrong } = this.diffs[name] || {};
      if (wrong) return h("div", { class: "card preview" }, [
        h("p", { class: "bad" }, [icon("warn"), wrong.sentence]),
        h("ul", { class: "problems" }, (wrong.body?.problems || []).slice(0, 20).map((each) => h("li", typeof each === "string" ? each : each.text || [each.path, each.line, each.what].filter(Boolean).join(": ")))),
        h("p", { class: "faint" }, "Nothing has changed on air. Mend the files and choose it again."),
      ]);
      if (!diff) return h("div", { class: "card preview" }, h("p", { class: "busy" }, name === BACK ? "Reading the version before …" : "Reading and checking it …"));
      return h("div", { class: "card preview" }, [
        (diff.warnings || []).map((each) => h("p", { class: "warning" }, [icon("warn"), each])),
        this.changes(diff, name),
        this.may ? h("div", { class: "row" }, [this.borders(), name === BACK ? button(`Roll back to ${diff.name}`, { kind: "accent", "data-do": "rollback", onClick: this.rollback })
          : button(`Swap to ${name}`, { kind: "accent", "data-do": "swap", onClick: () => this.swap(name) }), button("Leave it", { kind: "quiet", onClick: () => (this.chosen = null) })]) : null,
      ]);
    },
    catalog(each) {
      const { name } = each, open = this.chosen === name, here = name === state.catalogs?.name, known = this.diffs[name];
      return h("li", { key: name, class: ["catalog", { on: here, open }], "data-name": name }, [
        h("div", { class: "head" }, [
          h("button", { type: "button", class: "name", "aria-expanded": open, onClick: () => (open ? (this.chosen = null) : this.choose(name)) }, [
            h("b", name), h("small", `${each.products ?? "?"} products`), here ? h("small", { class: "tally accent" }, "in force") : null,
            !open && known && !here ? h("span", { class: "summary" }, this.summary(known)) : null,
            !open && !known && this.asked === name ? h("small", { class: "busy" }, "comparing …") : null,
          ]),
          this.may && !open && !here && known?.diff ? button("Swap", { kind: "plain", "data-do": "swap", title: `Swap to ${name}, ${BORDERS[this.border]}`, disabled: !!this.busy, onClick: () => this.swap(name) }) : null,
        ]),
        open ? this.preview(name) : null,
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
    return h("section", { class: "panel tab catalogs", role: "tabpanel", "aria-labelledby": "tab-catalogs" }, [
      h("div", { class: "caption" }, [h("h2", "Catalogs"), h("span", { class: "grow" }),
        this.may ? button("Roll back …", { glyph: "back", kind: "plain", "data-do": "back", disabled: !before, title: before ? `See what going back to ${before.name} changes` : "There is no version before this one", onClick: this.back }) : null]),
      under_way ? h("div", { class: "row" }, [h("p", { class: "busy" }, `${under_way.what === "rollback" ? "The roll back" : "The swap"} to ${under_way.name} ${STATES[under_way.state] || `waits, and is in force ${BORDERS[under_way.border] || ""}`}.`), this.may ? button("Give it up", { kind: "quiet", "data-do": "give-up", onClick: this.giveUp }) : null]) : null,
      invalid ? h("p", { class: "bad" }, [icon("warn"), `The files that were saved last are not in force: ${invalid}`]) : null,
      this.chosen === BACK ? this.preview(BACK) : null,
      !this.listed ? empty("…") : this.listed.length ? h("ul", this.listed.map(this.catalog)) : empty("There is no other catalog. Put one beside this one's folder, with catalog.yaml and rundown.yaml, and it is listed here."),
      h("h2", "In force so far"),
      versions.length ? h("ul", { class: "versions" }, versions.slice(0, 12).map(this.version)) : empty("Since the channel went on air, nothing has been swapped or changed."),
    ]);
  },
});
