import { Group, Stack, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { Parked } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { Wide } from "../common/Wide";
import { words } from "./words";

const KEY = ["admin", "parked"] as const;

/** Commands and reactions that failed, the newest first; tried again with the same id, so never twice. */
export function Failed() {
  const said = useWords(words);
  const query = usePages(KEY, (cursor) =>
    answer(api.GET("/v1/admin/parked", { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.failed}
      </Title>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Text>{said.noneFailed}</Text>
          ) : (
            <Wide label={said.failed} head={[said.command, said.error, said.at, said.attempts, ""]}>
              {items.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </Stack>
  );
}

function Row({ one }: { one: Parked }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const path = { parked: one.id };
  const again = () => queries.invalidateQueries({ queryKey: KEY });
  const retry = async () => {
    const tried = await answer(api.POST("/v1/admin/parked/{parked}/retry", { params: { path } }));
    const why = [tried.code, tried.detail].filter(Boolean).join(": ") || tried.status;
    notifications.show(
      tried.status === "accepted"
        ? { message: said.done }
        : { message: said.stillNot(why), color: "red" },
    );
    await again();
  };
  const drop = async () => {
    await answer(api.POST("/v1/admin/parked/{parked}/dropping", { params: { path } }));
    await again();
  };
  return (
    <Table.Tr>
      <Table.Td>
        {one.name}
        <Text size="xs" c="dimmed">{`${one.kind} · ${one.origin}`}</Text>
      </Table.Td>
      <Table.Td maw={480} style={{ overflowWrap: "anywhere" }}>
        {one.error}
      </Table.Td>
      <Table.Td>{exactly(one.at, language)}</Table.Td>
      <Table.Td>{one.attempts}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Do label={said.retry} act={retry} variant="default" size="compact-sm" />
          <Confirm
            label={said.drop}
            consequence={said.dropWhat(one.name)}
            act={drop}
            color="red"
            variant="light"
            size="compact-sm"
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
