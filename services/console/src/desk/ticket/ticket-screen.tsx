import { Empty } from "../../ui/states.tsx";

export function TicketScreen(): React.ReactNode {
  return <Empty title="…" />;
}
