// Lists refresh themselves, but never under the pointer, under the keyboard, or while something is chosen.
import { showAll } from "./rows";

function isBusy(part: Element): boolean {
  return part.matches(":hover, :focus-within") || part.querySelector("input:checked, tr.at") !== null;
}

async function once(): Promise<void> {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-refresh][id]")];
  if (document.hidden || !navigator.onLine || document.querySelector("dialog[open]") || !parts.some((p) => !isBusy(p))) return;
  const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sprite = document.querySelector(".sprite");
  for (const symbol of fresh.querySelectorAll(".sprite symbol")) {
    if (sprite && !document.getElementById(symbol.id)) sprite.append(document.adoptNode(symbol));
  }
  for (const part of parts) {
    const other = fresh.getElementById(part.id);
    if (other && !isBusy(part) && other.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(other));
  }
  document.title = fresh.title || document.title;
  showAll();
}

export function startRefresh(): void {
  const seconds = Number(document.body.dataset.refreshEvery ?? 0);
  if (seconds >= 2) setInterval(() => void once(), seconds * 1000);
}
