// The composer: Enter sends, a slash lists the app's commands, drafts are kept per conversation.

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const offered = (list) => [...list.querySelectorAll("[role=option]:not([hidden])")];

function offer(field) {
  const list = listOf(field);
  const typed = field.value.trimStart().toLowerCase();
  const begun = typed.startsWith("/") && !typed.includes("\n");
  const word = typed.split(/\s/)[0];
  for (const option of list.querySelectorAll("[role=option]")) {
    const name = option.dataset.command.toLowerCase();
    option.hidden = !(begun && (typed.includes(" ") ? name === word : name.startsWith(word)));
  }
  const all = offered(list);
  list.hidden = all.length === 0;
  point(field, typed.includes(" ") ? -1 : 0);
}

function point(field, to) {
  const all = offered(listOf(field));
  all.forEach((one, number) => one.setAttribute("aria-selected", String(number === to)));
  if (all[to]) field.setAttribute("aria-activedescendant", all[to].id);
  else field.removeAttribute("aria-activedescendant");
}

function hide(field) {
  listOf(field).hidden = true;
  field.removeAttribute("aria-activedescendant");
}

function take(field, option) {
  field.value = `${option.dataset.command} `;
  offer(field);
  field.focus();
  keep(field);
}

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function keep(field) {
  const name = `draft:${field.dataset.draft}`;
  if (field.value) sessionStorage.setItem(name, field.value);
  else sessionStorage.removeItem(name);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-draft]")) return;
  offer(event.target);
  grow(event.target);
  keep(event.target);
});

document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-command]");
  if (option) take(option.closest("form").querySelector("textarea"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-draft]")) hide(event.target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches("[data-draft]") || event.isComposing) return;
  const list = listOf(field);
  const all = list.hidden ? [] : offered(list);
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const completes = at >= 0 && field.value.trim() !== all[at].dataset.command;
  if (event.key === "Escape" && all.length) {
    event.preventDefault();
    hide(field);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length > 1) {
    event.preventDefault();
    point(field, (at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length);
  } else if (event.key === "Tab" && !event.shiftKey && completes) {
    event.preventDefault();
    take(field, all[at]);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (completes) take(field, all[at]);
    else {
      hide(field);
      field.form.requestSubmit();
    }
  }
});

// Empty the field only when the message was sent.
document.addEventListener("sent", (event) => {
  const field = event.target.closest("form")?.querySelector("textarea");
  if (!field) return;
  field.value = "";
  keep(field);
  hide(field);
  grow(field);
});

document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("[data-draft]")) {
    field.value = sessionStorage.getItem(`draft:${field.dataset.draft}`) ?? field.value;
    grow(field);
  }
  if (window.matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) {
    [...document.querySelectorAll("[data-draft]")].at(-1)?.focus({ preventScroll: true });
  }
});
