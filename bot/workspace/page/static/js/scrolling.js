// Conversations open at their end and follow new messages, unless one has scrolled up.

const NEAR = 80;
const following = new WeakMap();
const toEnd = (scroller) => { scroller.scrollTop = scroller.scrollHeight; };
const atEnd = (scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
const sizes = new ResizeObserver((changes) => {
  for (const change of changes) {
    const scroller = change.target.parentElement;
    if (scroller && following.get(scroller)) toEnd(scroller);
  }
});

function follow() {
  for (const scroller of document.querySelectorAll("[data-stick]")) {
    if (!following.has(scroller)) {
      following.set(scroller, true);
      scroller.addEventListener("scroll", () => following.set(scroller, atEnd(scroller)), { passive: true });
      if (scroller.firstElementChild) sizes.observe(scroller.firstElementChild);
    }
    if (following.get(scroller)) toEnd(scroller);
  }
}

document.addEventListener("DOMContentLoaded", follow);
document.addEventListener("htmx:afterSettle", follow);
