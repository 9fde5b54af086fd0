// News from the workspace: each names the parts that changed, and those draw themselves anew.

function refresh(names) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const listens = part.dataset.live.split(" ");
    if (names.includes("everything") || names.some((name) => listens.includes(name))) htmx.trigger(part, "refresh");
  }
}

const news = new EventSource(document.body.dataset.liveFrom);
news.addEventListener("message", (event) => refresh(event.data.split(" ")));
// What changed before the news began, or while it was cut off, is not told again: look once at everything.
news.addEventListener("open", () => refresh(["everything"]));
window.addEventListener("pagehide", () => news.close());

// The clock's minutes pass without news; a page that comes into sight again reads what it shows.
window.setInterval(() => refresh(["clock-face"]), 20_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(["everything"]); });
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["Page-Hidden"] = String(document.hidden);
});
