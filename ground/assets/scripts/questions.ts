// Questions that an answer opens: shown at once. What is hidden is also switched off, so that it is neither sent nor asked.
// Without this script the page comes again with the new questions.

function value(form: HTMLFormElement, name: string): string[] {
  const out: string[] = [];
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`)) {
    if (control.matches(":disabled")) continue;
    if (control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type) && !control.checked) continue;
    out.push(control.value);
  }
  return out;
}

function show(form: HTMLFormElement): void {
  // In the order of the page: a question may depend on one that was just shown.
  for (const part of form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-when]")) {
    const wanted = (part.dataset.is ?? "").split("|");
    const is = value(form, part.dataset.when ?? "").some((v) => wanted.includes(v));
    part.hidden = !is;
    part.disabled = !is;
  }
  const seen = form.querySelector<HTMLInputElement>("[data-seen]");
  if (!seen) return;
  // Questions that depend on another page stand in the field from the start.
  const here = [...form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-when]")];
  const others = seen.value.split(" ").filter((id) => id && !here.some((part) => part.dataset.question === id));
  seen.value = [...others, ...here.filter((part) => !part.disabled).map((part) => part.dataset.question ?? "")].join(" ");
}

export function startQuestions(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form")) {
    if (!form.querySelector("fieldset[data-when]")) continue;
    // A browser that comes back puts answers in again before this runs.
    show(form);
    addEventListener("pageshow", () => show(form));
    form.addEventListener("change", () => show(form));
    form.addEventListener("kept-put", () => show(form));
  }
}
