import { inBoth } from "../../../shared/words";

export const attributeWords = inBoth({
  attribute: { zh: "更正责任", en: "Correct who is answerable" },
  attributeClock: {
    zh: "取代规则的推定，并记入经过；工单仍由现在的服务台处理，时钟不变。责任方从此能看到此工单。",
    en: "Instead of what the rules presume, and on record. The case and its clocks stay where they are; whoever is answerable sees it from now on.",
  },
  cause: { zh: "谁造成的", en: "Who caused it" },
  why: { zh: "根据什么", en: "What shows it" },
});
