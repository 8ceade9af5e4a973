// What viewers see at this moment, and what is said now and next.

import { Player } from "/static/player.js";
import { h, icon, panel, state } from "/console/assets/board.js";

const STATES = {
  connecting: "Connecting to the picture …", reconnecting: "The picture is coming back …", offair: "No picture arrives. Is the channel on air?",
  busy: "All places for viewers are taken; close another player.", unsupported: "This browser cannot show the picture.", playing: "",
};
const LANES = { rundown: "Rundown", answers: "Answer to a viewer", operator: "From the desk" };

export default panel({
  data: () => ({ picture: "connecting", quiet: true, ratio: "9 / 16" }),
  mounted() {
    const video = this.$refs.video;
    video.muted = true;
    this.player = new Player(video, "/whep", (state) => (this.picture = state));
    this.player.onStream = () => video.play().catch(() => {});
    video.addEventListener("resize", () => video.videoWidth && (this.ratio = `${video.videoWidth} / ${video.videoHeight}`));
    document.addEventListener("visibilitychange", this.look);
    if (!document.hidden) this.player.start();
  },
  unmounted() {
    document.removeEventListener("visibilitychange", this.look);
    this.player.stop();
  },
  methods: {
    look() { document.hidden ? this.player.stop() : this.player.start(); },
    scenes(air) {
      const choices = air.scenes || [], by_hand = air.scene_by_hand || "";
      if (!this.may || choices.length < 2) return h("small", air.scene);
      const pick = (value, text) => h("option", { value, selected: value === by_hand }, text);
      const named = (each) => (each.camera ? `${each.name} (while a camera is live)` : each.name);
      return h("select", { class: "scene", "aria-label": "Scene", title: "Scene", value: by_hand, onChange: (event) => this.order("scene", { name: event.target.value || null }) },
        [pick("", `Scene: ${air.scene}`), ...choices.map((each) => pick(each.name, named(each)))]);
    },
    then(air) {
      if (air?.held && !air.next) return ["When you go on", air.waits || "The show goes on with the line that comes next in the rundown."];
      return ["Next", air?.next?.text || "…"];
    },
    listen() {
      this.quiet = !this.quiet;
      this.$refs.video.muted = this.quiet;
    },
  },
  render() {
    const air = state.air, [then, words] = this.then(air);
    const said = air?.text, human = air?.line?.startsWith("takeover/") && `Live: ${state.takeover?.who || "a person"}`;
    return h("section", { class: "air", "aria-label": "On air" }, [
      h("div", { class: ["stage", { muted: air?.muted }], style: { aspectRatio: this.ratio } }, [
        h("video", { ref: "video", playsinline: true, autoplay: true, muted: true, disablepictureinpicture: true }),
        STATES[this.picture] ? h("p", { class: "notice" }, STATES[this.picture]) : null,
        h("button", { class: "btn round", type: "button", "aria-pressed": !this.quiet, title: this.quiet ? "Listen" : "Stop listening (only here)", "aria-label": this.quiet ? "Listen" : "Stop listening", onClick: this.listen }, icon(this.quiet ? "mute" : "sound")),
      ]),
      h("div", { class: "now", "data-line": air?.line || "" }, [
        h("h2", [h("b", { class: ["tally", { on: said }] }, human || (said ? LANES[air.lane] || "On air" : "Idle")), h("span", { class: "grow" }), air ? this.scenes(air) : null]),
        h("p", { class: "words" }, said || (air?.muted ? "Muted: viewers see the slate and hear nothing, until the sound is back." : air?.held ? "Held: the host looks at the viewers and says nothing." : "The host says nothing at this moment.")),
        h("h2", { class: "later" }, [h("b", { class: "then" }, then)]),
        h("p", { class: "words faint later" }, words),
      ]),
    ]);
  },
});
