// Menus open by their button, move by arrow keys, close by Escape or a click elsewhere.

const items = (menu) => [...menu.querySelectorAll("[role=menuitem]")];
const menuOf = (button) => document.getElementById(button.getAttribute("aria-controls"));
const buttonOf = (menu) => document.querySelector(`[data-menu][aria-controls="${CSS.escape(menu.id)}"]`);
const openMenu = () => document.querySelector("[role=menu]:not([hidden])");

function close(menu, back = false) {
  menu.hidden = true;
  const button = buttonOf(menu);
  button?.setAttribute("aria-expanded", "false");
  if (back) button?.focus();
}

function open(button) {
  const menu = menuOf(button);
  menu.hidden = false;
  menu.classList.remove("is-flipped");
  button.setAttribute("aria-expanded", "true");
  const edge = menu.closest(".scroller, .modal-body")?.getBoundingClientRect().bottom ?? window.innerHeight;
  if (menu.getBoundingClientRect().bottom > edge - 4) menu.classList.add("is-flipped");
  items(menu)[0]?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  const already = openMenu();
  if (already && !(button && menuOf(button) === already)) close(already, already.contains(event.target));
  if (button) menuOf(button).hidden ? open(button) : close(menuOf(button), true);
});

document.addEventListener("focusin", (event) => {
  const menu = openMenu();
  if (menu && !menu.parentElement.contains(event.target)) close(menu);
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button && event.key === "ArrowDown" && menuOf(button).hidden) {
    event.preventDefault();
    open(button);
    return;
  }
  const menu = openMenu();
  if (!menu) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(menu, true);
  } else if (event.key === "Tab") {
    close(menu);
  } else if (to !== undefined) {
    event.preventDefault();
    all[to].focus();
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const typed = event.key.toLowerCase();
    const next = [...all.slice(at + 1), ...all].find((one) => one.textContent.trim().toLowerCase().startsWith(typed));
    next?.focus();
  }
}, true);

// A button with a link opens it, and tells the app like any other.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) window.open(opener.dataset.opens, "_blank", "noopener,noreferrer");
});
