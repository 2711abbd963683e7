import { Group, NativeSelect, Stack, Table, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { DeliveryShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { useUndo } from "../common/undo";
import { Wide } from "../common/Wide";
import { useWhere } from "./where";
import { words } from "./words";

/** What goes there, goes on while one looks. */
export const AGAIN_MS = 4_000;

export const STATUSES = ["waiting", "taken", "failed"] as const;
type Status = (typeof STATUSES)[number];

/** What went or goes to an endpoint, each to be sent again. */
export function Deliveries({
  webhook,
  failed,
  waiting,
}: {
  webhook: string;
  failed: string;
  /** How many wait; "0" where none can be sent. */
  waiting: string;
}) {
  const said = useWords(words);
  const { base } = useWhere();
  const queries = useQueryClient();
  const tell = useUndo();
  const [status, setStatus] = useState<Status | "">("");
  const query = usePages(
    ["admin", "webhook", webhook, "deliveries", status],
    (cursor) =>
      answer(
        api.GET(`${base}/{webhook}/deliveries`, {
          params: {
            path: { webhook },
            query: { ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) },
          },
        }),
      ),
    AGAIN_MS,
  );
  const replay = async (delivery: string | null) => {
    const body = { delivery, since: null, failed: delivery === null };
    const path = { webhook };
    const { count } = await answer(
      api.POST(`${base}/{webhook}/replay`, { params: { path }, body }),
    );
    tell(said.replayed(count));
    await queries.invalidateQueries({ queryKey: ["admin", "webhook", webhook] });
  };
  const sendNow = async (delivery: string | null) => {
    const path = { webhook };
    const { count, at_least } = await answer(
      api.POST(`${base}/{webhook}/send-now`, { params: { path }, body: { delivery } }),
    );
    tell(said.sentNow(at_least ? `${count}+` : `${count}`));
    await queries.invalidateQueries({ queryKey: ["admin", "webhook", webhook] });
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.deliveries}
      </Title>
      <Group align="flex-end">
        <NativeSelect
          label={said.only}
          value={status}
          onChange={(event) =>
            setStatus(STATUSES.find((one) => one === event.currentTarget.value) ?? "")
          }
          data={[
            { value: "", label: said.all },
            ...STATUSES.map((one) => ({ value: one, label: said[one] })),
          ]}
        />
        {waiting !== "0" && (
          <Confirm
            label={said.sendAllNow}
            consequence={said.sendAllNowWhat}
            act={() => sendNow(null)}
            variant="default"
          />
        )}
        {failed !== "0" && (
          <Confirm
            label={said.replayFailed}
            consequence={said.replayFailedWhat(failed)}
            act={() => replay(null)}
            variant="default"
          />
        )}
      </Group>
      <Asked query={query}>
        {(deliveries) =>
          deliveries.length === 0 ? (
            <Text>{said.noDeliveries}</Text>
          ) : (
            <Wide
              label={said.deliveries}
              head={[said.topic, said.at, said.state, said.attempts, said.answered, ""]}
            >
              {deliveries.map((one) => (
                <Row
                  key={one.id}
                  one={one}
                  sends={waiting !== "0"}
                  onReplay={() => replay(one.id)}
                  onSendNow={() => sendNow(one.id)}
                />
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </Stack>
  );
}

function Row({
  one,
  sends,
  onReplay,
  onSendNow,
}: {
  one: DeliveryShape;
  sends: boolean;
  onReplay: () => Promise<void>;
  onSendNow: () => Promise<void>;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <Table.Tr>
      <Table.Td>{one.topic}</Table.Td>
      <Table.Td>{exactly(one.at, language)}</Table.Td>
      <Table.Td>
        {said[one.status]}
        {one.next_at && (
          <Text size="xs" c="dimmed">
            {said.nextAt(exactly(one.next_at, language))}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{one.attempts}</Table.Td>
      <Table.Td maw={320} style={{ overflowWrap: "anywhere" }}>
        {[one.code, one.answer].filter(Boolean).join(" ") || "–"}
      </Table.Td>
      <Table.Td>
        {one.status !== "waiting" ? (
          <Do label={said.replay} act={onReplay} variant="default" size="compact-sm" />
        ) : (
          sends && <Do label={said.sendNow} act={onSendNow} variant="default" size="compact-sm" />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
