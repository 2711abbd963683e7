import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import { Badge, createTheme, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Problem } from "../api/problems";
import { Speaking } from "../shared/Speaking";
import { App } from "./App";

const RETRIES = 3;

const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: 9,
  autoContrast: true,
  // A state is a word to be read, not a shout.
  components: { Badge: Badge.extend({ styles: { label: { textTransform: "none" } } }) },
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
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <QueryClientProvider client={queries}>
      <Speaking>
        <Notifications position="bottom-left" />
        <App />
      </Speaking>
    </QueryClientProvider>
  </MantineProvider>,
);
