// What the console knows of the channel: one state that all panels draw, kept right by the feed.

import { h, reactive } from "vue";

export const state = reactive({
  connected: true,
  fresh: 0, // when the last news came
  tab: localStorage.getItem("console.tab") || "questions",
  help: false,
  channel: null, air: null, rundown: null, catalogs: null, questions: null, outputs: null, standing: null,
  alarms: null, takeover: null, frames: null, happened: null, recalled: null,
});

export function learn(text) {
  const news = JSON.parse(text);
  state.fresh = performance.now();
  state.connected = true;
  Object.assign(state, news);
  for (const hook of hooks) hook(news);
}

export const hooks = new Set(); // told of each piece of news

export function show(tab) {
  state.tab = tab;
  localStorage.setItem("console.tab", tab);
}

// An SVG line icon; the shapes are drawn on 24 by 24.
export function icon(name, label) {
  const paths = (ICONS[name] || "").split("|").map((d) => h("path", { d }));
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": label ? null : "true", "aria-label": label }, paths);
}

const ICONS = {
  hold: "M8 5v14|M16 5v14",
  release: "M8 5l11 7-11 7z",
  mute: "M4 9v6h4l5 4V5L8 9z|M17 9.5l5 5M22 9.5l-5 5",
  sound: "M4 9v6h4l5 4V5L8 9z|M17 8.5a5 5 0 0 1 0 7|M19.5 6a8.5 8.5 0 0 1 0 12",
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z|M5.5 11a6.5 6.5 0 0 0 13 0|M12 17.5V21",
  camera: "M3 7h11v10H3z|M14 11l7-4v10l-7-4",
  skip: "M5 5l8 7-8 7z|M13 5l8 7-8 7z",
  next: "M5 5l10 7-10 7z|M19 5v14",
  say: "M4 5h16v11H9l-5 4z",
  grip: "M9 6v.01|M9 12v.01|M9 18v.01|M15 6v.01|M15 12v.01|M15 18v.01",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  check: "M5 13l4 4L19 7",
  cross: "M6 6l12 12M18 6L6 18",
  pen: "M4 20l1-4L16 5l3 3L8 19z",
  warn: "M12 4l9 16H3z|M12 10v4|M12 17v.01",
  key: "M8 12a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5z|M10.7 13.1L20 4|M15.5 8.4l3.2 3.2",
  stop: "M7 7h10v10H7z",
  back: "M4 9h10a5 5 0 0 1 0 10h-3|M8 5L4 9l4 4",
  people: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z|M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  trash: "M5 7h14|M10 7V4h4v3|M7 7l1 13h8l1-13",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1|M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z|M15 15l5.5 5.5",
};

export function button(text, { glyph, kind = "", title, ...rest } = {}) {
  return h("button", { type: "button", class: ["btn", kind], title, "aria-label": text ? null : title, ...rest }, [
    glyph ? icon(glyph) : null,
    text ? h("span", text) : null,
  ]);
}

export function empty(text) {
  return h("p", { class: "empty" }, text);
}

export function clock(seconds) {
  const at = new Date(seconds * 1000);
  return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

// What every panel is made of: `order` hands an order to the server, `answered` is called with what became of it.
export function panel(definition) {
  return {
    emits: ["order"],
    props: { answer: Object, role: { type: String, default: "viewer" } },
    ...definition,
    computed: {
      may() { return this.role === "operator" || this.role === "admin"; },
      rules() { return this.role === "admin"; },
      ...(definition.computed || {}),
    },
    methods: {
      order(what, fields = {}) { this.$emit("order", { do: what, ...fields }); },
      ...(definition.methods || {}),
    },
    watch: {
      answer(answer) { if (answer && this.answered) this.answered(answer); },
      ...(definition.watch || {}),
    },
  };
}

export { h };
