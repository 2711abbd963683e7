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

/** A button's small words stay readable under a pointer: its own shade there is a step too dark. */
const lighterHover: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: Object.fromEntries(
    Object.keys(colors).map((color) => [
      `--mantine-color-${color}-light-hover`,
      `var(--mantine-color-${color}-1)`,
    ]),
  ),
  dark: {},
});

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES && error instanceof Problem && error.passes,
      staleTime: 5_000,
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the app");
keepFocus();
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={lighterHover} defaultColorScheme="auto">
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
