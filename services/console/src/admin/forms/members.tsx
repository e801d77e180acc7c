import { useText } from "../../text/use-text.ts";
import { PickMany, type Choice } from "./references.tsx";
import type { Values } from "./values.ts";

interface MembersProps {
  readonly choices: readonly Choice[];
  /** who belongs to the group now */
  readonly members: readonly string[];
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}

/** A group's members as a list; what is sent is who comes and who goes. */
export function Members({ choices, members, values, onChange }: MembersProps): React.ReactNode {
  const { t } = useText();
  const [add, remove] = [(values["add"] ?? []) as readonly string[], (values["remove"] ?? []) as readonly string[]];
  const wanted = [...members.filter((id) => !remove.includes(id)), ...add.filter((id) => !members.includes(id))];
  return (
    <PickMany
      label={t("admin.field.memberIds")}
      choices={choices}
      value={wanted}
      onChange={(next) =>
        onChange({
          add: next.filter((id) => !members.includes(id)),
          remove: members.filter((id) => !next.includes(id)),
        })
      }
    />
  );
}
