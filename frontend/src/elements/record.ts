// <voice-recorder data-seconds="60" …> around a file input: a button that records with the device's
// microphone, plays back what was recorded, and puts it into the input. Without a microphone, or where the
// person does not allow it, the input stays: it takes a file that was recorded elsewhere.

const FORMS = ["audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"];

class VoiceRecorder extends HTMLElement {
  private recorder: MediaRecorder | null = null;
  private timer = 0;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || !("MediaRecorder" in window) || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-done record";
    this.word(button, false);
    button.addEventListener("click", () => {
      if (this.recorder) this.recorder.stop();
      else void this.record(input, button);
    });
    this.prepend(button);
  }

  private async record(input: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      button.hidden = true;
      input.focus();
      return;
    }
    const mimeType = FORMS.find((form) => MediaRecorder.isTypeSupported(form));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 48_000 });
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      window.clearTimeout(this.timer);
      for (const track of stream.getTracks()) track.stop();
      this.recorder = null;
      this.word(button, false);
      this.keep(input, new File(parts, "voice", { type: recorder.mimeType }));
    });
    recorder.start();
    this.recorder = recorder;
    this.word(button, true);
    this.timer = window.setTimeout(() => recorder.stop(), Number(this.dataset.seconds ?? "60") * 1000);
  }

  private keep(input: HTMLInputElement, file: File): void {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    input.files = carrier.files;
    let heard = this.querySelector("audio");
    if (!heard) {
      heard = document.createElement("audio");
      heard.controls = true;
      heard.setAttribute("aria-label", this.dataset.heard ?? "");
      this.append(heard);
    }
    heard.src = URL.createObjectURL(file);
  }

  private word(button: HTMLButtonElement, recording: boolean): void {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.classList.add("sign");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.dataset.signs ?? ""}#${recording ? "stop" : "microphone"}`);
    svg.append(use);
    const words = document.createElement("span");
    words.textContent = (recording ? this.dataset.stop : this.dataset.record) ?? "";
    button.replaceChildren(svg, words);
    button.setAttribute("aria-pressed", String(recording));
  }
}

customElements.define("voice-recorder", VoiceRecorder);

export {};
