import type { Account } from "@docket/api-contract";
import { mayRole, role as roles } from "@docket/domain";
import { describe, expect, it } from "vitest";
import { decidesContacts, worksOnTickets } from "../api/session.ts";
import { areas } from "./areas.ts";
import { homeOf } from "./home.ts";
import { openTo } from "./open-to.ts";

const accounts = roles.options
  .filter((role) => role !== "machine" && role !== "system")
  .map((role) => ({ accountId: role, role, name: role, personId: null, organizationId: null }) as unknown as Account);

describe("whose a screen is", () => {
  it("every line of somebody's rail, and where he begins, is open to him", () => {
    for (const account of accounts) {
      const lines = areas.flatMap((area) => area.rail(account));
      expect(lines.length).toBeGreaterThan(1);
      for (const { to } of lines)
        expect({ role: account.role, to, open: openTo(account, to) }).toMatchObject({ open: true });
      expect(openTo(account, homeOf(account))).toBe(true);
    }
  });

  it("nobody is offered what his role may not do", () => {
    for (const account of accounts) {
      expect(decidesContacts(account)).toBe(mayRole(account.role, "VerifyContact"));
      expect(worksOnTickets(account)).toBe(mayRole(account.role, "LogCall"));
    }
    const open = (path: string): string[] =>
      accounts.filter((account) => openTo(account, path)).map(({ role }) => role);
    expect(open("/audit/trust")).toEqual(["auditor"]);
    expect(open("/ops/outbox")).toEqual(["admin"]);
    expect(open("/admin/letters")).toEqual(["service_manager", "admin"]);
    expect(open("/portal/new")).toEqual(["requester"]);
    expect(open("/intake/phone")).not.toContain("auditor");
    expect(open("/tickets/SC-000001").length).toBe(accounts.length);
  });
});
