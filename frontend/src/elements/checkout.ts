// <order-total> shows what the order comes to as soon as it is known where it goes. The page brings the total
// of every destination in a <template data-to="delivery:44 delivery:4504 pickup:">: that of the longest code
// which the chosen place begins with holds; data-to="" is for no place chosen. Nothing is asked of the server.
// <press-when data-name data-value> presses its button once that value is chosen, and hides it.
// Without scripts the form itself is sent for both.

const WHERE = /^(fulfilment|station|place_\d)$/;

class OrderTotal extends HTMLElement {
  private readonly totals = new Map<string, HTMLTemplateElement>();

  connectedCallback(): void {
    const form = this.closest("form");
    for (const template of this.querySelectorAll("template"))
      for (const to of (template.dataset.to ?? "").split(" ")) this.totals.set(to, template);
    form?.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement | HTMLSelectElement;
      if (WHERE.test(field.name)) this.show(form);
    });
  }

  private show(form: HTMLFormElement): void {
    const template = this.totals.get(this.rate(...chosen(form)));
    if (!template) return;
    this.replaceChildren(template.content.cloneNode(true));
    const { expected = "", isTotal = "" } = template.dataset;
    for (const [name, value] of [["expected", expected], ["is_total", isTotal]] as const)
      (form.elements.namedItem(name) as HTMLInputElement).value = value;
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
