import type { ReactNode } from "react";
import { Problem } from "../../api/problems";
import type { OrderShape, PartShape, RemedyShape } from "../../api/schema";
import { day } from "../../shared/format";
import { plain } from "../../shared/plainText";
import { useWhyNot } from "../../shared/useWhyNot";
import { useLanguage, useWords } from "../../shared/words";
import { useChoices, useOrder, useRemedies } from "../asking";
import { named } from "../home/called";
import { NothingHere } from "../NothingHere";
import { Asked, Loading, Unread } from "../parts/Asked";
import { ButtonLink } from "../parts/Button";
import { Page } from "../parts/Page";
import { paths } from "../paths";
import { RemedyCard } from "../remedies/RemedyCard";
import { reasonWord } from "../remedies/reasonWords";
import { sentenceOf } from "../remedies/sentence";
import { consequence } from "./doing";
import { PartItems } from "./PartItems";
import { PersonLink } from "./PersonLink";
import { bestOf, REASONS_MAX, reasonsFor } from "./reasons";
import { isLate, standing } from "./standing";
import { words } from "./words";

/** An order: where each part stands, the best that can be done, a few reasons, and a person. */
export function OrderPage({ order }: { order: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useOrder(order);
  const remedies = useRemedies(order);
  const { data } = query;
  const why = useWhyNot(query);
  if (why instanceof Problem && [404, 422].includes(why.status)) return <NothingHere />;
  return (
    <Page title={data ? named(data, language) : said.title} back={paths.home}>
      <Asked query={query}>
        {(found) => (
          <>
            <Unread query={remedies} what={said.remediesUnread} />
            {found.parts?.map((part) => (
              <Part key={part.number} order={found} part={part}>
                <InHand order={found} part={part} />
              </Part>
            ))}
            <Before order={found} />
            {found.placed_at && (
              <p className="quiet">{said.placed(day(found.placed_at, language))}</p>
            )}
          </>
        )}
      </Asked>
    </Page>
  );
}

/** Where it stands comes first, then what is under way (`children`), then what can be done. */
function Part({
  order,
  part,
  children,
}: {
  order: OrderShape;
  part: PartShape;
  children: ReactNode;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <section aria-label={said.part(part.number)}>
      {part.seller && <p className="quiet">{plain(part.seller)}</p>}
      <p className={isLate(part) ? "standing late" : "standing"}>
        {standing(order, part, language)}
      </p>
      <PartItems part={part} currency={order.currency ?? ""} />
      {children}
      <Help order={order} part={part} />
    </section>
  );
}

function Help({ order, part }: { order: OrderShape; part: PartShape }) {
  const inHand = useRemedies(order.id);
  // Asked for at the same time.
  useChoices(order.id, part.number);
  // What is under way stands above it, and would move it away under a hand if it came later.
  const comes = inHand.isPending && inHand.failureCount + inHand.errorUpdateCount === 0;
  return (
    <>
      {comes ? <Loading /> : <Ways order={order} part={part} />}
      <PersonLink order={order.id} part={part.number} />
    </>
  );
}

function Ways({ order, part }: { order: OrderShape; part: PartShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useChoices(order.id, part.number);
  return (
    <Asked query={query}>
      {(found) => {
        const best = bestOf(found, part);
        const others = reasonsFor(found, part).filter((one) => one !== best?.reason);
        const to = (reason: string) => paths.wish(order.id, part.number, reason);
        return (
          <div className="ways">
            {best && (
              <ButtonLink kind="main" to={to(best.reason)}>
                {consequence(best, found, language)}
              </ButtonLink>
            )}
            {others.length > 0 && <h2>{said.whatIsWrong}</h2>}
            {others.slice(0, REASONS_MAX).map((reason) => (
              <ButtonLink key={reason} to={to(reason)}>
                {reasonWord(reason, language)}
              </ButtonLink>
            ))}
          </div>
        );
      }}
    </Asked>
  );
}

/** What is being made good of a part; what is about no part in particular stands under the first. */
function InHand({ order, part }: { order: OrderShape; part: PartShape }) {
  const said = useWords(words);
  const remedies = useRemedies(order.id);
  const placeOf = ({ lines }: RemedyShape) =>
    order.parts?.find(({ number }) => lines.some((line) => line.part === number)) ??
    order.parts?.[0];
  const live = remedies.data?.remedies.filter((one) => placeOf(one) === part) ?? [];
  if (live.length === 0 || !remedies.data) return null;
  return (
    <section aria-label={said.inHand} className="plain">
      {live.map((one) => (
        <RemedyCard key={one.number} remedies={remedies.data} remedy={one} />
      ))}
    </section>
  );
}

/** What was asked for and is over, the latest first. */
function Before({ order }: { order: OrderShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data } = useRemedies(order.id);
  const over = data?.over?.toSorted((one, other) => other.number - one.number) ?? [];
  if (over.length === 0 || !data) return null;
  return (
    <section aria-labelledby="before">
      <h2 id="before">{said.before}</h2>
      <ul className="plain">
        {over.map((one) => (
          <li key={one.number}>
            {sentenceOf({ ...one, refund: "none" }, data.currency, language)}
          </li>
        ))}
      </ul>
    </section>
  );
}
