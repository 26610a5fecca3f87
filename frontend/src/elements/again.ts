// <look-again data-href="/orders/…/?back=2" data-seconds="3" data-state="waiting"> asks quietly whether
// the page has changed, and opens it once it has: nothing moves under the reader's eyes meanwhile.
// Without scripts the browser itself opens the address again.

class LookAgain extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.wait(this.dataset.href);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
  }

  private wait(href: string | undefined): void {
    if (!href) return;
    this.timer = window.setTimeout(() => void this.look(href), Number(this.dataset.seconds) * 1000);
  }

  private async look(href: string): Promise<void> {
    const answer = await fetch(href).catch(() => null);
    if (!answer?.ok) return this.wait(href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.querySelector<HTMLElement>("look-again");
    if (there && there.dataset.state === this.dataset.state) this.wait(there.dataset.href);
    else window.location.replace(href);
  }
}

customElements.define("look-again", LookAgain);

export {};
