// <listen-to data-say="…"><button hidden>…</button></listen-to>: reads a sentence aloud in the page's
// language. Without a voice for it the button stays hidden. data-now: at once, where the browser lets it.

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

function voice(): SpeechSynthesisVoice | undefined {
  const spoken = speechSynthesis.getVoices().filter((one) => one.lang.toLowerCase().startsWith(language));
  return spoken.find((one) => /CN|Hans/.test(one.lang)) ?? spoken.find((one) => one.localService) ?? spoken[0];
}

class ListenTo extends HTMLElement {
  private told = false;

  connectedCallback(): void {
    if (!("speechSynthesis" in window)) return;
    this.querySelector("button")?.addEventListener("click", () => this.say());
    speechSynthesis.addEventListener("voiceschanged", () => this.show());
    this.show();
  }

  private show(): void {
    const button = this.querySelector("button");
    if (!button || !voice()) return;
    button.hidden = false;
    if ("now" in this.dataset && !this.told) this.say();
  }

  private say(): void {
    this.told = true;
    const sentence = new SpeechSynthesisUtterance(this.dataset.say ?? "");
    sentence.lang = language === "zh" ? "zh-CN" : "en";
    sentence.voice = voice() ?? null;
    sentence.rate = 0.9;
    speechSynthesis.cancel();
    speechSynthesis.speak(sentence);
  }
}

customElements.define("listen-to", ListenTo);

export {};
