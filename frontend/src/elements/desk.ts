// The desk's keys: "/" goes to the search field, j and k walk the rows of a table marked data-rows,
// x ticks the row, Enter opens its first link (the browser does: the link has the focus), "?" shows
// this list. Ctrl and Enter send the form one is in. Keys of one sign do nothing while something is
// being typed, and can be turned off in the list that "?" shows (WCAG 2.1.4).

const OFF = "desk-keys-off";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

function off(): boolean {
  return localStorage.getItem(OFF) === "1";
}

function here(): HTMLTableRowElement | null {
  return document.querySelector<HTMLTableRowElement>("table[data-rows] tbody tr[aria-selected=true]");
}

function walk(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLTableRowElement>("table[data-rows] tbody tr"));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  for (const row of rows) row.removeAttribute("aria-selected");
  next?.setAttribute("aria-selected", "true");
  next?.querySelector<HTMLElement>("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function search(): void {
  const field = document.querySelector<HTMLElement>("[data-search]");
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

function help(): void {
  const list = document.querySelector<HTMLDialogElement>("#desk-keys");
  if (!list || list.open) return;
  const box = list.querySelector<HTMLInputElement>("[data-keys-off]");
  if (box) {
    box.checked = off();
    box.onchange = () => localStorage.setItem(OFF, box.checked ? "1" : "0");
  }
  list.showModal();
}

const KEYS: Record<string, () => void> = {
  "/": search,
  j: () => walk(1),
  k: () => walk(-1),
  x: () => here()?.querySelector<HTMLInputElement>("input.tick")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (form?.method === "post") form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (off() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") help();
  else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]?.();
  }
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-keys-help]")) help();
});

export {};
