// Live updates: each names the parts of the page to redraw.

function refresh(names) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const listens = part.dataset.live.split(" ");
    if (names.includes("everything") || names.some((name) => listens.includes(name))) htmx.trigger(part, "refresh");
  }
}

const updates = new EventSource(document.body.dataset.liveFrom);
updates.addEventListener("message", (event) => refresh(event.data.split(" ")));
// Changes before the stream opened, or while it was interrupted, are not sent again: redraw everything once.
updates.addEventListener("open", () => refresh(["everything"]));
window.addEventListener("pagehide", () => updates.close());

// The clock's minutes pass without updates; a page that becomes visible again counts as read.
window.setInterval(() => refresh(["clock-face"]), 20_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(["everything"]); });
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["Page-Hidden"] = String(document.hidden);
});
