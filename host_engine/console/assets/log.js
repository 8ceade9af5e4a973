// What has happened on air and at the desk, the newest first.

import { clock, empty, h, panel, state } from "/console/assets/board.js";

export default panel({
  render() {
    const list = state.happened || [];
    return h("section", { class: "panel tab log", role: "tabpanel", "aria-labelledby": "tab-log" }, [
      h("h2", "What happened"),
      list.length ? h("ul", list.map((each) => h("li", { key: each.id, class: { order: each.mark } }, [h("span", { class: "figure" }, clock(each.at)), h("span", each.text)])))
        : empty("Nothing has happened yet. Orders, swaps, answers and alarms are listed here as they come."),
    ]);
  },
});
