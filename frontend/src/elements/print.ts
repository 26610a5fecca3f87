// <print-page><button hidden>…</button></print-page>
// Brings the button out and prints the page. Without scripts the browser's own menu does it.

class PrintPage extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

customElements.define("print-page", PrintPage);

export {};
