// <confirm-press data-again="Press again to cancel the order"><button>…</button></confirm-press>
// The first press only asks; the second within six seconds acts. Without scripts the button acts
// at once, so what cannot be taken back asks on a page of its own instead.

class ConfirmPress extends HTMLElement {
  private armed = 0;

  connectedCallback(): void {
    const button = this.querySelector("button");
    const label = button?.querySelector("[data-label]") ?? button;
    if (!button || !label) return;
    label.setAttribute("aria-live", "polite");
    const first = label.textContent ?? "";
    const calm = (): void => {
      this.armed = 0;
      label.textContent = first;
    };
    button.addEventListener("click", (event) => {
      if (this.armed) {
        window.clearTimeout(this.armed);
        return;
      }
      event.preventDefault();
      label.textContent = this.dataset.again ?? first;
      this.armed = window.setTimeout(calm, 6000);
    });
  }
}

customElements.define("confirm-press", ConfirmPress);

export {};
