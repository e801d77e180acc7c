import { Empty } from "../../ui/states.tsx";

export function QueueScreen(): React.ReactNode {
  return <Empty title="…" />;
}
