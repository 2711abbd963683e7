/**
 * A dialog marks the field that it begins with, and its trap gives that the focus some moments after
 * it was opened. Whoever was quicker and is in another field stays there: the mark goes with the focus.
 */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    const dialog = target instanceof HTMLElement && target.closest('[role="dialog"]');
    if (!dialog) return;
    for (const one of dialog.querySelectorAll("[data-autofocus]")) {
      one.removeAttribute("data-autofocus");
    }
    target.setAttribute("data-autofocus", "true");
  });
}
