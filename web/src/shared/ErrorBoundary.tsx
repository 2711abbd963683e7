import { Component, type ReactNode } from "react";

type Props = { instead: ReactNode; children: ReactNode };

/** Where what is inside has failed, which is a bug, this is shown `instead` of nothing at all. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
