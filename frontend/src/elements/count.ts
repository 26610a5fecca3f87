// The packs that the head counts at the basket. A page that the browser kept from before shows the count of
// the last page seen in this tab, not the one of its own time.

const KEPT = "packs";
const basket = document.querySelector<HTMLAnchorElement>('.head-link[href$="/basket/"]');

export function count(packs: string): void {
  sessionStorage.setItem(KEPT, packs);
  let shown = basket?.querySelector(".count");
  if (!packs) return shown?.remove();
  if (!shown) {
    shown = document.createElement("span");
    shown.className = "count";
    basket?.append(shown);
  }
  shown.textContent = packs;
}

function isOld(event: PageTransitionEvent): boolean {
  const [way] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return event.persisted || (way?.type === "back_forward" && way.transferSize === 0);
}

window.addEventListener("pageshow", (event) => {
  const own = basket?.querySelector(".count")?.textContent ?? "";
  count(isOld(event) ? (sessionStorage.getItem(KEPT) ?? own) : own);
});
