// Files one by one over a line that may break: tus goes on where it stopped. Size, progress and checksum are shown.
import { Upload } from "tus-js-client";
import { looksBlurred } from "./blur";
import { badge, csrf, icon, make } from "./dom";
import * as shelf from "./shelf";
import { say, size } from "./words";

/** Small enough that a slow line gets on, large enough not to wait for each answer. */
const CHUNK = 512 * 1024;

/** Files on their way; a form that is sent meanwhile waits for them. */
const underWay = new Set<Line>();
let waitingSend: { form: HTMLFormElement; by: HTMLElement | null } | null = null;

function settled(line: Line, well: boolean): void {
  underWay.delete(line);
  // A file that was refused must be seen before the page goes.
  if (!well) waitingSend = null;
  if (underWay.size || !waitingSend) return;
  const { form, by } = waitingSend;
  waitingSend = null;
  if (by) by.click();
  else form.submit();
}

function hold(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (!underWay.size || by?.hasAttribute("formaction")) return;
    event.preventDefault();
    waitingSend = { form, by };
    const line = document.querySelector("[data-saved]");
    line?.replaceChildren(icon("turn"), " ", make("span", {}, say("Đang gửi tệp, xong thì tự sang trang.")));
    (line as HTMLElement | null)?.scrollIntoView({ block: "nearest" });
  });
}

class Line {
  readonly row: HTMLLIElement;
  private readonly meta = make("span", { class: "meta" });
  private readonly bar: HTMLProgressElement;
  private readonly side = make("div", { class: "row" });
  private upload: Upload | null = null;
  private began = 0;
  private from = 0;
  private remoteSum = "";
  private blurred = false;
  /** The line is gone for a moment. */
  private held = false;

  /** `before` is a file that was on its way when the page went. */
  constructor(
    private readonly box: HTMLElement,
    private readonly file: File,
    private readonly endpoint: string,
    private readonly name: string,
    private readonly before?: shelf.Waiting,
  ) {
    this.bar = make("progress", { max: "100", value: "0", "aria-label": say("Đang gửi {0}", file.name) });
    this.row = make("li", {}, icon("file", "i-file"), make("div", {}, make("b", {}, file.name), this.meta, this.bar), this.side);
  }

  start(max: number): void {
    if (this.file.size === 0) return this.refuse(say("Tệp này rỗng. Chọn lại tệp có nội dung."));
    if (this.file.size > max) {
      return this.refuse(say("Tệp này {0}, tối đa {1}. Chụp lại ở cỡ nhỏ hơn.", size(this.file.size), size(max)));
    }
    const waiting: shelf.Waiting = this.before ?? {
      id: `${location.pathname} ${this.name} ${Date.now()} ${Math.random()}`,
      path: location.pathname,
      name: this.name,
      file: this.file,
      url: "",
      at: Date.now(),
    };
    this.shelved = waiting.id;
    const kept = this.before ? Promise.resolve() : shelf.keep(waiting);
    void looksBlurred(this.file).then((blurred) => {
      if (!blurred) return;
      this.blurred = true;
      const text = say("Ảnh có vẻ mờ. Xem lại, nếu không đọc được chữ thì chụp lại.");
      this.bar.parentElement?.append(make("span", { class: "meta warn-text" }, icon("s-warn"), ` ${text}`));
    });
    underWay.add(this);
    this.upload = new Upload(this.file, {
      endpoint: this.endpoint,
      chunkSize: CHUNK,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      headers: { "X-CSRF": csrf(), Accept: "application/json" },
      metadata: { filename: this.file.name, filetype: this.file.type, field: this.name },
      removeFingerprintOnSuccess: true,
      // The same file for two papers is two uploads.
      fingerprint: () =>
        Promise.resolve(["tus", location.pathname, this.name, this.file.name, this.file.size, this.file.lastModified].join("::")),
      onUploadUrlAvailable: () => {
        waiting.url = this.upload?.url ?? "";
        void kept.then(() => shelf.keep(waiting));
      },
      onAfterResponse: (_, answer) => {
        this.remoteSum = answer.getHeader("X-SHA256") ?? this.remoteSum;
      },
      onProgress: (sent, total) => this.progress(sent, total),
      onSuccess: () => void this.done(),
      onShouldRetry: (error) => {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        if (status === 0) this.wait();
        return status === 0 || status === 409 || status === 423 || status >= 500;
      },
      onError: (error) => {
        const answer = "originalResponse" in error ? error.originalResponse : null;
        // Too much waits already: what is asked for may be done meanwhile, and then the file goes.
        const again = !answer || answer.getStatus() === 429;
        if (!again) void shelf.drop(waiting.id);
        this.refuse(reason(answer?.getBody()) || say("Máy chủ không nhận tệp này."), again);
      },
    });
    this.going();
    this.progress(0, this.file.size);
    if (waiting.url) {
      this.upload.url = waiting.url;
      this.upload.start();
      return;
    }
    void this.upload.findPreviousUploads().then((before) => {
      const known = before[0];
      if (known) this.upload?.resumeFromPreviousUpload(known);
      this.began = 0;
      this.upload?.start();
    });
  }

  /** What came before the page went, when the server's page does not show it yet. */
  private shelved = "";

  private progress(sent: number, total: number): void {
    if (!this.began) {
      this.began = performance.now();
      this.from = sent;
    }
    if (this.held) this.going();
    this.bar.value = total ? (sent * 100) / total : 0;
    const speed = (sent - this.from) / Math.max(1, performance.now() - this.began);
    const left = speed > 0 ? Math.ceil((total - sent) / speed / 1000) : 0;
    const about = left > 90 ? say("{0} phút", Math.ceil(left / 60)) : say("{0} giây", left);
    this.meta.textContent =
      left > 1 ? say("{0} trên {1}, còn khoảng {2}", size(sent), size(total), about) : say("{0} trên {1}", size(sent), size(total));
  }

  private async done(): Promise<void> {
    const here = await digest(this.file);
    const sum = this.remoteSum || here;
    if (here && this.remoteSum && here !== this.remoteSum) {
      return this.refuse(say("Mã kiểm không khớp, tệp bị hỏng trên đường. Gỡ rồi gửi lại."));
    }
    this.bar.remove();
    this.meta.textContent = size(this.file.size);
    if (sum) this.meta.append(` · ${say("mã kiểm")} `, make("span", { class: "mono" }, `${sum.slice(0, 4)} ${sum.slice(4, 8)}`));
    const id = this.id();
    const hidden = make("input", { type: "hidden", name: `${this.name}.id`, value: id, "data-made": "" });
    this.row.append(hidden);
    if (this.blurred) this.row.append(make("input", { type: "hidden", name: `${this.name}.mo`, value: id, "data-made": "" }));
    const form = this.row.closest("form");
    // From the moment the form has it, the server's own page shows it.
    form?.addEventListener("kept", (event) => {
      if ((event as CustomEvent<string>).detail.includes(id)) void shelf.drop(this.shelved);
    });
    // A form that is kept while it is typed is asked for once more instead.
    if (!form?.dataset.autosave) form?.addEventListener("submit", () => shelf.sent(this.shelved));
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
    this.tell("ok", say("Đã nhận đủ"), this.button(say("Gỡ"), () => this.remove()));
    settled(this, true);
  }

  private wait(): void {
    if (this.held) return;
    this.held = true;
    this.tell("hold", say("Đang đợi mạng"), this.button(say("Dừng"), () => this.pause()));
    addEventListener("online", () => this.held && this.resume(), { once: true });
  }

  private going(): void {
    this.held = false;
    this.tell("run", say("Đang gửi"), this.button(say("Dừng"), () => this.pause()));
  }

  private pause(): void {
    this.held = false;
    settled(this, false);
    void this.upload?.abort();
    this.tell("hold", say("Dừng"), this.button(say("Gửi tiếp"), () => this.resume()));
  }

  private resume(): void {
    this.began = 0;
    underWay.add(this);
    this.going();
    // Whatever it waited for is over: one sender, not two.
    void this.upload?.abort().then(() => this.upload?.start());
  }

  private refuse(why: string, again = false): void {
    this.bar.remove();
    this.meta.className = "meta bad-text";
    this.meta.textContent = why;
    const acts = [this.button(say("Gỡ"), () => this.remove())];
    if (again) acts.unshift(this.button(say("Gửi tiếp"), () => this.resume()));
    this.tell("bad", say("Chưa nhận"), ...acts);
    settled(this, false);
  }

  private id(): string {
    return this.upload?.url?.split("/").pop() ?? "";
  }

  private remove(): void {
    void shelf.drop(this.shelved);
    const [id, at] = [this.id(), this.box.dataset.remove];
    // The form may have it already; then it is taken out there.
    if (id && at && this.row.querySelector("input[type=hidden]")) {
      const body = new URLSearchParams({ tep: id });
      void fetch(at, { method: "POST", body, headers: { "X-CSRF": csrf() }, redirect: "manual" }).catch(() => undefined);
    }
    void this.upload?.abort(true).catch(() => undefined);
    const form = this.row.closest("form");
    settled(this, true);
    this.row.remove();
    form?.dispatchEvent(new Event("change", { bubbles: true }));
    const list = this.box.querySelector<HTMLElement>(".files");
    if (list && !list.children.length) list.hidden = true;
    this.box.querySelector<HTMLElement>("input[type=file]")?.focus();
  }

  private tell(status: string, text: string, ...acts: HTMLElement[]): void {
    this.side.replaceChildren(badge(status, text), ...acts);
  }

  private button(text: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: "btn btn-plain btn-s" }, text, make("span", { class: "sr" }, ` ${this.file.name}`));
    button.addEventListener("click", act);
    return button;
  }
}

/** What the server said, in words. */
function reason(body: string | undefined): string {
  try {
    const problem = JSON.parse(body ?? "") as { title?: string; detail?: string; errors?: { message: string }[] };
    return problem.errors?.[0]?.message ?? problem.detail ?? problem.title ?? "";
  } catch {
    return "";
  }
}

/** SHA-256 of a file, when the browser may reckon it (only over TLS or on this machine). */
async function digest(file: File): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  try {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

export function startUploads(): void {
  const before = shelf.waiting(location.pathname);
  const forms = [...document.querySelectorAll("[data-upload][data-endpoint]")].map((box) => box.closest("form"));
  for (const form of new Set(forms)) if (form) hold(form);
  for (const box of document.querySelectorAll<HTMLElement>("[data-upload][data-endpoint]")) {
    const input = box.querySelector<HTMLInputElement>("input[type=file]");
    const list = box.querySelector<HTMLElement>(".files");
    const drop = box.querySelector<HTMLElement>(".drop");
    if (!input || !list) continue;
    const name = box.dataset.name ?? input.name;
    const add = (file: File, before?: shelf.Waiting) => {
      const line = new Line(box, file, box.dataset.endpoint ?? "", name, before);
      list.append(line.row);
      list.hidden = false;
      line.start(Number(box.dataset.max) || Infinity);
    };
    const take = (files: FileList | null) => {
      for (const file of files ?? []) add(file);
    };
    void before.then((all) => {
      for (const one of all) {
        if (one.name !== name) continue;
        const id = one.url.split("/").pop() ?? "";
        // The form took it as the page went.
        if (id && box.querySelector(`[value="${CSS.escape(id)}"]`)) void shelf.drop(one.id);
        else add(one.file, one);
      }
    });
    input.addEventListener("change", () => {
      take(input.files);
      // The file goes by tus; it must not be sent a second time with the form.
      input.value = "";
    });
    drop?.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop?.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop?.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      take(event.dataTransfer?.files ?? null);
    });
  }
}
