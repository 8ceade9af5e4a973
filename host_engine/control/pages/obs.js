// The show for a browser source of OBS: picture and sound alone. A picture that stands still is taken away.

import { Player } from "/static/player.js";

const SILENCE = 2000; // ms without a new picture
const LOOK = 250;
const video = document.getElementById("video");
const player = new Player(video, "/whep", () => {});
let last = -Infinity;
let counted = -1;

player.onStream = () => {
  video.muted = false; // OBS lets pages play aloud
  play();
};

function play() {
  video.play().catch((error) => {
    if (error.name !== "NotAllowedError" || video.muted) return;
    video.muted = true;
    play();
  });
}

function look() {
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  if (totalVideoFrames !== counted) [counted, last] = [totalVideoFrames, performance.now()];
  const playing = video.readyState >= 2 && performance.now() - last < SILENCE;
  document.body.dataset.state = playing ? "playing" : "away";
}

setInterval(look, LOOK);
addEventListener("pagehide", () => player.stop());
window.hostEngine = { stats: () => player.stats() };
player.start();
