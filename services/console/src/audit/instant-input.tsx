import { browserZone } from "../text/format.ts";
import { localMoment } from "../ui/day-text.ts";
import { MomentField } from "../ui/moment-field.tsx";

interface InstantInputProps {
  readonly label: string;
  readonly value: string | undefined;
  onChange(instant: string): void;
}

/**
 * A moment of a search: shown in the zone of the browser, kept in the address as an instant. So a link and a saved search mean the
 * same wherever they are opened.
 */
export function InstantInput({ label, value, onChange }: InstantInputProps): React.ReactNode {
  return (
    <MomentField
      label={`${label}, ${browserZone}`}
      value={localOf(value)}
      onChange={(local) => onChange(instantOf(local) ?? "")}
    />
  );
}

/** What stands in the address as an instant; `2026-03-12T14:00` without a zone is the browser's. */
export const instantOf = (text: string | undefined): string | undefined =>
  text === undefined || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();

function localOf(text: string | undefined): string {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? "" : localMoment(at);
}
