// <quantity-stepper><span class="stepper"><input type="number" min max step></span></quantity-stepper>
// Adds a button on either side of a plain number input. Words come from data-less / data-more.

class QuantityStepper extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const less = this.button(this.dataset.less ?? "−", "minus");
    const more = this.button(this.dataset.more ?? "+", "plus");
    const refresh = (): void => {
      less.disabled = input.min !== "" && Number(input.value) <= Number(input.min);
      more.disabled = input.max !== "" && Number(input.value) >= Number(input.max);
    };
    const step = (up: boolean): void => {
      if (up) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    less.addEventListener("click", () => step(false));
    more.addEventListener("click", () => step(true));
    input.addEventListener("input", refresh);
    input.before(less);
    input.after(more);
    refresh();
  }

  private button(label: string, sign: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", label);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.classList.add("sign");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.dataset.signs ?? ""}#${sign}`);
    svg.append(use);
    button.append(svg);
    return button;
  }
}

customElements.define("quantity-stepper", QuantityStepper);

export {};
