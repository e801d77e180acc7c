import type { DirectoryEntry } from "@docket/api-contract";
import { forms } from "virtual:command-forms";
import type { Kind } from "../kinds.ts";

/** The command that makes a new entry of a kind; routing rules are published anew as a whole. */
export const makes: Readonly<Record<Kind, string>> = {
  organization: "register-organization",
  contract: "sign-contract",
  staff: "hire-staff",
  group: "create-group",
  calendar: "define-calendar",
  plan: "define-plan",
  "routing-rules": "publish-routing-rules",
};

/** What may be done to an entry as it is; what is done to one of its parts (a person) stands beside that part. */
export function verbsOf(kind: Kind, { active, state }: Pick<DirectoryEntry, "active" | "state">): readonly string[] {
  switch (kind) {
    case "organization":
      return ["change-organization", "add-person", ...(active ? ["sign-contract"] : ["activate-organization"])];
    case "contract":
      return active
        ? ["change-contract-terms", "change-contract-policy", "define-plan", "terminate-contract"]
        : ["change-contract-terms"];
    case "staff":
      return active
        ? ["change-staff", "change-availability", "deactivate-staff"]
        : ["change-staff", "reactivate-staff"];
    case "group":
      return ["change-group", "change-group-members", ...(active ? [] : ["activate-group"])];
    case "calendar":
      return ["revise-calendar"];
    case "plan":
      return state["stopped"] === true ? [] : ["stop-plan"];
    case "routing-rules":
      return ["publish-routing-rules"];
  }
}

export const mayDo = (role: string, command: string): boolean => forms[command]?.roles.includes(role) ?? false;

/** The kind of entry that a command makes, and the name of its identifier. */
export const madeBy = (command: string): Kind | undefined =>
  (Object.keys(makes) as Kind[]).find((kind) => makes[kind] === command && kind !== "routing-rules");
export const ownId = (kind: Kind): string => `${kind}Id`;
