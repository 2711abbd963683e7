// A month's statement, page by page, and all of it as a file.
import { useInfiniteQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { Line } from "../../api/schema";

export type Asked = { party: string; currency: string; since: string; until: string };

const LIMIT = 100;
const MARK = "\ufeff";

export function useStatement(asked: Asked) {
  return useInfiniteQuery({
    queryKey: ["statement", asked],
    enabled: asked.currency !== "",
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(asked, pageParam),
    getNextPageParam: (last) => last.lines.next ?? undefined,
  });
}

/** All lines of the month, read page by page; `read` hears how many there are so far. */
export async function everyLine(asked: Asked, read: (count: number) => void): Promise<Line[]> {
  const lines: Line[] = [];
  let cursor: string | undefined;
  do {
    const { lines: found } = await page(asked, cursor);
    lines.push(...found.items);
    read(lines.length);
    cursor = found.next ?? undefined;
  } while (cursor);
  return lines;
}

/** For a spreadsheet: one row a line, amounts as decimal numbers. */
export function csvOf(lines: readonly Line[], currency: string): Blob {
  const digits = digitsOf(currency);
  const head = ["at", "account", "cause", "reason", "order", "remedy", "amount", "currency"];
  const rows = lines.map((line) => [
    line.at,
    line.account,
    line.cause,
    line.reason,
    line.order ?? "",
    String(line.remedy ?? ""),
    (line.minor / 10 ** digits).toFixed(digits),
    currency,
  ]);
  const text = [head, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
  return new Blob([MARK, text, "\r\n"], { type: "text/csv" });
}

export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function page({ party, ...query }: Asked, cursor: string | undefined) {
  return answer(
    api.GET("/v1/desk/parties/{party}/statement", {
      params: {
        path: { party },
        query: { ...query, limit: LIMIT, ...(cursor ? { cursor } : {}) },
      },
    }),
  );
}

function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** A word that a spreadsheet would take for a formula is told to be a word. */
function quoted(word: string): string {
  const safe = /^[=+@\t\r]/.test(word) || /^-[^0-9]/.test(word) ? `'${word}` : word;
  return `"${safe.replaceAll('"', '""')}"`;
}
