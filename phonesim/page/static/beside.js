// Beside the phones: who waits, what was decided and why, the account's debugger, and the fault switches.

import { setFaults } from "./api.js";
import { clock } from "./clock.js";
import { followNewest, lasting, make, setText } from "./dom.js";

const LONGEST = 300;
const byId = (id) => document.getElementById(id);

export class Beside {
  constructor(desk) {
    this.desk = desk;
    this.down = followNewest(byId("notes-log"));
    this.reset();
  }

  reset() {
    this.queues = [];
    this.told = [];
    for (const id of ["waiting", "notes", "alerts"]) byId(id).replaceChildren();
    setText(byId("alerts-count"), "0");
  }

  // Waiting callers: those in a queue of the network, and those whoever runs it tells about

  showQueues(queues) { this.queues = queues; this.showWaiting(); }

  showTold(waiting) { this.told = waiting; this.showWaiting(); }

  showWaiting() {
    const callers = new Map(this.queues.map((one) => [one.call_sid, one]));
    for (const one of this.told) callers.set(one.call_sid, { ...callers.get(one.call_sid), ...one });
    this.waiting = [...callers.values()].map((one) => this.caller(one));
    byId("waiting").replaceChildren(...this.waiting.map((one) => one.root));
    setText(byId("waiting-count"), String(this.waiting.length));
    if (!this.waiting.length) byId("waiting").append(make("li", { cls: "nothing", text: "Nobody waits." }));
    this.tick();
  }

  caller(one) {
    const lasts = make("span", { cls: "lasts" });
    const name = make("strong", {}, this.desk.named(one.address ?? one.call_sid));
    return { since: Date.parse(one.since), lasts, root: make("li", {}, name, " ", make("span", { text: one.wants ?? "" }), lasts) };
  }

  tick() {
    for (const one of this.waiting ?? []) setText(one.lasts, lasting((clock.now() - one.since) / 1000));
  }

  note(note) {
    const feed = byId("notes");
    const about = note.about ? this.desk.named(note.about, "about") : "";
    feed.append(make("li", {}, this.desk.time(note.at), make("p", {}, note.text, " ", about)));
    while (feed.children.length > LONGEST) feed.firstElementChild.remove();
    this.down();
  }

  alert(alert) {
    const feed = byId("alerts");
    const level = make("strong", { cls: `level ${alert.level}`, text: `${alert.level} ${alert.code}` });
    const when = this.desk.time(alert.at);
    const place = [alert.where, alert.line && `line ${alert.line}`].filter(Boolean).join(", ");
    const about = make("span", { cls: "about" }, this.desk.named(alert.call_sid), place && `, ${place}`);
    feed.prepend(make("li", {}, when, make("p", {}, level, ` ${alert.title}`, make("br"), alert.why, " ", about)));
    while (feed.children.length > LONGEST) feed.lastElementChild.remove();
    setText(byId("alerts-count"), String(feed.children.length));
  }

  // Faults

  showFaults(faults) {
    byId("faults").hidden = faults.length === 0;
    setText(byId("faults-count"), String(faults.filter((fault) => fault.on).length));
    const focused = document.activeElement?.id;
    byId("fault-list").replaceChildren(...faults.map((fault) => this.fault(fault)));
    if (focused?.startsWith("fault-")) byId(focused)?.focus();
  }

  fault(fault) {
    const box = make("input", { type: "checkbox", id: `fault-${fault.name}`, "aria-describedby": `help-${fault.name}` });
    box.checked = fault.on;
    const label = make("label", { for: box.id, text: fault.name });
    const help = make("p", { id: `help-${fault.name}`, text: fault.help });
    const parts = [box, label];
    const value = fault.takes ? make("input", { value: String(fault.value ?? fault.default ?? ""), size: "5", id: `fault-value-${fault.name}`, "aria-label": `${fault.name}: ${fault.takes}` }) : null;
    if (value) parts.push(value);
    const wanted = () => (box.checked ? { on: [value ? `${fault.name}=${value.value}` : fault.name] } : { off: [fault.name] });
    const change = async () => { if (!(await this.desk.attempt(() => setFaults(wanted())))) box.checked = fault.on; };
    box.addEventListener("change", change);
    value?.addEventListener("change", () => { if (box.checked) change(); });
    return make("li", {}, make("div", { cls: "fault" }, ...parts), help);
  }
}
