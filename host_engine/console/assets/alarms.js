// What somebody should look at now, each in a sentence.

import { h, icon, panel, span, state } from "/console/assets/board.js";

export default panel({
  data: () => ({ now: Date.now() / 1000 }),
  mounted() { this.timer = setInterval(() => (this.now = Date.now() / 1000), 5000); },
  unmounted() { clearInterval(this.timer); },
  render() {
    const list = state.alarms || [];
    return h("section", { class: ["alarms", { some: list.length }], "aria-label": "Alarms", "aria-live": "polite" },
      list.map((each) => h("p", { key: each.name }, [icon("warn"), h("span", each.text), h("small", { class: "faint" }, `for ${span(this.now - each.since)}`)])));
  },
});
