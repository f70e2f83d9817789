// Keys for officers. Single letters can be switched off (WCAG 2.1.4); every key only presses what is on the page.
import { isTyping, make } from "./dom";
import { say } from "./words";

const OFF = "phim-chu-tat";

/** The rows that J and K walk through. */
function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("table[data-keys] tbody tr[data-href]")];
}

function at(): HTMLTableRowElement | null {
  return document.querySelector("table[data-keys] tr.at");
}

function go(step: number): void {
  const all = rows();
  if (!all.length) return;
  const here = at();
  const next = here ? all[Math.min(all.length - 1, Math.max(0, all.indexOf(here) + step))]! : all[step > 0 ? 0 : all.length - 1]!;
  here?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector<HTMLAnchorElement>("a[href]")?.focus({ preventScroll: true });
}

/** Whatever on the page asks to be pressed by this key. */
function press(key: string): boolean {
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    if (element.dataset.key?.toLowerCase() !== key || element.getAttribute("aria-disabled") === "true") continue;
    if (!element.getClientRects().length) continue;
    if (element instanceof HTMLInputElement && element.type !== "radio" && element.type !== "checkbox") element.focus();
    else element.click();
    return true;
  }
  return false;
}

function isOff(): boolean {
  return localStorage.getItem(OFF) === "1";
}

/** All keys of this page. */
function list(): void {
  const dialog = make("dialog", { class: "keys-dialog", "aria-label": say("Mọi phím") });
  const lines = make("dl");
  const line = (keys: string[], text: string) => {
    const dt = make("dt");
    for (const key of keys) dt.append(make("kbd", {}, key), " ");
    lines.append(dt, make("dd", {}, text));
  };
  if (document.querySelector("table[data-keys]")) {
    line(["J", "K"], say("xuống, lên trong danh sách"));
    line(["X"], say("chọn dòng"));
    line(["Enter"], say("mở dòng"));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const text = element.querySelector("span")?.textContent ?? element.textContent ?? "";
    const label = element instanceof HTMLInputElement ? (element.labels?.[0]?.querySelector("span")?.textContent ?? "") : text;
    line((element.dataset.key ?? "").split("+").map((k) => k.charAt(0).toUpperCase() + k.slice(1)), label.trim());
  }
  line(["/"], say("tìm"));
  line(["G", "H"], say("về hồ sơ của quầy"));
  line(["Esc"], say("đóng, ra khỏi ô"));
  line(["?"], say("bảng phím này"));
  const toggle = make("button", { type: "button", class: "btn" }, isOff() ? say("Bật phím chữ") : say("Tắt phím chữ"));
  const close = make("button", { type: "button", class: "btn btn-primary" }, say("Đóng"));
  toggle.addEventListener("click", () => {
    localStorage.setItem(OFF, isOff() ? "0" : "1");
    dialog.close();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(make("h2", {}, say("Mọi phím")), lines, make("p", { class: "row" }, close, toggle));
  document.body.append(dialog);
  dialog.showModal();
}

let afterG = 0;

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (press("ctrl+enter")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) (event.target as HTMLElement).blur();
    else at()?.classList.remove("at");
    return;
  }
  if (isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "?") {
    event.preventDefault();
    return list();
  }
  if (isOff()) return;
  let done = true;
  if (key === "/") document.querySelector<HTMLElement>("#find-q")?.focus();
  else if (key === "g") afterG = Date.now();
  else if (key === "h" && Date.now() - afterG < 1500) location.href = "/can-bo";
  else if (press(key)) done = true;
  else if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (key === "x") at()?.querySelector<HTMLInputElement>("input.check")?.click();
  else if (key === "enter" && at() && !(event.target as HTMLElement).closest("a, button")) location.href = at()!.dataset.href ?? "";
  else done = false;
  if (done) event.preventDefault();
}

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
}
