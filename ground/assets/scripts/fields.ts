// What stands in the fields of a form, by name: as it is now, and as the server drew it.

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Values by name; a name without any is ticked nowhere. */
export type Values = Map<string, string[]>;

/** Fields worth keeping: no files, no secrets, none that a script made to go along. */
function controls(form: HTMLFormElement, drawn: boolean): Control[] {
  const all = [...form.querySelectorAll<Control>("input[name], select[name], textarea[name]")];
  return all.filter((control) => {
    if (control.hasAttribute("data-no-keep") || (drawn && control.hasAttribute("data-made"))) return false;
    return !/^(file|submit|button|image|reset|password)$/.test(control.type);
  });
}

function valuesOf(control: Control, drawn: boolean): string[] {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const chosen = options.filter((option) => (drawn ? option.defaultSelected : option.selected));
    // A list of one choice stands at its first when nothing was drawn as chosen.
    return (chosen.length || control.multiple ? chosen : options.slice(0, 1)).map((option) => option.value);
  }
  if (control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type)) {
    return (drawn ? control.defaultChecked : control.checked) ? [control.value] : [];
  }
  return [drawn ? control.defaultValue : control.value];
}

/** What the form holds now, or was drawn with. Questions that are hidden now count too: what was typed there is still there. */
export function read(form: HTMLFormElement, drawn = false): Values {
  const out: Values = new Map();
  for (const control of controls(form, drawn)) {
    out.set(control.name, [...(out.get(control.name) ?? []), ...valuesOf(control, drawn)]);
  }
  return out;
}

/** Puts values into their fields. */
export function write(form: HTMLFormElement, values: Values): void {
  for (const [name, wanted] of values) {
    const found = controls(form, false).filter((control) => control.name === name && control.type !== "hidden");
    found.forEach((control, n) => {
      if (control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type)) control.checked = wanted.includes(control.value);
      else control.value = wanted[n] ?? "";
    });
  }
}

/** What people read in a field that holds these values. */
export function shown(form: HTMLFormElement, name: string, values: string[]): string {
  const found = controls(form, false).filter((control) => control.name === name);
  const label = (value: string): string => {
    for (const control of found) {
      if (control instanceof HTMLSelectElement) {
        const option = [...control.options].find((option) => option.value === value);
        if (option && value) return option.text;
      } else if (control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type) && control.value === value) {
        return control.labels?.[0]?.firstChild?.textContent ?? value;
      }
    }
    return value;
  };
  return values.filter((value) => value !== "").map(label).join("; ");
}

export function same(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((value, n) => value === b[n]);
}

/** The same words, as the server tidies them: blanks joined, a day without its nought. */
export function sameWords(name: string, a: string[], b: string[]): boolean {
  const tidy = (value: string) => {
    const line = value.normalize("NFC").replace(/\s+/g, " ").trim();
    return /\.[dmy]$/.test(name) ? line.replace(/^0+/, "") : line;
  };
  const words = (values: string[]) => values.map(tidy).filter((value) => value !== "");
  return same(words(a), words(b));
}
