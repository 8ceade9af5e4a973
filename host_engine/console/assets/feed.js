// Keeps the board right: listens to the feed, says when nobody looks at this page, and when the connection is lost.

import { h, learn, state } from "/console/assets/board.js";

const SILENT = 6000; // ms without news, while somebody looks, until the connection counts as lost

export default {
  emits: ["come", "away"],
  props: { role: String, name: String },
  created() {
    this.waited = 0;
    sessionStorage.setItem("signed-in", "yes"); // so that the login can say why it is there again
  },
  mounted() {
    globalThis.runJavascript = (code) => code.includes("location.reload()") && location.reload(); // no text is run here
    this.attach();
    document.addEventListener("visibilitychange", this.looked);
    this.timer = setInterval(this.listen, 1000);
  },
  unmounted() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.looked);
  },
  methods: {
    attach() {
      if (!window.socket) return setTimeout(this.attach, 20);
      window.socket.on("board", learn);
      window.socket.on("connect", this.looked);
      window.socket.on("disconnect", () => (state.connected = false));
      if (window.socket.connected) this.looked();
    },
    looked() {
      state.fresh = performance.now();
      this.$emit(document.hidden ? "away" : "come");
    },
    async back() {
      const answer = await fetch("/api/session").catch(() => null);
      if (answer?.status === 401) location.reload(); // the token does not hold any more: sign in
    },
    listen() {
      if (!state.connected && ++this.waited % 2 === 0) this.back();
      if (!document.hidden && performance.now() - state.fresh > SILENT) state.connected = false;
    },
  },
  render() {
    return h("div", { class: ["lost", { on: !state.connected }], role: "status", "aria-live": "assertive" },
      state.connected ? "" : "Connection lost. What you see may be old; nothing can be ordered until it is back. Trying again …");
  },
};
