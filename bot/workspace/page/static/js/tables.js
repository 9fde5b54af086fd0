// Data tables: sorting and paging, all in the browser.

const rowsOf = (holder) => [...holder.querySelectorAll("tbody > tr")];

function turn(holder, page) {
  const rows = rowsOf(holder);
  const size = Number(holder.dataset.pageSize);
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const to = Math.min(Math.max(page, 0), last);
  holder.dataset.page = to;
  rows.forEach((row, number) => { row.hidden = Math.floor(number / size) !== to; });
  const pager = holder.querySelector(".pager");
  if (!pager) return;
  pager.querySelector(".pager-range").textContent = `${to * size + 1}–${Math.min((to + 1) * size, rows.length)} of ${rows.length}`;
  pager.querySelector('[data-page="-1"]').disabled = to === 0;
  pager.querySelector('[data-page="1"]').disabled = to === last;
}

function sort(holder, heading) {
  const column = [...heading.parentElement.children].indexOf(heading);
  const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const one of heading.parentElement.children) one.setAttribute("aria-sort", one === heading ? direction : "none");
  const sign = direction === "ascending" ? 1 : -1;
  const sorted = rowsOf(holder).sort((a, b) => sign * compare(a.children[column], b.children[column]));
  holder.querySelector("tbody").append(...sorted);
  turn(holder, 0);
}

function compare(a, b) {
  if (a?.dataset.value && b?.dataset.value) return Number(a.dataset.value) - Number(b.dataset.value);
  return (a?.textContent ?? "").localeCompare(b?.textContent ?? "", undefined, { numeric: true });
}

document.addEventListener("click", (event) => {
  const holder = event.target.closest(".data-table");
  if (!holder) return;
  const step = event.target.closest("[data-page]:not(.data-table)");
  const sorter = event.target.closest("[data-sort]");
  if (step) turn(holder, Number(holder.dataset.page ?? 0) + Number(step.dataset.page));
  if (sorter) sort(holder, sorter.closest("th"));
});
