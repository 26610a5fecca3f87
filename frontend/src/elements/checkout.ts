// <order-total> shows what the order comes to as soon as it is known where it goes. The page brings the total of
// every destination in a <data value="delivery:44 delivery:4504 pickup:">: that of the longest code which the chosen
// place begins with holds; value="" is for no place chosen. Its figures are put into the piece of its kind, which is
// what the page shows or a <template data-kind>. Nothing is asked of the server.
// <press-when data-name data-value> presses its button once that value is chosen, and hides it.
// Without scripts the form itself is sent for both.

const WHERE = /^(fulfilment|station|place_\d)$/;

class OrderTotal extends HTMLElement {
  private readonly totals = new Map<string, DOMStringMap>();
  private readonly pieces = new Map<string, DocumentFragment>();

  connectedCallback(): void {
    const form = this.closest("form");
    for (const one of this.querySelectorAll("data"))
      for (const to of one.value.split(" ")) this.totals.set(to, one.dataset);
    for (const template of this.querySelectorAll("template")) this.pieces.set(template.dataset.kind ?? "", template.content);
    const shown = document.createDocumentFragment();
    shown.append(...[...this.children].filter((child) => !child.matches("data, template")).map((child) => child.cloneNode(true)));
    this.pieces.set(this.dataset.kind ?? "", shown);
    form?.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement | HTMLSelectElement;
      if (WHERE.test(field.name)) this.show(form);
    });
  }

  private show(form: HTMLFormElement): void {
    const total = this.totals.get(this.rate(...chosen(form)));
    const piece = total && this.pieces.get(total.kind ?? "");
    if (!total || !piece) return;
    this.replaceChildren(piece.cloneNode(true));
    this.fill(total);
    const { expected = "" } = total;
    for (const [name, value] of [["expected", expected], ["is_total", total.kind === "known" ? "1" : ""]] as const)
      (form.elements.namedItem(name) as HTMLInputElement).value = value;
  }

  private fill({ kind, freight = "", total = "" }: DOMStringMap): void {
    const carriage = this.querySelector(".bill tbody tr:last-child td");
    if (carriage && kind === "known") carriage.textContent = freight;
    for (const sum of this.querySelectorAll(".action-bar .whole")) sum.textContent = total;
    const [, sign = "", whole = "", fraction = ""] = /^([^\d]*)([\d,]*)(.*)$/.exec(total) ?? [];
    const price = this.querySelector(".bill tfoot .price");
    [sign, whole, fraction].forEach((text, at) => {
      const part = price?.childNodes[at];
      if (part) part.textContent = text;
    });
  }

  /** Which rate holds at a place; none before it is chosen as far down as the rates differ. */
  private rate(way: string, place: string): string {
    if (!place) return "";
    const rates = [...this.totals.keys()].filter((to) => to.startsWith(`${way}:`));
    const here = `${way}:${place}`;
    if (rates.some((to) => to !== here && to.startsWith(here))) return "";
    return rates.filter((to) => here.startsWith(to)).reduce((longest, to) => (to.length > longest.length ? to : longest), "");
  }
}

/** How it is got and where: the way, and the code of the place as far as it is chosen. */
function chosen(form: HTMLFormElement): [string, string] {
  const data = new FormData(form);
  const way = String(data.get("fulfilment"));
  if (way === "pickup") {
    const station = form.querySelector<HTMLSelectElement>("select[name=station]");
    return [way, station?.selectedOptions[0]?.dataset.place ?? ""];
  }
  const steps = [...data].filter(([name, code]) => name.startsWith("place_") && code);
  return [way, String(steps.at(-1)?.[1] ?? "")];
}

class PressWhen extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = true;
    this.closest("form")?.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement;
      if (field.name === this.dataset.name && field.value === this.dataset.value) button.click();
    });
  }
}

customElements.define("order-total", OrderTotal);
customElements.define("press-when", PressWhen);

export {};
