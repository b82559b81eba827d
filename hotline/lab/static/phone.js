// One phone on the table: what its screen shows and what its keys do. It holds whoever's phone is picked up.
import { Multitap } from "./multitap.js";
import * as screens from "./screens.js";
import * as sound from "./sound.js";

const TYPED_AFTER = 4000;

export class Phone {
  // `act(person, what, details)` asks the lab and gives what to show instead, or null; `hotline` is the number to call.
  constructor(stand, act, hotline) {
    this.root = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    stand.append(this.root);
    this.act = act;
    this.hotline = hotline;
    this.person = null;
    this.memory = new Map();
    this.tap = new Multitap();
    this.title = this.root.querySelector(".lcd__title");
    this.main = this.root.querySelector(".lcd__main");
    this.entry = this.root.querySelector(".lcd__entry");
    this.softs = this.root.querySelectorAll(".lcd__soft > *");
    this.noteBox = this.root.querySelector(".lcd__note");
    this.shown = "";
    this.spoken = new Map();
    this.onread = () => {};
    this.#listen();
  }

  // What is remembered for each person: the screen they were on, the draft, the number dialled, what they have read.
  get mind() {
    const id = this.person.id;
    if (!this.memory.has(id)) {
      this.memory.set(id, { screen: "home", draft: "", dialled: "", row: 0, read: null, replyTo: null, seen: new Set(), over: null });
    }
    return this.memory.get(id);
  }

  unseen(person) {
    const mind = this.memory.get(person.id);
    return person.inbox.filter((text) => !mind?.seen.has(text.sid)).length;
  }

  hold(person) {
    if (this.person && this.person.id !== person.id) {
      this.root.classList.remove(`is-${this.person.id}`);
      this.shown = "";
      this.noteBox.hidden = true;
    }
    this.person = person;
    this.root.classList.add(`is-${person.id}`);
    this.root.classList.toggle("phone--landline", person.kind === "landline");
    this.root.setAttribute("aria-label", `Teléfono de ${person.name}`);
    this.#hear();
    this.draw();
  }

  get screen() {
    const { person, mind } = this;
    if (!person.on) return "off";
    if (person.ringing) return "ring";
    if (person.call && person.call.state !== "ended") return "call";
    if (person.call && mind.over !== person.call.sid) return "over";
    return mind.screen;
  }

  go(screen) {
    this.mind.screen = screen;
    this.draw();
  }

  draw() {
    const screen = this.screen;
    const view = screens[screen](this);
    const fresh = screen !== this.shown;
    this.root.classList.toggle("off", screen === "off");
    this.root.classList.toggle("rings", screen === "ring");
    this.root.classList.toggle("lit", screen === "ring" || screen === "call" || this.root.contains(document.activeElement));
    this.title.textContent = view.title ?? "";
    this.#label(view);
    const before = this.main.scrollTop;
    this.main.replaceChildren(...view.lines);
    this.main.hidden = screen === "write";
    this.entry.hidden = !view.entry;
    this.entry.classList.toggle("tall", screen === "write");
    if (view.entry) {
      this.entry.placeholder = view.entry;
      this.entry.setAttribute("aria-label", view.entry);
      if (fresh) this.entry.value = screen === "write" ? this.mind.draft : "";
    }
    this.#scroll(view.follow, fresh ? 0 : before);
    if (fresh && screen === "write") this.entry.focus({ preventScroll: true });
    if (fresh && this.shown === "write") this.root.focus({ preventScroll: true });
    this.shown = screen;
  }

  #label({ soft = ["", "", ""] } = screens[this.screen](this)) {
    soft.forEach((text, index) => (this.softs[index].textContent = text));
  }

  // Only the screen scrolls, never the page: a call shows what was said last, a list the row that is chosen.
  #scroll(follow, otherwise) {
    const { main } = this;
    const row = main.querySelector(".on");
    if (follow) main.scrollTop = (main.querySelector(".fresh") ?? main.lastElementChild)?.offsetTop ?? 0;
    else if (row) main.scrollTop = Math.max(0, row.offsetTop + row.offsetHeight - main.clientHeight);
    else main.scrollTop = otherwise;
  }

  // Only the title has a clock in it: the rest stays as it is, so that nobody's reading is disturbed.
  tick() {
    this.title.textContent = screens[this.shown](this).title;
  }

  note(text, lasting = false) {
    this.noteBox.textContent = text;
    this.noteBox.hidden = false;
    clearTimeout(this.noteTimer);
    if (!lasting) this.noteTimer = setTimeout(() => (this.noteBox.hidden = true), 1900);
  }

  // A prompt is read aloud once, and a text announces itself once, whoever is looking.
  #hear() {
    const { person } = this;
    const call = person.call;
    if (call && call.state !== "ended") {
      const from = this.spoken.get(call.sid) ?? 0;
      for (const prompt of call.prompts.slice(from)) {
        if (prompt.verb !== "Play") sound.speak(prompt.text, prompt.language);
      }
      this.spoken.set(call.sid, call.prompts.length);
    }
    const count = person.inbox.length;
    const known = this.counts?.get(person.id);
    (this.counts ??= new Map()).set(person.id, count);
    if (known !== undefined && count > known) {
      sound.arrival();
      this.root.classList.remove("buzz");
      requestAnimationFrame(() => this.root.classList.add("buzz"));
    }
  }

  async ask(what, details = {}, done = null) {
    const problem = await this.act(this.person, what, details);
    if (problem) this.note(problem);
    else if (done) this.note(done);
    return !problem;
  }

  // Keys

  #listen() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      if (button) this.press(button.dataset.key);
      else if (event.target.closest(".lcd") && !this.entry.hidden) this.entry.focus({ preventScroll: true });
      const row = event.target.closest(".row");
      if (row) {
        this.mind.row = Number(row.dataset.row);
        this.press("left");
      }
    });
    this.root.addEventListener("keydown", (event) => this.#type(event));
    for (const moment of ["focusin", "focusout"]) {
      this.root.addEventListener(moment, () => {
        const call = ["call", "ring"].includes(this.shown);
        this.root.classList.toggle("lit", call || (moment === "focusin" && this.shown !== "off"));
      });
    }
    this.entry.addEventListener("input", () => this.#edited());
    this.root.addEventListener("animationend", () => this.root.classList.remove("buzz"));
  }

  #type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target === this.entry;
    const names = { Enter: "green", Escape: "red", ArrowUp: "up", ArrowDown: "down" };
    let key = names[event.key];
    if (!writing && event.target.tagName === "BUTTON" && event.key === "Enter") return;
    if (writing && (key === "up" || key === "down")) return;
    if (writing && key === "red") key = "back";
    if (!writing && /^[0-9*#]$/.test(event.key)) key = event.key;
    if (!writing && event.key === "Backspace") key = "right";
    if (!key) {
      // A letter on the keyboard goes where letters are expected.
      if (!writing && !this.entry.hidden && event.key.length === 1) this.entry.focus({ preventScroll: true });
      return;
    }
    event.preventDefault();
    if (key === "back") {
      if (this.shown === "write") this.go("home");
      this.root.focus({ preventScroll: true });
      return;
    }
    const button = this.root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 110);
    this.press(key);
  }

  press(key) {
    sound.key(key);
    if (key === "red") return this.#red();
    const handler = KEYS[this.screen];
    handler?.(this, key);
  }

  async #red() {
    const { person, mind } = this;
    sound.hush();
    if (!person.on) return this.ask("power", { on: true });
    if (person.ringing) return this.ask("decline");
    if (person.call && person.call.state !== "ended") return this.ask("hangup");
    if (this.screen === "home") return this.ask("power", { on: false });
    if (person.call) mind.over = person.call.sid;
    mind.dialled = "";
    this.go("home");
  }

  #edited() {
    if (this.shown === "write") {
      this.mind.draft = this.entry.value;
      this.#label();
    } else if (this.shown === "call") {
      this.#label();
      clearTimeout(this.partialTimer);
      if (!this.entry.value.trim()) return;
      const words = this.entry.value.trim();
      this.partialTimer = setTimeout(() => this.act(this.person, "partial", { words }), 700);
    }
  }

  async send() {
    const { mind } = this;
    const body = this.entry.value;
    if (!body.trim()) return this.note("Escriba primero");
    this.note("Enviando ▶ ✉", true);
    const sent = await this.ask("text", { body, to: mind.replyTo || this.hotline }, "✓ Mensaje enviado");
    if (!sent) return;
    mind.draft = this.entry.value = "";
    mind.replyTo = null;
    this.go("home");
  }

  async dial() {
    const { mind } = this;
    const number = mind.dialled.startsWith("+") || mind.dialled.length < 10 ? mind.dialled : `+52${mind.dialled.slice(-10)}`;
    this.note("Llamando ☎", true);
    if (await this.ask("call", { to: number })) {
      this.noteBox.hidden = true;
      mind.screen = "home";
      mind.dialled = "";
    }
  }

  async say() {
    const words = this.entry.value.trim();
    clearTimeout(this.partialTimer);
    if (!words) return;
    this.entry.value = "";
    sound.hush();
    await this.ask("say", { words });
    this.root.focus({ preventScroll: true });
  }

  async digit(key) {
    sound.hush();
    clearTimeout(this.typedTimer);
    await this.act(this.person, "key", { key });
    const call = this.person.call;
    const wait = Math.min((call?.timeout ?? 4) * 1000, TYPED_AFTER);
    this.typedTimer = setTimeout(() => this.person.call?.keys && this.act(this.person, "typed"), wait);
  }

  scroll(key) {
    this.main.scrollBy({ top: key === "up" ? -60 : 60 });
  }
}

const inboxMove = (phone, key) => {
  const count = phone.person.inbox.length;
  phone.mind.row = (phone.mind.row + (key === "up" ? count - 1 : 1)) % Math.max(count, 1);
  phone.draw();
};

// For each screen, what a key does there. Red is the same everywhere: hang up, go home, switch off.
const KEYS = {
  home(phone, key) {
    const mobile = phone.person.kind === "mobile";
    if (key === "left" && mobile) phone.mind.row = 0, phone.go("inbox");
    else if (key === "right" && mobile) phone.go("write");
    else if (key === "green" || (key === "left" && !mobile)) phone.mind.dialled = phone.hotline, phone.go("dial");
    else if (/[0-9*#]/.test(key)) phone.mind.dialled = key, phone.go("dial");
    else if (mobile && (key === "down" || key === "up")) phone.mind.row = 0, phone.go("inbox");
  },
  dial(phone, key) {
    const { mind } = phone;
    if (key === "green" || key === "left") return phone.dial();
    if (key === "right") mind.dialled = mind.dialled.slice(0, -1);
    else if (/[0-9*#]/.test(key)) mind.dialled = (mind.dialled + key).slice(0, 16);
    phone.go(mind.dialled ? "dial" : "home");
  },
  inbox(phone, key) {
    const { mind, person } = phone;
    if (key === "up" || key === "down") return inboxMove(phone, key);
    if (key === "right") return phone.go("home");
    if (key !== "left" && key !== "green") return;
    const text = [...person.inbox].reverse()[mind.row];
    if (!text) return;
    mind.read = text.sid;
    mind.seen.add(text.sid);
    phone.go("read");
    phone.onread();
  },
  read(phone, key) {
    const { mind, person } = phone;
    if (key === "up" || key === "down") return phone.scroll(key);
    if (key === "right") return phone.go("inbox");
    if (key !== "left" && key !== "green") return;
    mind.replyTo = person.inbox.find((text) => text.sid === mind.read)?.from ?? null;
    phone.go("write");
  },
  write(phone, key) {
    if (key === "left" || key === "green") return phone.send();
    if (key === "right") {
      if (!phone.entry.value) return phone.go("home");
      phone.tap.erase(phone.entry);
    } else if (/[0-9*#]/.test(key)) phone.tap.press(key, phone.entry);
    phone.entry.dispatchEvent(new Event("input"));
  },
  call(phone, key) {
    if (/[0-9*#]/.test(key)) return phone.digit(key);
    if (key === "up" || key === "down") return phone.scroll(key);
    if (key === "green") return phone.say();
    if (key === "left") return phone.entry.value.trim() ? phone.say() : phone.ask("silence");
    if (key === "right") return phone.press("red");
  },
  ring(phone, key) {
    if (key === "green" || key === "left") phone.ask("answer");
    else if (key === "right") phone.ask("decline");
  },
  over(phone, key) {
    if (key === "up" || key === "down") return phone.scroll(key);
    phone.mind.over = phone.person.call.sid;
    phone.go("home");
  },
};
