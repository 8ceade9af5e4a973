// The shopper's page: picture and sound from the player, words from /api/now, questions through the chat.

import { Aloud } from "/static/aloud.js";
import { remember, remembered } from "/static/keep.js";
import { Player } from "/static/player.js";
import { Talk } from "/static/talk.js";
import { Tray } from "/static/tray.js";
import { say, speak } from "/static/words.js";

const $ = (id) => document.getElementById(id);
const DUCKED = 0.12; // how loud the show is while a viewer speaks
const video = $("video");
const player = new Player(video, "/whep", show);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let quiet = remembered("quiet") === "1"; // the shopper chose silence
let failures = 0;
let state = "connecting";

// --- what the connection is doing ---

function show(next) {
  state = next;
  document.body.dataset.state = next;
  const silent = next === "playing";
  $("notice").hidden = silent;
  $("notice-title").textContent = silent ? "" : say(next);
  $("notice-more").textContent = silent ? "" : say(`${next}More`);
  $("again").hidden = next !== "busy" && next !== "offair";
  live();
}

function live(onAir = true) {
  const on = onAir && state !== "offair";
  document.body.classList.toggle("off", !on);
  document.querySelector(".live span").textContent = say(on ? "live" : "off");
}

function watching(count) {
  $("viewers").hidden = !count;
  $("viewers-count").textContent = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(count);
}

// --- sound: wanted from the start, asked for where the browser forbids it ---

player.onStream = () => {
  video.muted = quiet;
  play();
};

function play() {
  // Not awaited: without a first picture the promise stays open for ever.
  video.play().catch((error) => {
    if (error.name !== "NotAllowedError" || video.muted) return;
    video.muted = true;
    $("tap").hidden = false;
    play();
  });
}

function sound(on) {
  quiet = !on;
  remember("quiet", quiet ? "1" : "0");
  video.muted = quiet;
  if (on && !video.volume) video.volume = 1;
  if (on || !video.paused) play();
}

// The show is quieter while a viewer speaks, or their microphone would hear it.
let loud = null;

function duck(on) {
  if (on && loud === null) {
    loud = video.volume;
    video.volume = loud * DUCKED;
  } else if (!on && loud !== null) {
    video.volume = loud;
    loud = null;
  }
}

video.addEventListener("volumechange", () => {
  const silent = video.muted || !video.volume;
  $("mute").setAttribute("aria-pressed", String(silent));
  $("mute").setAttribute("aria-label", say(silent ? "unmute" : "mute"));
  if (loud === null) $("volume").value = silent ? 0 : video.volume;
  if (!silent) $("tap").hidden = true;
});

$("tap").addEventListener("click", () => sound(true));
$("mute").addEventListener("click", () => sound(video.muted || !video.volume));
$("volume").addEventListener("input", ({ target }) => {
  video.volume = Number(target.value);
  sound(video.volume > 0);
});
$("again").addEventListener("click", () => player.start());

// --- full screen and keys ---

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if ($("stage").requestFullscreen) $("stage").requestFullscreen().catch(() => {});
  else video.webkitEnterFullscreen?.();
}

$("full").addEventListener("click", fullScreen);
video.addEventListener("dblclick", fullScreen);
video.addEventListener("click", () => $("tap").hidden || sound(true));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, .card, #tray:modal")) return;
  if (event.key === "m") sound(video.muted || !video.volume);
  if (event.key === "f") fullScreen();
});

$("about-open").addEventListener("click", () => $("about").showModal());
$("about").addEventListener("click", ({ target }) => target === $("about") && $("about").close());

// --- asking: in writing, aloud, about a product ---

const talk = new Talk({ onViewers: watching, onLongest: (seconds) => (aloud.longest = seconds) });
const aloud = new Aloud({ tell: (...all) => talk.tell(...all), duck, language: () => "" });
const tray = new Tray((product) => talk.aim(product));
talk.onHeard = () => aloud.heard();

function open(chat, microphone) {
  document.body.classList.toggle("quiet", !chat);
  document.body.classList.toggle("deaf", !microphone);
  if (chat) {
    talk.start();
    tray.start();
  } else {
    talk.stop();
    aloud.close();
  }
}

// --- the show: shop, product, shape of the picture ---

function shape(width, height) {
  if (!width || !height) return;
  document.documentElement.style.setProperty("--ratio", width / height);
  document.body.classList.toggle("wide", width > height);
}

video.addEventListener("resize", () => shape(video.videoWidth, video.videoHeight));

async function ask() {
  try {
    const response = await fetch("/api/now", { signal: AbortSignal.timeout(4000) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    tell(await response.json());
    failures = 0;
  } catch {
    if (++failures === 3 && state !== "playing") show("offair");
  }
  setTimeout(ask, document.hidden ? 5000 : 1000);
}

function tell(now) {
  speak(now.language);
  $("shop").textContent = now.shop;
  document.title = `${now.shop} · ${say("live")}`;
  if (now.label) document.querySelector("#about-open span").textContent = now.label;
  $("about-host").dataset.say = now.filmed ? "aboutFilmed" : "aboutHost";
  $("about-host").textContent = say($("about-host").dataset.say);
  if (!video.videoWidth) shape(now.width, now.height);
  if (state !== "playing") show(state);
  live(now.on_air);
  open(now.chat, now.microphone);
  tray.pin(now.product);
  product(now.product);
}

let shown = "";

function product(it) {
  const key = JSON.stringify(it);
  if (key === shown) return;
  shown = key;
  $("product").hidden = !it;
  $("soon").hidden = Boolean(it);
  if (!it) return;
  $("brand").textContent = it.brand ?? "";
  $("title").textContent = it.title;
  $("price").textContent = it.sale_price ?? it.price;
  $("old").textContent = it.sale_price ? it.price : "";
  $("old").setAttribute("aria-label", it.sale_price ? `${say("oldPrice")} ${it.price}` : "");
  $("saving").textContent = it.saving ?? "";
  $("product").classList.toggle("sale", Boolean(it.sale_price));
  $("picture").hidden = !it.picture;
  if (it.picture) $("picture").src = it.picture;
  $("link").hidden = !it.link;
  if (it.link) $("link").href = it.link;
  $("link").setAttribute("aria-label", `${say("view")}: ${it.title}, ${say("newTab")}`);
  if (!calm.matches) $("product").animate({ opacity: [0, 1], translate: ["0 8px", "0 0"] }, { duration: 350, easing: "ease-out" });
}

$("picture").addEventListener("error", () => ($("picture").hidden = true));

// --- the light of the picture around it ---

// It fades in the canvas: a mask and an opacity of the page would be blended anew with every picture of the show.

const glow = $("glow").getContext("2d");
const light = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }).getContext("2d", { alpha: false });
const fade = glow.createRadialGradient(32, 32, 32 * 0.3, 32, 32, 32);
fade.addColorStop(0, "rgb(0 0 0 / 0.42)");
fade.addColorStop(1, "transparent");
light.filter = "blur(8px) saturate(1.5)";
setInterval(() => {
  if (document.hidden || calm.matches || state !== "playing") return;
  light.globalAlpha = 0.25;
  light.drawImage(video, 0, 0, 64, 64);
  glow.globalCompositeOperation = "copy";
  glow.drawImage(light.canvas, 0, 0);
  glow.globalCompositeOperation = "destination-in";
  glow.fillStyle = fade;
  glow.fillRect(0, 0, 64, 64);
}, 500);

// --- coming and going ---

addEventListener("pagehide", () => {
  player.stop();
  talk.stop();
  aloud.close();
});
addEventListener("pageshow", ({ persisted }) => persisted && player.start());
addEventListener("online", () => {
  if (state !== "playing") player.start();
  if (talk.chat.wanted) talk.chat.start();
});

window.hostEngine = { stats: () => player.stats(), state: () => state, reconnect: () => player.start(), chat: () => talk.chat.on };
show("connecting");
player.start();
ask();
