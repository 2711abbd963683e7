import { Anchor, Button, Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../../admin/common/Asked";
import { DeskPick } from "../../admin/common/DeskPick";
import { useAnsweredDesks } from "../../admin/common/desks";
import { Empty, Frame } from "../../common/Frame";
import { useCode } from "../../desk/useCode";
import { macrosOf } from "./macrosOf";
import { words } from "./words";

/** The macros of one desk, by name. */
export function MacrosPage() {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const answered = useAnsweredDesks();
  const [asked, ask] = useSearchParams();
  const desk = asked.get("desk") ?? answered[0] ?? "platform";
  const [wanted, setWanted] = useState("");
  const query = useQuery(macrosOf(desk));
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={
        <Button component={Link} href={`/knowledge/macros/${encodeURIComponent(desk)}/new`}>
          {said.add}
        </Button>
      }
    >
      <Group align="flex-end">
        <DeskPick value={desk} onPick={(one) => ask({ desk: one }, { replace: true })} />
        <TextInput
          label={said.find}
          type="search"
          maxLength={80}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      </Group>
      <Asked query={query}>
        {({ items }) => {
          if (items.length === 0) return <Empty title={said.none} hint={said.noneWhy} />;
          const found = items.filter(({ macro }) =>
            `${macro.name}\n${macro.zh}\n${macro.en}`.toLowerCase().includes(wanted.toLowerCase()),
          );
          if (found.length === 0) return <Text role="status">{said.noneFound}</Text>;
          return (
            <ul className="knowledge-list" aria-label={said.title}>
              {found.map((one) => (
                <li key={one.id}>
                  <Anchor
                    component={Link}
                    href={`/knowledge/macros/${encodeURIComponent(desk)}/${one.id}`}
                    fw={600}
                  >
                    {one.macro.name}
                  </Anchor>
                  <Text size="sm" lineClamp={2}>
                    {one.macro[language]}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {(one.macro.issues ?? []).map(code).join(", ")}
                  </Text>
                </li>
              ))}
            </ul>
          );
        }}
      </Asked>
    </Frame>
  );
}
