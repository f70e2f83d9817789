// Choosing rows: the whole page, a range with Shift, the bar that says how many.
import { say } from "./words";

function boxes(table: ParentNode): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>("tbody input.check[type=checkbox]")];
}

function show(table: HTMLElement): void {
  const all = boxes(table);
  for (const box of all) {
    const row = box.closest("tr");
    if (box.checked) row?.setAttribute("aria-selected", "true");
    else row?.removeAttribute("aria-selected");
  }
  const chosen = all.filter((box) => box.checked).length;
  const whole = table.querySelector<HTMLInputElement>("[data-pick-all]");
  if (whole) {
    whole.checked = chosen > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
  }
  const bar = table.closest("form")?.querySelector<HTMLElement>("[data-batch]");
  if (bar) {
    bar.hidden = chosen === 0;
    const words = bar.querySelector<HTMLElement>("[data-picked]");
    if (words) words.textContent = (words.dataset.picked ?? say("Đã chọn {0} hồ sơ")).replace("{0}", String(chosen));
  }
}

export function startRows(): void {
  let last: HTMLInputElement | null = null;
  for (const table of document.querySelectorAll<HTMLElement>(".table")) if (table.querySelector("input.check")) show(table);
  document.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    const table = box.closest?.<HTMLElement>(".table");
    if (!table || box.type !== "checkbox") return;
    const all = boxes(table);
    if (box.matches("[data-pick-all]")) for (const other of all) other.checked = box.checked;
    else if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) as [number, number];
      for (const other of all.slice(from, to + 1)) other.checked = box.checked;
    }
    last = box;
    show(table);
  });
}

/** After a soft refresh. */
export function showAll(): void {
  for (const table of document.querySelectorAll<HTMLElement>(".table")) if (table.querySelector("input.check")) show(table);
}
