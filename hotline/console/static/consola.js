// What the pages do beyond HTML and htmx: nothing here is needed to use them.
"use strict";

const announce = (words) => {
  const place = document.getElementById("anuncios");
  if (place) place.textContent = words;
};

// A page in the background asks for no news; it catches up when it is looked at again.
document.addEventListener("htmx:before:request", (event) => {
  const polled = event.detail?.ctx?.request?.headers?.["X-Console-Poll"];
  if (polled && document.hidden) event.preventDefault();
});

// New cases are told to whoever does not see the list, and in the title of the tab.
const title = document.title;
let known = null;
const count = () => {
  const list = document.querySelector("[data-count]");
  if (!list) return;
  const waiting = Number(list.dataset.count);
  document.title = waiting ? `(${waiting}) ${title}` : title;
  if (known !== null && waiting > known) announce(`Hay ${waiting} casos en espera`);
  known = waiting;
};
document.addEventListener("htmx:after:swap", count);

// What was asked for with a key is read on from there.
document.addEventListener("htmx:after:swap", () => {
  const opened = document.querySelector("#evidencia-caja [data-focus]");
  if (!opened) return;
  opened.removeAttribute("data-focus");
  opened.focus();
});
count();

document.addEventListener("change", (event) => event.target.closest("form[data-auto]")?.requestSubmit());

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sure && !window.confirm(form.dataset.sure)) {
    event.preventDefault();
    return;
  }
  if (!form.hasAttribute("hx-post")) setTimeout(() => form.classList.add("sent"));
});
// Coming back with the browser's button finds the forms as they were.
window.addEventListener("pageshow", () => document.querySelectorAll("form.sent").forEach((form) => form.classList.remove("sent")));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.dataset.value ?? source.textContent.trim());
  button.textContent = "Copiado";
  announce("Copiado");
});
