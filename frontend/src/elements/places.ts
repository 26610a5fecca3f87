// <place-picker data-source="/places/below" data-labels="Province|…"> around selects place_1, place_2 …
// Without scripts a button sends the form and the server shows the next step. With scripts the next
// select appears as soon as the one above it is chosen.

interface Choice {
  code: string;
  name: string;
  level: number;
  latin: string;
}

class PlacePicker extends HTMLElement {
  private asked = 0;

  connectedCallback(): void {
    const next = this.querySelector<HTMLButtonElement>("button[data-next]");
    if (next) next.hidden = true;
    this.addEventListener("change", (event) => {
      const select = event.target;
      if (select instanceof HTMLSelectElement) void this.chosen(select);
    });
    const last = [...this.querySelectorAll("select")].pop();
    if (last?.value) void this.chosen(last); // chosen before this script came
  }

  private async chosen(select: HTMLSelectElement): Promise<void> {
    const asked = ++this.asked;
    const field = select.closest<HTMLElement>(".field");
    if (!field) return;
    while (field.nextElementSibling) field.nextElementSibling.remove();
    if (!select.value) return;
    const answer = await fetch(`${this.dataset.source}?code=${encodeURIComponent(select.value)}`);
    if (!answer.ok || asked !== this.asked) return;
    const { choices } = (await answer.json()) as { choices: Choice[] };
    if (choices.length) field.after(this.step(field, choices));
  }

  /** The field of the next step, made after the one above it. */
  private step(above: HTMLElement, choices: Choice[]): HTMLElement {
    const field = above.cloneNode(true) as HTMLElement;
    const select = field.querySelector("select") as HTMLSelectElement;
    const label = field.querySelector("label") as HTMLLabelElement;
    const number = Number(select.dataset.step) + 1;
    const stem = select.name.replace(/_\d+$/, "");
    select.dataset.step = String(number);
    select.name = `${stem}_${number}`;
    select.id = `f-${stem}-${number}`;
    label.htmlFor = select.id;
    label.textContent = (this.dataset.labels ?? "").split("|")[(choices[0]?.level ?? 1) - 1] ?? "";
    select.length = 1;
    const chinese = document.documentElement.lang.startsWith("zh");
    for (const { code, name, latin } of choices) select.add(new Option(chinese ? name : `${latin} ${name}`, code));
    select.value = "";
    return field;
  }
}

customElements.define("place-picker", PlacePicker);

export {};
