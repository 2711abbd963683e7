import { Group, Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { Presence } from "../../../api/schema";
import { useOnce } from "../../../shared/useOnce";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { saySeen } from "../../shell/useSeen";
import { useCode } from "../useCode";
import { useTellingAway } from "./useTellingAway";
import { words } from "./words";

const PRESENCES: Presence[] = ["available", "wrap_up", "draining", "away"];

/** Whether new work may come, and how much is in hand. */
export function PresenceSwitch() {
  const said = useWords(words);
  const code = useCode();
  const queries = useQueryClient();
  const { data: me } = useQuery(ME);
  const give = useOnce();
  const setting = useMutation({
    mutationFn: (presence: Presence) =>
      give([presence, me?.version], (header) =>
        answer(api.PUT("/v1/desk/me/presence", { body: { presence }, params: { header } })),
      ),
    // Of somebody who was away nothing is known: their signs count from now on.
    onSuccess: saySeen,
    onSettled: () => queries.invalidateQueries({ queryKey: ME.queryKey }),
  });
  useTellingAway(me, () => setting.mutate("available"));
  if (!me) return <Group h={36} />;
  return (
    <>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Select
          size="xs"
          w={140}
          aria-label={said.presence}
          allowDeselect={false}
          value={setting.isPending ? setting.variables : me.presence}
          data={PRESENCES.map((value) => ({ value, label: code(value) }))}
          onChange={(wanted) => wanted && setting.mutate(wanted as Presence)}
          comboboxProps={{ keepMounted: false }}
        />
        <Text size="xs" className="quiet">
          {said.load(me.held.length, me.capacity)}
        </Text>
      </Group>
      {setting.error && <ProblemNote error={setting.error} />}
    </>
  );
}

export const ME = {
  queryKey: ["desk", "me"],
  queryFn: () => answer(api.GET("/v1/desk/me")),
};
