/**
 * As the `ref` of a field that a key has opened: it has the focus before the next key comes, so that
 * what is typed right after is in it.
 */
export function atOnce(field: HTMLInputElement | null): void {
  field?.focus();
}

/** The same for a panel, as its `ref`: the field of it that is marked to begin with. */
export function beginsAtOnce(panel: HTMLElement | null): void {
  panel?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
}
