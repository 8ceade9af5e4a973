// How OBS, the AI label and the rules of platforms and countries stand: each fact a line with a lamp.

import { button, h } from "/console/assets/board.js";

const TITLES = { obs: "OBS", label: "AI label", policies: "Rules" };
const LAMPS = { good: "all is well", wait: "look at this", wrong: "wrong", off: "" };
const HANDS = { "": "as the files say", enforce: "put back at once", follow: "left so until the scene changes" };

export function lamp(tone) {
  return h("i", { class: ["lamp", tone], role: "img", "aria-label": LAMPS[tone] || null, "aria-hidden": LAMPS[tone] ? null : "true" });
}

// `sections`: rows by name. `beside`, `below`: what can be done, beside and below the title of a section, by its name.
export function standing(sections, beside = {}, below = {}) {
  return Object.keys(TITLES).filter((name) => sections?.[name]?.length).map((name) =>
    h("section", { class: ["standing", name], "aria-label": TITLES[name], key: name }, [
      h("div", { class: "caption" }, [h("h2", TITLES[name]), h("span", { class: "grow" }), beside[name] || null]),
      below[name] || null,
      h("ul", sections[name].map((each, n) => h("li", { key: n, class: each.tone }, [lamp(each.tone), h("span", each.says)]))),
    ]));
}

export function hands(by_hand, busy, order) {
  return h("label", { class: "border hands" }, [h("span", "Changes by hand are"), h("select", { "aria-label": "What becomes of changes by hand in OBS", value: by_hand || "", disabled: busy, onChange: (event) => order("by_hand", { by_hand: event.target.value || null }) },
      Object.entries(HANDS).map(([value, text]) => h("option", { value, selected: value === (by_hand || "") }, text)))]);
}

export function rights(busy, order) {
  return button(busy ? "Putting right …" : "Put right", { glyph: "check", kind: "plain", "data-do": "put-right", disabled: busy, title: "Compare OBS with what the show wants, and change what differs", onClick: () => order("put_right") });
}

export function silences(mode, order) {
  if (mode.because) return null; // it is the rules that want it so
  return button(mode.on ? "AI voice again" : "Only people speak", { glyph: mode.on ? "sound" : "mic", kind: mode.on ? "chosen" : "plain", "data-do": "human-voice", "aria-pressed": !!mode.on, title: mode.on ? "The host speaks again" : "No line is said by an AI voice; captions and cards go on, you speak by Take over", onClick: () => order("human_voice", { on: !mode.on }) });
}
