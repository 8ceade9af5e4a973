// Where the channel goes, how each of these is doing, and whether what leaves is as it must be.

import { button, empty, h, icon, panel, state } from "/console/assets/board.js";
import { hands, lamp, rights, silences, standing } from "/console/assets/standing.js";
import { asked, blank, fields } from "/console/assets/target_form.js";

export default panel({
  props: { answer: Object, role: String, platforms: Array },
  data: () => ({ adding: false, keying: null, draft: blank(), key: "", refused: "", busy: {}, told: {} }),
  mounted() {
    this.$watch(() => state.tab, (tab) => tab === "outputs" && this.look(), { immediate: true });
    this.$watch(() => JSON.stringify(state.standing), () => state.tab === "outputs" && this.look());
  },
  methods: {
    look() { // one after the other: of two answers at once a page may be told only the last
      if (state.standing?.obs?.length) this.order("obs");
      else if (state.standing?.policies?.length) this.order("policies");
    },
    learn(answer) {
      const about = ["obs", "put_right", "by_hand"].includes(answer.do) ? "obs" : "policies";
      this.told[about] = answer.done ? answer.body : null;
      if (answer.do === "obs" && state.standing?.policies?.length) this.order("policies");
    },
    begin() {
      Object.assign(this, { adding: !this.adding, keying: null, refused: "", key: "" });
      if (this.adding) this.$nextTick(() => this.$el.querySelector("form [data-field=name]")?.focus());
    },
    add() {
      this.refused = "";
      this.order("add", asked(this.draft, this.platforms));
    },
    change(field, value) {
      const { draft } = this;
      if (field === "platform" && (!draft.name || draft.name === draft.platform)) draft.name = value === "custom" ? "" : value;
      draft[field] = value;
    },
    ready() { // as far as can be seen here
      const { kind, platform, name, url } = this.draft, addressed = kind === "rtmp" && !!this.platforms?.find((each) => each.name === platform)?.url;
      return !!name.trim() && (kind === "file" || addressed || !!url.trim());
    },
    act(what, name) {
      this.busy[name] = what;
      this.order(what, { name });
    },
    answered(answer) {
      delete this.busy[answer.fields?.name ?? answer.do];
      if (["obs", "put_right", "by_hand", "policies", "human_voice"].includes(answer.do)) return this.learn(answer);
      if (answer.do !== "add" && answer.do !== "key") return;
      if (answer.done) Object.assign(this, { adding: false, keying: null, draft: blank(), key: "", refused: "" });
      else this.refused = answer.sentence;
    },
    input(name, label, rest = {}) {
      return h("label", [label, h("input", { type: "text", maxlength: 500, autocomplete: "off", autocapitalize: "none", spellcheck: false, "data-field": name, value: this[name], onInput: (event) => (this[name] = event.target.value), ...rest })]);
    },
    said() { return this.refused ? h("p", { class: "bad", role: "alert" }, [icon("warn"), h("span", this.refused)]) : null; },
    form() {
      return h("form", { class: "card edit", "aria-label": "One more output", onSubmit: (event) => { event.preventDefault(); this.add(); } }, [
        fields(this.draft, this.platforms, this.change),
        this.said(),
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", disabled: !this.ready(), "data-do": "add" }, "Add and start it"),
          button("Leave it", { kind: "quiet", onClick: this.begin }),
        ]),
        h("p", { class: "faint" }, "It is there after a restart, too, until somebody removes it."),
      ]);
    },
    keyed(each) {
      const what = each.kind === "whip" ? "token" : "stream key";
      return h("form", { class: "edit", onSubmit: (event) => { event.preventDefault(); this.refused = ""; this.order("key", { name: each.name, key: this.key }); } }, [
        this.input("key", `New ${what} of ${each.name}`, { type: "password", maxlength: 1000 }),
        this.said(),
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", disabled: !this.key, "data-do": "use-key" }, "Use it from now on"),
          button("Leave it", { kind: "quiet", onClick: () => Object.assign(this, { keying: null, key: "", refused: "" }) }),
        ]),
      ]);
    },
    buttons(each) {
      const { name, stopped } = each, waits = !!this.busy[name], key = each.kind === "whip" ? "New token" : "New key";
      return [
        this.rules && each.kind !== "file" && !each.feed ? button("", { glyph: "key", kind: "plain", "data-do": "new-key", title: `${key} for ${name}`, onClick: () => Object.assign(this, { keying: name, adding: false, key: "", refused: "" }) }) : null,
        this.rules && stopped ? button("Remove", { glyph: "trash", kind: "plain", "data-do": "remove", disabled: waits, title: each.kind === "file" ? "From this list; its files stay" : "From this list", onClick: () => this.act("remove", name) }) : null,
        stopped ? button("Start", { glyph: "release", kind: "plain", "data-do": "start", disabled: waits, onClick: () => this.act("start", name) })
          : button("Stop", { glyph: "stop", kind: "plain", "data-do": "stop", disabled: waits, title: "Only this one; the others go on", onClick: () => this.act("stop", name) }),
      ];
    },
    output(each) {
      return h("li", { key: each.name, class: ["card output", each.tone], "data-name": each.name }, [
        h("div", { class: "row" }, [
          h("p", { class: "about" }, [lamp(each.tone), h("b", each.name), h("small", { class: "state" }, each.says)]),
          this.may ? this.buttons(each) : null,
        ]),
        h("p", { class: "about facts" }, [each.what, each.to, ...each.facts].filter(Boolean).map((text) => h("small", text))),
        each.wishes?.length ? h("p", { class: "about facts wishes" }, each.wishes.map((text) => h("small", text))) : null,
        each.trouble ? h("p", { class: each.tone === "wrong" ? "bad" : "warning" }, [icon("warn"), h("span", each.trouble)]) : null,
        this.keying === each.name ? this.keyed(each) : null,
      ]);
    },
    sections() {
      const { obs, policies } = this.told, known = state.standing || {};
      return { ...known, obs: known.obs?.length && obs?.rows ? obs.rows : known.obs, policies: known.policies?.length && policies?.rows?.length ? policies.rows : known.policies };
    },
    actions() {
      if (!this.may) return [];
      const { obs, policies } = this.told;
      const steer = (what, fields) => { if (what === "put_right") this.busy[what] = what; this.order(what, fields); };
      const busy = !!this.busy.put_right, beside = { obs: obs ? rights(busy, steer) : null, policies: policies ? silences(policies.human_voice, this.order) : null };
      return [beside, { obs: obs ? hands(obs.by_hand, busy, steer) : null }];
    },
    total(list) {
      const sending = list.filter((each) => each.tone === "good").length;
      return list.length ? h("small", { class: sending === list.length ? "" : "bad" }, `${sending} of ${list.length} at work`) : null;
    },
  },
  render() {
    const list = state.outputs || [];
    const nowhere = this.rules ? "The channel goes to its own page only. Add a stream or a recording: button Add one." : "The channel goes to its own page only. An admin can add streams and recordings.";
    return h("section", { class: "panel tab outputs", role: "tabpanel", "aria-labelledby": "tab-outputs" }, [
      h("div", { class: "caption" }, [h("h2", "Where it goes"), this.total(list.filter((each) => !each.stopped)), h("span", { class: "grow" }),
        this.rules ? button("Add one", { kind: "plain", "data-do": "begin-add", "aria-expanded": this.adding, onClick: this.begin }) : null]),
      this.adding ? this.form() : null,
      list.length ? h("ul", list.map(this.output)) : empty(nowhere),
      this.rules || !list.length ? null : h("p", { class: "faint" }, "Only an admin adds outputs, removes them and changes their keys."),
      ...standing(this.sections(), ...this.actions()),
    ]);
  },
});
