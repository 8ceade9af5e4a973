// The line at the top: what channel this is, whether it is on air, who watches, and how the machine keeps up.

import { clock, h, icon, panel, state } from "/console/assets/board.js";

export default panel({
  props: { name: String, answer: Object, role: String },
  data: () => ({ now: Date.now() / 1000 }),
  mounted() { this.timer = setInterval(() => (this.now = Date.now() / 1000), 1000); },
  unmounted() { clearInterval(this.timer); },
  methods: {
    async leave() {
      sessionStorage.removeItem("signed-in");
      await fetch("/api/session", { method: "DELETE", headers: { "X-Requested-With": "console" } }).catch(() => {});
      location.reload();
    },
  },
  render() {
    const { channel, air, frames, alarms } = state;
    const live = channel?.healthy && state.connected;
    const signal = !state.connected ? "No connection" : !channel ? "…" : !channel.healthy ? "Off air"
      : air?.muted ? "On air · muted" : air?.held ? "On air · held" : "On air";
    return h("header", { class: "top" }, [
      h("span", { class: ["signal", { live, wrong: channel && !channel.healthy }] }, [h("i"), signal]),
      h("h1", channel ? channel.shop : ""),
      h("span", { class: "faint channel" }, channel ? `${channel.name} · ${channel.catalog}` : ""),
      h("span", { class: "grow" }),
      frames ? h("span", { class: ["figure late", { wrong: frames.p99 > frames.budget }], title: "How long 99 of 100 frames take at most, of the time that a frame has" },
        [`${frames.p99.toFixed(1)}`, h("small", ` / ${frames.budget.toFixed(0)} ms`)]) : null,
      channel ? h("span", { class: "figure", title: "Viewers now" }, [icon("people", "viewers"), ` ${channel.viewers}`]) : null,
      h("span", { class: ["figure", { wrong: alarms?.length }], title: "Alarms" }, [icon("warn", "alarms"), ` ${alarms?.length || 0}`]),
      h("span", { class: "figure time" }, clock(this.now)),
      h("button", { class: "btn quiet help", type: "button", title: "Keyboard shortcuts (?)", "aria-label": "Keyboard shortcuts", onClick: () => (state.help = true) }, "?"),
      h("button", { class: "btn quiet who", type: "button", title: `${this.name}, ${this.role}. Sign out`, onClick: this.leave }, [h("span", this.name), h("small", " Sign out")]),
    ]);
  },
});
