import { Badge, Text } from "@mantine/core";
import type { ListedShape } from "../../api/schema";
import { ahead, exactly } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { dueNext } from "../desk/list/dueNext";
import { clockWords, words } from "../desk/list/words";

const NEAR_MS = 15 * 60_000;

/** When the next clock of a case runs out, whose it is and what happens then. */
export function Due({ row }: { row: ListedShape }) {
  const said = useWords(clockWords);
  const { late } = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const due = dueNext(row, said, language);
  if (due === null) return null;
  const near = new Date(due.at).getTime() - now < NEAR_MS;
  return (
    <>
      <Text
        component="time"
        size="sm"
        display="block"
        dateTime={due.at}
        title={exactly(due.at, language)}
        className={near ? "due urgent" : "due"}
      >
        {ahead(due.at, now, language)}
      </Text>
      <Text size="xs" c="dimmed">
        {due.what}
      </Text>
      {row.late && (
        <Badge size="sm" color="red" variant="light">
          {late}
        </Badge>
      )}
    </>
  );
}
