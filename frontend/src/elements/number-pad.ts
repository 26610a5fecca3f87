// <number-pad data-back="…"> around a number's field: large keys under it, for who finds those of the
// device too small; data-most: so many signs at most, 8 when not said; data-whole: no point. The field stays as it is and can be typed into.

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0"];

class NumberPad extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector(".keys")) return;
    const keys = document.createElement("div");
    keys.className = "keys";
    for (const key of KEYS) {
      if (key === "." && "whole" in this.dataset) keys.append(document.createElement("span"));
      else keys.append(this.key(key, key, () => this.put(input, key)));
    }
    keys.append(
      this.key("\u232b", this.dataset.back ?? "", () => {
        this.write(input, input.value.slice(0, -1));
      }),
    );
    this.append(keys);
  }

  private key(sign: string, label: string, press: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-plain";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", press);
    return button;
  }

  private put(input: HTMLInputElement, key: string): void {
    if (input.value.length >= Number(this.dataset.most ?? 8) || (key === "." && input.value.includes("."))) return;
    this.write(input, input.value + key);
  }

  private write(input: HTMLInputElement, value: string): void {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("number-pad", NumberPad);

export {};
