// The operator's microphone, and camera, on the way to the channel over WebRTC.

const WAIT = 8000; // ms

export class GoLive {
  // kind: "voice" or "camera"; onLevel is told how loud it is, 0 to 1.
  constructor(kind, onLevel) {
    Object.assign(this, { kind, onLevel, pc: null, stream: null });
  }

  async begin() {
    if (!navigator.mediaDevices) throw new Error("The microphone works only over https, or on this machine itself.");
    const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    const video = this.kind === "camera" ? { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 } } : false;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: sound, video });
    } catch (error) {
      throw new Error(error.name === "NotAllowedError" ? "The browser was not allowed to use the microphone. Allow it beside the address, and try again." : `There is no microphone to use: ${error.message}`);
    }
    this.measure();
    const pc = (this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    for (const track of this.stream.getTracks()) pc.addTransceiver(track, { direction: "sendonly", streams: [this.stream] });
    await pc.setLocalDescription(await pc.createOffer());
    await gathered(pc);
    const answer = await ask("POST", { kind: this.kind, sdp: pc.localDescription.sdp });
    await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  }

  end(tell = true) {
    clearInterval(this.timer);
    this.context?.close();
    this.pc?.close();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.pc = this.stream = this.context = null;
    if (tell) GoLive.release();
  }

  static release() {
    return ask("DELETE").catch(() => {});
  }

  measure() {
    this.context = new AudioContext();
    const meter = this.context.createAnalyser(), samples = new Float32Array(1024);
    meter.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(meter);
    this.timer = setInterval(() => {
      meter.getFloatTimeDomainData(samples);
      this.onLevel(Math.min(1, Math.max(...samples.map(Math.abs)) * 1.5));
    }, 100);
  }
}

async function gathered(pc) {
  if (pc.iceGatheringState === "complete") return;
  await new Promise((done) => {
    setTimeout(done, 1000);
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && done());
  });
}

async function ask(method, body) {
  const headers = { "X-Requested-With": "console", ...(body ? { "Content-Type": "application/json" } : {}) };
  const answer = await fetch("/api/takeover", { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(WAIT) });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.detail || `The channel answered ${answer.status}.`);
  return told;
}
