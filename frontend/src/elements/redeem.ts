// <redeem-code> around the form with a guest's code: redeems at once while there is a line; without one it
// looks the code up among the hashes that this phone keeps, and keeps what it redeemed until it was received.
//   data-key, data-rounds: what the hashes were made with (PBKDF2-HMAC-SHA-256)
//   kept (made here): the page is kept on this phone; data-kept: [{hash, what, from}] of the bookings that are coming; data-worker: the script that keeps the page
// What is kept is one entry for each code: sent again until an answer came, under the id made here.

interface Coming {
  hash: string;
  what: string;
  from: string;
}

interface Kept {
  id: string;
  code: string;
  at: string;
  what: string;
}

interface Answer {
  ok: boolean;
  said: string;
}

const PATIENCE = 15_000;
const AGAIN = 20_000;

class RedeemCode extends HTMLElement {
  private form!: HTMLFormElement;
  private sending = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    this.form = form;
    const worker = this.dataset.worker;
    if (worker && "serviceWorker" in navigator) {
      void navigator.serviceWorker
        .register(worker, { scope: worker.replace(/[^/]*$/, "") })
        .then(keepThisPage)
        .then(() => this.setAttribute("kept", ""))
        .catch(() => undefined);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.redeem();
    });
    const scanned = window.location.hash.slice(1);
    if (/^\d{12}$/.test(scanned)) {
      this.input.value = scanned;
      window.history.replaceState(null, "", window.location.pathname);
    }
    window.addEventListener("online", () => void this.sendAll());
    window.setInterval(() => void this.sendAll(), AGAIN);
    void this.sendAll();
  }

  private get input(): HTMLInputElement {
    return this.form.elements.namedItem("code") as HTMLInputElement;
  }

  private get store(): string {
    return `redeem:${window.location.pathname}`;
  }

  private get kept(): Kept[] {
    try {
      return JSON.parse(localStorage.getItem(this.store) ?? "[]") as Kept[];
    } catch {
      return [];
    }
  }

  private set kept(all: Kept[]) {
    localStorage.setItem(this.store, JSON.stringify(all));
    const waiting = this.querySelector<HTMLElement>(".redeem-waiting");
    if (!waiting) return;
    waiting.hidden = all.length === 0;
    waiting.textContent = `${this.dataset.waiting ?? ""} ${all.map((one) => one.what || one.code.slice(-4)).join(" / ")}`;
  }

  private async redeem(): Promise<void> {
    const code = this.input.value.normalize("NFKC").replace(/\D/g, "");
    if (!isWhole(code)) return this.tell("refused", this.dataset.wrong);
    if (this.kept.some((one) => one.code === code)) return this.tell("waiting", this.dataset.before);
    const entry: Kept = { id: uuid7(), code, at: new Date().toISOString(), what: "" };
    const answer = navigator.onLine ? await this.send(entry) : null;
    if (answer) {
      if (answer.ok) this.input.value = "";
      return this.tell(answer.ok ? "done" : "refused", answer.said);
    }
    await this.keep(entry);
  }

  /** Without a line: what this phone knows of the code decides. */
  private async keep(entry: Kept): Promise<void> {
    const coming = JSON.parse(this.dataset.kept ?? "[]") as Coming[];
    const hash = await slowHash(entry.code, this.dataset.key ?? "", Number(this.dataset.rounds));
    const found = coming.find((one) => one.hash === hash);
    if (hash && !found) return this.tell("refused", this.dataset.unknown);
    if (found && found.from > today()) return this.tell("refused", `${this.dataset.early ?? ""} ${found.what}`);
    this.kept = [...this.kept, { ...entry, what: found?.what ?? "" }];
    this.input.value = "";
    this.tell("done", found ? `${this.dataset.welcome ?? ""} ${found.what}` : this.dataset.unchecked);
  }

  private async sendAll(): Promise<void> {
    this.kept = this.kept.slice();
    if (this.sending || !navigator.onLine) return;
    this.sending = true;
    for (const entry of this.kept) {
      const answer = await this.send(entry);
      if (!answer) break;
      this.kept = this.kept.filter((one) => one.id !== entry.id);
      this.tell(answer.ok ? "done" : "refused", answer.said);
    }
    this.sending = false;
  }

  /** null: no answer came, or not from the house; it is sent again. */
  private async send(entry: Kept): Promise<Answer | null> {
    const body = new URLSearchParams(
      [...new FormData(this.form)].map(([name, value]) => [name, String(value)] as [string, string]),
    );
    body.set("once", entry.id);
    body.set("code", entry.code);
    body.set("at", entry.at);
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { "X-Part": "1" },
        signal: patience.signal,
      });
      if (answer.ok && !answer.redirected) return (await answer.json()) as Answer;
      this.tell("waiting", this.dataset.again);
      return null;
    } catch {
      return null;
    } finally {
      window.clearTimeout(timer);
    }
  }

  private tell(kind: string, sentence: string | undefined): void {
    const told = this.querySelector(".redeem-told");
    if (!told || !sentence) return;
    const said = document.createElement("p");
    said.className = `told told-${kind}`;
    said.textContent = sentence;
    told.replaceChildren(said);
    said.scrollIntoView({ block: "nearest" });
  }
}

/** The first time the worker was not there yet to keep the page and what it is drawn by. */
async function keepThisPage(): Promise<void> {
  const kept = await caches.open("guests");
  const parts = performance
    .getEntriesByType("resource")
    .map((entry) => new URL(entry.name))
    .filter((url) => url.origin === window.location.origin && url.pathname.startsWith("/static/"))
    .map((url) => url.pathname);
  await kept.addAll([window.location.pathname, ...new Set(parts)]);
}

/** ISO/IEC 7064, MOD 11,10 over twelve digits. */
function isWhole(code: string): boolean {
  if (!/^\d{12}$/.test(code)) return false;
  let carry = 10;
  for (const digit of code.slice(0, -1)) {
    carry = (carry + Number(digit)) % 10 || 10;
    carry = (carry * 2) % 11;
  }
  return (11 - carry) % 10 === Number(code.slice(-1));
}

/** "" where the browser cannot compute it: a page without https. */
async function slowHash(code: string, key: string, iterations: number): Promise<string> {
  if (!window.crypto.subtle) return "";
  const text = new TextEncoder();
  const base = await crypto.subtle.importKey("raw", text.encode(code), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: text.encode(key), iterations },
    base,
    256,
  );
  return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function today(): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
}

function uuid7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

customElements.define("redeem-code", RedeemCode);

export {};
