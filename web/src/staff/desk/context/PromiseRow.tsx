import type { PromiseShape } from "../../../api/schema";
import { deadline, moment } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { words } from "./words";

type Props = {
  name: string;
  promise: PromiseShape | null | undefined;
  actual: string | null | undefined;
  expected: string | null | undefined;
};

/** One promise against what came of it. */
export function PromiseRow({ name, promise, actual, expected }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  if (!promise) return null;
  return (
    <tr data-verdict={promise.verdict}>
      <th scope="row">{name}</th>
      <td>{promise.due_at ? deadline(promise.due_at, language) : code(promise.basis)}</td>
      <td>
        {actual
          ? moment(actual, language)
          : expected
            ? said.expected(deadline(expected, language))
            : said.notYet}
        {promise.verdict !== "open" && <b> · {code(promise.verdict)}</b>}
      </td>
    </tr>
  );
}
