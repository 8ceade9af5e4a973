// Answers that wait for somebody to look at them, and the questions that the team is to answer.

import { button, empty, h, panel, span, state } from "/console/assets/board.js";

export default panel({
  data: () => ({ writing: null, text: "", now: performance.now() }),
  mounted() { this.timer = setInterval(() => (this.now = performance.now()), 1000); },
  unmounted() { clearInterval(this.timer); },
  methods: {
    write(each) {
      [this.writing, this.text] = [each.id, each.answer || ""];
      this.$nextTick(() => this.$refs.text?.focus());
    },
    send() { if (this.text.trim()) this.order("answer", { id: this.writing, text: this.text.trim() }); },
    answered(answer) { if (answer.do === "answer" && answer.done) [this.writing, this.text] = [null, ""]; },
    left(each) {
      const left = each.left_s - Math.max(0, (this.now - state.fresh) / 1000);
      return each.mode === "hold" ? `said in ${span(left)} unless you stop it` : `waits for you, ${span(left)} left`;
    },
    by_hand(each) {
      return h("form", { class: "write", onSubmit: (event) => { event.preventDefault(); this.send(); } }, [
        h("textarea", { ref: "text", rows: 3, maxlength: 1000, "aria-label": "Your answer", placeholder: "The host says this as the answer", value: this.text, onInput: (event) => (this.text = event.target.value) }),
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", "data-do": "send-answer", disabled: !this.text.trim() }, "Have it said"),
          button("Leave it", { kind: "quiet", onClick: () => (this.writing = null) }),
        ]),
      ]);
    },
    waiting(each) {
      return h("li", { key: each.id, class: "card question", "data-id": each.id }, [
        h("p", { class: "asks" }, [h("b", each.name || "A viewer"), " ", each.question]),
        this.writing === each.id ? this.by_hand(each) : [
          h("p", { class: "answer" }, each.answer),
          h("p", { class: ["faint", { soon: each.left_s < 4 }] }, this.left(each)),
          this.may ? h("div", { class: "row" }, [
            button("Say it", { glyph: "check", kind: "accent", "data-do": "approve", onClick: () => this.order("approve", { id: each.id }) }),
            button("Do not", { glyph: "cross", kind: "plain", "data-do": "veto", onClick: () => this.order("veto", { id: each.id }) }),
            button("Other words", { glyph: "pen", kind: "plain", "data-do": "by-hand", onClick: () => this.write(each) }),
          ]) : null,
        ],
      ]);
    },
    todo(each) {
      return h("li", { key: each.id, class: "card question", "data-id": each.id }, [
        h("p", { class: "asks" }, [h("b", each.name || "A viewer"), " ", each.question]),
        h("p", { class: "faint" }, `Not answered on air: ${each.why}`),
        this.writing === each.id ? this.by_hand(each)
          : this.may ? h("div", { class: "row" }, [button("Answer it on air", { glyph: "pen", kind: "plain", "data-do": "by-hand", onClick: () => this.write(each) })]) : null,
      ]);
    },
  },
  render() {
    const { waiting = [], todo = [], off } = state.questions || {};
    const none = off ? "This channel answers no questions. Set audience.answers in the channel file to let it."
      : "No answer waits for you. Which ones do is set by audience.review in the channel file.";
    return h("section", { class: "panel tab questions", role: "tabpanel", "aria-labelledby": "tab-questions" }, [
      h("h2", ["Before they are said", h("small", waiting.length || "")]),
      waiting.length ? h("ul", waiting.map(this.waiting)) : empty(state.questions ? none : "…"),
      h("h2", ["For the team", h("small", todo.length || "")]),
      todo.length ? h("ul", todo.map(this.todo)) : empty("No question is open. What the host cannot answer from the catalog comes here."),
    ]);
  },
});
