import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { Link } from "wouter";
import { useLanguage, useWords } from "../../shared/words";
import { embedded, leave } from "../session/frame";
import { Button } from "./Button";
import { words } from "./words";

/** Whether the page that comes next was gone to, and not come back to. */
let goneTo = false;
// Its router says so of what it does itself, as browsers do not.
window.addEventListener("pushState", () => {
  goneTo = true;
});
window.addEventListener("popstate", () => {
  goneTo = false;
});

/** One column with its title; `back` is where one came from, none on the first page. Whoever goes to
 * it is at its beginning, with what they look at and with what they press. */
export function Page({
  title,
  back,
  children,
}: {
  title: string;
  back?: string;
  children: ReactNode;
}) {
  const said = useWords(words);
  const { language, choose } = useLanguage();
  const [other, name] =
    language === "zh" ? (["en", "English"] as const) : (["zh", "中文"] as const);
  const heading = useRef<HTMLHeadingElement>(null);
  // Before what is on it says where to look.
  useLayoutEffect(() => {
    if (!goneTo) return;
    goneTo = false;
    window.scrollTo(0, 0);
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <header className="top">
        {back !== undefined && (
          <Link href={back} className="button button-quiet" aria-label={said.back}>
            ←
          </Link>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Button kind="quiet" lang={other} onClick={() => choose(other)}>
          {name}
        </Button>
        {embedded && (
          <Button kind="quiet" aria-label={said.close} onClick={leave}>
            ×
          </Button>
        )}
      </header>
      <main>{children}</main>
    </>
  );
}
