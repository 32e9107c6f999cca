// One phone on the desk: what it shows, and what can be done with it by mouse, touch and keyboard.

import { phoneDoes, removePhone } from "./api.js";
import { clock } from "./clock.js";
import { lasting, make, setText } from "./dom.js";
import { Keypad } from "./keypad.js";
import { canListen, canSpeak, hush, listen, readAloud } from "./speech.js";
import { beep, keyTone, repeat } from "./tones.js";
import { Transcript } from "./transcript.js";

const BUSY_SECONDS = 4000;
const ENDINGS = {
  completed: "Call ended", busy: "Busy", failed: "The call failed", "no-answer": "Nobody answered", canceled: "Given up",
};

// Empties a field once what stood in it is done; what is typed meanwhile stays.
function emptying(field) {
  const sent = field.value;
  return (done) => { if (done && field.value === sent) field.value = ""; };
}

export class Phone {
  constructor(place, desk) {
    this.desk = desk;
    this.address = place.address;
    this.shown = null;
    this.last = Promise.resolve();
    const copy = document.getElementById("phone-template").content.cloneNode(true);
    this.root = copy.querySelector(".phone");
    this.find = (selector) => this.root.querySelector(selector);
    this.transcript = new Transcript(this.find(".log"), desk.named, desk.zone);
    this.keypad = new Keypad(this.find(".keypad"), (key) => this.key(key));
    this.place(place);
    this.listen();
    this.update({ behaviour: "manual", ringing: [], line: null });
  }

  place(place) {
    this.name = place.name;
    const id = `phone-${place.address.replace(/[^\w]/g, "-")}`;
    this.root.id = id;
    this.root.dataset.address = place.address;
    this.root.dataset.role = place.role;
    const name = this.find(".name");
    name.id = `${id}-name`;
    setText(name, place.name);
    this.root.setAttribute("aria-labelledby", name.id);
    const role = place.role && place.role !== place.name.toLowerCase() ? `${place.role} · ` : "";
    setText(this.find(".number"), role + place.address);
    this.find(".log").setAttribute("aria-label", `What ${place.name} hears and says`);
    this.find(".keypad").setAttribute("aria-label", `Keypad of ${place.name}`);
  }

  // What is done here

  listen() {
    const click = (selector, action) => this.find(selector).addEventListener("click", action);
    click(".call", () => this.call());
    click(".answer", () => this.act("answer").then(() => this.keypad.focus()));
    click(".decline", () => this.act("decline"));
    click(".hang-up", () => this.act("hangup"));
    click(".speaker", () => this.desk.setSpeaker(this, this.find(".speaker").getAttribute("aria-pressed") !== "true"));
    click(".how", (event) => this.unfold(event.currentTarget));
    click(".remove", () => this.attempt(() => removePhone(this.address)));
    this.find(".dial").addEventListener("submit", (event) => { event.preventDefault(); this.call(); });
    this.find(".write").addEventListener("submit", (event) => { event.preventDefault(); this.write(); });
    this.find(".talk").addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
    this.find(".behaviour").addEventListener("change", (event) => this.act("behaviour", { behaviour: event.target.value }));
    for (const slider of this.root.querySelectorAll("[type=range]")) {
      slider.addEventListener("input", () => setText(slider.nextElementSibling, Number(slider.value).toFixed(2)));
    }
    this.root.addEventListener("focusin", (event) => event.target.matches(".speaker") || this.desk.use(this));
    this.root.addEventListener("keydown", (event) => this.typed(event));
    this.find(".speaker").hidden = !canSpeak;
    if (canListen) this.microphone(this.find(".hold-to-talk"));
  }

  unfold(button) {
    const wanted = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(wanted));
    this.find(".understood").hidden = !wanted;
  }

  typed(event) {
    const writing = event.target.matches("input, select, textarea");
    if (writing || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    this.keypad.flash(event.key);
    this.key(event.key);
  }

  key(key) {
    keyTone(key);
    if (this.talking) this.act("press", { keys: key });
    else if (!this.shown.ringing.length) this.find("[name=to]").value += key;
  }

  to() {
    return this.find("[name=to]").value.trim() || this.desk.number();
  }

  call() {
    this.act("dial", { to: this.to() }).then((done) => done && this.keypad.focus());
  }

  write() {
    const field = this.find("[name=body]");
    this.act("text", { to: this.to(), body: field.value }).then(emptying(field));
  }

  say() {
    const field = this.find("[name=text]");
    const misheard = this.find("[name=misheard]").value.trim();
    const sure = (name) => Number(this.find(`[name=${name}]`).value);
    const others = misheard ? [[misheard, sure("misheard-confidence")]] : [];
    this.speak(field.value, sure("confidence"), others).then(emptying(field));
  }

  speak(text, confidence, alternatives) {
    return this.act("say", { text, confidence, ...(alternatives.length ? { alternatives } : {}) });
  }

  microphone(button) {
    let stop = null;
    const begin = () => {
      if (stop) return;
      button.classList.add("on");
      stop = listen(this.language ?? "en-US", (...heard) => this.speak(...heard), (words) => this.complain(words));
    };
    const end = () => { stop?.(); stop = null; button.classList.remove("on"); };
    button.hidden = false;
    button.addEventListener("pointerdown", begin);
    for (const over of ["pointerup", "pointerleave", "blur"]) button.addEventListener(over, end);
    button.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); begin(); } });
    button.addEventListener("keyup", end);
  }

  // One deed after the other: requests under way at the same time may overtake each other.
  act(action, body) {
    this.last = this.last.then(() => this.attempt(() => phoneDoes(this.address, action, body)));
    return this.last;
  }

  async attempt(deed) {
    this.complain("");
    try {
      await deed();
      return true;
    } catch (problem) {
      this.complain(problem.message);
      return false;
    }
  }

  complain(words) {
    setText(this.find(".phone-trouble"), words);
  }

  // What happens here

  update(shown) {
    const before = this.shown;
    this.shown = shown;
    const line = shown.line;
    this.talking = Boolean(line && !line.ended);
    this.rings = shown.ringing.length > 0;
    this.find(".behaviour").value = shown.behaviour;
    this.buttons();
    this.lamp();
    this.tone(before);
    if (this.rings && !before?.ringing.length) this.desk.announce(`${this.name}'s phone rings`);
  }

  buttons() {
    const hadFocus = this.root.contains(document.activeElement) ? document.activeElement : null;
    const show = (selector, wanted) => { this.find(selector).hidden = !wanted; };
    show(".talk", this.talking);
    show(".dial", !this.talking);
    show(".write", !this.talking && this.address.startsWith("+")); // only telephones text
    show(".call", !this.talking && !this.rings);
    show(".answer", this.rings);
    show(".decline", this.rings && !this.talking);
    show(".hang-up", this.talking);
    if (hadFocus && hadFocus.getClientRects().length === 0) this.keypad.focus();
  }

  lamp() {
    this.root.dataset.state = this.rings ? "ringing" : this.talking ? (this.shown.line.with.length ? "talking" : "line") : "idle";
    setText(this.find(".state-text"), this.words());
    this.tick();
  }

  words() {
    const line = this.shown.line;
    if (this.rings) return `Rings: ${this.desk.names(this.shown.ringing[0].from)}`;
    if (!line) return "Ready";
    if (line.ended) return ENDINGS[line.state] ?? "Call ended";
    if (line.state !== "in-progress") return `Calling ${this.desk.names(line.to)}`;
    if (line.with.length) return `Talking with ${line.with.map(this.desk.names).join(" and ")}`;
    const places = { held: "On hold", queue: "Waiting in a queue", muted: "Muted" };
    return places[line.place] ?? `On the line with ${this.desk.names(line.to)}`;
  }

  tick() {
    const since = this.talking && !this.rings ? clock.now() - Date.parse(this.shown.line.since) : -1;
    setText(this.find(".lasts"), since < 0 ? "" : lasting(since / 1000));
    this.transcript.tick();
  }

  tone(before) {
    const line = this.shown.line;
    const ended = before?.line && !before.line.ended && line?.ended && before.line.call_sid === line.call_sid;
    if (this.rings) repeat(this.address, "ring");
    else if (this.talking) repeat(this.address, line.sound === "ring" ? "ringback" : "");
    else if (ended) {
      repeat(this.address, "busy");
      setTimeout(() => { if (!this.talking && !this.rings) repeat(this.address, ""); }, BUSY_SECONDS);
    } else if (!before?.line?.ended) repeat(this.address, "");
  }

  entry(entry, isNew) {
    this.transcript.show(entry);
    if (entry.kind !== "hear") return;
    if (entry.language) this.language = entry.language;
    if (entry.cut) hush(entry);
    else if (isNew && this.speaker && entry.sound === "beep") beep();
    else if (isNew && this.speaker && (entry.sound === "say" || entry.sound === "speech")) readAloud(entry, clock.rate);
  }

  setSpeaker(on) {
    if (this.speaker && !on) hush();
    this.speaker = on;
    this.find(".speaker").setAttribute("aria-pressed", String(on));
  }

  setUsed(used) {
    this.root.classList.toggle("used", used);
    this.find(".log").setAttribute("aria-live", used ? "polite" : "off");
  }

  remove() {
    repeat(this.address, "");
    this.root.remove();
  }
}

export function switchButton(phone, choose) {
  const button = make("button", { type: "button" }, make("span", { text: phone.name }), make("span", { cls: "mark" }));
  button.addEventListener("click", () => choose(phone));
  return button;
}
