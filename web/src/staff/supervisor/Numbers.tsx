import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { WallShape } from "../../api/schema";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { waited } from "./wall";
import { words } from "./words";

/** The desk in six numbers, as large as they have to be read from across a room. */
export function Numbers({ wall }: { wall: WallShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const sum = (of: "waiting" | "assigned" | "at_risk" | "overdue") =>
    wall.queues.reduce((total, queue) => total + queue[of], 0);
  const more = wall.queues.some((queue) => queue.at_least);
  const counted = (count: number) => (more && count > 0 ? said.atLeast(count) : String(count));
  const since = wall.queues.flatMap((queue) => (queue.oldest ? [queue.oldest] : [])).sort()[0];
  const present = wall.agents.filter((agent) => agent.presence !== "away").length;
  const overdue = sum("overdue");
  const atRisk = sum("at_risk");
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} component="dl" m={0}>
      <One name={said.waiting} value={counted(sum("waiting"))} />
      <One name={said.oldest} value={since ? waited(since, now, language) : "–"} />
      <One name={said.atRisk} value={counted(atRisk)} warns={atRisk > 0} />
      <One name={said.overdue} value={counted(overdue)} warns={overdue > 0} />
      <One name={said.inHand} value={counted(sum("assigned"))} />
      <One name={said.onDuty} value={`${present} / ${wall.agents.length}`} />
    </SimpleGrid>
  );
}

function One({ name, value, warns }: { name: string; value: string; warns?: boolean }) {
  return (
    <Paper withBorder p="sm" component="div">
      <Text component="dt" size="sm">
        {name}
      </Text>
      <Text component="dd" m={0} fz={24} fw={700} {...(warns ? { className: "urgent" } : {})}>
        {value}
      </Text>
    </Paper>
  );
}
