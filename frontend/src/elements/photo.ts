// <photo-drop data-longest="1600"> around a file input: shows the picture that was taken and makes
// it small before it is sent, so that a slow line carries 200 kB and not 8 MB. The server resizes
// and cleans it again whatever arrives.

async function downscale(file: File, longest: number): Promise<File> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
}

class PhotoDrop extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    const preview = this.querySelector("img");
    input?.addEventListener("change", () => void this.chosen(input, preview));
  }

  private async chosen(input: HTMLInputElement, preview: HTMLImageElement | null): Promise<void> {
    const file = input.files?.[0];
    if (!file?.type.startsWith("image/")) return;
    try {
      const small = await downscale(file, Number(this.dataset.longest ?? "1600"));
      const carrier = new DataTransfer();
      carrier.items.add(small);
      input.files = carrier.files;
      if (preview) {
        preview.src = URL.createObjectURL(small);
        preview.hidden = false;
      }
    } catch {
      // A file the browser cannot read goes to the server as it is, which says what is wrong.
    }
  }
}

customElements.define("photo-drop", PhotoDrop);

export {};
