// Where the stories are.
const STORY = "/admin/story";

export const paths = {
  case: (consumer: string, conversation: string) => `${STORY}/case/${consumer}/${conversation}`,
  consumer: (consumer: string) => `${STORY}?consumer=${consumer}`,
  wallet: (consumer: string) => `${STORY}/wallet/${consumer}`,
  account: (party: string, currency: string) => `${STORY}/account/${party}/${currency}`,
  listing: (merchant: string, listing: string) => `${STORY}/listing/${merchant}/${listing}`,
  budget: (market: string, budget: string, currency: string, slice = 0) =>
    `${STORY}/budget/${market}/${budget}/${currency}${slice ? `/${slice}` : ""}`,
};
