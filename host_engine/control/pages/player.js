// Plays the channel over WHEP, and does not give up: a connection that fails or shows nothing new is made afresh.

const STALL = 4000; // ms without a new picture until the connection is given up
const CONNECT = 8000; // ms for the first picture to come
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;

export class Player {
  // onState is told "connecting", "playing", "reconnecting", "offair", "busy" or "unsupported".
  constructor(video, endpoint, onState) {
    Object.assign(this, { video, endpoint, onState, pc: null, session: null, tries: 0, timer: 0, played: false });
    this.firstFrame = null; // ms from the opening of the page to the first picture on the screen
    this.connections = 0;
  }

  start() {
    clearTimeout(this.timer);
    if (!("RTCPeerConnection" in window)) return this.onState("unsupported");
    if (!this.tries) this.onState(this.played ? "reconnecting" : "connecting");
    this.connect().catch((error) => this.fail(error));
  }

  stop() {
    clearTimeout(this.timer);
    this.drop();
  }

  async connect() {
    this.drop();
    const pc = (this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    this.connections++;
    pc.addTransceiver("video", { direction: "recvonly" });
    pc.addTransceiver("audio", { direction: "recvonly" });
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => stream.addTrack(track);
    pc.onconnectionstatechange = () => {
      if (pc === this.pc && pc.connectionState === "failed") this.fail(new Error("the connection failed"));
    };
    const candidates = [];
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) candidates.push(candidate);
      if (this.session && pc === this.pc) this.trickle(candidates.splice(0));
    };
    await setOffer(pc);
    const answer = await this.post(pc);
    if (pc !== this.pc) return;
    await pc.setRemoteDescription({ type: "answer", sdp: answer });
    this.video.srcObject = stream;
    this.video.requestVideoFrameCallback?.(() => {
      this.firstFrame ??= Math.round(performance.now());
      if (pc === this.pc) this.playing();
    });
    this.onStream?.();
    this.trickle(candidates.splice(0));
    this.watch(pc);
  }

  async post(pc) {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/sdp" },
      body: pc.localDescription.sdp,
      signal: AbortSignal.timeout(CONNECT),
    });
    if (response.status !== 201) {
      const error = new Error(`the server answered ${response.status}`);
      error.state = response.status === 503 ? "busy" : "offair";
      throw error;
    }
    const session = new URL(response.headers.get("Location"), new URL(this.endpoint, location.href)).href;
    if (pc !== this.pc) leave(session);
    else Object.assign(this, { session, etag: response.headers.get("ETag") });
    return response.text();
  }

  // Our own checks reach the server anyway; its candidates help only where the server is behind a NAT.
  trickle(candidates) {
    const useful = candidates.filter((each) => each.sdpMid === "0" && !each.address?.endsWith(".local"));
    if (!useful.length || !this.session) return;
    const [, ufrag] = /^a=ice-ufrag:(\S+)/m.exec(this.pc.localDescription.sdp);
    const [, pwd] = /^a=ice-pwd:(\S+)/m.exec(this.pc.localDescription.sdp);
    const lines = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, "m=video 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0"];
    const body = [...lines, ...useful.map((each) => `a=${each.candidate}`), ""].join("\r\n");
    const headers = { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": this.etag };
    fetch(this.session, { method: "PATCH", headers, body }).catch(() => {});
  }

  // Pictures are counted as they arrive, not as they are drawn: a tab in the background draws none.
  async watch(pc) {
    let seen = 0;
    let last = performance.now();
    let patience = CONNECT;
    while (pc === this.pc) {
      await new Promise((done) => setTimeout(done, 500));
      const { frames } = await media(pc);
      if (pc !== this.pc) return;
      const now = performance.now();
      if (frames > seen) {
        if (!seen) this.playing();
        [seen, last, patience] = [frames, now, STALL];
      } else if (now - last > patience) {
        return this.fail(new Error("no new pictures"));
      }
    }
  }

  playing() {
    this.played = true;
    this.tries = 0;
    this.onState("playing");
  }

  fail(error) {
    console.info("reconnecting:", error.message);
    this.drop();
    const unreachable = error instanceof TypeError || error.name === "TimeoutError" ? "offair" : null;
    const state = error.state ?? (this.tries > 1 ? unreachable : null);
    this.onState(state ?? (this.played ? "reconnecting" : "connecting"));
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), pause);
  }

  drop() {
    this.pc?.close();
    if (this.session) leave(this.session);
    this.pc = this.session = null;
  }

  // What tests and support ask for: figures of the present connection.
  async stats() {
    const figures = this.pc ? await media(this.pc) : {};
    const { readyState, muted, volume, videoWidth, videoHeight } = this.video;
    const { firstFrame, connections } = this;
    return { ...figures, firstFrame, connections, readyState, muted, volume, videoWidth, videoHeight };
  }
}

async function setOffer(pc) {
  const offer = await pc.createOffer();
  const stereo = offer.sdp.replace(/useinbandfec=1(?!;stereo)/g, "useinbandfec=1;stereo=1");
  try {
    await pc.setLocalDescription({ type: "offer", sdp: stereo });
  } catch {
    await pc.setLocalDescription(offer); // a browser that lets nobody touch its offer plays mono
  }
}

async function media(pc) {
  const figures = { connection: pc.connectionState, frames: 0 };
  for (const report of (await pc.getStats()).values()) {
    if (report.type !== "inbound-rtp") continue;
    if (report.kind === "video") {
      figures.frames = report.framesReceived ?? report.framesDecoded ?? 0;
      for (const key of ["framesDecoded", "framesDropped", "freezeCount", "packetsLost", "pliCount", "keyFramesDecoded", "estimatedPlayoutTimestamp"])
        figures[key] = report[key];
      figures.videoBuffer = report.jitterBufferDelay / report.jitterBufferEmittedCount;
    } else {
      for (const key of ["totalSamplesReceived", "totalAudioEnergy", "concealedSamples"]) figures[key] = report[key];
      figures.audioBuffer = report.jitterBufferDelay / report.jitterBufferEmittedCount;
      figures.audioPlayout = report.estimatedPlayoutTimestamp;
    }
  }
  return figures;
}

function leave(session) {
  fetch(session, { method: "DELETE", keepalive: true }).catch(() => {});
}
