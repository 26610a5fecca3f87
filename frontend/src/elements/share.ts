// <share-link data-address="…" data-done="…"><button hidden>…</button></share-link>
// Brings the button out: it opens the phone's own ways to share, or copies the address where there are none.
// Without scripts the address stands there to be copied by hand.

class ShareLink extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button || !("share" in navigator || "clipboard" in navigator)) return;
    button.hidden = false;
    button.addEventListener("click", () => void this.share(button));
  }

  private async share(button: HTMLButtonElement): Promise<void> {
    const url = this.dataset.address ?? "";
    try {
      if ("share" in navigator) await navigator.share({ title: document.title, url });
      else await (navigator as Navigator).clipboard.writeText(url);
    } catch {
      return; // called off by its reader, or not allowed: the address stands above
    }
    (button.querySelector("span") ?? button).textContent = this.dataset.done ?? "";
  }
}

customElements.define("share-link", ShareLink);

export {};
