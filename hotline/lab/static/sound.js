// What a phone sounds like: key tones, a ring, a buzz, and a voice that reads the prompts.
const ROWS = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const COLUMNS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };

let on = true;
let context = null;
let ringing = 0;

function tone(frequencies, seconds, volume = 0.04, delay = 0) {
  if (!on || !navigator.userActivation?.hasBeenActive) return;
  context ??= new AudioContext();
  const start = context.currentTime + delay;
  const gain = context.createGain();
  gain.gain.setValueAtTime(volume, start);
  gain.gain.setTargetAtTime(0, start + seconds, 0.01);
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start(start);
    oscillator.stop(start + seconds + 0.1);
  }
}

export const key = (k) => (k in ROWS ? tone([ROWS[k], COLUMNS[k]], 0.09) : tone([520], 0.03, 0.02));
export const arrival = () => [0, 0.16, 0.32].forEach((delay) => tone([1320], 0.07, 0.03, delay));

export function ring(yes) {
  if (yes && !ringing) {
    const melody = () => [659, 784, 988, 784].forEach((f, i) => tone([f], 0.11, 0.03, i * 0.14));
    melody();
    ringing = setInterval(melody, 1800);
  } else if (!yes && ringing) {
    clearInterval(ringing);
    ringing = 0;
  }
}

export function speak(text, language) {
  if (!on || !window.speechSynthesis) return;
  const words = new SpeechSynthesisUtterance(text);
  const wanted = (language || "es-MX").toLowerCase();
  const voices = speechSynthesis.getVoices();
  const match = (start) => voices.find((voice) => voice.lang.replace("_", "-").toLowerCase().startsWith(start));
  words.voice = match(wanted) || match(wanted.slice(0, 2)) || null;
  words.lang = words.voice?.lang || wanted;
  speechSynthesis.speak(words);
}

export function hush() {
  window.speechSynthesis?.cancel();
}

export function toggle() {
  on = !on;
  if (!on) {
    hush();
    ring(false);
  }
  return on;
}
