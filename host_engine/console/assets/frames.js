// How long each frame took, of the time that it has; drawn here from a compact feed, 30 seconds of it.

import { h, hooks, panel, state } from "/console/assets/board.js";

const SECONDS = 30;

export default panel({
  data: () => ({ worst: 0 }),
  mounted() {
    this.rows = [];
    hooks.add(this.learn);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.$refs.canvas);
  },
  unmounted() {
    hooks.delete(this.learn);
    this.sizes.disconnect();
  },
  methods: {
    learn(news) {
      if (!news.frames) return;
      const { rows, fps } = news.frames;
      this.rows = [...this.rows, ...rows].slice(-SECONDS * fps);
      this.draw();
    },
    draw() {
      const canvas = this.$refs.canvas, frames = state.frames;
      if (!canvas || !frames || document.hidden) return;
      const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
      if (canvas.width !== Math.round(width * ratio)) [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
      const pen = canvas.getContext("2d"), top = frames.budget * 1.25, style = getComputedStyle(canvas);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      const wide = width / (SECONDS * frames.fps), y = (ms) => height - Math.min(1, ms / top) * height;
      const first = width - this.rows.length * wide;
      this.rows.forEach(([took, late], n) => {
        const over = took > frames.budget || late > frames.budget;
        pen.fillStyle = style.getPropertyValue(over ? "--red" : "--bar");
        const high = over ? Math.max(took, late) : took;
        pen.fillRect(first + n * wide, y(high), Math.max(1, wide), height - y(high));
      });
      pen.strokeStyle = style.getPropertyValue("--soft");
      pen.setLineDash([4, 4]);
      pen.beginPath();
      pen.moveTo(0, y(frames.budget) + 0.5);
      pen.lineTo(width, y(frames.budget) + 0.5);
      pen.stroke();
      pen.setLineDash([]);
    },
  },
  render() {
    const frames = state.frames;
    return h("section", { class: "frames", "aria-label": "Time of frames" }, [
      h("div", { class: "caption" }, [
        h("h2", "Time of frames"), h("span", { class: "grow" }),
        frames ? h("span", { class: "faint", title: "Half of the frames took less than the first, 99 of 100 less than the second; 99 of 100 began less late than the third" }, `median ${frames.p50.toFixed(1)} · slowest 1 % ${frames.p99.toFixed(1)} · late ${frames.late.toFixed(1)} ms`) : null,
      ]),
      h("div", { class: "graph" }, [h("canvas", { ref: "canvas" }), frames ? h("small", { class: "budget" }, `${frames.budget.toFixed(0)} ms`) : null]),
    ]);
  },
});
