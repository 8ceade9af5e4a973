// The viewer's microphone on its way to the channel: opened when it is first wanted, closed when it is not.

import { viewer } from "/static/keep.js";

const CONNECT = 10_000; // ms for the connection to stand
const LAST = 200; // ms that still go out after the button was let go
const WARM = 30_000; // ms that it stays open for the next question

// What is wrong, by a word of words.js.
export class NoMicrophone extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

export class Microphone {
  constructor(path) {
    Object.assign(this, { path, stream: null, pc: null, session: null, meter: null });
  }

  // From now on the channel listens. Throws NoMicrophone.
  async start(language) {
    clearTimeout(this.closing);
    clearTimeout(this.quieting);
    await this.capture();
    this.track.enabled = true;
    if (this.pc && this.pc.connectionState === "connected" && (await this.speaking(true))) return;
    this.hangUp();
    await this.connect(language);
  }

  // The last words go out, then nothing more; after a while the microphone is closed.
  async stop() {
    if (!this.stream) return;
    const told = this.speaking(false);
    this.quieting = setTimeout(() => this.track && (this.track.enabled = false), LAST);
    clearTimeout(this.closing);
    this.closing = setTimeout(() => this.close(), WARM);
    await told;
  }

  close() {
    clearTimeout(this.closing);
    clearTimeout(this.quieting);
    this.hangUp();
    this.stream?.getTracks().forEach((each) => each.stop());
    this.meter?.context.close();
    this.stream = this.meter = null;
  }

  get track() {
    return this.stream?.getAudioTracks()[0];
  }

  // How loud it is now, 0 to 1.
  level() {
    if (!this.meter) return 0;
    this.meter.node.getFloatTimeDomainData(this.meter.samples);
    const power = this.meter.samples.reduce((sum, each) => sum + each * each, 0) / this.meter.samples.length;
    return Math.max(0, Math.min(1, 1 + Math.log10(power + 1e-9) / 5));
  }

  async capture() {
    if (this.track?.readyState === "live") return;
    if (!navigator.mediaDevices?.getUserMedia) throw new NoMicrophone(window.isSecureContext ? "micNone" : "micInsecure");
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      const words = { NotAllowedError: "micDenied", SecurityError: "micDenied", NotReadableError: "micBusy", AbortError: "micBusy" };
      throw new NoMicrophone(words[error.name] ?? "micNone");
    }
    this.track.addEventListener("ended", () => this.close());
    this.listen();
  }

  listen() {
    if (!("AudioContext" in window)) return;
    const context = new AudioContext();
    const node = new AnalyserNode(context, { fftSize: 1024 });
    context.createMediaStreamSource(this.stream).connect(node);
    this.meter = { context, node, samples: new Float32Array(node.fftSize) };
  }

  async connect(language) {
    const pc = (this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    pc.addTransceiver(this.track, { direction: "sendonly", streams: [this.stream] });
    await pc.setLocalDescription(await pc.createOffer());
    const query = new URLSearchParams({ viewer, ...(language ? { language } : {}) });
    const headers = { "Content-Type": "application/sdp" };
    let response;
    try {
      const signal = AbortSignal.timeout(CONNECT);
      response = await fetch(`${this.path}?${query}`, { method: "POST", headers, body: pc.localDescription.sdp, signal });
    } catch {
      throw new NoMicrophone("micLost");
    }
    if (response.status !== 201) throw new NoMicrophone(response.status === 503 || response.status === 429 ? "micFull" : "micLost");
    this.session = response.headers.get("Location");
    await pc.setRemoteDescription({ type: "answer", sdp: await response.text() });
    await connected(pc);
  }

  async speaking(on) {
    if (!this.session) return false;
    const headers = { "Content-Type": "application/json" };
    try {
      return (await fetch(this.session, { method: "PATCH", headers, body: JSON.stringify({ speaking: on }) })).ok;
    } catch {
      return false;
    }
  }

  hangUp() {
    this.pc?.close();
    if (this.session) fetch(this.session, { method: "DELETE", keepalive: true }).catch(() => {});
    this.pc = this.session = null;
  }
}

function connected(pc) {
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new NoMicrophone("micLost")), CONNECT);
    pc.onconnectionstatechange = () => {
      if (!["connected", "failed", "closed"].includes(pc.connectionState)) return;
      clearTimeout(late);
      pc.connectionState === "connected" ? done() : fail(new NoMicrophone("micLost"));
    };
    pc.onconnectionstatechange();
  });
}
