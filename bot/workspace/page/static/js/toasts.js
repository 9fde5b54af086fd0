// Short messages at the bottom of the page, which screen readers read aloud.

const SHOWN_MS = 8000;

function toast(words) {
  const made = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  made.querySelector("span").textContent = words;
  made.querySelector("button").addEventListener("click", () => made.remove());
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  const place = open ? shelf(open) : document.getElementById("toasts");
  place.append(made);
  window.setTimeout(() => made.remove(), SHOWN_MS);
}

// Behind a modal nothing is seen or read aloud, so the toasts move into it.
function shelf(dialog) {
  const known = dialog.querySelector(":scope > .toasts");
  if (known) return known;
  const made = document.createElement("div");
  made.className = "toasts";
  made.setAttribute("role", "status");
  dialog.append(made);
  return made;
}

document.addEventListener("toast", (event) => toast(event.detail.value));
document.addEventListener("htmx:sendError", () => toast("The workspace does not answer."));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig.verb === "post") toast(`That did not work (${event.detail.xhr.status}).`);
});
