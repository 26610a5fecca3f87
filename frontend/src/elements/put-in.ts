// <put-in> around the form that puts packs in the basket sends it without leaving the page, and shows the
// answer in the form's role=status. What is refused is sent once more the ordinary way, so that the person
// sees the page that says why. Where no answer comes nobody knows whether the packs are in: its <template>
// says so, and nothing is sent again by itself. Without scripts the form leads to the basket.

import { count } from "./count.ts";
import { hold, release } from "./once.ts";

const PATIENCE = 20_000;

class PutIn extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    const told = form?.querySelector<HTMLElement>("[role=status]");
    if (!form || !told) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (hold(form, event.submitter)) void this.send(form, told).finally(() => release(form));
    });
  }

  private async send(form: HTMLFormElement, told: HTMLElement): Promise<void> {
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE);
    const answer = await ask(form, patience.signal).catch(() => null);
    window.clearTimeout(timer);
    if (answer?.elsewhere) return window.location.assign(answer.elsewhere);
    if (answer?.isRefused) return form.submit();
    told.innerHTML = answer?.piece || (this.querySelector("template")?.innerHTML ?? "");
    told.scrollIntoView({ block: "nearest" });
    const packs = told.querySelector<HTMLElement>("[data-packs]")?.dataset.packs;
    if (packs) count(packs);
  }
}

interface Answer {
  elsewhere: string;
  isRefused: boolean;
  piece: string;
}

async function ask(form: HTMLFormElement, signal: AbortSignal): Promise<Answer> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" }, signal });
  return {
    elsewhere: answer.redirected ? answer.url : "",
    isRefused: answer.status >= 400 && answer.status < 500,
    piece: answer.ok ? await answer.text() : "",
  };
}

customElements.define("put-in", PutIn);
