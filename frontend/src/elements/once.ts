// A form marked data-once sends once: a second press while it is under way does nothing, the
// button says so, and the page regains its button when the browser comes back to it.

export function release(form: HTMLFormElement): void {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-was]")) {
    button.removeAttribute("aria-disabled");
    const label = button.querySelector("[data-label]");
    if (label) label.innerHTML = button.dataset.was ?? "";
    delete button.dataset.was;
  }
}

/** Mark a form as under way; false when it was already. */
export function hold(form: HTMLFormElement, button: HTMLElement | null): boolean {
  if (form.dataset.sent) return false;
  form.dataset.sent = "1";
  const label = button?.querySelector("[data-label]");
  if (button instanceof HTMLButtonElement && label && button.dataset.busy) {
    button.dataset.was = label.innerHTML;
    label.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  }
  return true;
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || !("once" in form.dataset)) return;
  if (!hold(form, event.submitter)) {
    event.preventDefault();
    return;
  }
  window.setTimeout(() => release(form), 15_000);
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) release(form);
});
