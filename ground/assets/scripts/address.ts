// An address written the old way: how it is written today is asked at once, when the form has been kept. The question is the server's own, from
// the same page; without this script the page comes again with it.

/** Where the question about a field stands. */
function placeOf(input: HTMLInputElement): HTMLElement {
  const field = input.closest(".field") ?? input;
  const next = field.nextElementSibling;
  if (next instanceof HTMLElement && next.dataset.todayOf === input.id) return next;
  const place = document.createElement("div");
  place.dataset.todayOf = input.id;
  place.setAttribute("aria-live", "polite");
  field.after(place);
  const shown = document.getElementById(input.dataset.today ?? "");
  if (shown) place.append(shown);
  return place;
}

async function ask(inputs: HTMLInputElement[]): Promise<void> {
  const changed = inputs.filter((input) => input.value !== input.dataset.asked);
  if (changed.length === 0) return;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const input of changed) {
    const kept = page.getElementById(input.id);
    // More was typed meanwhile, or what was chosen is kept already.
    if (!(kept instanceof HTMLInputElement) || kept.value !== input.value) continue;
    input.dataset.asked = input.value;
    const question = page.getElementById(input.dataset.today ?? "");
    placeOf(input).replaceChildren(...(question ? [question] : []));
  }
}

export function startAddresses(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) {
    const inputs = [...form.querySelectorAll<HTMLInputElement>("input[data-today]")];
    if (inputs.length === 0) continue;
    for (const input of inputs) {
      input.dataset.asked = input.value;
      placeOf(input);
    }
    // Nothing is lost when the line is cut: sent without the question, the page comes again with it.
    form.addEventListener("kept", () => void ask(inputs).catch(() => undefined));
  }
}
