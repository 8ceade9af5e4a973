// Which of the panels on the right is open, and how much waits in each.

import { h, panel, show, state } from "/console/assets/board.js";
import { TABS } from "/console/assets/desk.js";

const NAMES = { questions: "Questions", products: "Products", catalogs: "Catalogs", outputs: "Outputs", prompter: "Prompter", log: "Log" };

export default panel({
  mounted() { this.$watch(() => state.tab, (tab) => (document.body.dataset.tab = tab), { immediate: true }); },
  computed: {
    counts() {
      const { questions, outputs, alarms } = state;
      const down = (outputs || []).filter((each) => each.trouble).length;
      return { questions: (questions?.waiting?.length || 0) + (questions?.todo?.length || 0), outputs: down, log: alarms?.length || 0 };
    },
  },
  render() {
    const tab = (id, n) => h("button", {
      type: "button", role: "tab", id: `tab-${id}`, "aria-selected": state.tab === id, "aria-controls": `panel-${id}`, title: `${NAMES[id]} (${n + 1})`, class: { on: state.tab === id }, onClick: () => show(id),
    }, [NAMES[id], this.counts[id] ? h("i", { class: { wrong: id !== "questions" } }, this.counts[id]) : null]);
    return h("nav", { class: "tabs", role: "tablist", "aria-label": "Panels" }, TABS.map(tab));
  },
});
