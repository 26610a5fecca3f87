// <live-basket> around the basket: another number of packs is sent by itself a moment after the last press, and
// the answer takes the page's place, so that no sum stands beside a number that it does not count. Who goes on
// to the checkout before that is held until it is in. Where no answer comes its <template> says so, the forms'
// own buttons are there again, and the checkout is held still; without scripts the buttons are all there is.

import { count } from "./count.ts";

const MOMENT = 500;
const PATIENCE = 20_000;

class LiveBasket extends HTMLElement {
  private readonly waiting = new Map<HTMLFormElement, number>();
  private underWay: Promise<boolean> = Promise.resolve(true);

  connectedCallback(): void {
    this.hideButtons(true);
    this.addEventListener("change", (event) => {
      const form = (event.target as HTMLElement).closest("form");
      if (!form) return;
      window.clearTimeout(this.waiting.get(form));
      this.waiting.set(form, window.setTimeout(() => void this.flush(), MOMENT));
    });
    this.addEventListener("submit", () => this.forget());
    this.addEventListener("click", (event) => {
      const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[href]");
      if (!link || !this.waiting.size) return;
      event.preventDefault();
      void this.flush().then((isIn) => isIn && window.location.assign(link.href));
    });
  }

  /** Send what waits, one after another; whether all of it is in. What got no answer waits on. */
  private flush(): Promise<boolean> {
    const forms = [...this.waiting.keys()];
    this.forget();
    this.underWay = this.underWay.then(async () => {
      let answer = "";
      for (const form of forms) {
        answer = await sent(form).catch(() => "");
        if (!answer.includes("<live-basket")) return this.wait(forms);
      }
      return this.show(answer);
    });
    return this.underWay;
  }

  private forget(): void {
    for (const timer of this.waiting.values()) window.clearTimeout(timer);
    this.waiting.clear();
  }

  private wait(forms: HTMLFormElement[]): boolean {
    for (const form of forms) if (!this.waiting.has(form)) this.waiting.set(form, 0);
    this.hideButtons(false);
    const told = this.querySelector("[role=status]");
    if (told) told.innerHTML = this.querySelector("template")?.innerHTML ?? "";
    told?.scrollIntoView({ block: "nearest" });
    return false;
  }

  /** The answer in the page's place, unless more was changed meanwhile; whether it is one without refusals. */
  private show(answer: string): boolean {
    const page = new DOMParser().parseFromString(answer, "text/html");
    const fresh = page.querySelector("live-basket");
    if (!fresh || this.waiting.size) return Boolean(fresh);
    const focused = document.activeElement;
    const at = [...this.querySelectorAll("input, button")].indexOf(focused as HTMLElement);
    this.replaceChildren(...document.adoptNode(fresh).childNodes);
    this.hideButtons(true);
    if (at >= 0) this.querySelectorAll<HTMLElement>("input, button")[at]?.focus();
    count(page.querySelector('.head-link[href$="/basket/"] .count')?.textContent ?? "");
    return !this.querySelector(".errors");
  }

  private hideButtons(hidden: boolean): void {
    for (const button of this.querySelectorAll<HTMLElement>("[data-change]")) button.hidden = hidden;
  }
}

async function sent(form: HTMLFormElement): Promise<string> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  return answer.text();
}

customElements.define("live-basket", LiveBasket);

export {};
