// Pickers: a field with suggestions, to choose several, or one that the app suggests.

const parts = (picker) => ({
  field: picker.querySelector("[role=combobox]"),
  list: picker.querySelector("[role=listbox]"),
  chips: picker.querySelector(".chips"),
  reporter: picker.querySelector(".picked"),
});
const options = (list) => [...list.querySelectorAll("[role=option]:not([hidden])")];
const many = (picker) => picker.dataset.picker === "many";
const values = (picker) => [...picker.querySelectorAll(".chip input")].map((one) => JSON.parse(one.value)[0]);

function show(picker) {
  const { field, list } = parts(picker);
  const typed = field.value.trim().toLowerCase();
  const taken = new Set(values(picker));
  for (const option of list.querySelectorAll("[role=option]")) {
    const matches = picker.dataset.suggest || option.textContent.toLowerCase().includes(typed);
    option.hidden = !matches || taken.has(option.dataset.value);
  }
  note(list, options(list).length ? "" : "Nothing found");
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  point(picker, 0);
}

function note(list, words) {
  list.querySelector(".listbox-note")?.remove();
  if (!words) return;
  const line = document.createElement("div");
  line.className = "listbox-note";
  line.textContent = words;
  list.append(line);
}

function hide(picker) {
  const { field, list } = parts(picker);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function point(picker, to) {
  const { field, list } = parts(picker);
  const all = options(list);
  all.forEach((one, number) => {
    one.id ||= `${list.id}-${Math.random().toString(36).slice(2)}`;
    one.setAttribute("aria-selected", String(number === to));
  });
  const current = all[to];
  if (!current) return;
  field.setAttribute("aria-activedescendant", current.id);
  current.scrollIntoView({ block: "nearest" });
}

function choose(picker, option) {
  const { field, chips } = parts(picker);
  const full = picker.dataset.limit && values(picker).length >= Number(picker.dataset.limit);
  if (many(picker) && full) return;
  if (!many(picker)) chips.replaceChildren();
  chips.append(chip(picker.dataset.name, option.dataset.value, option.textContent));
  field.value = "";
  hide(picker);
  report(picker);
}

function chip(name, value, label) {
  const made = document.createElement("span");
  made.className = "chip";
  const words = document.createElement("bdi");
  words.textContent = label;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "chip-remove";
  remove.setAttribute("aria-label", `Remove ${label}`);
  remove.textContent = "×";
  const held = document.createElement("input");
  held.type = "hidden";
  held.name = name;
  held.value = JSON.stringify([value, label]);
  made.append(words, remove, held);
  return made;
}

function report(picker) {
  const { reporter } = parts(picker);
  if (reporter.hasAttribute("hx-post")) htmx.trigger(reporter, "change");
}

const waiting = new WeakMap();

function lookUp(picker) {
  const { field, list } = parts(picker);
  window.clearTimeout(waiting.get(picker));
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  const typed = field.value.trim();
  const least = Number(picker.dataset.minLength);
  if (typed.length < least) {
    list.replaceChildren();
    note(list, `Type at least ${least} characters`);
    return;
  }
  waiting.set(picker, window.setTimeout(async () => {
    const asked = new URLSearchParams({ typed, block_id: field.dataset.blockId, action_id: field.dataset.actionId });
    const answer = await fetch(`${picker.dataset.suggest}?${asked}`);
    if (field.value.trim() !== typed) return;
    const found = new DOMParser().parseFromString(answer.status === 200 ? await answer.text() : "", "text/html");
    list.replaceChildren(...found.body.childNodes);
    show(picker);
  }, 200));
}

const suggest = (picker) => (picker.dataset.suggest ? lookUp(picker) : show(picker));
const pickerOf = (node) => node.closest?.("[data-picker]");

document.addEventListener("input", (event) => {
  const picker = pickerOf(event.target);
  if (picker && event.target.matches("[role=combobox]")) suggest(picker);
});

document.addEventListener("click", (event) => {
  const picker = pickerOf(event.target);
  for (const other of document.querySelectorAll("[data-picker]")) if (other !== picker) hide(other);
  if (!picker) return;
  const option = event.target.closest("[role=option]");
  if (option) choose(picker, option);
  else if (event.target.matches(".chip-remove")) {
    event.target.closest(".chip").remove();
    parts(picker).field.focus();
    report(picker);
  } else if (event.target.matches("[role=combobox]")) suggest(picker);
});

document.addEventListener("focusout", (event) => {
  const picker = pickerOf(event.target);
  if (picker && event.relatedTarget && !picker.contains(event.relatedTarget)) hide(picker);
});

document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[role=option]")) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const picker = pickerOf(event.target);
  if (!picker || !event.target.matches("[role=combobox]")) return;
  const { field, list, chips } = parts(picker);
  const all = options(list);
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    hide(picker);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) suggest(picker);
    else point(picker, (at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!list.hidden && all[at]) choose(picker, all[at]);
  } else if (event.key === "Backspace" && !field.value && chips.lastElementChild) {
    chips.lastElementChild.remove();
    report(picker);
  }
}, true);
