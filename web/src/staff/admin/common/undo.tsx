import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { newKey } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { words } from "./words";

const UNDO_MS = 10_000;

/** Says what was done and, for ten seconds, offers to do the opposite. */
export function useUndo() {
  const said = useWords(words);
  const queries = useQueryClient();
  return useCallback(
    (done: string, undo?: () => Promise<unknown>) => {
      const id = newKey();
      const back = async () => {
        notifications.hide(id);
        try {
          await undo?.();
          notifications.show({ message: said.undone });
        } catch {
          notifications.show({ message: said.notUndone, color: "red" });
        }
        await queries.invalidateQueries();
      };
      notifications.show({
        id,
        autoClose: UNDO_MS,
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
    },
    [queries, said],
  );
}
