import { Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { Standing } from "../../../api/schema";
import { day } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { LAST_DAY } from "../../common/lastDay";
import { Confirm } from "../common/Confirm";
import { useUndo } from "../common/undo";
import { words } from "./words";

/** The way of a candidate into force: not before those bound by the rules have had their notice. */
export function Publish({ standing }: { standing: Standing }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const tell = useUndo();
  const [, go] = useLocation();
  const [major, setMajor] = useState(false);
  const [chosen, setChosen] = useState("");
  const [reason, setReason] = useState("");
  const earliest = (major ? standing.first_day_major : standing.first_day) ?? "";
  const from = chosen || earliest;
  const { market, id } = standing.candidate;
  const publish = async () => {
    await answer(
      api.POST("/v1/admin/candidates/{candidate}/publication", {
        params: { path: { candidate: id } },
        // The day that was shown: meanwhile another one may be the first.
        body: { reason, major, first_day: from || null },
      }),
    );
    await queries.invalidateQueries({ queryKey: ["admin", "packs", market] });
    tell(said.published);
    go("/admin/rules");
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.publishTitle}
      </Title>
      <Text maw={720}>
        {standing.first_day && standing.first_day_major
          ? said.earliest(
              day(standing.first_day, language),
              day(standing.first_day_major, language),
            )
          : said.noNotice}
      </Text>
      <Group align="flex-end">
        <TextInput
          label={said.firstDay}
          type="date"
          min={earliest}
          max={LAST_DAY}
          value={from}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <TextInput
          label={said.reason}
          value={reason}
          maxLength={500}
          required
          miw={280}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Confirm
          label={said.publish}
          title={said.publishTitle}
          consequence={said.publishWhat(from ? day(from, language) : said.fromStart)}
          act={publish}
          disabled={reason.trim() === ""}
        />
      </Group>
      <Checkbox
        label={said.major}
        checked={major}
        onChange={(event) => {
          setMajor(event.currentTarget.checked);
          setChosen("");
        }}
      />
    </Stack>
  );
}
