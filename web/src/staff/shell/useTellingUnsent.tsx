import { Anchor, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { Link } from "wouter";
import { useLanguage, useWords } from "../../shared/words";
import { hrefOf, useAddress } from "../desk/address";
import { useUnsent } from "../desk/composer/leaving";
import { problemWords } from "./problemWords";
import { unsentWords } from "./words";

/** Says of each message that was refused after its agent had gone on where it is, until it is looked
 * at there. */
export function useTellingUnsent(agent: string): void {
  const said = useWords(unsentWords);
  const { language } = useLanguage();
  const here = useAddress()?.conversation;
  const unsent = useUnsent(agent);
  useEffect(() => {
    const told = unsent.filter((one) => one.conversation !== here);
    for (const one of told) {
      notifications.show({
        id: `unsent.${one.key}`,
        color: "red",
        autoClose: false,
        closeButtonProps: { "aria-label": said.close },
        message: (
          <>
            <Text size="sm">
              {said.notSent(one.case)}
              {one.problem && `: ${problemWords(one.problem, language)}`}
            </Text>
            <Anchor component={Link} href={hrefOf(one)} size="sm">
              {said.look}
            </Anchor>
          </>
        ),
      });
    }
    return () => {
      for (const one of told) notifications.hide(`unsent.${one.key}`);
    };
  }, [unsent, here, said, language]);
}
