import { useLocation } from "wouter";
import type {
  ChoicesShape,
  NearestShape,
  OrderShape,
  PartShape,
  PreviewShape,
} from "../../api/schema";
import { keepDraft, readDraft } from "../../shared/drafts";
import { money } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { useConversations } from "../asking";
import { doing } from "../order/doing";
import { words } from "../order/words";
import { Button } from "../parts/Button";
import { paths } from "../paths";
import { reasonWord, refusalWord } from "../remedies/reasonWords";
import { useSession } from "../session/HelpGate";
import { placeName } from "../talk/place";
import type { Wish } from "./useWish";

/** Why it cannot be, on what basis, the nearest that can, and the way to object. */
export function NotPossible({
  order,
  part,
  stage,
  wish,
  refused,
  onWish,
}: {
  order: OrderShape;
  part: PartShape;
  stage: ChoicesShape["stage"];
  wish: Wish;
  refused: PreviewShape;
  onWish: (wish: Wish) => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const object = useObjection(order.id, part.number, wish);
  const { nearest } = refused;
  const what = nearest && nearestWords();
  function nearestWords(): string {
    if (!nearest) return "";
    const name = doing(nearest.kind, nearest.stage ?? stage, language);
    if (!nearest.amount_minor || !order.currency) return name;
    return `${name} · ${money(nearest.amount_minor, order.currency, language)}`;
  }
  const stages = {
    shipped: said.stageShipped,
    delivered: said.stageDelivered,
    unshipped: said.stageUnshipped,
    cancelled: said.stageCancelled,
  };
  return (
    <div className="card answer">
      <h2>{said.notPossible}</h2>
      <p>{refusalWord(refused.code ?? "", language) ?? said.notPossiblePlain}</p>
      {refused.rule && <p className="quiet">{said.source(refused.basis || said.ownRules)}</p>}
      {nearest && what && (
        <>
          <h2>{said.nearest}</h2>
          {nearest.stage ? (
            <p>{said.nearestLater(what, stages[nearest.stage])}</p>
          ) : (
            <Button kind="main" onClick={() => onWish(wishFor(nearest, part.number))}>
              {what}
            </Button>
          )}
        </>
      )}
      <Button onClick={object}>{said.object}</Button>
    </div>
  );
}

/** The wish that this is: of the same lines as it, where it has any. */
function wishFor({ kind, reason, lines }: NearestShape, part: number): Wish {
  if (!lines?.length) return { kind, reason, part };
  const quantities = Object.fromEntries(lines.map(({ item, quantity }) => [item, quantity ?? 1]));
  return { kind, reason, part, quantities };
}

/** To a person, with the first words already there; what was typed before stays in front. */
function useObjection(order: string, part: number, wish: Wish): () => void {
  const said = useWords(words);
  const { language } = useLanguage();
  const { consumer } = useSession();
  const [, go] = useLocation();
  const conversations = useConversations();
  return () => {
    const place = {
      subject: { kind: "order" as const, id: order, part },
      surface: "order" as const,
    };
    const name = `help/${placeName(consumer, place)}`;
    const about = said.objection(reasonWord(wish.reason, language) ?? wish.reason);
    const before = readDraft(name);
    if (!before.includes(about)) keepDraft(name, before ? `${before}\n${about}` : about);
    const there = conversations.data?.items.find(
      ({ subject }) => subject.id === order && (subject.part ?? 0) === part,
    );
    go(there ? paths.conversation(there.id) : paths.talkOrder(order, part));
  };
}
