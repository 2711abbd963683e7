import { Alert, Button, Combobox, Loader, Text, useCombobox } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { MacroShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { useCommand } from "../keys/commands";
import { variableWords, words } from "./words";

type Props = {
  consumer: string;
  conversation: string;
  case: number;
  issue: string;
  /** Takes the text, to be read and changed before anybody sends it. */
  onText: (text: string) => void;
};

/** The desk's texts, said with the facts of this case. What lacks a fact is not inserted at all. */
export function MacroMenu({ consumer, conversation, case: number, issue, onText }: Props) {
  const said = useWords(words);
  const variables = useWords(variableWords);
  const [search, setSearch] = useState("");
  const menu = useCombobox({
    onDropdownOpen: () => menu.focusSearchInput(),
    onDropdownClose: () => {
      menu.resetSelectedOption();
      setSearch("");
    },
  });
  const { data, error } = useQuery({
    queryKey: ["desk", "macros"],
    queryFn: () => answer(api.GET("/v1/desk/macros")),
    staleTime: 60_000,
  });
  const path = { consumer, conversation, case: number };
  const insert = useMutation({
    mutationFn: (macro: MacroShape) =>
      answer(
        api.GET("/v1/desk/cases/{consumer}/{conversation}/{case}/macros/{macro}", {
          params: { path: { ...path, macro: macro.id } },
        }),
      ),
    onSuccess: (found) => {
      if (found.text) onText(found.text);
    },
  });
  useCommand({ id: "macros", name: said.insert, letter: "/", run: () => menu.openDropdown() });

  const shown = fitting(data?.items ?? [], search, issue);
  const chosen = (id: string) => {
    menu.closeDropdown();
    const macro = data?.items.find((one) => one.id === id);
    if (macro) insert.mutate(macro);
  };
  return (
    <>
      <Combobox store={menu} onOptionSubmit={chosen} width={320} position="top-start" withinPortal>
        <Combobox.Target>
          <Button
            size="xs"
            variant="default"
            loading={insert.isPending}
            aria-haspopup="listbox"
            onClick={() => menu.toggleDropdown()}
          >
            {said.open}
          </Button>
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Search
            aria-label={said.search}
            placeholder={said.search}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Combobox.Options mah={240} style={{ overflowY: "auto" }} aria-label={said.open}>
            {!data && !error && <Loader size="xs" m="xs" aria-label={said.loading} />}
            {data && shown.length === 0 && (
              <Combobox.Empty>{data.items.length ? said.none : said.noneYet}</Combobox.Empty>
            )}
            {shown.map((one) => (
              <Combobox.Option key={one.id} value={one.id}>
                <Text size="sm">{one.macro.name}</Text>
                {one.macro.issues?.includes(issue) && (
                  <Text size="xs" className="quiet">
                    {said.fits}
                  </Text>
                )}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {insert.data && !insert.data.text && (
        <Alert color="orange" p="xs" role="alert" className="macro-lacks">
          {said.lacking(insert.variables?.macro.name ?? "")}
          <ul>
            {insert.data.missing?.map((one) => (
              <li key={one.variable}>
                {variables[one.variable]}: {said[one.why]}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {(error ?? insert.error) && <ProblemNote error={error ?? insert.error} />}
    </>
  );
}

/** Those whose name has all of it; what is meant for the issue comes first. */
function fitting(macros: readonly MacroShape[], search: string, issue: string) {
  const wanted = search.trim().toLowerCase();
  const found = macros.filter((one) => one.macro.name.toLowerCase().includes(wanted));
  const meant = (one: MacroShape) => (one.macro.issues?.includes(issue) ? 0 : 1);
  return [...found].sort((one, other) => meant(one) - meant(other));
}
