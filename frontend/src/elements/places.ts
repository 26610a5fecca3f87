// <place-picker data-source="/places/below" data-labels="Province|…"> around selects place_1, place_2 …
// Without scripts a button sends the form and the server shows the next step. With scripts the next
// select appears as soon as the one above it is chosen. A province's answer brings its counties with it,
// and a place that has nothing below it says so: neither is asked for again.

interface Choice {
  code: string;
  name: string;
  level: number;
  more: boolean;
  latin: string;
}

interface Steps {
  code: string;
  choices: Choice[];
  below: Record<string, Choice[]>;
}

/** What lies below a place, by its code, as far as this page has learnt it. */
const known = new Map<string, Choice[]>();

function learn(above: string, choices: Choice[]): void {
  known.set(above, choices);
  for (const choice of choices) if (!choice.more) known.set(choice.code, []);
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
    const choices = await this.below(select.value);
    if (asked === this.asked && choices.length) field.after(this.step(field, choices));
  }

  /** The choices below a place: none too while the line is down, and then they are asked for anew. */
  private async below(code: string): Promise<Choice[]> {
    if (!known.has(code)) {
      const answer = await fetch(`${this.dataset.source}?code=${encodeURIComponent(code)}`).catch(() => null);
      if (!answer?.ok) return [];
      const { choices, below } = (await answer.json()) as Steps;
      learn(code, choices);
      for (const [above, counties] of Object.entries(below)) learn(above, counties);
    }
    return known.get(code) ?? [];
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
