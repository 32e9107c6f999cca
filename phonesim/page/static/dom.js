// Small helpers for elements. Text only ever becomes text.

export function make(tag, { cls, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (cls) element.className = cls;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const hidden = (text) => make("span", { cls: "out", text });

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function pad(number) {
  return String(number).padStart(2, "0");
}

export function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// Keeps the newest line in view, until somebody scrolls up to read.
export function followNewest(element) {
  const down = () => { if (stays) element.scrollTop = element.scrollHeight; };
  let stays = true;
  element.addEventListener("scroll", () => {
    stays = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
  });
  new ResizeObserver(down).observe(element);
  return down;
}
