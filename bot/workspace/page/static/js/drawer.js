// In a narrow window the sidebar is a drawer.

const button = document.querySelector("[data-drawer]");
const isOpen = () => document.body.classList.contains("drawer-open");

function set(open) {
  document.body.classList.toggle("drawer-open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#sidebar button, #sidebar a")?.focus();
  else button.focus();
}

button.addEventListener("click", () => set(!isOpen()));
document.addEventListener("click", (event) => {
  if (isOpen() && !event.target.closest("#sidebar, [data-drawer]")) set(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isOpen()) set(false);
});
