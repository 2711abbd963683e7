import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { MentionShape } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { useGo } from "../address";
import { listAgain } from "./useMyList";
import { words } from "./words";

const KEY = ["desk", "mentions"];

/** Where somebody named me and I have not looked yet; looking is reading. */
export function MentionsMenu() {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const go = useGo();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => answer(api.GET("/v1/desk/mentions")),
  });
  const reading = useMutation({
    mutationFn: (one: MentionShape) =>
      answer(api.POST("/v1/desk/mentions/read", { body: { messages: [one.message] } })),
    onSuccess: () => {
      listAgain(queries);
      void queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const items = data?.items ?? [];
  const failed = error ?? reading.error;
  return (
    <>
      {items.length > 0 && (
        <Menu position="bottom-start" onOpen={() => void refetch()}>
          <Menu.Target>
            <Button size="compact-xs" variant="default" fullWidth>
              {said.mentioned}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {items.map((one) => (
              <Menu.Item
                key={one.message}
                onClick={() => {
                  go(one);
                  reading.mutate(one);
                }}
              >
                {said.mentionedAt(one.case, time(one.at, language))}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {failed && <ProblemNote error={failed} />}
    </>
  );
}
