import { Text, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { MacroShape } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { macroWords } from "./macroWords";
import { Picker } from "./Picker";

type Props = {
  consumer: string;
  conversation: string;
  case: number;
  issue: string;
  onChosen: (text: string) => void;
  onClose: () => void;
};

/** Prepared texts, with the facts of this case in them; one whose facts are missing is not used. */
export function MacroPicker({ onChosen, onClose, issue, ...path }: Props) {
  const said = useWords(macroWords);
  const { language } = useLanguage();
  const [wanted, setWanted] = useState("");
  const { data, error } = useQuery({
    queryKey: ["desk", "macros"],
    queryFn: () => answer(api.GET("/v1/desk/macros")),
    staleTime: 60_000,
  });
  const choosing = useMutation({
    mutationFn: (macro: MacroShape) =>
      answer(
        api.GET("/v1/desk/cases/{consumer}/{conversation}/{case}/macros/{macro}", {
          params: { path: { ...path, macro: macro.id } },
        }),
      ),
  });
  const choose = (macro: MacroShape | undefined) => {
    if (!macro) return;
    // Only into a text that nobody has gone on writing: while this is open, and the last chosen.
    choosing.mutate(macro, { onSuccess: ({ text }) => text && onChosen(text) });
  };
  const found = (data?.items ?? [])
    .filter(({ macro }) =>
      `${macro.name} ${macro.zh} ${macro.en}`.toLowerCase().includes(wanted.toLowerCase()),
    )
    .sort((one, other) => fits(other, issue) - fits(one, issue));
  const missing = choosing.data?.missing ?? [];
  return (
    <Picker {...{ said, wanted, onClose }} onWanted={setWanted} onFirst={() => choose(found[0])}>
      {missing.length > 0 && (
        <Text size="sm" role="alert">
          {said.missing}{" "}
          {missing.map((one) => `${said[one.variable]} (${said[one.why]})`).join(", ")}
        </Text>
      )}
      {(error ?? choosing.error) && <ProblemNote error={error ?? choosing.error} />}
      {data && found.length === 0 && (
        <Text size="sm">{data.items.length > 0 ? said.noneFits : said.none}</Text>
      )}
      {found.map((one) => (
        <UnstyledButton key={one.id} className="choice" onClick={() => choose(one)}>
          <Text size="sm" fw={600}>
            {one.macro.name}
          </Text>
          <Text size="xs" truncate>
            {one.macro[language]}
          </Text>
        </UnstyledButton>
      ))}
    </Picker>
  );
}

function fits(one: MacroShape, issue: string): number {
  return one.macro.issues?.includes(issue) ? 1 : 0;
}
