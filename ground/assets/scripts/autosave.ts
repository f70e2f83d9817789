// Nothing typed is lost: what was typed in a form with data-autosave="/address" is kept by the server a second after the last key. Only that
// is sent, with the input data-sheet, by which the server knows what this page has seen: what was changed elsewhere since stays as it is, and
// both texts are shown. What the server does not hold yet is kept on this machine until it has answered, or its own page shows it.
import { csrf, icon, make } from "./dom";
import { read, same, sameWords, shown, type Values, write } from "./fields";
import * as shelf from "./shelf";
import { hour, say } from "./words";

type Kept = { at: string; fields: [string, string[]][] };
/** A question that was answered otherwise elsewhere since this page was drawn. */
type Dispute = { question: string; held: [string, string][]; at: string; version: number };

/** Where a form on its way is noted, with its page, until the server's own page has shown what it holds. */
const SENT = "nhap-da-gui";
const AFTER = 1200;
const AGAIN = 20000;
const WEEK = 7 * 86400000;

const keyOf = (address: string) => `nhap:${address}`;

/** The copy of a form on this machine. */
function copyOf(address: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(address)) ?? "null") as Kept | null;
    if (!kept || !Array.isArray(kept.fields) || !kept.fields.length || Date.now() - Date.parse(kept.at) > WEEK) return null;
    return kept;
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

function putCopy(address: string, fields: Values): void {
  try {
    const kept: Kept = { at: new Date().toISOString(), fields: [...fields] };
    if (fields.size) localStorage.setItem(keyOf(address), JSON.stringify(kept));
    else localStorage.removeItem(keyOf(address));
  } catch {
    // A full or forbidden store: the words are still in the page.
  }
}

/** Takes out of the copy what the server holds now; answers what is left. */
function release(address: string, held: Values): Kept | null {
  const kept = copyOf(address);
  const left = (kept?.fields ?? []).filter(([name, values]) => {
    // An address for which its present form was chosen is held in that form, and nothing is asked about it any more.
    const chosen = kept?.fields.find(([other]) => other === `nay.${name}`)?.[1][0] ?? "giu";
    const anew = chosen !== "giu" && !held.has(`nay.${name}`) && held.get(name)?.some((value) => value !== "");
    return !name.startsWith("nay.") && !anew && !sameWords(name, values, held.get(name) ?? []);
  });
  if (!kept || left.length === 0) {
    putCopy(address, new Map());
    return null;
  }
  if (left.length < kept.fields.length) putCopy(address, new Map(left));
  return { at: kept.at, fields: left };
}

class Draft {
  private timer = 0;
  private busy = false;
  /** What the server has answered to hold, where the page was drawn otherwise. */
  private readonly held: Values = new Map();
  /** What this page has put on this machine. */
  private readonly copied: Values = new Map();
  /** Names that wait for the person's choice, with where they are asked. */
  private readonly disputed = new Map<string, HTMLElement>();
  /** Questions whose other text was seen, with the version of the draft it stood in. */
  private readonly seen = new Map<string, number>();
  /** A send that waits for the line. */
  private waiting: { by: HTMLElement | null } | null = null;
  private readonly line: HTMLElement | null;
  private strip: HTMLElement | null = null;

  constructor(private readonly form: HTMLFormElement, private readonly address: string) {
    this.line = document.querySelector("[data-saved]");
    this.line?.append(" ", make("span", {}, say("Mất mạng không mất chữ đã gõ.")));
    this.offerKept();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.sending(event));
    form.addEventListener("formdata", (event) => this.mark(event.formData));
    addEventListener("online", () => void this.online());
    addEventListener("offline", () => this.offline());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && void this.save());
    if (!navigator.onLine) this.offline();
  }

  /** What was typed here and the server has not answered to hold. */
  private typed(): Values {
    const [now, drawn] = [read(this.form), read(this.form, true)];
    const out: Values = new Map();
    for (const [name, values] of now) {
      if (!same(values, this.held.get(name) ?? drawn.get(name) ?? [])) out.set(name, values);
    }
    // An address and how it is written today are one answer.
    for (const name of [...out.keys()]) {
      const other = name.startsWith("nay.") ? name.slice(4) : `nay.${name}`;
      const values = now.get(other);
      if (values) out.set(other, values);
    }
    return out;
  }

  /** The same without what waits for a choice. */
  private pending(): Values {
    return new Map([...this.typed()].filter(([name]) => !this.disputed.has(name)));
  }

  /** Says of a form that goes which of its fields were typed in here: of the others the server keeps what it holds. */
  private mark(body: FormData): void {
    body.append("chi-nhung", "");
    for (const name of new Set([...this.held.keys(), ...this.typed().keys()])) body.append("chi-nhung", name);
    for (const [question, version] of this.seen) body.append(`da-xem.${question}`, String(version));
  }

  private body(pending: Values): URLSearchParams {
    const body = new URLSearchParams();
    const sheet = this.form.querySelector<HTMLInputElement>("input[data-sheet]");
    if (sheet) body.append(sheet.name, sheet.value);
    for (const [name, values] of pending) {
      body.append("chi-nhung", name);
      for (const value of values) body.append(name, value);
    }
    for (const [question, version] of this.seen) body.append(`da-xem.${question}`, String(version));
    return body;
  }

  private later(): void {
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
    const pending = this.pending();
    if (this.busy || pending.size === 0) return;
    if (!navigator.onLine) return this.keepHere();
    this.busy = true;
    this.say("turn", say("Đang lưu…"));
    const body = this.body(pending).toString();
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRF": csrf(), Accept: "application/json" },
        redirect: "error",
      });
      if (answer.status === 401 || answer.status === 403) {
        this.waiting = null;
        this.keepHere();
        this.say("off", say("Phiên đã hết. Chữ đã gõ còn trên máy này."), true);
        const next = encodeURIComponent(location.pathname + location.search);
        const door = this.form.dataset.signIn ?? "/dang-nhap";
        this.line?.append(" ", make("a", { href: `${door}?next=${next}` }, say("Đăng nhập lại")));
      } else if (answer.status === 409) {
        const told = (await answer.json()) as { type?: string; disputes?: Dispute[] };
        if (told.disputes) this.dispute(told.disputes, pending);
        else if (told.type === "/api#objection") this.filedElsewhere(pending);
        else throw new Error(told.type);
      } else if (!answer.ok) throw new Error(String(answer.status));
      else {
        this.acknowledged(pending);
        this.say("check", say("Đã lưu nháp lúc {0}", hour()));
        this.form.dispatchEvent(new CustomEvent("kept", { detail: body }));
        if (this.pending().size) this.later();
      }
    } catch {
      this.keepHere();
      // The next try comes by itself, also without another key.
      this.timer = window.setTimeout(() => void this.save(), AGAIN);
    } finally {
      this.busy = false;
    }
    this.goOn();
  }

  /** The server has answered that it holds these. */
  private acknowledged(values: Values): void {
    for (const [name, value] of values) this.held.set(name, value);
    const [kept, typed] = [copyOf(this.address), this.typed()];
    if (!kept) return;
    const left = kept.fields.filter(([name, value]) => {
      const [held, copied] = [values.get(name), this.copied.get(name)];
      if (!held || same(value, held)) return !held;
      // Words typed since, and those of another tab, stay.
      return typed.has(name) || !copied || !same(value, copied);
    });
    putCopy(this.address, new Map(left));
  }

  /** Sent as a dossier from another tab: nothing can be changed any more, and nothing asks again. */
  private filedElsewhere(pending: Values): void {
    this.waiting = null;
    this.acknowledged(pending);
    putCopy(this.address, new Map());
    this.say("off", say("Hồ sơ này đã nộp ở nơi khác. Tải lại trang để xem."), true);
  }

  /** Shows both texts of what was answered otherwise elsewhere; the rest is held. */
  private dispute(disputes: Dispute[], pending: Values): void {
    this.waiting = null;
    const names = new Set(disputes.flatMap((dispute) => dispute.held.map(([name]) => name)));
    this.acknowledged(new Map([...pending].filter(([name]) => !names.has(name))));
    for (const dispute of disputes) this.ask(dispute);
    this.keepHere();
    this.say("info", say("Có ô vừa được ghi khác ở nơi khác. Chọn chữ để giữ."), true);
  }

  private ask(dispute: Dispute): void {
    const first = (name: string) => this.form.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`);
    const held: Values = new Map();
    for (const [name, value] of dispute.held) held.set(name, first(name)?.type === "checkbox" ? value.split("\n") : [value]);
    const field = first(dispute.held[0]?.[0] ?? "");
    if (!field) return;
    const now = read(this.form);
    const text = (values: Values) =>
      [...held.keys()].map((name) => shown(this.form, name, values.get(name) ?? [])).filter(Boolean).join("/") || say("để trống");
    const theirs = make("button", { type: "button", class: "btn btn-s" }, say("Lấy chữ ở nơi kia"));
    const mine = make("button", { type: "button", class: "btn btn-s" }, say("Giữ chữ ở đây"));
    const box = make(
      "div",
      { class: "notice warn", role: "alert" },
      icon("info"),
      make(
        "div",
        {},
        make("p", {}, make("b", {}, say("Ô trên được ghi khác lúc {0}, ở một trang hay máy khác.", hour(new Date(dispute.at))))),
        make("p", {}, say("Ở nơi kia: {0}", text(held))),
        make("p", {}, say("Ở đây: {0}", text(now))),
        make("p", { class: "row" }, theirs, mine),
      ),
    );
    const chosen = () => {
      for (const name of held.keys()) this.disputed.delete(name);
      this.seen.set(dispute.question, dispute.version);
      box.remove();
      this.form.dispatchEvent(new CustomEvent("kept-put"));
      field.focus();
      this.later();
    };
    theirs.addEventListener("click", () => {
      write(this.form, held);
      // What stands there now is what the draft holds.
      const values = read(this.form);
      this.forget(held.keys());
      for (const name of held.keys()) this.held.set(name, values.get(name) ?? []);
      chosen();
    });
    mine.addEventListener("click", chosen);
    for (const name of held.keys()) {
      this.disputed.get(name)?.remove();
      this.disputed.set(name, box);
    }
    (field.closest("fieldset.field") ?? field.closest(".field") ?? field).after(box);
  }

  /** The person wants these words no more. */
  private forget(names: Iterable<string>): void {
    const [gone, kept] = [new Set(names), copyOf(this.address)];
    if (kept) putCopy(this.address, new Map(kept.fields.filter(([name]) => !gone.has(name))));
  }

  /** A copy of what was typed, beside what another page has kept here. */
  private copy(): void {
    const words = this.words();
    if (words.size === 0) return;
    putCopy(this.address, new Map([...(copyOf(this.address)?.fields ?? []), ...words]));
    for (const [name, values] of words) this.copied.set(name, values);
  }

  /** What was typed and not sent of what the person sees. */
  private words(): Values {
    return new Map([...this.typed()].filter(([name]) => this.form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`)));
  }

  private keepHere(): void {
    this.copy();
    this.say("off", say("Chưa lưu lên máy chủ, còn trên máy này"), true);
    this.showStrip();
  }

  private leave(): void {
    const pending = this.pending();
    if (pending.size === 0 || this.form.dataset.sending) return;
    this.copy();
    this.note();
    const body = this.body(pending);
    body.append("csrf", csrf());
    if (navigator.onLine) navigator.sendBeacon(this.address, body);
  }

  /** Whether a form arrived, the next page of ours asks. */
  private note(): void {
    try {
      const all = JSON.parse(sessionStorage.getItem(SENT) ?? "[]") as [string, string][];
      const others = all.filter(([address]) => address !== this.address);
      sessionStorage.setItem(SENT, JSON.stringify([...others, [this.address, location.pathname]]));
    } catch {
      // A browser that keeps nothing.
    }
  }

  private sending(event: SubmitEvent): void {
    clearTimeout(this.timer);
    // If the answer never comes, what was sent is still here.
    this.copy();
    if (!navigator.onLine) {
      event.preventDefault();
      this.waiting = { by: event.submitter };
      this.say("off", say("Có mạng lại là tự gửi. Đừng đóng trang này."), true);
      return;
    }
    this.note();
  }

  /** Sends what waited for the line, once the server holds every word of it. */
  private goOn(): void {
    if (!this.waiting || !navigator.onLine || this.busy || this.typed().size) return;
    const { by } = this.waiting;
    this.waiting = null;
    if (by) by.click();
    else this.form.requestSubmit();
  }

  private offline(): void {
    if (this.pending().size) this.keepHere();
    this.showStrip();
    for (const button of this.form.querySelectorAll<HTMLElement>("button.btn-primary span")) {
      button.dataset.was ??= button.textContent ?? "";
      button.textContent = say("Gửi khi có mạng");
    }
  }

  private async online(): Promise<void> {
    this.strip?.remove();
    this.strip = null;
    for (const button of this.form.querySelectorAll<HTMLElement>("button.btn-primary span[data-was]")) {
      button.textContent = button.dataset.was ?? "";
      delete button.dataset.was;
    }
    await this.save();
    this.goOn();
  }

  private showStrip(): void {
    if (navigator.onLine) return;
    const filled = [...this.words().values()].filter((values) => values.some((value) => value.trim() !== "")).length;
    const text = say("Bạn cứ điền tiếp, {0} ô đang giữ trên máy này và tự gửi khi có mạng.", filled);
    if (this.strip?.lastElementChild) {
      this.strip.lastElementChild.textContent = text;
      return;
    }
    const since = make("b", {}, say("Đang mất mạng từ {0}.", hour()));
    this.strip = make("div", { class: "offline", role: "status" }, icon("off"), since, make("span", {}, text));
    document.body.prepend(this.strip);
  }

  /** Words on this machine that the server's page does not show are offered, never put in by force. */
  private offerKept(): void {
    const kept = release(this.address, read(this.form, true));
    // Where the page itself asks which of two texts to keep, it is asked once.
    const isAsked = (name: string) => this.form.querySelector(`[name="${CSS.escape(`chon.${name.replace(/\.[dmy]$/, "")}`)}"]`) !== null;
    const fields = kept?.fields.filter(([name]) => !isAsked(name)) ?? [];
    if (!kept || fields.length === 0) return;
    const take = make("button", { type: "button", class: "btn btn-s" }, say("Lấy lại"));
    const drop = make("button", { type: "button", class: "btn btn-s btn-plain" }, say("Bỏ đi"));
    const text = say("Trên máy này còn bản chưa gửi, giữ lúc {0}.", hour(new Date(kept.at)));
    const box = make("div", { class: "notice" }, icon("info"), make("div", {}, make("p", {}, text), make("p", { class: "row" }, take, drop)));
    take.addEventListener("click", () => {
      write(this.form, new Map(fields));
      this.form.dispatchEvent(new CustomEvent("kept-put"));
      box.remove();
      this.later();
    });
    drop.addEventListener("click", () => {
      this.forget(fields.map(([name]) => name));
      box.remove();
    });
    this.form.before(box);
  }
}

/** Asks the server for the page of each form that went: words and files it shows need not stay on this machine. */
export async function settleSent(): Promise<void> {
  let sent: [string, string][] = [];
  try {
    sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]") as [string, string][];
    sessionStorage.removeItem(SENT);
  } catch {
    // A browser that keeps nothing.
  }
  for (const [address, path] of sent) {
    const files = await shelf.waiting(path);
    // The page itself offers what it does not show.
    if (path === location.pathname || !(copyOf(address) || files.length)) continue;
    const answer = await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector<HTMLFormElement>(`form[data-autosave="${CSS.escape(address)}"]`);
    if (!form) continue;
    release(address, read(form, true));
    for (const file of files) {
      const id = file.url.split("/").pop() ?? "";
      if (id && form.querySelector(`[value="${CSS.escape(id)}"]`)) void shelf.drop(file.id);
    }
  }
}

export function startAutosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) new Draft(form, form.dataset.autosave ?? "");
}
