// Files on their way stay on this machine until the server has them all, so that a page that is loaded again goes on by itself.
// Nothing stays longer than a day, nor after signing out.

const NAME = "tep-dang-gui";
const DAY = 86400000;

/** A file on its way. */
export type Waiting = { id: string; path: string; name: string; file: File; url: string; at: number };

function open(): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => void asked.result.createObjectStore("tep", { keyPath: "id" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => done(null);
    } catch {
      // A browser that keeps nothing: the person chooses the file again.
      done(null);
    }
  });
}

async function act<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  const db = await open();
  if (!db) return null;
  try {
    return await new Promise<T | null>((done) => {
      const asked = work(db.transaction("tep", mode).objectStore("tep"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    });
  } catch {
    return null;
  } finally {
    db.close();
  }
}

export async function keep(waiting: Waiting): Promise<void> {
  await act("readwrite", (store) => store.put(waiting));
}

export async function drop(id: string): Promise<void> {
  await act("readwrite", (store) => store.delete(id));
}

/** What waits for this page, oldest first; what is too old is dropped. */
export async function waiting(path: string): Promise<Waiting[]> {
  const all = ((await act("readonly", (store) => store.getAll())) ?? []) as Waiting[];
  for (const one of all) if (Date.now() - one.at > DAY) await drop(one.id);
  return all.filter((one) => one.path === path && Date.now() - one.at <= DAY).sort((a, b) => a.at - b.at);
}

/** Notes that a form is sending this one along; the next page drops it, unless it is an error page. */
export function sent(id: string): void {
  try {
    const all = JSON.parse(sessionStorage.getItem("tep-da-gui") ?? "[]") as string[];
    sessionStorage.setItem("tep-da-gui", JSON.stringify([...all, id]));
  } catch {
    // A browser that keeps nothing.
  }
}

/** Nothing of this person stays on the machine. */
export function forget(): void {
  try {
    for (const key of Object.keys(localStorage)) if (/^(nhap:|tus::)/.test(key)) localStorage.removeItem(key);
    indexedDB.deleteDatabase(NAME);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
