import { PROBLEMS } from "../../shared/problemWords";
import { inBoth } from "../../shared/words";

/** What the service may refuse, in other words where it means something else to consumers. */
export const problems = {
  ...PROBLEMS,
  ...inBoth({
    promise_unmet: {
      zh: "您的申请还在等待决定；不想要了，请先撤回申请。",
      en: "What you asked for is not decided yet. If you no longer want it, withdraw that request first.",
    },
  }),
};
