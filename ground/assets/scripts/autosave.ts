// Nothing typed is lost: a form with data-autosave="/address" is kept by the server a second after the last key; when that fails it is
// kept on this machine, and sent when the network is back.
import { csrf, icon, make } from "./dom";
import { hour, say } from "./words";

type Fields = [string, string][];
type Kept = { at: string; fields: Fields };

/** Where the key of a form on its way is noted until the next page has come. */
export const SENT = "nhap-da-gui";

const AFTER = 1200;

class Draft {
  private timer = 0;
  private busy = false;
  private dirty = false;
  private seen: string;
  private readonly key: string;
  private readonly line: HTMLElement | null;
  private strip: HTMLElement | null = null;

  constructor(private readonly form: HTMLFormElement, private readonly address: string) {
    this.key = `nhap:${address}`;
    this.line = document.querySelector("[data-saved]");
    this.seen = this.text();
    this.offerKept();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.sending());
    addEventListener("online", () => this.online());
    addEventListener("offline", () => this.offline());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && void this.save());
    if (!navigator.onLine) this.offline();
  }

  /** The fields worth keeping: no files, no secrets, no marks of ours. On this machine also no hidden ones: only what was typed. */
  private fields(typed = false): Fields {
    const out: Fields = [];
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value !== "string" || name === "csrf" || name === "lan") continue;
      const element = this.form.elements.namedItem(name);
      if (element instanceof HTMLElement && element.hasAttribute("data-no-keep")) continue;
      if (typed && !this.form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`)) continue;
      out.push([name, value]);
    }
    return out;
  }

  private text(): string {
    return new URLSearchParams(this.fields()).toString();
  }

  private later(): void {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), AFTER);
  }

  private say(mark: string, text: string, warn = false): void {
    if (!this.line) return;
    this.line.classList.toggle("warn-text", warn);
    this.line.replaceChildren(icon(mark, mark === "check" ? "ok-text" : ""), " ", make("span", {}, text));
  }

  private async save(): Promise<void> {
    clearTimeout(this.timer);
    const text = this.text();
    if (this.busy || text === this.seen) return;
    if (!navigator.onLine) return this.keepHere();
    this.busy = true;
    this.say("turn", say("Đang lưu…"));
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body: text,
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRF": csrf(), Accept: "application/json" },
        redirect: "error",
      });
      if (answer.status === 401 || answer.status === 403) {
        this.keepHere();
        this.say("off", say("Phiên đã hết. Chữ đã gõ còn trên máy này."), true);
        const next = encodeURIComponent(location.pathname + location.search);
        const door = this.form.dataset.signIn ?? "/dang-nhap";
        this.line?.append(" ", make("a", { href: `${door}?next=${next}` }, say("Đăng nhập lại")));
      } else if (answer.status === 409) {
        // Sent from another tab: nothing is kept here any more, and nothing asks again.
        this.seen = text;
        this.dirty = false;
        localStorage.removeItem(this.key);
        this.say("off", say("Hồ sơ này đã nộp ở nơi khác. Tải lại trang để xem."), true);
      } else if (!answer.ok) throw new Error(String(answer.status));
      else {
        this.seen = text;
        this.dirty = text !== this.text();
        localStorage.removeItem(this.key);
        this.say("check", say("Đã lưu nháp lúc {0}", hour()));
        this.form.dispatchEvent(new CustomEvent("kept", { detail: text }));
      }
    } catch {
      this.keepHere();
      // The next try comes by itself, also without another key.
      this.timer = window.setTimeout(() => void this.save(), 20000);
    } finally {
      this.busy = false;
    }
    if (this.dirty && navigator.onLine) this.later();
  }

  private keepHere(): void {
    const kept: Kept = { at: new Date().toISOString(), fields: this.fields(true) };
    try {
      if (kept.fields.length) localStorage.setItem(this.key, JSON.stringify(kept));
      this.say("off", say("Chưa lưu lên máy chủ, còn trên máy này"), true);
    } catch {
      // A full or forbidden store: the words are still in the page.
    }
    this.showStrip();
  }

  private leave(): void {
    const text = this.text();
    if (text === this.seen || this.form.dataset.sending) return;
    const body = new URLSearchParams(this.fields());
    body.append("csrf", csrf());
    if (!navigator.onLine || !navigator.sendBeacon(this.address, body)) this.keepHere();
  }

  private sending(): void {
    clearTimeout(this.timer);
    // If the answer never comes, what was sent is still here.
    try {
      const fields = this.fields(true);
      if (fields.length) localStorage.setItem(this.key, JSON.stringify({ at: new Date().toISOString(), fields } satisfies Kept));
      sessionStorage.setItem(SENT, this.key);
    } catch {
      // as above
    }
  }

  private offline(): void {
    this.keepHere();
    for (const button of this.form.querySelectorAll<HTMLElement>("button.btn-primary span")) {
      button.dataset.was ??= button.textContent ?? "";
      button.textContent = say("Gửi khi có mạng");
    }
  }

  private online(): void {
    this.strip?.remove();
    this.strip = null;
    for (const button of this.form.querySelectorAll<HTMLElement>("button.btn-primary span[data-was]")) {
      button.textContent = button.dataset.was ?? "";
      delete button.dataset.was;
    }
    this.seen = "";
    void this.save();
  }

  private showStrip(): void {
    if (navigator.onLine || this.strip) return;
    const filled = this.fields(true).filter(([, value]) => value.trim() !== "").length;
    this.strip = make(
      "div",
      { class: "offline", role: "status" },
      icon("off"),
      make("b", {}, say("Đang mất mạng từ {0}.", hour())),
      make("span", {}, say("Bạn cứ điền tiếp, {0} ô đang giữ trên máy này và tự gửi khi có mạng.", filled)),
    );
    document.body.prepend(this.strip);
  }

  /** A copy on this machine that the server has not seen is offered, never put in by force. */
  private offerKept(): void {
    let kept: Kept | null = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key) ?? "null") as Kept | null;
    } catch {
      kept = null;
    }
    if (!kept || Date.now() - Date.parse(kept.at) > 7 * 86400000) return void localStorage.removeItem(this.key);
    const same = new URLSearchParams(kept.fields).toString() === new URLSearchParams(this.fields(true)).toString();
    const sent = document.querySelector(".problem") !== null;
    if (same || sent) return void localStorage.removeItem(this.key);
    const take = make("button", { type: "button", class: "btn btn-s" }, say("Lấy lại"));
    const drop = make("button", { type: "button", class: "btn btn-s btn-plain" }, say("Bỏ đi"));
    const text = say("Trên máy này còn bản chưa gửi, giữ lúc {0}.", hour(new Date(kept.at)));
    const box = make("div", { class: "notice" }, icon("info"), make("div", {}, make("p", {}, text), make("p", { class: "row" }, take, drop)));
    take.addEventListener("click", () => {
      this.put(kept.fields);
      box.remove();
      this.later();
    });
    drop.addEventListener("click", () => {
      localStorage.removeItem(this.key);
      box.remove();
    });
    this.form.before(box);
  }

  private put(fields: Fields): void {
    const names = new Set(fields.map(([name]) => name));
    for (const name of names) {
      const values = fields.filter(([n]) => n === name).map(([, v]) => v);
      const found = this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`);
      found.forEach((element, n) => {
        if (element instanceof HTMLInputElement && (element.type === "radio" || element.type === "checkbox")) {
          element.checked = values.includes(element.value);
        } else if (!(element instanceof HTMLInputElement && (element.type === "hidden" || element.type === "file"))) {
          element.value = values[n] ?? values[0] ?? "";
        }
      });
    }
    this.form.dispatchEvent(new CustomEvent("kept-put"));
  }
}

export function startAutosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) new Draft(form, form.dataset.autosave ?? "");
}
