import { Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of the right pane under its own heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="context-part" aria-label={title}>
      <Title order={2} size="h6">
        {title}
      </Title>
      {children}
    </section>
  );
}
