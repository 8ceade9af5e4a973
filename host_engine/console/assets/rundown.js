// The rundown: segments in their order, the line on air, the line to come; segments can be dragged to another place.

import { button, empty, h, icon, panel, state } from "/console/assets/board.js";

export default panel({
  data: () => ({ drag: null, wanted: null, open: {}, find: "", follow: true }),
  computed: {
    segments() {
      const list = state.rundown?.segments || [];
      if (!this.wanted) return list;
      const by = Object.fromEntries(list.map((each) => [each.segment, each]));
      return this.wanted.map((id) => by[id]).filter(Boolean);
    },
    shown() {
      const words = this.find.toLowerCase().split(/\s+/).filter(Boolean);
      const has = (each) => words.every((word) => `${each.title} ${each.segment} ${each.product || ""}`.toLowerCase().includes(word));
      return words.length ? this.segments.filter(has) : this.segments;
    },
  },
  mounted() {
    this.$watch(() => state.air?.segment, () => this.$nextTick(this.bring), { immediate: true });
    this.$watch(() => state.air?.entry, () => this.seen() && this.$nextTick(this.bring)); // who looks elsewhere is left there
    this.$watch(() => state.tab, (tab) => tab === "rundown" && this.$nextTick(this.bring)); // on a phone it was not to be seen before
    this.$watch(() => state.rundown, () => { if (!this.drag) this.wanted = null; });
  },
  unmounted() { this.follows(false); },
  methods: {
    bring() {
      if (!this.follow || this.drag) return;
      const list = this.$refs.list, here = list?.querySelector(".segment.on"), line = here?.querySelector(".line.on");
      if (!here) return;
      const below = (line?.nextElementSibling || line)?.getBoundingClientRect().bottom ?? 0;
      const least = below - list.getBoundingClientRect().bottom + list.scrollTop; // the line on air and the one after it
      list.scrollTo({ top: Math.max(here.offsetTop - 60, least), behavior: "smooth" });
    },
    seen() {
      const list = this.$refs.list?.getBoundingClientRect(), here = this.$refs.list?.querySelector(".segment.on")?.getBoundingClientRect();
      return list && here && here.bottom > list.top && here.top < list.bottom;
    },
    grab(event, id) {
      if (!this.may) return;
      event.preventDefault();
      this.follows(true);
      this.wanted = this.segments.map((each) => each.segment);
      this.drag = id;
    },
    follows(on) { // the grip itself is moved, and so loses the pointer: wherever that is let go of, the page hears it
      for (const [what, act] of [["pointermove", this.move], ["pointerup", this.drop], ["pointercancel", this.drop]]) document[on ? "addEventListener" : "removeEventListener"](what, act);
    },
    move(event) {
      if (!this.drag) return;
      const list = this.$refs.list, box = list.getBoundingClientRect();
      list.scrollTop += event.clientY < box.top + 24 ? -16 : event.clientY > box.bottom - 24 ? 16 : 0;
      const over = document.elementFromPoint(event.clientX, event.clientY)?.closest(".segment[data-id]")?.dataset.id;
      if (!over || over === this.drag) return;
      const down = this.wanted.indexOf(over) > this.wanted.indexOf(this.drag);
      const order = this.wanted.filter((id) => id !== this.drag);
      order.splice(order.indexOf(over) + (down ? 1 : 0), 0, this.drag);
      this.wanted = order;
    },
    drop() {
      this.follows(false);
      if (!this.drag) return;
      this.drag = null;
      this.send();
    },
    step(id, by) {
      const order = this.segments.map((each) => each.segment), at = order.indexOf(id), to = at + by;
      if (to < 0 || to >= order.length) return;
      order.splice(at, 1);
      order.splice(to, 0, id);
      this.wanted = order;
      this.send();
    },
    send() {
      const before = (state.rundown?.segments || []).map((each) => each.segment).join("\n");
      if (this.wanted.join("\n") !== before) this.order("reorder", { segments: this.wanted });
    },
    answered(answer) { if (!answer.done) this.wanted = null; },
    key(event, id) {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by && event.altKey && this.may) { event.preventDefault(); this.step(id, by); }
    },
    segment(each) {
      const id = each.segment, title = each.title || id, count = each.lines.length + each.more;
      const on = id === state.air?.segment, open = this.open[id] ?? on;
      return h("li", { key: id, "data-id": id, class: ["segment", { on, open, dragged: this.drag === id }], tabindex: 0, onKeydown: (event) => this.key(event, id) }, [
        h("div", { class: "head" }, [
          h("button", { class: "grip", type: "button", disabled: !this.may, title: "Drag to another place (Alt ↑ ↓)", "aria-label": `Move ${title}`, onPointerdown: (event) => this.grab(event, id) }, icon("grip")),
          h("button", { class: "name", type: "button", "aria-expanded": open, onClick: () => (this.open[id] = !open) }, [
            h("b", title), h("small", `${count} ${count === 1 ? "line" : "lines"}`),
          ]),
          this.may ? button("", { glyph: "release", kind: "quiet go", title: `Go to ${title} after the line on air`, onClick: () => this.order("go_to", { entry: id }) }) : null,
        ]),
        open ? h("ol", { class: "lines" }, each.lines.map((line) => this.line(line))) : null,
      ]);
    },
    line(line) {
      const on = line.id === state.air?.entry, next = line.id === state.air?.next?.entry;
      return h("li", { key: line.id, class: ["line", { on, next }] }, [
        h("span", { class: "mark" }, on ? "now" : next ? "next" : ""),
        h("span", { class: "words" }, line.text),
        this.may && !on ? button("", { glyph: "release", kind: "quiet go", title: "Go to this line after the one on air", onClick: () => this.order("go_to", { entry: line.id }) }) : null,
      ]);
    },
  },
  render() {
    const list = this.segments;
    return h("section", { class: "panel rundown", "aria-label": "Rundown" }, [
      h("div", { class: "caption" }, [
        h("h2", "Rundown"),
        h("span", { class: "faint" }, list.length ? `${state.rundown.total ?? list.length} segments` : ""),
        h("span", { class: "grow" }),
        state.air?.order_by_hand && this.may ? button("Order of the file", { glyph: "back", kind: "quiet", title: "Segments were moved by hand; put them back", "data-do": "file-order", onClick: () => this.order("reorder", { segments: [] }) }) : null,
        h("label", { class: "find" }, [icon("search"), h("input", { type: "search", placeholder: "Find a segment", "aria-label": "Find a segment", value: this.find, onInput: (event) => (this.find = event.target.value) })]),
        h("label", { class: "tick" }, [h("input", { type: "checkbox", checked: this.follow, onChange: (event) => { this.follow = event.target.checked; this.bring(); } }), "Follow"]),
      ]),
      !state.rundown ? empty("The rundown is on its way …")
        : !list.length ? empty("The rundown has no segments. Swap to a catalog that has some: panel Catalogs, on the right.")
        : h("ul", { class: "segments", ref: "list" }, this.shown.map((each) => this.segment(each))),
      list.length && !this.shown.length ? empty("No segment has these words in its name. Clear the box to see all.") : null,
    ]);
  },
});
