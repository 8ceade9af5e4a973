// Where the channel goes, and how each of these is doing.

import { button, empty, h, panel, state } from "/console/assets/board.js";

const STATES = { live: "sending", connecting: "connecting", waiting: "trying again", refused: "refused by its server", full: "disk full", failing: "cannot write", stuck: "disk hangs" };

export default panel({
  data: () => ({ adding: false, keying: null, kind: "rtmp", name: "", url: "", key: "" }),
  methods: {
    add() {
      const fields = this.kind === "rtmp" ? { kind: "rtmp", name: this.name, url: this.url, key: this.key } : { kind: "file", name: this.name };
      this.order("add", fields);
    },
    answered(answer) {
      if (answer.do === "add" && answer.done) Object.assign(this, { adding: false, name: "", url: "", key: "" });
      if (answer.do === "key" && answer.done) [this.keying, this.key] = [null, ""];
    },
    input(name, label, rest = {}) {
      return h("label", [label, h("input", { type: "text", maxlength: 500, autocomplete: "off", spellcheck: false, "data-field": name, value: this[name], onInput: (event) => (this[name] = event.target.value), ...rest })]);
    },
    form() {
      const stream = this.kind === "rtmp";
      return h("form", { class: "card edit", onSubmit: (event) => { event.preventDefault(); this.add(); } }, [
        h("label", ["Kind", h("select", { value: this.kind, onChange: (event) => (this.kind = event.target.value) }, [h("option", { value: "rtmp", selected: stream }, "stream (RTMP)"), h("option", { value: "file", selected: !stream }, "recording")])]),
        this.input("name", "Name", { placeholder: stream ? "youtube" : "archive" }),
        stream ? this.input("url", "Address", { placeholder: "rtmps://a.rtmps.youtube.com/live2" }) : h("p", { class: "faint" }, "It is written beside the other recordings of this channel."),
        stream ? this.input("key", "Stream key", { type: "password" }) : null,
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", disabled: !this.name.trim(), "data-do": "add" }, "Add it"),
          button("Leave it", { kind: "quiet", onClick: () => (this.adding = false) }),
        ]),
      ]);
    },
    keyed(each) {
      return h("form", { class: "edit", onSubmit: (event) => { event.preventDefault(); this.order("key", { name: each.name, key: this.key }); } }, [
        this.input("key", `New stream key of ${each.name}`, { type: "password" }),
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", disabled: !this.key }, "Use it"),
          button("Leave it", { kind: "quiet", onClick: () => ([this.keying, this.key] = [null, ""]) }),
        ]),
      ]);
    },
    output(each) {
      return h("li", { key: each.name, class: ["card output", { wrong: each.trouble }], "data-name": each.name }, [
        h("div", { class: "row" }, [
          h("i", { class: ["lamp", each.trouble ? "wrong" : each.stopped ? "" : "good"] }),
          h("b", each.name), h("small", each.stopped ? "stopped" : STATES[each.state] || each.state), h("small", each.to),
          h("span", { class: "grow" }), each.facts ? h("small", { class: "faint" }, each.facts) : null,
        ]),
        each.trouble ? h("p", { class: "bad" }, each.trouble) : null,
        this.may ? h("div", { class: "row" }, [
          each.stopped ? button("Start", { glyph: "release", kind: "plain", "data-do": "start", onClick: () => this.order("start", { name: each.name }) })
            : button("Stop", { glyph: "stop", kind: "plain", "data-do": "stop", title: "The others go on", onClick: () => this.order("stop", { name: each.name }) }),
          this.rules && each.kind === "rtmp" ? button("New key", { glyph: "key", kind: "plain", onClick: () => ([this.keying, this.key] = [each.name, ""]) }) : null,
        ]) : null,
        this.keying === each.name ? this.keyed(each) : null,
      ]);
    },
  },
  render() {
    const list = state.outputs || [];
    return h("section", { class: "panel tab outputs", id: "panel-outputs", role: "tabpanel", "aria-labelledby": "tab-outputs" }, [
      h("div", { class: "caption" }, [h("h2", "Outputs"), h("span", { class: "grow" }),
        this.rules ? button("Add one", { kind: "plain", "data-do": "begin-add", onClick: () => (this.adding = !this.adding) }) : null]),
      this.adding ? this.form() : null,
      list.length ? h("ul", list.map(this.output)) : empty(this.rules ? "The channel goes to its own page only. Add a stream or a recording: button Add one." : "The channel goes to its own page only. An admin can add streams and recordings."),
      this.rules ? null : h("p", { class: "faint" }, "Only an admin adds outputs and changes their keys."),
    ]);
  },
});
