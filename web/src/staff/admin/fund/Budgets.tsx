import { Anchor, NumberInput, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import { minorDigits, money } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../../desk/useCode";
import { ProblemNote } from "../../shell/ProblemNote";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { useRules } from "../common/useRules";
import { Wide } from "../common/Wide";
import { paths } from "../story/paths";
import { words } from "./words";

type Named = { market: string; budget: string; currency: string };

/** The budgets that the rules of a market name, as they stand in this month. */
export function Budgets({ market }: { market: string }) {
  const said = useWords(words);
  const query = useRules(market, "budget");
  return (
    <Asked query={query}>
      {(rules) =>
        rules.length === 0 ? (
          <Text>{said.noBudgets}</Text>
        ) : (
          <Wide
            label={said.budgets}
            head={[
              said.budget,
              said.month,
              said.amount,
              said.dealt,
              said.given,
              said.returned,
              said.waiting,
              "",
            ]}
          >
            {rules.map((rule) => (
              <Row
                key={`${rule.name}/${rule.currency}`}
                of={{ market, budget: String(rule.name), currency: String(rule.currency) }}
                byRule={Number(rule.amount_minor)}
              />
            ))}
          </Wide>
        )
      }
    </Asked>
  );
}

function Row({ of, byRule }: { of: Named; byRule: number }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const { data, error } = useQuery({
    queryKey: ["admin", "budget", of.market, of.budget, of.currency],
    queryFn: () =>
      answer(
        api.GET("/v1/admin/markets/{market}/budgets/{budget}/{currency}", { params: { path: of } }),
      ),
  });
  const amount = (minor: number) => money(minor, of.currency, language);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Anchor component={Link} href={paths.budget(of.market, of.budget, of.currency)} inherit>
          {code(of.budget)}
        </Anchor>
      </Table.Th>
      {data ? (
        <>
          <Table.Td>{`${data.period.slice(0, 4)}-${data.period.slice(4)}`}</Table.Td>
          <Table.Td>
            {amount(data.begun ? data.amount_minor : byRule)}
            {!data.begun && <Text size="xs">{said.byRule}</Text>}
          </Table.Td>
          <Table.Td>{amount(data.dealt_out_minor)}</Table.Td>
          <Table.Td>{amount(data.given_minor)}</Table.Td>
          <Table.Td>{amount(data.returned_minor)}</Table.Td>
          <Table.Td>{data.waiting}</Table.Td>
          <Table.Td>
            <Change key={data.amount_minor} of={of} now={data.begun ? data.amount_minor : byRule} />
          </Table.Td>
        </>
      ) : (
        <Table.Td colSpan={7}>{error && <ProblemNote error={error} />}</Table.Td>
      )}
    </Table.Tr>
  );
}

function Change({ of, now }: { of: Named; now: number }) {
  const said = useWords(words);
  const code = useCode();
  const colon = useColon();
  const queries = useQueryClient();
  const unit = 10 ** minorDigits(of.currency);
  const [amount, setAmount] = useState<string | number>(now / unit);
  const change = async () => {
    await answer(
      api.PUT("/v1/admin/markets/{market}/budgets/{budget}/{currency}", {
        params: { path: of },
        body: { amount_minor: Math.round(Number(amount) * unit) },
      }),
    );
    await queries.invalidateQueries({ queryKey: ["admin", "budget", of.market, of.budget] });
  };
  return (
    <Confirm
      label={said.set}
      title={`${said.set}${colon}${code(of.budget)}`}
      consequence={said.setWhat}
      act={change}
      ready={amount !== "" && Number(amount) >= 0}
      variant="default"
      size="compact-sm"
    >
      <NumberInput
        label={said.newAmount(of.currency)}
        min={0}
        decimalScale={minorDigits(of.currency)}
        thousandSeparator=","
        value={amount}
        onChange={setAmount}
        data-autofocus
      />
    </Confirm>
  );
}
