// A form with data-live is kept by the server at every change and drawn anew, so that what follows from an answer is seen at once.
// Without this script its buttons do the same.
import { isTyping } from "./dom";

const TYPED = 350;
const KEPT = 1500;

class Live {
  private timer = 0;
  private busy = false;
  private again = false;
  private sent = "";
  private began = 0;

  constructor(private readonly main: HTMLElement) {
    this.sent = this.text();
    this.watch();
    main.addEventListener("change", (event) => this.changed(event));
    main.addEventListener("input", (event) => this.typed(event));
    main.addEventListener("paste", (event) => {
      if ((event.target as HTMLElement).matches("[data-live-now]")) setTimeout(() => void this.send(), 0);
    });
    // A scanner ends what it types with Enter.
    main.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !target.matches("form[data-live] input:not([type=submit])")) return;
      event.preventDefault();
      void this.send();
    });
    // What opens below the fold of a column comes into sight.
    main.addEventListener("click", (event) => {
      const opened = (event.target as Element).closest("summary")?.parentElement;
      if (opened) requestAnimationFrame(() => opened.scrollIntoView({ block: "nearest" }));
    });
    addEventListener("pagehide", () => this.leave());
    setInterval(() => this.tick(), 500);
    this.first();
  }

  private get form(): HTMLFormElement | null {
    return this.main.querySelector("form[data-live]");
  }

  private fields(): URLSearchParams {
    const out = new URLSearchParams();
    if (this.form) for (const [name, value] of new FormData(this.form)) if (typeof value === "string") out.append(name, value);
    return out;
  }

  private text(): string {
    return this.fields().toString();
  }

  private mine(target: EventTarget | null): boolean {
    const control = target as HTMLInputElement | null;
    return control?.form === this.form && !!control?.name;
  }

  private changed(event: Event): void {
    if (this.mine(event.target)) void this.send();
  }

  /** Words to search for are answered while they are typed; everything else is kept quietly. */
  private typed(event: Event): void {
    if (!this.mine(event.target)) return;
    this.began ||= Date.now();
    clearTimeout(this.timer);
    const target = event.target as HTMLElement;
    const after = target.matches("[data-live-typed], [data-live-now]") ? TYPED : KEPT;
    this.timer = window.setTimeout(() => void this.send(), after);
  }

  private async send(): Promise<void> {
    clearTimeout(this.timer);
    const form = this.form;
    const text = this.text();
    if (!form || text === this.sent) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const body = new URLSearchParams(text);
    body.append("viec", "tu-dong");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      // Another page than this one: signed out, received in another tab, taken up by a colleague.
      if (!fresh?.querySelector("form[data-live]")) {
        if (answer.ok && answer.redirected) location.href = answer.url;
        return;
      }
      this.sent = text;
      // More was typed meanwhile: the answer is old, ask again.
      if (this.text() !== text) this.again = true;
      else this.draw(page, fresh, answer.url);
    } catch {
      // The words are still in the page; the next change, or the button, sends them.
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        void this.send();
      }
    }
  }

  private draw(page: Document, fresh: HTMLElement, url: string): void {
    // The drawings that the new words need.
    const sprite = page.querySelector("svg.sprite");
    if (sprite) document.querySelector("svg.sprite")?.replaceWith(sprite);
    const at = document.activeElement as HTMLInputElement | null;
    const [id, start, end] = [at?.id ?? "", caret(at, "selectionStart"), caret(at, "selectionEnd")];
    const open = [...this.main.querySelectorAll("details")].map((d) => d.open);
    this.main.replaceChildren(...fresh.childNodes);
    this.main.querySelectorAll("details").forEach((d, n, all) => {
      if (all.length === open.length && open[n]) d.open = true;
    });
    if (new URL(url).origin === location.origin && url !== location.href) history.replaceState(null, "", url);
    const next = this.form?.dataset.next;
    const from = id ? document.getElementById(id) : null;
    // A card was read: the next key picks a procedure.
    const to = next && from?.matches("[data-live-now]") ? document.getElementById(next) : from;
    to?.focus({ preventScroll: true });
    if (to === from && start !== null && from instanceof HTMLInputElement) from.setSelectionRange(start, end);
    this.sent = this.text();
    this.watch();
  }

  private leave(): void {
    if (!this.form || this.text() === this.sent || this.form.dataset.sending) return;
    const body = this.fields();
    body.append("viec", "tu-dong");
    navigator.sendBeacon(this.form.action, body);
  }

  private watch(): void {
    const timer = this.main.querySelector<HTMLElement>("[data-pace]");
    if (timer?.dataset.running !== undefined) this.began = Date.now() - Number(timer.dataset.pace) * 1000;
  }

  /** Seconds at the counter, beside the aim. */
  private tick(): void {
    const timer = this.main.querySelector<HTMLElement>("[data-pace]");
    if (!timer || !this.began) return;
    const seconds = Math.max(0, Math.floor((Date.now() - this.began) / 1000));
    const two = (n: number) => String(n).padStart(2, "0");
    timer.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    const bar = this.main.querySelector("[data-pace-bar]");
    bar?.setAttribute("width", String(Math.min(60, seconds) * 3));
    if (seconds > 60) {
      timer.classList.add("warn-text");
      bar?.setAttribute("fill", "var(--warn-solid)");
    }
  }

  private first(): void {
    // After a failed send the summary has the focus.
    if ("failed" in document.body.dataset || isTyping(document.activeElement)) return;
    const next = this.form?.dataset.next;
    const to = next ? document.getElementById(next) : this.main.querySelector<HTMLElement>("form[data-live] [data-first]");
    to?.focus({ preventScroll: true });
  }
}

function caret(at: HTMLInputElement | null, which: "selectionStart" | "selectionEnd"): number | null {
  try {
    return at instanceof HTMLInputElement ? at[which] : null;
  } catch {
    return null;
  }
}

export function startLive(): void {
  const main = document.getElementById("main");
  if (main?.querySelector("form[data-live]")) new Live(main);
}
