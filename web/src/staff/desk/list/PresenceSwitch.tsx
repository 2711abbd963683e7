import { Group, Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api, newKey, once } from "../../../api/client";
import type { Presence } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { useCode } from "../useCode";
import { words } from "./words";

const SEEN_MS = 5 * 60_000;
const PRESENCES: Presence[] = ["available", "wrap_up", "draining", "away"];

/** Whether new work may come, and how much is in hand. */
export function PresenceSwitch() {
  const said = useWords(words);
  const code = useCode();
  const queries = useQueryClient();
  const { data: me } = useQuery(ME);
  const setting = useMutation({
    mutationFn: (presence: Presence) =>
      answer(
        api.PUT("/v1/desk/me/presence", {
          body: { presence },
          params: { header: once(newKey()) },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ME.queryKey }),
  });
  useEffect(() => {
    // Silence of a page that spoke once means that nobody is there.
    const beat = () => {
      void api.POST("/v1/desk/me/seen", { params: { header: once(newKey()) } }).catch(() => {});
    };
    beat();
    const timer = setInterval(beat, SEEN_MS);
    return () => clearInterval(timer);
  }, []);
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
