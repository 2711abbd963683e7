import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { newKey } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { useWords } from "../../../shared/words";
import { offer } from "../../shell/offers";
import { words } from "./words";

/** Says what was done and, for ten seconds, offers to do the opposite; again where the session was
 * over when it was taken up. */
export function useUndo() {
  const said = useWords(words);
  const queries = useQueryClient();
  return useCallback(
    (done: string, undo?: () => Promise<unknown>) => {
      const show = () => {
        const id = newKey();
        const back = async () => {
          notifications.hide(id);
          try {
            await undo?.();
            notifications.show({ message: said.undone });
          } catch (error) {
            if (error instanceof Problem && error.lacksSession) return show();
            notifications.show({ message: said.notUndone, color: "red" });
          }
          await queries.invalidateQueries();
        };
        offer({
          id,
          closeButtonProps: { "aria-label": said.close },
          message: (
            <Group justify="space-between">
              <Text size="sm">{done}</Text>
              {undo && (
                <Button size="compact-sm" variant="default" onClick={back}>
                  {said.undo}
                </Button>
              )}
            </Group>
          ),
        });
      };
      show();
    },
    [queries, said],
  );
}
