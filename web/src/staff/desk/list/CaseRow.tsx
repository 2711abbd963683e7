import { Badge, Group, Text } from "@mantine/core";
import { memo } from "react";
import { Link } from "wouter";
import type { ListedShape } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { hrefOf } from "../address";
import { useHasUnsent } from "../composer/leaving";
import { DeskBadge } from "../DeskBadge";
import { useCode } from "../useCode";
import { Clock } from "./Clock";
import { dueNext } from "./dueNext";
import { clockWords, words } from "./words";

type Props = {
  row: ListedShape;
  current: boolean;
  gone: boolean;
  onLook: (row: ListedShape) => void;
};

/** One case: who, about what, what was said last, whose it is, and what happens when. */
export const CaseRow = memo(function CaseRow({ row, current, gone, onLook }: Props) {
  const said = useWords(words);
  const clocks = useWords(clockWords);
  const { language } = useLanguage();
  const code = useCode();
  const due = dueNext(row, clocks, language);
  const { agent, desks } = useSession();
  const unsent = useHasUnsent(agent, row);
  const look = () => onLook(row);
  return (
    <Link
      href={hrefOf(row)}
      className="case-row"
      data-gone={gone || undefined}
      aria-current={current ? "true" : undefined}
      title={gone ? said.gone : undefined}
      onPointerEnter={look}
      onFocus={look}
    >
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm" fw={600} truncate component="span">
          <bdi>{row.name || said.unnamed}</bdi> · {code(row.issue)}
        </Text>
        {row.desk && <DeskBadge desk={row.desk} named={desks.length > 1} />}
      </Group>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="xs" truncate className="last-line" component="span">
          <bdi>{row.said ? (row.said.text ?? said.erased) : code(row.status)}</bdi>
        </Text>
        {row.late && (
          <Badge size="sm" color="red" variant="light" flex="none">
            {said.late}
          </Badge>
        )}
        {unsent && (
          <Badge size="sm" color="red" variant="outline" flex="none">
            {said.notSent}
          </Badge>
        )}
        {row.outside && (
          <Badge size="sm" color="red" variant="filled" autoContrast flex="none">
            {code(row.outside)}
          </Badge>
        )}
      </Group>
      <span className="due">{due && <Clock {...due} />}</span>
    </Link>
  );
});
