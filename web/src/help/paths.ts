/** Where everything on this page is, below `/help`. */
export const paths = {
  home: "/",
  order: (order: string) => `/order/${order}`,
  wish: (order: string, part: number, reason: string) => `/order/${order}/${part}/${reason}`,
  talkOrder: (order: string, part: number) => `/order/${order}/${part}/talk`,
  conversation: (conversation: string) => `/c/${conversation}`,
  other: "/other",
};
