import { ScrollArea, Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that scrolls by itself where it is wider than the window. */
export function Wide({
  label,
  head,
  children,
}: {
  label: string;
  head: ReactNode[];
  children: ReactNode;
}) {
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      <Table striped withTableBorder verticalSpacing={6} miw={640}>
        <Table.Thead>
          <Table.Tr>
            {head.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table stay where they are
              <Table.Th key={index} scope="col">
                {one}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
