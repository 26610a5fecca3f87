// <order-total data-source="/checkout/…/total/"> shows what the order comes to as soon as it is known where it
// goes. <press-when data-name data-value> presses its button once that value is chosen, and hides it.
// Without scripts the form itself is sent for both.

const WHERE = /^(fulfilment|station|place_\d)$/;

class OrderTotal extends HTMLElement {
  private asked = 0;

  connectedCallback(): void {
    this.closest("form")?.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement | HTMLSelectElement;
      if (WHERE.test(field.name)) void this.ask(field.form);
    });
  }

  private async ask(form: HTMLFormElement | null): Promise<void> {
    if (!form) return;
    const asked = ++this.asked;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (WHERE.test(name)) query.set(name, String(value));
    const answer = await fetch(`${this.dataset.source}?${query}`).catch(() => null);
    if (!answer?.ok || asked !== this.asked) return;
    const body = await answer.text();
    if (asked === this.asked) this.innerHTML = body;
  }
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
