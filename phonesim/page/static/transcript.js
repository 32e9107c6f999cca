// A phone's transcript: what it heard, what was said and pressed on it. What was cut short is struck through.

import { clock, shownIn } from "./clock.js";
import { followNewest, hidden, make, setText } from "./dom.js";

const LONGEST = 300;
const TOGETHER = 2500; // milliseconds of network time within which keys are one line

export class Transcript {
  constructor(log, named, zone) {
    this.log = log.querySelector("ol");
    this.named = named;
    this.zone = zone;
    this.lines = new Map();
    this.playing = new Map();
    this.down = followNewest(log);
  }

  tick() {
    const now = clock.now();
    for (const [line, until] of this.playing) {
      line.classList.toggle("playing", until > now);
      if (until <= now) this.playing.delete(line);
    }
  }

  show(entry) {
    const line = this.lines.get(entry.n);
    if (line) this.renew(line, entry);
    else this.add(entry);
    while (this.log.children.length > LONGEST) this.log.firstElementChild.remove();
    this.down();
  }

  renew(old, entry) {
    const line = this.line(entry);
    line.number = entry.n;
    this.playing.delete(old);
    old.replaceWith(line);
    this.lines.set(entry.n, line);
  }

  // Entries settle late, so that they may come out of order.
  add(entry) {
    let before = this.log.lastElementChild;
    while (before && before.number > entry.n) before = before.previousElementSibling;
    const line = this.joins(before, entry) ? before : this.line(entry);
    if (!line) return;
    if (line !== before) {
      line.number = entry.n;
      this.log.insertBefore(line, before ? before.nextElementSibling : this.log.firstElementChild);
    }
    this.lines.set(entry.n, line);
  }

  // Keys pressed one soon after the other are one line.
  joins(before, entry) {
    const at = Date.parse(entry.at);
    if (entry.kind !== "press" || !(at - before?.pressedAt < TOGETHER)) return false;
    before.pressedAt = at;
    before.append(make("kbd", { text: entry.detail.key }));
    return true;
  }

  line(entry) {
    if (entry.kind === "press") return this.pressed(entry);
    if (entry.kind === "hear") return this.heard(entry);
    if (entry.kind === "speak") return make("li", { cls: "said" }, hidden("says "), entry.detail.text);
    if (entry.kind === "sms") return this.text(entry);
    if (entry.kind === "text") return this.sent(entry);
    return this.event(entry);
  }

  heard(entry) {
    const line = make("li", { cls: `heard ${entry.sound}` });
    if (entry.language) line.lang = entry.language;
    if (entry.by) line.append(this.named(entry.by, "by"));
    line.append(hidden("hears: "));
    if (entry.sound === "music") line.append(make("em", { text: "music" }));
    else if (entry.sound === "beep") line.append(make("em", { text: "a beep" }));
    else if (entry.sound === "play") line.append(make("em", { text: `a sound, ${entry.text.split("/").pop()}` }));
    else line.append(...this.words(entry));
    if (!entry.cut) this.playing.set(line, entry.until === null ? Infinity : Date.parse(entry.until));
    this.tick();
    return line;
  }

  words(entry) {
    if (!entry.cut) return [entry.text];
    const rest = entry.text.slice(entry.spoken.length);
    return [entry.spoken, make("s", { text: rest }), hidden(" (cut short)")];
  }

  pressed(entry) {
    const line = make("li", { cls: "said pressed" }, hidden("presses "), make("kbd", { text: entry.detail.key }));
    line.pressedAt = Date.parse(entry.at);
    return line;
  }

  text(entry) {
    const sender = make("span", { cls: "by" }, "Text from ", this.named(entry.detail.from_));
    return make("li", { cls: "heard sms" }, sender, entry.detail.body);
  }

  sent(entry) {
    const reader = make("span", { cls: "by" }, "Text to ", this.named(entry.detail.to));
    return make("li", { cls: "said sms" }, reader, entry.detail.body);
  }

  event(entry) {
    const words = {
      dial: () => ["Dials ", this.named(entry.detail.to)],
      ring: () => ["Rings: ", this.named(entry.detail.from_)],
      answer: () => ["Answered"],
      decline: () => ["Declined"],
      hold: () => ["Put on hold"],
      unhold: () => ["Taken off hold"],
      "hang-up": () => [`The call ended${entry.detail.status === "completed" ? "" : `: ${entry.detail.status}`}`],
    }[entry.kind];
    if (!words) return null;
    const at = make("time", { datetime: entry.at, "data-exact": true });
    setText(at, shownIn(this.zone(), at));
    return make("li", { cls: "event" }, at, ...words());
  }
}
