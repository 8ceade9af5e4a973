// What a new output is to be: where it goes, and what is different there from what the channel's own page shows.

import { h } from "/console/assets/board.js";

export const KINDS = {
  rtmp: { text: "a platform or server (RTMP)", name: "youtube", url: "rtmps://a.rtmps.youtube.com/live2", second: "rtmps://b.rtmps.youtube.com/live2", key: "Stream key" },
  whip: { text: "a WebRTC server (WHIP)", name: "sfu", url: "https://sfu.example.com/whip/studio", second: "https://sfu-2.example.com/whip/studio", key: "Token, if it wants one" },
  file: { text: "a recording on this machine", name: "archive" },
};
const PICTURES = [[540, 960], [720, 1280], [1080, 1920], [960, 540], [1280, 720], [1920, 1080], [720, 720], [1080, 1080]];
const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "zh", "ja", "ko"];
const names = new Intl.DisplayNames([], { type: "language" });

export function spoken(code) {
  try { return names.of(code) || code; } catch { return code; }
}

export function blank() {
  return {
    kind: "rtmp", platform: "custom", name: "", url: "", key: "", key_env: "",
    picture: "", wide: "", high: "", kbps: "", label: "", language: "", delay: "", rotate: "", backup: "", watch: "",
    format: "", segment: "", days: "", size: "",
  };
}

// The fields as the API takes them; what is empty is not sent.
export function asked(draft, platforms) {
  const text = (name) => draft[name].trim(), number = (name) => (text(name) ? Number(text(name)) : "");
  const { kind } = draft, name = text("name");
  if (kind === "file") {
    return { kind, name, format: draft.format, segment: text("segment") && `${text("segment")}m`, days: number("days"), size: text("size") && `${text("size")}GB` };
  }
  const own = draft.picture === "own", picture = own ? [number("wide"), number("high")] : draft.picture ? draft.picture.split("x").map(Number) : "";
  return {
    kind, name, url: text("url"), key: text("key_env") ? "" : draft.key, key_env: text("key_env"),
    platform: kind === "rtmp" && draft.platform !== "custom" && platforms?.length ? draft.platform : "",
    picture, kbps: number("kbps"), label: text("label"), language: text("language"), backup: text("backup"), watch: text("watch"),
    delay: text("delay") && `${text("delay")}s`, rotate: text("rotate") && `${text("rotate")}h`,
  };
}

// `change(name, value)` is told of what somebody writes or chooses.
export function fields(draft, platforms, change) {
  const kind = KINDS[draft.kind], known = draft.kind === "rtmp" ? platforms?.find((each) => each.name === draft.platform) : null, addressed = !!known?.url;
  const input = (name, label, rest = {}) => h("label", [label, h("input", {
    type: "text", maxlength: 500, autocomplete: "off", autocapitalize: "none", spellcheck: false, "data-field": name, value: draft[name], onInput: (event) => change(name, event.target.value), ...rest,
  })]);
  const figure = (name, label, rest) => input(name, label, { type: "number", inputmode: "decimal", min: 0, ...rest });
  const choice = (name, label, options) => h("label", [label, h("select", { "data-field": name, value: draft[name], onChange: (event) => change(name, event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === draft[name] }, text)))]);
  const first = [
    choice("kind", "It goes to", Object.entries(KINDS).map(([value, each]) => [value, each.text])),
    draft.kind === "rtmp" && platforms?.length ? choice("platform", "Platform", platforms.map((each) => [each.name, each.title])) : null,
    known && known.name !== "custom" ? h("p", { class: "faint" }, `${known.form}.`) : null,
    input("name", "Name, for this list", { placeholder: kind.name, maxlength: 40 }),
  ];
  if (draft.kind === "file") {
    return [...first, h("p", { class: "faint" }, "It is written beside the other recordings of this channel."), more("How it is kept", [
      choice("format", "Kind of file", [["", "MP4"], ["mkv", "MKV"]]),
      figure("segment", "A new file every … minutes", { placeholder: "15" }),
      figure("days", "Delete what is older than … days", { placeholder: "never" }),
      figure("size", "Keep at most … GB", { placeholder: "no limit" }),
    ])];
  }
  return [
    ...first,
    input("url", addressed ? "Address, where it is not the usual one" : "Address, without the key", { placeholder: addressed ? known.url : kind.url, inputmode: "url" }),
    input("key", kind.key, { type: "password", maxlength: 1000, disabled: !!draft.key_env.trim() }),
    more("What is different there", [
      choice("picture", "Size of the picture", [["", "as the channel's"], ...PICTURES.map(([w, hi]) => [`${w}x${hi}`, `${w} × ${hi}`]), ["own", "another …"]]),
      draft.picture === "own" ? h("div", { class: "pair" }, [figure("wide", "Width, in pixels", { step: 2 }), figure("high", "Height, in pixels", { step: 2 })]) : null,
      figure("kbps", "Data per second, in kbit/s", { placeholder: "as the channel's" }),
      input("label", "Words that say she is an AI", { placeholder: "as the channel's", maxlength: 40 }),
      choice("language", "Language of these words", [["", "as the channel's"], ...LANGUAGES.map((code) => [code, spoken(code)])]),
      figure("delay", "Send it later by … seconds", { placeholder: "0", max: 600 }),
      h("p", { class: "faint" }, "Another size, data rate, words or language costs this machine one more picture to make."),
    ]),
    more("When something goes wrong", [
      input("backup", "Second address, where the first does not answer", { placeholder: kind.second, inputmode: "url" }),
      figure("rotate", "Begin a new session every … hours", { placeholder: "never", step: "any" }),
      input("key_env", "Or the name under which this machine keeps the key", { placeholder: "STREAM_KEY_2", maxlength: 64 }),
      h("p", { class: "faint" }, "A key that is typed in is kept nowhere: after a restart of the channel this output waits for it. One that the machine keeps under a name (an environment variable) is found again."),
      input("watch", "Where viewers watch it, to measure it there", { placeholder: "https://…", inputmode: "url" }),
    ]),
  ];
}

function more(title, inside) {
  return h("details", { class: "more" }, [h("summary", title), h("div", { class: "edit" }, inside)]);
}
