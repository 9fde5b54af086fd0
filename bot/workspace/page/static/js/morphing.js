// What redrawing must keep: typed text, ticked boxes, open menus and dialogs, sorted tables.

const KEPT_STATE = new Set(["open", "hidden", "aria-expanded", "aria-activedescendant"]);

// What the app gave a field in which something else was typed; the typed text survives any number of updates.
const given = new WeakMap();

function isTyped(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== (given.get(field) ?? field.defaultValue);
}

// Start the new element with the value of the old one.
function carryOver(field, fresh) {
  if (field.type === "checkbox" || field.type === "radio") {
    fresh.toggleAttribute("checked", field.checked);
  } else if (field.tagName === "SELECT") {
    const chosen = new Set([...field.selectedOptions].map((one) => one.value));
    for (const option of fresh.options) option.toggleAttribute("selected", chosen.has(option.value));
  } else if (field.tagName === "TEXTAREA") {
    given.set(field, fresh.defaultValue);
    fresh.textContent = field.value;
    fresh.value = field.value;
  } else {
    given.set(field, fresh.defaultValue);
    fresh.setAttribute("value", field.value);
  }
}

function beforeNodeMorphed(old, fresh) {
  if (!(old instanceof Element) || !(fresh instanceof Element)) return true;
  if (old.dataset.keep && old.dataset.keep === fresh.dataset.keep) return false;
  if (old.matches("input, select, textarea") && old.type !== "hidden" && old.id === fresh.id) {
    if (isTyped(old)) carryOver(old, fresh);
    else given.delete(old);
  }
  return true;
}

function beforeAttributeUpdated(name, element) {
  const stays = element.matches("dialog, details, [role=menu], [data-menu], [role=listbox], [role=combobox]");
  return !(stays && KEPT_STATE.has(name));
}

// A dialog closes before it is removed, so that the focus goes back to where it was.
function beforeNodeRemoved(node) {
  if (node instanceof Element) {
    for (const dialog of [node, ...node.querySelectorAll("dialog")]) {
      if (dialog instanceof HTMLDialogElement && dialog.open) dialog.close();
    }
  }
  return true;
}

document.addEventListener("DOMContentLoaded", () => {
  Object.assign(Idiomorph.defaults.callbacks, { beforeNodeMorphed, beforeAttributeUpdated, beforeNodeRemoved });
});
