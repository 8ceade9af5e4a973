// The connection of the chat: it does not give up, and says how it is doing.

import { viewer } from "/static/keep.js";

const FIRST_PAUSE = 1000; // ms
const LONGEST_PAUSE = 30_000;
const ALIVE = 20_000; // ms between two signs of life of ours
const SILENCE = 40_000; // ms without one of the channel's, until the connection counts as lost

export class Chat {
  // onTold is given each thing that happened; onState is told (on, seconds until the next try).
  constructor(path, onTold, onState) {
    Object.assign(this, { path, onTold, onState, socket: null, tries: 0, refs: 0, name: "", wanted: false });
  }

  get on() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  start() {
    this.wanted = true;
    clearTimeout(this.timer);
    if (this.socket && this.socket.readyState < WebSocket.CLOSING) return;
    const socket = (this.socket = new WebSocket(this.path.replace(/^\//, `${location.origin.replace(/^http/, "ws")}/`)));
    socket.onopen = () => {
      this.introduce(this.name);
      this.alive(socket);
    };
    socket.onmessage = ({ data }) => socket === this.socket && this.hear(data);
    socket.onclose = () => socket === this.socket && this.lost();
  }

  stop() {
    this.wanted = false;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  introduce(name) {
    this.name = name;
    this.send({ viewer, name });
  }

  // The number by which the receipt of the message is known, or null if it cannot be sent now.
  say(message) {
    const ref = ++this.refs;
    return this.send({ ...message, ref }) ? ref : null;
  }

  send(message) {
    if (!this.on) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  hear(data) {
    this.heard = performance.now();
    let all;
    try {
      all = JSON.parse(data);
    } catch {
      return;
    }
    if (!Array.isArray(all)) return;
    for (const told of all) {
      if (told.what === "hello") {
        this.tries = 0;
        this.onState(true, 0);
      }
      this.onTold(told);
    }
  }

  alive(socket) {
    this.heard = performance.now();
    clearInterval(this.beat);
    this.beat = setInterval(() => {
      if (socket !== this.socket) return;
      if (performance.now() - this.heard > SILENCE) return this.lost();
      this.send({});
    }, ALIVE);
  }

  lost() {
    clearInterval(this.beat);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    if (!this.wanted) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    this.onState(false, Math.ceil(pause / 1000));
    this.timer = setTimeout(() => this.start(), pause);
  }
}
