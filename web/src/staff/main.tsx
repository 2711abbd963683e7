import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import {
  Badge,
  type CSSVariablesResolver,
  createTheme,
  MantineProvider,
  Menu,
} from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Problem } from "../api/problems";
import { ErrorBoundary } from "../shared/ErrorBoundary";
import { Speaking } from "../shared/Speaking";
import { App } from "./App";
import { Failed } from "./shell/Failed";
import { keepFocus } from "./shell/keepFocus";

const RETRIES = 3;

const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: 9,
  autoContrast: true,
  respectReducedMotion: true,
  components: {
    // A state is a word to be read, not a shout.
    Badge: Badge.extend({ styles: { label: { textTransform: "none" } } }),
    // The focus goes to the first item: what stands in for it is no item, which a menu may not hold.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
  },
});

/** Too bright for words on their own light ground. */
const BRIGHT = ["orange", "yellow", "green", "teal", "lime"];

/** Small words stay readable, under a pointer too: a light button's own shade there is a step too
 * dark, a filled one's too light. */
const readable: CSSVariablesResolver = ({ colors }) => {
  const of = (names: string[], token: string, value: (color: string) => string) =>
    Object.fromEntries(names.map((color) => [`--mantine-color-${color}-${token}`, value(color)]));
  const all = Object.keys(colors);
  const darker = (shade: string, by: string) => `color-mix(in srgb, ${shade}, black ${by})`;
  const both = {
    "--mantine-color-placeholder": "var(--mantine-color-dimmed)",
    ...of(all, "filled-hover", (color) => darker(`var(--mantine-color-${color}-filled)`, "12%")),
  };
  return {
    variables: {},
    light: {
      ...both,
      ...of(all, "light-hover", (color) => `var(--mantine-color-${color}-1)`),
      ...of(BRIGHT, "light-color", (color) => darker(`var(--mantine-color-${color}-9)`, "45%")),
    },
    dark: both,
  };
};

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES && error instanceof Problem && error.passes,
      staleTime: 5_000,
      // Whoever is offline is told so at once; nothing is done later that was given up meanwhile.
      networkMode: "always",
      refetchOnReconnect: true,
    },
    mutations: { networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the app");
keepFocus();
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme="auto">
    <QueryClientProvider client={queries}>
      <Speaking>
        <ErrorBoundary instead={<Failed />}>
          <Notifications position="bottom-left" />
          <App />
        </ErrorBoundary>
      </Speaking>
    </QueryClientProvider>
  </MantineProvider>,
);
