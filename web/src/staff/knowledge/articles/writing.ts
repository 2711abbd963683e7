// An article while somebody writes it.
import { newKey } from "../../../api/client";
import type { Article, ArticleShape } from "../../../api/schema";
import { lastDay } from "./Expiry";

/** What is written so far: which article, over which version (0: none yet), and what it says. */
export type Writing = {
  id: string;
  seen: number;
  zhTitle: string;
  zhBody: string;
  enTitle: string;
  enBody: string;
  owner: string;
  source: string;
  issues: string[];
  desks: string[];
  markets: string[];
  /** The last day on which it holds, as a date field has it; empty: no end. */
  end: string;
};

export type Field = keyof Writing;

export function blank(desks: string[]): Writing {
  const id = newKey();
  const texts = { zhTitle: "", zhBody: "", enTitle: "", enBody: "", owner: "", source: "" };
  return { id, seen: 0, ...texts, issues: [], desks, markets: [], end: "" };
}

/** What stands, as it is to be changed; `over` the version that stands now. */
export function written(article: Article, id: string, over: number): Writing {
  return {
    id,
    seen: over,
    zhTitle: article.zh.title,
    zhBody: article.zh.body,
    enTitle: article.en.title,
    enBody: article.en.body,
    owner: article.owner,
    source: article.source ?? "",
    issues: article.issues ?? [],
    desks: article.desks ?? [],
    markets: article.markets ?? [],
    end: article.expires_at ? dateOf(lastDay(article.expires_at)) : "",
  };
}

/** What is to be published. An end that was not touched stays the same to the second. */
export function articleOf(writing: Writing, before: ArticleShape | null): Article {
  const old = before?.article.expires_at ?? null;
  const same = old !== null && dateOf(lastDay(old)) === writing.end;
  return {
    zh: { title: writing.zhTitle.trim(), body: writing.zhBody.trim() },
    en: { title: writing.enTitle.trim(), body: writing.enBody.trim() },
    owner: writing.owner.trim(),
    issues: writing.issues,
    desks: writing.desks,
    markets: writing.markets,
    source: writing.source.trim(),
    expires_at: same ? old : endOf(writing.end),
  };
}

/** Which fields still have to be filled in. */
export function lacking(writing: Writing, ownDesksOnly: boolean): Field[] {
  const texts = ["zhTitle", "zhBody", "enTitle", "enBody", "owner"] as const;
  const found: Field[] = texts.filter((name) => writing[name].trim() === "");
  return ownDesksOnly && writing.desks.length === 0 ? [...found, "desks"] : found;
}

/** The midnight after the last day, in the browser's zone; null for no end. */
function endOf(date: string): string | null {
  if (date === "") return null;
  const begins = new Date(`${date}T00:00:00`);
  begins.setDate(begins.getDate() + 1);
  return begins.toISOString();
}

function dateOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
