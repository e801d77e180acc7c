import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, password, type House } from "../../test/house.ts";
import { session } from "../../test/session.ts";
import { ensureAccount } from "./accounts.ts";
import { lockout } from "./lockout.ts";

let house: House;
let anonymous: ReturnType<typeof session>["anonymous"];
beforeAll(async () => {
  house = await openHouse();
  anonymous = session(house.app).anonymous;
});
afterAll(() => house.close());

const login = (name: string, word: string) => anonymous.post("/v1/login", { login: name, password: word });

describe("signing in", () => {
  it("gives a cookie that no script and no other site can use, and the token that proves our own page", async () => {
    const answer = await login("olga", password);
    expect(answer.status).toBe(200);
    const cookies = [answer.headers["set-cookie"]].flat() as unknown as string[];
    expect(cookies.find((line) => line.startsWith("docket_session="))).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(cookies.find((line) => line.startsWith("docket_session="))).not.toContain("Secure");
    expect(answer.body).toMatchObject({
      account: { login: "olga", role: "operator", staffId: "olga", personId: null, organizationId: null },
    });
    const kept = await house.database.pool.query("select encode(token_hash, 'hex') as hash from app.sessions");
    for (const { hash } of kept.rows) expect(cookies.join()).not.toContain(hash);
  });

  it("sets Secure and the __Host- name behind https", async () => {
    const secure = await openHouse({ settings: { DOCKET_PUBLIC_URL: "https://desk.example" } });
    try {
      const answer = await session(secure.app).anonymous.post("/v1/login", { login: "olga", password });
      expect([answer.headers["set-cookie"]].flat().join()).toMatch(
        /__Host-docket_session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict/,
      );
      expect(answer.headers["strict-transport-security"]).toContain("max-age");
    } finally {
      await secure.close();
    }
  });

  it("says the same of a wrong password, an unknown name and a disabled account", async () => {
    const id = await ensureAccount(house.database.db, { login: "gone", password, name: "Gone", role: "operator" });
    await house.database.db.updateTable("app.accounts").set({ disabled: true }).where("id", "=", id).execute();
    const answers = [
      await login("ivan", "wrong password"),
      await login("nobody-here", "wrong password"),
      await login("gone", password),
    ];
    for (const { status, body } of answers)
      expect({ status, ...body, instance: "" }).toEqual({
        ...answers[0]!.body,
        status: 401,
        code: "login_failed",
        instance: "",
      });
  });

  it("locks a name after five failures, known or not, for longer each time, by the Clock", async () => {
    for (const name of ["elena", "no-such-person"]) {
      for (let i = 0; i < lockout.free; i++)
        expect((await login(name, "wrong password")).body.code).toBe("login_failed");
      const locked = await login(name, password);
      expect(locked.status).toBe(429);
      expect(locked.body).toMatchObject({ code: "too_many_attempts", seconds: lockout.firstSeconds });
      expect(locked.headers["retry-after"]).toBe(String(lockout.firstSeconds));
    }
    house.clock.advanceBy(lockout.firstSeconds * 1000);
    expect((await login("elena", "still wrong")).body.code).toBe("login_failed");
    expect((await login("elena", password)).body).toMatchObject({
      code: "too_many_attempts",
      seconds: 2 * lockout.firstSeconds,
    });
    house.clock.advanceBy(2 * lockout.firstSeconds * 1000);
    expect((await login("elena", password)).status).toBe(200);
    for (let i = 0; i < lockout.free - 1; i++)
      expect((await login("elena", "wrong password")).body.code).toBe("login_failed");
    expect((await login("elena", password)).status).toBe(200);
  });

  it("does not let many guesses at once slip past the lock", async () => {
    await ensureAccount(house.database.db, { login: "target", password, name: "Target", role: "operator" });
    const answers = await Promise.all(Array.from({ length: 30 }, () => login("target", "guess")));
    expect(answers.filter(({ body }) => body.code === "login_failed")).toHaveLength(lockout.free);
    expect(answers.filter(({ body }) => body.code === "too_many_attempts")).toHaveLength(30 - lockout.free);
  });

  it("limits the rate of attempts from one address", async () => {
    const strict = await openHouse({ settings: { GATEWAY_LOGINS_PER_MINUTE: "3" } });
    try {
      const codes: string[] = [];
      for (let i = 0; i < 5; i++)
        codes.push(
          (await session(strict.app).anonymous.post("/v1/login", { login: `name${i}`, password: "x" })).body.code,
        );
      expect(codes).toEqual(["login_failed", "login_failed", "login_failed", "rate_limited", "rate_limited"]);
    } finally {
      await strict.close();
    }
  });
});

describe("a session", () => {
  it("needs the CSRF token for whatever changes something, and not for reading", async () => {
    const maria = await house.as("maria");
    expect((await maria.get("/v1/me")).status).toBe(200);
    for (const header of ["", "x".repeat(43)]) {
      const answer = await maria.post("/v1/logout", {}, { headers: { "x-csrf-token": header } });
      expect(answer).toMatchObject({ status: 403, body: { code: "csrf_failed" } });
    }
    expect((await maria.post("/v1/contacts/portal", {}, { headers: { "x-csrf-token": "no" } })).body.code).toBe(
      "csrf_failed",
    );
  });

  it("ends with a sign-out at once, and by itself when its time is over", async () => {
    const first = await session(house.app).login("boss", password);
    const second = await session(house.app).login("boss", password);
    expect((await first.post("/v1/logout", {})).status).toBe(204);
    expect((await first.get("/v1/me")).body.code).toBe("not_authenticated");
    expect((await second.get("/v1/me")).status).toBe(200);
    house.clock.advanceBy(12 * 3_600_000);
    expect((await second.get("/v1/me")).status).toBe(401);
  });

  it("ends when the account is shut or its password changed", async () => {
    const boss = await session(house.app).login("boss", password);
    const id = await ensureAccount(house.database.db, { login: "temp", password, name: "Temp", role: "operator" });
    const temp = await session(house.app).login("temp", password);
    expect((await boss.patch(`/v1/admin/accounts/${id}`, { password: "a new long password" })).status).toBe(200);
    expect((await temp.get("/v1/me")).status).toBe(401);
    const again = await session(house.app).login("temp", "a new long password");
    expect((await boss.patch(`/v1/admin/accounts/${id}`, { disabled: true })).body.disabled).toBe(true);
    expect((await again.get("/v1/me")).status).toBe(401);
  });
});

describe("a token", () => {
  it("may do no more than its scopes, and nothing once revoked", async () => {
    const boss = await session(house.app).login("boss", password);
    const made = await boss.post("/v1/admin/tokens", { name: "reader", role: "operator", scopes: ["read"] });
    expect(made.status).toBe(201);
    expect((await boss.get("/v1/admin/tokens")).raw.toString()).not.toContain(made.body.token);
    const reader = session(house.app).withToken(made.body.token);
    expect((await reader.get("/v1/tickets")).status).toBe(200);
    expect((await reader.post("/v1/contacts/phone", { subject: "x", text: "y" })).body).toMatchObject({
      code: "scope_missing",
      scope: "intake",
    });
    expect((await boss.delete(`/v1/admin/tokens/${made.body.tokenId}`)).status).toBe(204);
    expect((await reader.get("/v1/tickets")).body.code).toBe("not_authenticated");
  });

  it("that is wrong is refused even where none is needed", async () => {
    const answer = await session(house.app).withToken("dkt_wrong").post("/v1/contacts/portal", {});
    expect(answer).toMatchObject({ status: 401, body: { code: "not_authenticated" } });
  });

  it("of another role gets no administration", async () => {
    const token = await house.token("operator", ["read", "command", "admin"]);
    expect((await token.get("/v1/admin/accounts")).body.code).toBe("forbidden");
    expect(
      (
        await token.post("/v1/admin/commands/create-group", {
          groupId: "x",
          name: "X",
          line: 1,
          kind: "operators",
          memberIds: [],
        })
      ).body.code,
    ).toBe("forbidden");
  });
});
