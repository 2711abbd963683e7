import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Problem } from "../api/problems";
import { ErrorBoundary } from "../shared/ErrorBoundary";
import { Speaking } from "../shared/Speaking";
import { App } from "./App";
import { Failed } from "./Failed";
import "./help.css";
import "./order/order.css";
import "./talk/talk.css";

const RETRIES = 3;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES && error instanceof Problem && error.passes,
      staleTime: 2_000,
      // Whoever is offline is told so at once, and not when the network is back.
      networkMode: "always",
      refetchOnReconnect: true,
    },
    mutations: { networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the app");
createRoot(root).render(
  <QueryClientProvider client={queries}>
    <Speaking>
      <ErrorBoundary instead={<Failed />}>
        <App />
      </ErrorBoundary>
    </Speaking>
  </QueryClientProvider>,
);
