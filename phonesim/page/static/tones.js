// Ring, ringback, busy and key tones, made by the browser. Silent until somebody has touched the page, as browsers demand.

const KEYS = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477],
};
const CADENCES = { // hertz, then seconds on and off
  ringback: [[440, 480], 2, 4],
  busy: [[480, 620], 0.5, 0.5],
};
const playing = new Map();
let context = null;
let muted = false;

function audio() {
  if (!context && "AudioContext" in window && navigator.userActivation?.hasBeenActive) context = new AudioContext();
  return muted ? null : context;
}

function sound(frequencies, seconds, loudness = 0.05, shape = "sine", delay = 0) {
  const out = audio();
  if (!out) return;
  const start = out.currentTime + delay;
  const gain = out.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.01);
  gain.gain.setValueAtTime(loudness, start + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  gain.connect(out.destination);
  for (const frequency of frequencies) {
    const voice = new OscillatorNode(out, { frequency, type: shape });
    voice.connect(gain);
    voice.start(start);
    voice.stop(start + seconds);
  }
}

function chime() {
  [[784, 0], [988, 0.16], [1175, 0.32], [988, 0.48]].forEach(([note, delay]) => sound([note], 0.15, 0.06, "triangle", delay));
}

export function setMuted(wanted) {
  muted = wanted;
  if (context) wanted ? context.suspend() : context.resume();
}

export function keyTone(key) {
  if (KEYS[key]) sound(KEYS[key], 0.12);
}

export function beep() {
  sound([1000], 0.4, 0.03);
}

// One repeating tone for each phone: "ring", "ringback", "busy" or "".
export function repeat(phone, tone) {
  if ((playing.get(phone)?.tone ?? "") === tone) return;
  clearInterval(playing.get(phone)?.timer);
  playing.delete(phone);
  if (!tone) return;
  const [frequencies, on, off] = CADENCES[tone] ?? [];
  const once = tone === "ring" ? chime : () => sound(frequencies, on);
  once();
  playing.set(phone, { tone, timer: setInterval(once, tone === "ring" ? 2400 : (on + off) * 1000) });
}
