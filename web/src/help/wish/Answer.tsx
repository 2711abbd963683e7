import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { Problem } from "../../api/problems";
import type { ChoicesShape, OrderShape, PartShape, PreviewShape } from "../../api/schema";
import { useDraft } from "../../shared/drafts";
import { useLanguage, useWords } from "../../shared/words";
import { FilePicker, PickedFiles } from "../files/FilePicker";
import { FILE_GONE, useFiles } from "../files/useFiles";
import { consequence } from "../order/doing";
import { words } from "../order/words";
import { Asked, ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { paths } from "../paths";
import { useSession } from "../session/HelpGate";
import { NotPossible } from "./NotPossible";
import { Quantities } from "./Quantities";
import { useAsk, usePreview, type Wish } from "./useWish";
import { WhatComes } from "./WhatComes";

type Stage = ChoicesShape["stage"];
type About = { order: OrderShape; part: PartShape; stage: Stage; wish: Wish };

/** What a wish comes to, and the button that does it; or why it cannot be. */
export function Answer({ onWish, ...about }: About & { onWish: (wish: Wish) => void }) {
  const query = usePreview(about.order.id, about.wish);
  return (
    <Asked query={query}>
      {(found) =>
        found.possible ? (
          <Possible {...about} shown={found} stale={query.isPlaceholderData} onWish={onWish} />
        ) : (
          <NotPossible {...about} refused={found} onWish={onWish} />
        )
      }
    </Asked>
  );
}

function Possible({
  order,
  part,
  stage,
  wish,
  shown,
  stale,
  onWish,
}: About & { shown: PreviewShape; stale: boolean; onWish: (wish: Wish) => void }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { consumer } = useSession();
  const [, go] = useLocation();
  const name = `wish/${consumer}/${order.id}/${part.number}/${wish.reason}`;
  const subject = useRef({ kind: "order" as const, id: order.id, part: part.number });
  const files = useFiles(name, subject.current);
  const [note, setNote] = useDraft(name);
  const asked = useRef("");
  const ask = useAsk(order.id, (conversation) => {
    setNote("");
    files.clear();
    // Whoever has gone elsewhere meanwhile is not fetched back.
    if (window.location.pathname !== asked.current) return;
    go(conversation ? paths.conversation(conversation) : paths.order(order.id));
  });
  const ids = files.picked.flatMap((one) => one.id ?? []);
  const needed = shown.evidence ?? 0;
  const currency = shown.currency ?? order.currency ?? "";
  const queries = useQueryClient();
  const [changed, setChanged] = useState(false);
  const confirm = () => {
    setChanged(false);
    asked.current = window.location.pathname;
    ask.mutate(
      { wish, shown, note: note.trim(), files: ids },
      {
        onError: (error) => {
          if (!(error instanceof Problem)) return;
          if (error.code === FILE_GONE) files.expire();
          if (error.code === "amount_changed") setChanged(true);
          // After a no, what was shown is not what can be had now.
          if (error.refuses) void queries.invalidateQueries({ queryKey: ["preview", order.id] });
        },
      },
    );
  };
  return (
    <div className="card answer">
      <Quantities part={part} shown={shown} wish={wish} onWish={onWish} />
      <WhatComes shown={shown} part={part} currency={currency} />
      {needed > 0 && <p>{said.needsPictures(needed)}</p>}
      <PickedFiles files={files} />
      <div className="composer-line">
        <FilePicker files={files} />
        <textarea
          rows={1}
          dir="auto"
          aria-label={said.note}
          placeholder={said.note}
          maxLength={20_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      {changed && <p role="alert">{said.changed}</p>}
      {ask.error && !changed && <ProblemLine error={ask.error} />}
      <Button
        kind="main"
        busy={ask.isPending || stale}
        disabled={ids.length < needed || !files.ready}
        onClick={confirm}
      >
        {consequence({ ...shown, kind: wish.kind }, { currency, stage }, language)}
      </Button>
    </div>
  );
}
