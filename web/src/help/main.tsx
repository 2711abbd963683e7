import { createRoot } from "react-dom/client";
import { Speaking } from "../shared/Speaking";
import { App } from "./App";
import "./help.css";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the app");
createRoot(root).render(
  <Speaking>
    <App />
  </Speaking>,
);
