// Day and night: each site on a strip of its own day, with the hours it is staffed, and who is awake there.

import { clock, dayIn, minuteIn, timeIn } from "./clock.js";
import { make, setText } from "./dom.js";

const DAY = 1440;

const short = (name) => (name.startsWith("Dr ") ? name : name.split(" ")[0]);

export class Sky {
  constructor(onDesk, choose) {
    this.section = document.getElementById("sky");
    this.list = document.getElementById("sites");
    this.duty = document.getElementById("duty");
    this.onDesk = onDesk;
    this.choose = choose;
    this.rows = [];
  }

  show(world) {
    this.world = world;
    this.section.hidden = world.sites.length === 0;
    const focused = document.activeElement?.dataset?.person;
    this.rows = world.sites.map((site) => this.row(site));
    this.list.replaceChildren(...this.rows.map((row) => row.root));
    this.showDuty();
    this.tick();
    if (focused) this.section.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
  }

  row(site) {
    const name = make("strong", { text: site.name });
    const time = make("span", { cls: "site-time" });
    const lane = make("div", { cls: "lane", "aria-hidden": "true" });
    const marker = make("i", { cls: "marker" });
    const bars = [];
    lane.append(marker);
    const people = make("span", { cls: "awake" });
    const state = make("span", { cls: "site-state" });
    const root = make("li", { cls: "site" }, make("div", { cls: "site-head" }, name, time), lane, make("div", { cls: "site-people" }, state, people));
    return { site, root, time, lane, marker, bars, people, state, staffed: null };
  }

  tick() {
    if (!this.world) return;
    const now = clock.now();
    for (const row of this.rows) this.place(row, now);
  }

  place(row, now) {
    const { zone, staffed } = row.site;
    const minute = minuteIn(zone, now);
    setText(row.time, `${dayIn(zone, now)} ${timeIn(zone, now)}`);
    row.marker.style.left = `${(100 * minute) / DAY}%`;
    row.marker.classList.toggle("by-day", minute >= 360 && minute < 1080);
    const spans = staffed.map((span) => span.map(Date.parse));
    this.bars(row, spans.map((span) => span.map((end) => minute + (end - now) / 60000)));
    const here = spans.some(([from, until]) => from <= now && now < until);
    if (here !== row.staffed) this.awake(row, here);
  }

  bars(row, spans) {
    const today = spans.map(([from, until]) => [Math.max(0, from), Math.min(DAY, until)]).filter(([from, until]) => until - from > 1);
    while (row.bars.length > today.length) row.bars.pop().remove();
    while (row.bars.length < today.length) row.bars.push(row.lane.insertBefore(make("i", { cls: "bar" }), row.marker));
    today.forEach(([from, until], index) => {
      row.bars[index].style.left = `${(100 * from) / DAY}%`;
      row.bars[index].style.width = `${(100 * (until - from)) / DAY}%`;
    });
  }

  awake(row, here) {
    row.staffed = here;
    row.root.classList.toggle("staffed", here);
    const people = this.world.people.filter((person) => person.site === row.site.name);
    setText(row.state, here ? "Awake" : people.length ? `Not staffed now · ${people.length} off shift` : "Not staffed now");
    row.people.replaceChildren(...(here ? people.map((person) => this.person(person)) : []));
  }

  person(person) {
    const there = this.onDesk(person.address);
    const button = make("button", { type: "button", cls: "person", "data-person": person.address, "aria-pressed": String(there) }, short(person.name));
    button.title = there ? `${person.name}: this phone is on the desk` : `Put the phone of ${person.name} on the desk`;
    button.addEventListener("click", () => this.choose(person));
    return button;
  }

  showDuty() {
    const people = this.world.people.filter((person) => person.duty);
    this.duty.hidden = people.length === 0;
    const told = people.map((person) => make("span", { cls: "on-duty" }, this.person(person), ` ${person.duty}`));
    this.duty.replaceChildren(...told);
  }
}
