// The desk's keys: "/" goes to the search field, j and k walk the rows of a table marked
// data-rows, Enter opens the row's first link. Never while something is being typed.

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
}

function walk(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLTableRowElement>("table[data-rows] tbody tr"));
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
  for (const row of rows) row.removeAttribute("aria-selected");
  next?.setAttribute("aria-selected", "true");
  next?.querySelector<HTMLElement>("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
});

export {};
