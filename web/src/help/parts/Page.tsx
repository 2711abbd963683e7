import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { useLanguage, useWords } from "../../shared/words";
import { embedded, leave } from "../session/frame";
import { Button } from "./Button";
import { words } from "./words";

/** One column with its title; `back` is where one came from, none on the first page. */
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
        <h1>{title}</h1>
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
