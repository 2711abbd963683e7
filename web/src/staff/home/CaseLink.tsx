import { Anchor, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../api/client";
import { useWords } from "../../shared/words";
import { hrefOf } from "../desk/address";
import { ProblemNote } from "../shell/ProblemNote";
import { words } from "./words";

export type About = {
  consumer: string;
  order?: string | null;
  conversation?: string | null;
  case?: number | null;
};

/** The way to a case; where only the order is known, it is looked for when somebody asks. */
export function CaseLink({ about }: { about: About }) {
  const said = useWords(words);
  if (about.conversation && about.case) {
    return (
      <Anchor
        component={Link}
        href={hrefOf({
          consumer: about.consumer,
          conversation: about.conversation,
          case: about.case,
        })}
        size="sm"
      >
        {said.open}
      </Anchor>
    );
  }
  return about.order ? <Finding consumer={about.consumer} order={about.order} /> : null;
}

function Finding({ consumer, order }: { consumer: string; order: string }) {
  const said = useWords(words);
  const [, go] = useLocation();
  const finding = useMutation({
    mutationFn: () =>
      answer(
        api.GET("/v1/desk/orders/{consumer}/{order}/cases", {
          params: { path: { consumer, order } },
        }),
      ),
    onSuccess: ({ items }) => {
      const last = items.at(-1);
      if (last) go(hrefOf({ ...last, consumer }));
    },
  });
  if (finding.error) return <ProblemNote error={finding.error} />;
  if (finding.data?.items.length === 0) return <Text size="sm">{said.noCase}</Text>;
  return (
    <Anchor
      component="button"
      type="button"
      size="sm"
      disabled={finding.isPending}
      onClick={() => finding.mutate()}
    >
      {said.findCase}
    </Anchor>
  );
}
