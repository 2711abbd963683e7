import { Badge, Group, NumberInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { WallDeskShape } from "../../api/schema";
import { serverTime } from "../../api/serverTime";
import { time } from "../../shared/format";
import { useOnce } from "../../shared/useOnce";
import { useLanguage, useWords } from "../../shared/words";
import { Confirm } from "../admin/common/Confirm";
import { words } from "./words";

const HOUR_MS = 3_600_000;

/** Whether a surge is on, and the hand that declares it or calls it off. */
export function Surge({ desk }: { desk: WallDeskShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const [hours, setHours] = useState(2);
  // From when it is asked for, however often it is tried.
  const [from, setFrom] = useState(0);
  const give = useOnce();
  const declare = () => {
    const until = new Date(from + hours * HOUR_MS).toISOString();
    const body = { desk: desk.desk, until };
    return give(body, (header) => answer(api.PUT("/v1/desk/surge", { params: { header }, body })));
  };
  const callOff = () => {
    const body = { desk: desk.desk };
    return give(body, (header) =>
      answer(api.POST("/v1/desk/surge/end", { params: { header }, body })),
    );
  };
  const until = desk.surge_until;
  return (
    <Stack gap="xs" align="flex-start">
      <Title order={2} size="h4">
        {said.surge}
      </Title>
      {desk.surge ? (
        <Group>
          <Badge color="red.9" variant="filled">
            {said.surgeOn}
          </Badge>
          <Text>{until ? said.surgeUntil(time(until, language)) : said.surgeByWait}</Text>
        </Group>
      ) : (
        <Text>{said.surgeOff}</Text>
      )}
      {until ? (
        <Confirm
          key="call off"
          label={said.callOff}
          title={said.callOff}
          consequence={said.surgeUntil(time(until, language))}
          act={callOff}
        />
      ) : (
        <Confirm
          key="declare"
          label={said.declare}
          title={said.declare}
          consequence={said.surgeMeans}
          onOpen={() => setFrom(serverTime().getTime())}
          act={declare}
        >
          <NumberInput
            label={said.surgeHours}
            min={1}
            max={24}
            value={hours}
            onChange={(value) => setHours(Math.min(24, Math.max(1, Number(value) || 1)))}
          />
        </Confirm>
      )}
    </Stack>
  );
}
