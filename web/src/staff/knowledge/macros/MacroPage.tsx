import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { newKey } from "../../../api/client";
import type { MacroShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../../admin/common/Asked";
import { Empty, Frame } from "../../common/Frame";
import { useDeskNames } from "../../names/useDeskNames";
import { useKept } from "../useKept";
import { writer } from "../who";
import { MacroForm, type Writing } from "./MacroForm";
import { macrosOf } from "./macrosOf";
import { RetireMacro } from "./RetireMacro";
import { words } from "./words";

/** One macro of a desk, and its next version; `new` is one that nobody can use yet. */
export function MacroPage({ desk, id }: { desk: string; id: string }) {
  return id === "new" ? <NewMacro desk={desk} /> : <Standing desk={desk} id={id} />;
}

function NewMacro({ desk }: { desk: string }) {
  const said = useWords(words);
  const name = useDeskNames([desk]);
  const { kept, keep, forget, move } = useKept<Writing>(`macro.new.${desk}`);
  const [, go] = useLocation();
  // The same id for each try, so that nothing is written twice.
  const [first] = useState(() => ({
    id: newKey(),
    seen: 0,
    macro: { name: "", zh: "", en: "", issues: [] },
  }));
  return (
    <Frame
      title={`${said.fresh} · ${name(desk)}`}
      about={said.unseen}
      actions={<All desk={desk} />}
    >
      <MacroForm
        desk={desk}
        writing={kept ?? first}
        standing={0}
        keep={keep}
        forget={forget}
        onThere={(writing) => {
          move(`macro.${writing.id}`, writing);
          go(`/knowledge/macros/${encodeURIComponent(desk)}/${writing.id}`, { replace: true });
        }}
      />
    </Frame>
  );
}

function Standing({ desk, id }: { desk: string; id: string }) {
  const said = useWords(words);
  const query = useQuery(macrosOf(desk));
  return (
    <Asked query={query}>
      {({ items }) => {
        const found = items.find((one) => one.id === id);
        if (found) return <OneMacro found={found} />;
        return (
          <Frame title={said.title} about={said.about} actions={<All desk={desk} />}>
            <Empty title={said.gone} hint={said.goneWhy} />
          </Frame>
        );
      }}
    </Asked>
  );
}

function OneMacro({ found }: { found: MacroShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { kept, keep, forget } = useKept<Writing>(`macro.${found.id}`);
  const { id, version: seen, macro, desk } = found;
  return (
    <Frame
      title={macro.name}
      about={said.standing(seen, exactly(found.changed_at, language), writer(found.changed_by))}
      actions={
        <>
          <RetireMacro found={found} />
          <All desk={desk} />
        </>
      }
    >
      <MacroForm
        desk={desk}
        writing={kept ?? { id, seen, macro }}
        changed={kept !== null}
        standing={seen}
        keep={keep}
        forget={forget}
      />
    </Frame>
  );
}

function All({ desk }: { desk: string }) {
  const said = useWords(words);
  return (
    <Anchor component={Link} href={`/knowledge/macros?desk=${encodeURIComponent(desk)}`}>
      {said.back}
    </Anchor>
  );
}
