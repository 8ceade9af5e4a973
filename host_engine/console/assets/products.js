// Products with price and stock; what is changed here is changed in what is said, shown and answered, at once.

import { button, empty, h, icon, panel, state } from "/console/assets/board.js";
import { STOCK } from "/console/assets/words.js";

export default panel({
  data: () => ({ words: "", found: null, edit: null, draft: {}, which: null }),
  mounted() {
    this.look();
    this.$watch(() => state.channel && `${state.channel.catalog} ${state.channel.version} ${JSON.stringify(state.recalled)}`, this.look);
  },
  methods: {
    look(offset = 0) { this.order("find", { words: this.words, offset: typeof offset === "number" ? offset : 0 }); },
    typed(event) {
      this.words = event.target.value;
      clearTimeout(this.wait);
      this.wait = setTimeout(this.look, 250);
    },
    answered(answer) {
      if (answer.do === "find") this.found = answer.body;
      if (answer.do === "change" && answer.done) this.edit = null;
      if (answer.do === "recall") this.which = answer.done ? null : { sentence: answer.sentence, list: answer.body?.candidates || [] };
      if (["change", "recall", "restore"].includes(answer.do) && answer.done) this.look(this.found?.offset || 0);
    },
    begin(each) {
      this.edit = each.id;
      this.draft = { price: each.price, sale_price: each.sale_price || "", availability: each.availability };
    },
    save(each) {
      const changes = {};
      for (const field of ["price", "sale_price", "availability"]) {
        const value = String(this.draft[field]).trim() || null;
        if (value !== (each[field] || null)) changes[field] = value;
      }
      if (!Object.keys(changes).length) return (this.edit = null);
      this.order("change", { product: each.id, fields: changes });
    },
    field(name, label) {
      return h("label", [label, h("input", { type: "text", maxlength: 40, inputmode: "decimal", "data-field": name, value: this.draft[name], onInput: (event) => (this.draft[name] = event.target.value) })]);
    },
    editing(each) {
      return h("form", { class: "edit", onSubmit: (event) => { event.preventDefault(); this.save(each); } }, [
        this.field("price", "Price"),
        this.field("sale_price", "Sale price"),
        h("label", ["Stock", h("select", { "data-field": "availability", value: this.draft.availability, onChange: (event) => (this.draft.availability = event.target.value) },
          Object.entries(STOCK).map(([value, text]) => h("option", { value, selected: value === this.draft.availability }, text)))]),
        h("div", { class: "row" }, [
          h("button", { type: "submit", class: "btn accent", "data-do": "save" }, "Change it now"),
          button("Leave it", { kind: "quiet", onClick: () => (this.edit = null) }),
        ]),
      ]);
    },
    recallNamed() { // only a whole title or id is recalled by it; for less it is asked which one is meant
      this.which = null;
      this.order("recall", { product: this.words.trim() });
    },
    choice() {
      const { sentence, list } = this.which;
      return h("div", { class: "card which", role: "group", "aria-label": "Which one is to go?" }, [
        h("p", list.length ? "Nothing was recalled yet. Which one is to go?" : sentence),
        h("ul", list.map((each) => h("li", { key: each.id, class: "row", "data-id": each.id }, [
          h("span", { class: "grow" }, [h("b", each.title), " ", h("small", `${each.id}, ${each.price}`)]),
          button("Recall", { glyph: "stop", kind: "plain warn", "data-do": "recall-this", onClick: () => this.order("recall", { product: each.id }) }),
        ]))),
        h("div", { class: "row" }, [button("None of them", { kind: "quiet", onClick: () => (this.which = null) })]),
      ]);
    },
    product(each) {
      const out = each.availability === "out_of_stock";
      return h("li", { key: each.id, class: ["card product", { on: each.id === state.air?.product }], "data-id": each.id }, [
        each.picture ? h("img", { src: each.picture, alt: "", loading: "lazy" }) : h("span", { class: "blank" }),
        h("div", { class: "about" }, [
          h("b", { title: each.id }, each.title),
          this.alike(each) ? h("small", each.id) : null,
          h("p", { class: "price" }, [
            each.sale_shown ? [h("span", each.sale_shown), " ", h("s", each.shown)] : h("span", each.shown),
            h("small", { class: { soft: out } }, STOCK[each.availability]),
            each.id === state.air?.product ? h("small", { class: "tally on" }, "on air") : null,
          ]),
        ]),
        this.may ? h("div", { class: "row" }, [
            button("", { glyph: "pen", kind: "plain", title: "Change price or stock", "data-do": "edit", onClick: () => this.begin(each) }),
            button("Recall", { glyph: "stop", kind: "plain warn", title: "Out of everything at once: rundown, answers, cards, page. You can let it back.", "data-do": "recall", onClick: () => this.order("recall", { product: each.id }) }),
          ]) : null,
        this.edit === each.id ? this.editing(each) : null,
      ]);
    },
    alike(each) { return (this.found?.products || []).filter((other) => other.title.toLowerCase() === each.title.toLowerCase()).length > 1; },
    recalled(each) {
      return h("li", { key: each.id, class: "card product recalled", "data-id": each.id }, [
        h("span", { class: "blank" }),
        h("div", { class: "about" }, [h("b", each.title || each.id), h("p", h("small", `recalled by ${each.who}`))]),
        this.may ? h("div", { class: "row" }, [button("Let it back", { glyph: "back", kind: "plain", "data-do": "restore", onClick: () => this.order("restore", { product: each.id }) })]) : null,
      ]);
    },
  },
  render() {
    const gone = state.recalled || [];
    const found = this.found, list = found?.products || [];
    const last = found ? found.offset + list.length : 0;
    return h("section", { class: "panel tab products", role: "tabpanel", "aria-labelledby": "tab-products" }, [
      h("div", { class: "caption" }, [
        h("label", { class: "find wide" }, [icon("search"), h("input", { type: "search", maxlength: 100, placeholder: "Find a product", "aria-label": "Find a product", value: this.words, onInput: this.typed })]),
        h("span", { class: "faint" }, found ? `${found.total} ${found.total === 1 ? "product" : "products"}` : ""),
      ]),
      this.may && this.words.trim().length > 1 && !this.which ? h("div", { class: "row" }, [button(`Recall “${this.words.trim()}” …`, { glyph: "stop", kind: "plain warn", "data-do": "recall-named", title: "Where it is not the whole name of one product, you are asked which one", onClick: this.recallNamed })]) : null,
      this.which ? this.choice() : null,
      gone.length ? [h("h2", ["Recalled", h("small", gone.length)]), h("ul", gone.map(this.recalled))] : null,
      !found ? empty("…") : !list.length ? empty(this.words ? "No product has these words. Try the beginning of its name." : "The catalog has no products.")
        : h("ul", list.map(this.product)),
      found && (found.offset || last < found.total) ? h("div", { class: "row pages" }, [
        button("Before", { kind: "plain", disabled: !found.offset, onClick: () => this.look(Math.max(0, found.offset - found.page)) }),
        h("span", { class: "faint" }, `${found.offset + 1} to ${last}`),
        button("More", { kind: "plain", disabled: last >= found.total, onClick: () => this.look(last) }),
      ]) : null,
    ]);
  },
});
