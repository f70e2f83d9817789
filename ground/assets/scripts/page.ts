// What every page has: focus after a failed send, the dark switch, the toast, minute counters, the end of the session.
import { icon, make } from "./dom";
import { say } from "./words";

/** Focus goes to the summary of faults. */
function focusSummary(): void {
  if ("failed" in document.body.dataset) document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** Light, dark, or as the system says; without a script the links do it. */
function themes(): void {
  const root = document.documentElement;
  const links = document.querySelectorAll<HTMLAnchorElement>("[data-theme-to]");
  const mark = () => {
    for (const link of links) {
      const is = (root.dataset.theme ?? "auto") === link.dataset.themeTo;
      if (is) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const to = link.dataset.themeTo;
      if (to === "auto") delete root.dataset.theme;
      else root.dataset.theme = to;
      // The server keeps the choice; where it led without a script is of no interest.
      fetch(link.href, { redirect: "manual", keepalive: true }).catch(() => undefined);
      mark();
    });
  }
  mark();
}

/** A toast goes after twelve seconds, but not while somebody is at it. */
function toasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>(".toast-place [data-toast]")) {
    const away = () => (toast.matches(":hover, :focus-within") ? setTimeout(away, 3000) : toast.parentElement?.remove());
    setTimeout(away, 12000);
  }
}

/** Minutes left, by the clock of the server. */
function counters(): void {
  const page = Number(document.body.dataset.now ?? 0) * 1000;
  const ahead = page ? Date.now() - page : 0;
  const tick = () => {
    for (const element of document.querySelectorAll<HTMLElement>("[data-until]")) {
      const left = Number(element.dataset.until) * 1000 - (Date.now() - ahead);
      const minutes = Math.ceil(Math.abs(left) / 60000);
      if (Math.abs(left) > 3600000) continue;
      const text = left >= 0 ? say("Còn {0} phút", minutes) : say("Quá {0} phút", minutes);
      if (element.textContent !== text) element.textContent = text;
      if (left < 0) element.closest(".due")?.classList.replace("warn", "bad");
    }
  };
  if (document.querySelector("[data-until]")) {
    tick();
    setInterval(tick, 15000);
  }
}

/** Five minutes before the session ends a notice offers to stay. */
function sessionEnd(): void {
  const minutes = Number(document.body.dataset.sessionMinutes ?? 0);
  if (minutes < 6) return;
  let timer = 0;
  const warn = () => {
    const stay = make("a", { href: "" }, say("Ở lại"));
    const box = make(
      "div",
      { class: "notice warn session-end", role: "status" },
      icon("s-warn"),
      make("div", {}, make("h2", {}, say("Phiên làm việc hết sau 5 phút")), make("p", {}, say("Chữ đã gõ được giữ."), " ", stay)),
    );
    stay.addEventListener("click", async (event) => {
      event.preventDefault();
      const answer = await fetch(document.body.dataset.alive ?? "/con-day", { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) {
        box.remove();
        arm();
      } else location.reload();
    });
    document.querySelector("main")?.prepend(box);
  };
  const arm = () => {
    clearTimeout(timer);
    timer = window.setTimeout(warn, (minutes - 5) * 60000);
  };
  arm();
}

/** Twice a click is one send: the button rests while the form is on its way. */
function oneSend(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    const button = (event as SubmitEvent).submitter;
    button?.setAttribute("aria-busy", "true");
    // Back from the next page the form must work again.
    addEventListener("pageshow", () => {
      delete form.dataset.sending;
      button?.removeAttribute("aria-busy");
    }, { once: true });
    setTimeout(() => {
      delete form.dataset.sending;
      button?.removeAttribute("aria-busy");
    }, 15000);
  });
}

/** Details open for printing. */
function print(): void {
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

/** What a form left on this machine in case it did not arrive goes when the server holds it. */
function arrived(): void {
  try {
    if (sessionStorage.getItem("nhap-da-gui")) void import("./autosave").then((m) => m.settleSent());
    const files = sessionStorage.getItem("tep-da-gui");
    sessionStorage.removeItem("tep-da-gui");
    if (document.querySelector(".problem-page")) return;
    if (files) void import("./shelf").then((m) => (JSON.parse(files) as string[]).forEach((id) => void m.drop(id)));
  } catch {
    // A browser that keeps nothing.
  }
}

/** Signing out takes along what this machine holds of the person. */
function signingOut(): void {
  const form = document.querySelector("form[action$='/dang-xuat']");
  form?.addEventListener("submit", () => void import("./shelf").then((m) => m.forget()));
}

export function startPage(): void {
  document.documentElement.classList.add("js");
  focusSummary();
  themes();
  toasts();
  counters();
  sessionEnd();
  oneSend();
  print();
  arrived();
  signingOut();
  if (document.querySelector("form[data-autosave]")) void import("./autosave").then((m) => m.startAutosave());
  if (document.querySelector("input[data-today]")) void import("./address").then((m) => m.startAddresses());
  if (document.querySelector("fieldset[data-when]")) void import("./questions").then((m) => m.startQuestions());
  if (document.querySelector("[data-upload][data-endpoint]")) void import("./upload").then((m) => m.startUploads());
}
