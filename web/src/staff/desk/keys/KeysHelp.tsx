import { Kbd, Modal, Switch, Table } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { useCommands } from "./commands";
import { useLettersWanted } from "./useLetters";
import { words } from "./words";

/** All keys that do something now, and the switch that turns single letters off. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const said = useWords(words);
  const commands = useCommands();
  const [wanted, setWanted] = useLettersWanted();
  const always: [string, string][] = [
    ["Enter", said.open],
    ["Ctrl+Enter", said.send],
    ["Ctrl+K", said.everything],
    ["Esc", said.back],
  ];
  const letters = commands.flatMap((one): [string, string][] =>
    one.letter?.length === 1 ? [[one.letter.toUpperCase(), one.name]] : [],
  );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={said.title}
      closeButtonProps={{ "aria-label": said.back }}
    >
      <Switch
        label={said.letters}
        description={said.lettersWhy}
        checked={wanted}
        onChange={(event) => setWanted(event.currentTarget.checked)}
        mb="md"
      />
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{said.key}</Table.Th>
            <Table.Th>{said.does}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...letters, ...always].map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
