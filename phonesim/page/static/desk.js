// The page: keeps phones, clock and world as the network's events say they are.

import { addPhone, moveClock } from "./api.js";
import { Beside } from "./beside.js";
import { clock, dateIn, place, shownIn, timeIn } from "./clock.js";
import { make, setText } from "./dom.js";
import { Phone, switchButton } from "./phone.js";
import { Sky } from "./sky.js";
import { follow } from "./stream.js";
import { setMuted } from "./tones.js";

const byId = (id) => document.getElementById(id);
const KINDS = ["clock", "desk", "phone", "entry", "world", "queues", "numbers", "note", "alert", "faults", "caught-up"];
const LONGEST = 300;

class Desk {
  constructor() {
    this.names = this.names.bind(this);
    this.named = this.named.bind(this);
    this.zone = () => byId("clock-zone").value || "UTC";
    this.row = byId("row");
    this.sky = new Sky((address) => this.phones.has(address), (person) => this.choose(person));
    this.reset();
  }

  reset() {
    for (const phone of this.phones?.values() ?? []) phone.remove();
    this.phones = new Map();
    this.calls = new Map();
    this.states = new Map();
    this.past = new Map();
    this.world = { sites: [], people: [], waiting: [] };
    this.speakers = new Map();
    this.used = null;
    this.current = null;
    this.beside ??= new Beside(this);
    this.beside.reset();
  }

  // Names

  names(address) {
    const known = this.phones.get(address) ?? this.world.people.find((person) => person.address === address);
    return known?.name ?? address ?? "somebody";
  }

  // Somebody's name, by address or by call; it is put right when more is known.
  named(who, cls = "") {
    return make("span", { cls, "data-who": who, text: this.names(this.calls.get(who) ?? who) });
  }

  rename() {
    for (const name of document.querySelectorAll("[data-who]")) {
      const { who } = name.dataset;
      setText(name, this.names(this.calls.get(who) ?? who));
    }
    for (const phone of this.phones.values()) phone.lamp();
  }

  // When something was, on the clocks of the zone that is shown; it is put right when that is known or chosen.
  time(at) {
    const time = make("time", { datetime: at });
    setText(time, shownIn(this.zone(), time));
    return time;
  }

  retime() {
    for (const time of document.querySelectorAll("time[datetime]")) setText(time, shownIn(this.zone(), time));
    this.tick();
  }

  number() {
    return this.numbers?.[0] ?? "";
  }

  // Events

  on(kind, value) {
    const handlers = {
      start: () => { this.isNews = false; if (value.fresh) this.reset(); },
      "caught-up": () => { this.isNews = true; },
      clock: () => { clock.set(value); this.showRate(value.rate); this.tick(); },
      desk: () => this.arrange(value),
      phone: () => this.phone(value),
      entry: () => this.entry(value),
      world: () => this.showWorld(value),
      queues: () => this.beside.showQueues(value),
      numbers: () => this.showNumbers(value),
      note: () => this.beside.note(value),
      alert: () => this.beside.alert(value),
      faults: () => this.beside.showFaults(value),
    };
    handlers[kind]();
  }

  arrange(places) {
    const wanted = new Set(places.map((one) => one.address));
    for (const [address, phone] of this.phones) if (!wanted.has(address)) this.takeAway(address, phone);
    for (const one of places) {
      if (this.phones.has(one.address)) this.phones.get(one.address).place(one);
      else this.put(one);
    }
    places.forEach((one, index) => {
      const root = this.phones.get(one.address).root;
      if (this.row.children[index] !== root) this.row.insertBefore(root, this.row.children[index] ?? null);
    });
    this.show(this.phones.get(this.current) ?? this.phones.values().next().value);
    this.sky.show(this.world);
    this.rename();
  }

  takeAway(address, phone) {
    phone.remove();
    this.phones.delete(address);
    this.states.delete(address);
  }

  // How a phone stands may be told before it has its place: a page that is loaded later is told the oldest change first.
  put(one) {
    const phone = new Phone(one, this);
    this.phones.set(one.address, phone);
    phone.setSpeaker(this.speakers.get(one.address) ?? false);
    if (this.number()) phone.find("[name=to]").value = this.number();
    for (const entry of this.past.get(one.address) ?? []) phone.entry(entry, false);
    if (this.states.has(one.address)) phone.update(this.states.get(one.address));
  }

  phone(value) {
    this.states.set(value.address, value);
    const phone = this.phones.get(value.address);
    if (!phone) return;
    phone.update(value);
    if (this.current !== value.address && phone.rings) this.show(this.phones.get(this.current));
    this.marks();
  }

  entry(entry) {
    const kept = this.past.get(entry.address) ?? [];
    const known = kept.findIndex((one) => one.n === entry.n);
    if (known < 0) kept.push(entry); else kept[known] = entry;
    this.past.set(entry.address, kept.slice(-LONGEST));
    this.learn(entry);
    this.phones.get(entry.address)?.entry(entry, known < 0 && this.isNews);
  }

  learn(entry) {
    const sid = entry.detail?.call_sid;
    if (!sid || this.calls.has(sid)) return;
    this.calls.set(sid, entry.address);
    this.rename();
  }

  showNumbers(numbers) {
    this.numbers = numbers;
    for (const phone of this.phones.values()) {
      const field = phone.find("[name=to]");
      if (!field.value) field.value = this.number();
    }
  }

  showWorld(world) {
    this.world = world;
    this.sky.show(world);
    this.beside.showTold(world.waiting);
    this.showZones(world.sites);
    byId("people").replaceChildren(...world.people.map((one) => make("option", { value: one.address, label: `${one.name} (${one.role})` })));
    this.rename();
  }

  showZones(sites) {
    const select = byId("clock-zone");
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const all = [...new Set(["UTC", here, ...Intl.supportedValuesOf("timeZone")])];
    const known = sites.length ? sites.map((site) => [site.zone, site.name]) : all.map((zone) => [zone, place(zone)]);
    const chosen = select.value;
    if ([...select.options].map((one) => one.text).join() === known.map((one) => one[1]).join()) return;
    select.replaceChildren(...known.map(([zone, name]) => make("option", { value: zone, text: name })));
    if (known.some(([zone]) => zone === chosen)) select.value = chosen;
    this.retime();
  }

  // Which phone is in use, and which one is shown where there is room for one

  use(phone) {
    if (this.used === phone.address) return;
    this.used = phone.address;
    for (const [address, one] of this.phones) {
      one.setUsed(address === phone.address);
      one.setSpeaker(this.speakers.get(address) ?? (address === phone.address && this.speakers.get("any") !== false));
    }
  }

  setSpeaker(phone, on) {
    this.speakers.set(phone.address, on);
    phone.setSpeaker(on);
  }

  show(phone) {
    this.current = phone?.address ?? null;
    byId("switcher").replaceChildren(...[...this.phones.values()].map((one) => switchButton(one, (chosen) => this.show(chosen))));
    for (const one of this.phones.values()) one.root.classList.toggle("current", one === phone);
    this.marks();
  }

  marks() {
    [...this.phones.values()].forEach((phone, index) => {
      const button = byId("switcher").children[index];
      if (!button) return;
      button.setAttribute("aria-current", String(phone.address === this.current));
      button.dataset.state = phone.root.dataset.state;
      setText(button.querySelector(".mark"), phone.rings ? "rings" : phone.talking ? "on a call" : "");
    });
  }

  choose(person) {
    if (this.phones.has(person.address)) this.go(person.address);
    else this.attempt(async () => { await addPhone({ address: person.address, name: person.name, role: person.role }); this.going = person.address; });
  }

  go(address) {
    const phone = this.phones.get(address);
    this.show(phone);
    phone.root.scrollIntoView({ block: "nearest", inline: "nearest" });
    phone.root.focus({ preventScroll: true });
  }

  announce(words) {
    setText(byId("rings"), "");
    requestAnimationFrame(() => setText(byId("rings"), words));
  }

  // Trouble, with at most one thing to do about it

  async attempt(deed, remedy) {
    try {
      await deed();
      byId("trouble").hidden = true;
      return true;
    } catch (problem) {
      this.complain(problem.message, remedy);
      return false;
    }
  }

  complain(words, remedy) {
    const box = byId("trouble");
    const yes = box.querySelector("[data-yes]");
    setText(box.querySelector("p"), words);
    yes.hidden = !remedy;
    if (remedy) setText(yes, remedy.name);
    yes.onclick = remedy ? () => { box.hidden = true; remedy.deed(); } : null;
    box.hidden = false;
  }

  // Time

  tick() {
    const now = clock.now();
    setText(byId("clock-time"), timeIn(this.zone(), now));
    setText(byId("clock-day"), dateIn(this.zone(), now));
    const select = byId("clock-zone");
    setText(byId("clock-place"), select.selectedOptions[0]?.text ?? "UTC");
    this.sky.tick();
    this.beside.tick();
    for (const phone of this.phones.values()) phone.tick();
  }

  showRate(rate) {
    for (const button of document.querySelectorAll("[data-rate]")) button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
  }

  move(body) {
    const anyway = { name: "End the calls and move", deed: () => this.attempt(() => moveClock({ ...body, hang_up: true })) };
    this.attempt(() => moveClock(body), anyway);
  }
}

function connect(desk) {
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = new FormData(event.target);
    desk.move({ next: { weekday: wanted.get("weekday"), time: wanted.get("time"), zone: wanted.get("zone") } });
  });
  byId("time-toggle").addEventListener("click", (event) => {
    const wanted = event.currentTarget.getAttribute("aria-expanded") !== "true";
    event.currentTarget.setAttribute("aria-expanded", String(wanted));
    byId("time").classList.toggle("open", wanted);
  });
  byId("clock-zone").addEventListener("change", () => desk.retime());
  for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => desk.move({ advance_seconds: Number(button.dataset.advance) }));
  for (const button of document.querySelectorAll("[data-rate]")) button.addEventListener("click", () => desk.attempt(() => moveClock({ rate: Number(button.dataset.rate) })));
  byId("mute").addEventListener("click", (event) => {
    const wanted = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(wanted));
    setMuted(wanted);
  });
  byId("trouble").querySelector("[data-no]").addEventListener("click", () => { byId("trouble").hidden = true; });
  newPhone(desk);
}

function newPhone(desk) {
  const dialog = byId("new-phone");
  const form = dialog.querySelector("form");
  byId("add-phone").addEventListener("click", () => { form.reset(); dialog.showModal(); });
  form.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => {
    const { address, name, role } = Object.fromEntries(new FormData(form));
    desk.attempt(() => addPhone({ address: address.trim(), name: name.trim(), role }));
  });
}

const desk = new Desk();
connect(desk);
desk.showZones([]);
follow(KINDS, (kind, value) => desk.on(kind, value), (up) => { byId("link").hidden = up; });
setInterval(() => desk.tick(), 250);
