// Which of the panels on the right is open, and how much waits in each. On a phone the rundown is one of them.

import { h, panel, show, state } from "/console/assets/board.js";
import { TABS } from "/console/assets/desk.js";

const NAMES = { rundown: "Rundown", questions: "Questions", products: "Products", catalogs: "Catalogs", outputs: "Outputs", cast: "Host", prompter: "Prompter", log: "Log" };

export default panel({
  props: { answer: Object, role: String, panels: Object },
  mounted() {
    this.$watch(() => state.tab, (tab) => {
      document.body.dataset.tab = tab;
      this.$nextTick(() => this.$el.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
    }, { immediate: true });
  },
  computed: {
    counts() {
      const { questions, outputs, alarms, standing } = state;
      const down = (outputs || []).filter((each) => each.tone === "wrong").length;
      const wrong = Object.values(standing || {}).flat().filter((each) => each.tone === "wrong").length;
      return { questions: (questions?.waiting?.length || 0) + (questions?.todo?.length || 0), outputs: down + wrong, log: alarms?.length || 0 };
    },
  },
  render() {
    const tab = (id) => {
      const n = TABS.indexOf(id) + 1, count = this.counts[id];
      return h("button", {
        type: "button", role: "tab", id: `tab-${id}`, "aria-selected": state.tab === id, "aria-controls": this.panels?.[id], title: n ? `${NAMES[id]} (${n})` : NAMES[id],
        class: { on: state.tab === id, narrow: !n }, onClick: () => show(id),
      }, [NAMES[id], count ? h("i", { class: { wrong: id !== "questions" }, "aria-label": `${count}` }, count) : null]);
    };
    return h("nav", { class: "tabs", role: "tablist", "aria-label": "Panels" }, ["rundown", ...TABS].map(tab));
  },
});
