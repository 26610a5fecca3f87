// <line-state> shows whether the line is up, and what a form on it is waiting for:
//   data-up, data-down, data-sending: the sentences; the element shows one of them.
// Shape and word change together: the attribute `state` (up | down | sending) drives the look.

class LineState extends HTMLElement {
  connectedCallback(): void {
    const show = (state: "up" | "down" | "sending"): void => {
      this.setAttribute("state", state);
      const words = this.querySelector("[data-label]") ?? this;
      const sentence = this.dataset[state];
      if (sentence) words.textContent = sentence;
      this.hidden = state === "up" && !sentence;
    };
    const refresh = (): void => show(navigator.onLine ? "up" : "down");
    window.addEventListener("online", refresh);
    window.addEventListener("offline", refresh);
    this.closest("form")?.addEventListener("submit", (event) => {
      if (!event.defaultPrevented && navigator.onLine) show("sending");
    });
    refresh();
  }
}

customElements.define("line-state", LineState);

export {};
