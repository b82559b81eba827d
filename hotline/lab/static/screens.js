// What a screen shows: each function takes the phone and gives its title, lines, soft keys and entry line.
import { counter } from "./gsm.js";

function line(text, kind = "") {
  const p = document.createElement("p");
  p.textContent = text;
  p.className = kind;
  return p;
}

function bold(text, kind = "center") {
  const p = line("", kind);
  const b = document.createElement("b");
  b.textContent = text;
  p.append(b);
  return p;
}

const clock = (moment) => new Date(moment).toLocaleTimeString("es-MX", { hour: "2-digit", minute: "2-digit", hour12: false });

export const grouped = (number) => number.replace(/^\+52(\d\d)(\d{4})(\d{4})$/, "$1 $2 $3");

export const off = () => ({ lines: [] });

export function home(phone) {
  const { person } = phone;
  const unseen = phone.unseen(person);
  const mobile = person.kind === "mobile";
  const news = unseen === 1 ? "✉ 1 mensaje nuevo" : `✉ ${unseen} mensajes nuevos`;
  return {
    title: clock(Date.now()),
    lines: [
      line("", "gap"),
      bold(person.name),
      line(grouped(person.number), "center"),
      line("", "gap"),
      unseen ? bold(news, "center blink-once") : line(mobile ? "☎ tecla verde para llamar" : "teléfono fijo", "center foot"),
    ],
    soft: mobile ? ["Mensajes", "", "Escribir"] : ["Llamar", "", ""],
  };
}

export function dial(phone) {
  const number = phone.mind.dialled;
  return {
    title: "Llamar a",
    lines: [line("", "gap"), line(grouped(number), "center big"), line(number === phone.hotline ? "la línea" : "", "center foot")],
    soft: ["Llamar", "", "Borrar"],
  };
}

export function inbox(phone) {
  const { person, mind } = phone;
  const texts = [...person.inbox].reverse();
  const rows = texts.map((text, index) => {
    const row = line(`${mind.seen.has(text.sid) ? "  " : "✉ "}${text.body.replace(/\s+/g, " ")}`, index === mind.row ? "row on" : "row");
    row.dataset.row = index;
    return row;
  });
  return {
    title: "Mensajes",
    lines: rows.length ? rows : [line("", "gap"), line("No hay mensajes", "center")],
    soft: [rows.length ? "Leer" : "", rows.length ? `${mind.row + 1}/${rows.length}` : "", "Atrás"],
  };
}

export function read(phone) {
  const { person, mind } = phone;
  const text = person.inbox.find((each) => each.sid === mind.read);
  if (!text) return inbox(phone);
  const parts = text.segments > 1 ? `, ${text.segments} partes` : "";
  return {
    title: `De ${grouped(text.from)}`,
    lines: [line(text.body), line(`${clock(text.at)}${parts}`, "foot")],
    soft: ["Responder", "", "Atrás"],
  };
}

export function write(phone) {
  const empty = !phone.mind.draft;
  return {
    title: `Para ${grouped(phone.mind.replyTo || phone.hotline)}`,
    lines: [],
    entry: "Escriba su mensaje…",
    soft: ["Enviar", counter(phone.mind.draft), empty ? "Atrás" : "Borrar"],
  };
}

function talk(call) {
  return call.prompts.map((prompt, index) => {
    const text = prompt.verb === "Play" ? `♪ ${prompt.text}` : prompt.verb === "person" ? `«${prompt.text}»` : prompt.text;
    const kind = index < call.fresh ? "old" : index === call.fresh ? "fresh" : "";
    return line(text, kind);
  });
}

function since(moment) {
  if (!moment) return "Llamando";
  const seconds = Math.max(0, Math.floor((Date.now() - new Date(moment)) / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

export function call(phone) {
  const { call: live } = phone.person;
  const speech = live.inputs.includes("speech");
  const lines = talk(live);
  if (live.keys) lines.push(bold(live.keys, "mine"));
  if (live.state === "running") lines.push(line("…", "center blink"));
  if (live.state === "recording") lines.push(line("● grabando", "blink"));
  if (live.state === "dialling") lines.push(line("☎ sonando en el otro teléfono", "blink"));
  const silent = ["listening", "recording"].includes(live.state);
  const typed = phone.entry.value.trim() && !phone.entry.hidden;
  return {
    title: `☎ ${since(live.started)}`,
    lines,
    entry: speech ? "Lo que usted dice…" : "",
    soft: [typed ? "Decir" : silent ? "Callar" : "", "", "Colgar"],
    follow: true,
  };
}

export function ring(phone) {
  const { ringing } = phone.person;
  const line_ = ringing.from === phone.hotline ? "la línea" : "";
  return {
    title: "",
    lines: [line("", "gap"), bold("☎ Llamada de", "center blink"), line(grouped(ringing.from), "center big"), line(line_, "center foot")],
    soft: ["Contestar", "", "Rechazar"],
  };
}

const ENDINGS = { busy: "Línea ocupada", "no-answer": "No contestó", failed: "La llamada falló", canceled: "Llamada cancelada" };

export function over(phone) {
  const { call: ended } = phone.person;
  const lines = talk(ended);
  if (ended.error) lines.push(line(`✗ ${ended.error}`));
  lines.push(bold(ENDINGS[ended.status] ?? "Llamada terminada"));
  return { title: "", lines, soft: ["Aceptar", "", ""], follow: true };
}
