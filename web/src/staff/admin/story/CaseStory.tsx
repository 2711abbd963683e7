import { Anchor, Group, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { OrderShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { paths } from "./paths";
import { readCaseStory, readOrderStory, readRemediesStory, whole, wholeIfAny } from "./reading";
import { type Step, Steps } from "./Steps";
import { words } from "./words";

const STRANDS = ["conversation", "order", "remedies"] as const;
type Strand = (typeof STRANDS)[number];

/** A case from its beginning: its conversation, its order and what was made good, as one story. */
export function CaseStory({ consumer, conversation }: { consumer: string; conversation: string }) {
  const said = useWords(words);
  const [only, setOnly] = useState<Strand | "">("");
  const query = useQuery({
    queryKey: ["admin", "story", "case", conversation],
    queryFn: () => readAll(consumer, conversation),
  });
  return (
    <Frame title={said.title} about={said.about}>
      <NativeSelect
        label={said.only}
        w={200}
        value={only}
        onChange={(event) =>
          setOnly(STRANDS.find((one) => one === event.currentTarget.value) ?? "")
        }
        data={[
          { value: "", label: said.all },
          ...STRANDS.map((one) => ({ value: one, label: said[one] })),
        ]}
      />
      <Asked query={query}>
        {({ bought, ...found }) => (
          <>
            <Elsewhere consumer={consumer} bought={bought} />
            <Steps
              {...found}
              steps={found.steps.filter((one) => only === "" || one.strand === only)}
            />
          </>
        )}
      </Asked>
    </Frame>
  );
}

/** The ways to the stories of the money and the listings that were part of it. */
function Elsewhere({ consumer, bought }: { consumer: string; bought: OrderShape | null }) {
  const said = useWords(words);
  const links = new Map([[paths.wallet(consumer), said.walletHere]]);
  const currency = bought?.currency;
  for (const { merchant, seller, items } of bought?.parts ?? []) {
    if (!merchant) continue;
    const whose = seller ? plainText(seller) : merchant.slice(0, 8);
    if (currency) links.set(paths.account(merchant, currency), said.accountOf(whose, currency));
    for (const { listing, title } of items) {
      const what = title ? plainText(title) : said.ofListing(listing.slice(0, 8));
      links.set(paths.listing(merchant, listing), what);
    }
  }
  if (bought?.creator && currency) {
    const whose = bought.creator.slice(0, 8);
    links.set(paths.account(bought.creator, currency), said.accountOf(whose, currency));
  }
  return (
    <Group gap="sm" component="nav" aria-label={said.elsewhere}>
      {[...links].map(([href, what]) => (
        <Anchor key={href} component={Link} href={href} size="sm">
          <bdi>{what}</bdi>
        </Anchor>
      ))}
    </Group>
  );
}

/** An order as it stands; nothing where it is not known. */
async function orderIfAny(consumer: string, order: string): Promise<OrderShape | null> {
  try {
    const params = { path: { consumer, order } };
    return await answer(api.GET("/v1/desk/orders/{consumer}/{order}", { params }));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

async function readAll(consumer: string, conversation: string) {
  const seen = await answer(
    api.GET("/v1/desk/cases/{consumer}/{conversation}", {
      params: { path: { consumer, conversation } },
    }),
  );
  const order = seen.subject.kind === "order" ? seen.subject.id : null;
  const [own, ofOrder, ofRemedies, bought] = await Promise.all([
    whole(readCaseStory(consumer, conversation)),
    order ? wholeIfAny(readOrderStory(consumer, order)) : null,
    order ? wholeIfAny(readRemediesStory(consumer, order)) : null,
    order ? orderIfAny(consumer, order) : null,
  ]);
  const strands = { conversation: own, order: ofOrder, remedies: ofRemedies };
  const steps: Step[] = STRANDS.flatMap((strand) =>
    (strands[strand]?.items ?? []).map((item) => ({ strand, item })),
  );
  // Told at the same moment, the order's own news come first: the others follow from them.
  const rank = (step: Step) => ["order", "conversation", "remedies"].indexOf(step.strand ?? "");
  steps.sort(
    (one, other) =>
      Date.parse(one.item.at) - Date.parse(other.item.at) ||
      rank(one) - rank(other) ||
      one.item.version - other.item.version,
  );
  const parts = Object.values(strands).filter((one) => one !== null);
  return {
    bought,
    steps,
    agents: parts.flatMap((one) => one.agents),
    rules: parts.flatMap((one) => one.rules),
    cut: parts.some((one) => one.upto !== null),
  };
}
