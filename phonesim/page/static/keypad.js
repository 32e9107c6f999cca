// Twelve keys, one stop for the Tab key; the arrow keys go from key to key.

import { make } from "./dom.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ" };
const NAMES = { "*": "star", "#": "pound" };
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 };

export class Keypad {
  constructor(root, press) {
    this.buttons = KEYS.map((key) => this.button(key, press));
    root.append(...this.buttons);
    root.addEventListener("keydown", (event) => this.move(event));
    this.stop(0);
  }

  button(key, press) {
    const letters = make("small", { text: LETTERS[key] ?? "", "aria-hidden": "true" });
    const label = NAMES[key] ? { "aria-label": NAMES[key] } : {};
    const button = make("button", { type: "button", "data-key": key, tabindex: "-1", ...label }, make("span", { text: key }), letters);
    button.addEventListener("click", () => { this.stop(KEYS.indexOf(key)); press(key); });
    return button;
  }

  stop(index) {
    this.buttons.forEach((button, place) => { button.tabIndex = place === index ? 0 : -1; });
  }

  move(event) {
    const here = this.buttons.indexOf(event.target);
    const there = here + STEPS[event.key];
    if (here < 0 || !this.buttons[there]) return;
    event.preventDefault();
    this.stop(there);
    this.buttons[there].focus();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0).focus({ preventScroll: true });
  }

  flash(key) {
    const button = this.buttons[KEYS.indexOf(key)];
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 150);
  }
}
