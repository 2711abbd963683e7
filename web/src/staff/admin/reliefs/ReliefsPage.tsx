import { Badge, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { ReliefShape } from "../../../api/schema";
import { serverTime } from "../../../api/serverTime";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { marketName } from "../common/MarketPick";
import { Wide } from "../common/Wide";
import { spokenSeconds } from "../rules/tableWords";
import { KEY, NewRelief } from "./NewRelief";
import { words } from "./words";

/** The windows in which promises get longer: announced, running, and those of the last days. */
export default function ReliefsPage() {
  const said = useWords(words);
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      answer(api.GET("/v1/admin/desks/{desk}", { params: { path: { desk: "platform" } } })),
  });
  return (
    <Frame title={said.title} about={said.about} actions={<NewRelief />}>
      <Asked query={query}>
        {({ reliefs = [] }) =>
          reliefs.length === 0 ? (
            <Empty title={said.none} hint={said.noneWhy} />
          ) : (
            <Wide
              label={said.title}
              head={[said.market, said.where, said.span, said.longer, said.state, ""]}
            >
              {reliefs.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </Wide>
          )
        }
      </Asked>
    </Frame>
  );
}

function Row({ one }: { one: ReliefShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const now = serverTime();
  const ahead = new Date(one.starts_at) > now;
  const state = ahead ? said.ahead : new Date(one.ends_at) > now ? said.running : said.over;
  const where = [
    ...(one.region ? [said.inRegion(one.region)] : []),
    ...(one.carrier ? [said.byCarrier(one.carrier)] : []),
  ];
  const withdraw = async () => {
    await answer(
      api.POST("/v1/admin/reliefs/{relief}/withdrawal", {
        params: { path: { relief: one.id } },
      }),
    );
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Table.Tr>
      <Table.Td>{marketName(one.market, language)}</Table.Td>
      <Table.Td>{where.length > 0 ? where.join(", ") : said.everywhere}</Table.Td>
      <Table.Td>
        {`${exactly(one.starts_at, language)} – ${exactly(one.ends_at, language)}`}
      </Table.Td>
      <Table.Td>{spokenSeconds(one.extends_seconds, language)}</Table.Td>
      <Table.Td>
        <Badge variant="default">{state}</Badge>
        <Text size="xs">{said.announced(exactly(one.announced_at, language))}</Text>
      </Table.Td>
      <Table.Td>
        {ahead && (
          <Confirm
            label={said.withdraw}
            consequence={said.withdrawWhat}
            act={withdraw}
            variant="default"
            size="compact-sm"
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
