import { NativeSelect, Stack, Table, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { serverTime } from "../../../api/serverTime";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { DeskName } from "../../names/DeskName";
import { useDeskNames } from "../../names/useDeskNames";
import { Confirm } from "../common/Confirm";
import { DeskPick } from "../common/DeskPick";
import { useUndo } from "../common/undo";
import { Wide } from "../common/Wide";
import { words } from "./words";

type Membership = AgentShape["memberships"][number];
type Role = Membership["role"];

async function join(agent: string, { ends_at = null, ...told }: Membership) {
  const body = { ...told, ends_at };
  await answer(
    api.POST("/v1/admin/agents/{agent}/memberships", { params: { path: { agent } }, body }),
  );
}

/** As it was; what had begun goes on from when they left. */
async function joinAgain(agent: string, there: readonly Membership[], leftAt: string) {
  for (const one of there) {
    const begun = Date.parse(one.starts_at) <= Date.parse(leftAt);
    await join(agent, begun ? { ...one, starts_at: leftAt } : one);
  }
}

/** The desks to which an agent belongs. */
export function Memberships({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const tell = useUndo();
  const deskName = useDeskNames(agent.memberships.map((one) => one.desk));
  const [desk, setDesk] = useState("platform");
  const [role, setRole] = useState<Role>("agent");
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "agent", agent.id] });
  const leave = async (from: string) => {
    // Also a renewal that was to follow.
    const there = agent.memberships.filter((one) => one.desk === from);
    const { at } = await answer(
      api.POST("/v1/admin/agents/{agent}/memberships/end", {
        params: { path: { agent: agent.id } },
        body: { desk: from, ends_at: null },
      }),
    );
    tell(said.left(deskName(from)), () =>
      joinAgain(agent.id, there, at ?? serverTime().toISOString()),
    );
    await again();
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.memberships}
      </Title>
      {agent.memberships.length === 0 ? (
        <Text>{said.noDesk}</Text>
      ) : (
        <Wide label={said.memberships} head={[said.desk, said.role, said.since, said.until, ""]}>
          {agent.memberships.map((one) => (
            <Table.Tr key={`${one.desk}/${one.starts_at}`}>
              <Table.Td>
                <DeskName desk={one.desk} />
              </Table.Td>
              <Table.Td>{said[one.role]}</Table.Td>
              <Table.Td>{exactly(one.starts_at, language)}</Table.Td>
              <Table.Td>{one.ends_at ? exactly(one.ends_at, language) : "–"}</Table.Td>
              <Table.Td>
                <Confirm
                  label={said.leave}
                  consequence={said.leaveWhat(deskName(one.desk))}
                  act={() => leave(one.desk)}
                  variant="default"
                  size="compact-sm"
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
      <div>
        <Confirm
          label={said.join}
          consequence={said.deskHint}
          act={async () => {
            await join(agent.id, { desk, role, starts_at: serverTime().toISOString() });
            await again();
          }}
          variant="default"
        >
          <DeskPick value={desk} onPick={setDesk} />
          <NativeSelect
            label={said.role}
            value={role}
            onChange={(event) =>
              setRole(event.currentTarget.value === "supervisor" ? "supervisor" : "agent")
            }
            data={[
              { value: "agent", label: said.agent },
              { value: "supervisor", label: said.supervisor },
            ]}
          />
        </Confirm>
      </div>
    </Stack>
  );
}
