// The network's time as it flows, and what clocks somewhere show at it.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

export const clock = {
  base: 0, seen: 0, rate: 0,
  set({ now, rate }) {
    this.base = Date.parse(now);
    this.seen = performance.now();
    this.rate = rate;
  },
  now() {
    return this.base + (performance.now() - this.seen) * this.rate;
  },
};

export const timeIn = (zone, at) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(at);
export const secondsIn = (zone, at) => format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
export const shownIn = (zone, { dateTime, dataset }) => (dataset.exact ? secondsIn : timeIn)(zone, Date.parse(dateTime));
export const dayIn = (zone, at) => format(zone, { weekday: "short" }).format(at);
export const dateIn = (zone, at) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(at);

export function minuteIn(zone, at) {
  const parts = format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).formatToParts(at);
  const value = (type) => Number(parts.find((part) => part.type === type).value);
  return value("hour") * 60 + value("minute") + value("second") / 60;
}

export const place = (zone) => zone.split("/").slice(1).reverse().join(", ").replaceAll("_", " ") || zone;
