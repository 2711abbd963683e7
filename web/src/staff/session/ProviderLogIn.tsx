import { Alert, Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "../../shared/words";
import { useInstallation } from "../shell/installation";
import { words } from "./words";

/**
 * The way in by an identity provider, where there is one; and why it was none for whoever was sent
 * back from there. `bare`: in another tab, as what is typed on this page has to stay.
 */
export function ProviderLogIn({ bare }: { bare: boolean }) {
  const said = useWords(words);
  const { data } = useInstallation();
  const [refused] = useState(() => new URLSearchParams(window.location.search).get("login"));
  useEffect(() => {
    // It was told once: whoever loads the page again has not been refused again.
    if (refused && !bare) window.history.replaceState(null, "", window.location.pathname);
  }, [refused, bare]);
  if (!data?.provider) return null;
  return (
    <>
      {refused && !bare && (
        <Alert color="red" variant="light" role="alert" p="xs">
          {refused === "provider_away" ? said.providerAway : said.providerRefused}
        </Alert>
      )}
      <Button
        component="a"
        variant="default"
        href="/v1/desk/provider"
        target={bare ? "_blank" : undefined}
      >
        {said.provider}
      </Button>
    </>
  );
}
