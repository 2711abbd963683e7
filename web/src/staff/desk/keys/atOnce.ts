/**
 * As the `ref` of a field that a key has opened: it has the focus before the next key comes, so that
 * what is typed right after is in it.
 */
export function atOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
