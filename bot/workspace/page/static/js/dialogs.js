// Modals and confirm dialogs use the browser's dialog element, which keeps the focus inside and gives it back.

function showModals() {
  for (const dialog of document.querySelectorAll("dialog[data-modal]:not([open])")) {
    dialog.showModal();
    const first = dialog.querySelector("[data-autofocus]")
      ?? dialog.querySelector(".modal-body :is(input:not([type=hidden]), select, textarea, button):not(:disabled)")
      ?? dialog.querySelector(".btn-primary") ?? dialog.querySelector("[data-cancel]");
    first?.focus();
  }
}

// After a refused submission the first input with an error has the focus.
function toFirstError() {
  document.querySelector("dialog[data-modal] [aria-invalid=true]")?.focus();
}

document.addEventListener("DOMContentLoaded", showModals);
document.addEventListener("htmx:afterSettle", showModals);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.path.endsWith("/submit")) window.setTimeout(toFirstError, 0);
});

// Escape does what the close button does; the app may want to be told.
document.addEventListener("cancel", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.matches("[data-modal]")) return;
  event.preventDefault();
  dialog.querySelector("[data-cancel]").click();
}, true);

// Enter in a one-line input submits the modal as in Slack; an input that reports Enter does that first.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input.field")) return;
  if (event.target.getAttribute("role") === "combobox") return;
  const form = event.target.closest("form");
  if (event.target.matches("[data-enter]")) {
    event.preventDefault();
    htmx.trigger(event.target, "dispatch");
  } else if (form && !form.matches(".modal-form, .fault-form")) {
    event.preventDefault();
  }
});

function ask(template) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) dialog.close(button.value);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "ok");
    });
  });
}

function takeBack(element) {
  if (element.type === "checkbox" || element.type === "radio") element.checked = element.defaultChecked;
  else if (element.tagName === "SELECT") for (const one of element.options) one.selected = one.defaultSelected;
  else if ("defaultValue" in element) element.value = element.defaultValue;
}

document.addEventListener("htmx:confirm", async (event) => {
  const template = document.getElementById(event.target.dataset.confirm ?? "");
  if (!template) return;
  event.preventDefault();
  if (await ask(template)) event.detail.issueRequest(true);
  else takeBack(event.target);
});
