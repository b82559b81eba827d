// The table: two phones, the mailbox and the ticket, kept as the lab has them by asking for news again and again.
import { Phone } from "./phone.js";
import * as sound from "./sound.js";

const $ = (id) => document.getElementById(id);
const hotline = $("hotline").textContent;
const opened = new Set();
let mails = [];
let state = null;

async function act(person, what, details = {}) {
  try {
    const answer = await fetch(`/lab/phones/${person.id}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Lab": "1" },
      body: JSON.stringify(details),
    });
    return answer.ok ? (await answer.json()).problem : `Error ${answer.status} del laboratorio`;
  } catch {
    return "El laboratorio no responde";
  }
}

// Places: a role's people as cards, and the phone of whoever is picked.
const places = [...document.querySelectorAll(".place")].map((section) => ({
  role: section.dataset.role,
  cards: section.querySelector(".cards"),
  phone: new Phone(section.querySelector(".stand"), act, hotline),
  picked: null,
}));

for (const place of places) place.phone.onread = () => draw();

function make(tag, text = "", name = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

function drawCards(place, people) {
  if (!place.cards.children.length) {
    for (const person of people) {
      const card = make("button", "", `card is-${person.id}`);
      card.type = "button";
      card.dataset.person = person.id;
      card.append(make("i"), make("b", person.name), make("small", person.note), make("em"));
      card.addEventListener("click", () => {
        place.picked = person.id;
        draw();
        place.phone.root.focus({ preventScroll: true });
      });
      place.cards.append(card);
    }
  }
  for (const card of place.cards.children) {
    const person = people.find((each) => each.id === card.dataset.person);
    const badge = card.lastElementChild;
    const unseen = place.phone.unseen(person);
    card.setAttribute("aria-pressed", String(place.picked === person.id));
    badge.textContent = person.ringing ? "☎" : unseen || "";
    badge.hidden = !person.ringing && !unseen;
    badge.classList.toggle("rings", Boolean(person.ringing));
    badge.ariaLabel = person.ringing ? "suena" : `${unseen} sin leer`;
  }
}

function draw() {
  for (const place of places) {
    const people = state.people.filter((person) => person.role === place.role);
    if (!people.length) continue;
    place.picked ??= people[0].id;
    place.phone.hold(people.find((person) => person.id === place.picked));
    drawCards(place, people);
  }
  sound.ring(state.people.some((person) => person.ringing));
  drawMails();
  drawLog();
}

// Mail

function drawMails() {
  mails = state.mails;
  const fresh = mails.filter((mail) => !opened.has(mail.index)).length;
  $("mail-count").textContent = fresh || "";
  $("no-mail").hidden = mails.length > 0;
  const items = [...mails].reverse().map((mail) => {
    const item = make("li");
    const button = make("button", "", opened.has(mail.index) ? "mail" : "mail new");
    button.type = "button";
    const details = make("small");
    details.append(make("span", mail.to), make("time", time(mail.at)));
    button.append(make("b", mail.subject || "(sin asunto)"), details);
    button.addEventListener("click", () => openMail(mail));
    item.append(button);
    return item;
  });
  $("mails").replaceChildren(...items);
}

function openMail(mail) {
  opened.add(mail.index);
  $("letter-subject").textContent = mail.subject;
  $("letter-names").textContent = `De ${mail.from} para ${mail.to}, ${time(mail.at)}`;
  $("letter-html").hidden = !mail.html;
  $("letter-text").hidden = mail.html;
  if (mail.html) $("letter-html").src = `/lab/mails/${mail.index}.html`;
  else $("letter-text").textContent = mail.text;
  showLetter(true);
  drawMails();
  $("letter-close").focus({ preventScroll: true });
}

function showLetter(yes) {
  $("letter").hidden = !yes;
  $("mails").hidden = yes;
}

// The ticket

const time = (moment) => new Date(moment).toLocaleTimeString("es-MX", { hour12: false });
const unfolded = new Set();

function drawLog() {
  const log = $("log");
  const atEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 20;
  const rows = state.log.map((entry) => {
    const id = `${entry.at} ${entry.what}`;
    const item = make("li");
    const button = make("button");
    button.type = "button";
    const good = !entry.error && entry.status < 400 && entry.status !== null;
    const way = { webhook: "→", rest: "←", alert: "!" }[entry.kind];
    const status = make("span", entry.status ?? "", good ? "ok" : "no");
    button.append(make("time", time(entry.at)), make("span", way, "way"), make("span", entry.what), status, make("span", entry.error ?? "", "no"));
    button.setAttribute("aria-expanded", String(unfolded.has(id)));
    button.addEventListener("click", () => {
      if (!unfolded.delete(id)) unfolded.add(id);
      drawLog();
    });
    item.append(button);
    if (unfolded.has(id)) {
      const list = make("dl");
      for (const [name, value] of Object.entries(entry.params)) if (value) list.append(make("dt", name), make("dd", value));
      item.append(list);
    }
    return item;
  });
  log.replaceChildren(...rows);
  if (atEnd) log.scrollTop = log.scrollHeight;
  const last = state.log.at(-1);
  $("seen-last").textContent = last ? `${time(last.at)} ${last.what} ${last.status ?? last.error}` : "";
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/lab/state?after=${state?.revision ?? -1}`);
      if (!answer.ok) throw new Error(answer.statusText);
      state = await answer.json();
      document.body.classList.remove("lost");
      draw();
    } catch {
      document.body.classList.add("lost");
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

$("letter-close").addEventListener("click", () => showLetter(false));
$("sound").addEventListener("click", () => {
  const on = sound.toggle();
  $("sound").setAttribute("aria-pressed", String(on));
  $("sound").lastElementChild.textContent = on ? "Con voz" : "Sin voz";
});
// Clocks on the screens: the time of day, and how long a call has lasted.
setInterval(() => places.forEach(({ phone }) => phone.person && ["home", "call"].includes(phone.shown) && phone.tick()), 1000);
follow();
