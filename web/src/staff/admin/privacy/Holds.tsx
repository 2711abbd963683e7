import { Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { Confirm } from "../common/Confirm";
import { words } from "./words";

const REASON = /^[A-Za-z0-9_.:/-]{1,64}$/;

/** For which reasons nothing of a party may be erased. */
export function Holds({ party, holds }: { party: string; holds: readonly string[] }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const params = { path: { party } };
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "privacy", party] });
  const place = async () => {
    const body = { reason: reason.trim() };
    await answer(api.POST("/v1/admin/parties/{party}/holds", { params, body }));
    setReason("");
    await again();
  };
  const lift = async (one: string) => {
    const body = { reason: one };
    await answer(api.POST("/v1/admin/parties/{party}/holds/lifting", { params, body }));
    await again();
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.holds}
      </Title>
      {holds.length === 0 && <Text>{said.noHolds}</Text>}
      {holds.map((one) => (
        <Group key={one} gap="sm">
          <Text style={{ overflowWrap: "anywhere" }}>{one}</Text>
          <Confirm
            label={said.lift}
            consequence={said.liftWhat(one)}
            act={() => lift(one)}
            variant="default"
            size="compact-sm"
          />
        </Group>
      ))}
      <div>
        <Confirm
          label={said.hold}
          consequence={said.holdWhat}
          act={place}
          ready={REASON.test(reason.trim())}
          variant="default"
        >
          <TextInput
            label={said.reference}
            description={said.referenceHint}
            value={reason}
            maxLength={64}
            required
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Confirm>
      </div>
    </Stack>
  );
}
