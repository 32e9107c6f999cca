// What is heard, read aloud by the browser; and what is said into its microphone, where it offers to recognise speech.

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

export const canListen = Boolean(Recognition);
export const canSpeak = "speechSynthesis" in window;

const FASTEST = 1.6;
let speaking = null;

// Where time runs faster than voices can, what is new is heard rather than what is old.
export function readAloud(entry, pace) {
  if (!canSpeak) return;
  if (pace > 1) window.speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(entry.text);
  if (entry.language) words.lang = entry.language;
  words.rate = Math.min(Math.max(pace, 1), FASTEST);
  words.onend = () => { if (speaking === entry.n) speaking = null; };
  speaking = entry.n;
  window.speechSynthesis.speak(words);
}

export function hush(entry) {
  if (canSpeak && (entry === undefined || speaking === entry.n)) window.speechSynthesis.cancel();
}

// Listens until the returned function is called; then gives the words with their confidence and the runners-up.
export function listen(language, heard, failed) {
  const ear = new Recognition();
  ear.lang = language;
  ear.maxAlternatives = 4;
  ear.onresult = (event) => {
    const [best, ...others] = event.results[0];
    heard(best.transcript, best.confidence, others.map((one) => [one.transcript, one.confidence]));
  };
  ear.onerror = (event) => failed(event.error === "not-allowed"
    ? "The browser does not let this page use the microphone; type instead."
    : "The browser could not recognise that; type instead.");
  ear.start();
  return () => ear.stop();
}
