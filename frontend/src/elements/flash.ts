// <flash-note> can be put away, and is read out when it arrives.

class FlashNote extends HTMLElement {
  connectedCallback(): void {
    const close = this.querySelector<HTMLButtonElement>("[data-close]");
    if (!close) return;
    close.hidden = false;
    close.addEventListener("click", () => this.remove());
  }
}

customElements.define("flash-note", FlashNote);

export {};
