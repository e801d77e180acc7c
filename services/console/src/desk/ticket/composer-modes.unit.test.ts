import { ticketCommands } from "@docket/domain";
import { expect, it } from "vitest";
import { modes } from "./composer-modes.ts";

const commandOf = {
  comment: "comment",
  "answer-customer": "answerCustomer",
  "ask-customer": "askCustomer",
  resolve: "resolve",
} as const;

it("what is written takes files where its command does, and never drops them silently", () => {
  for (const { id, command, files, body } of modes) {
    const { shape } = ticketCommands[commandOf[command]].schema;
    expect([id, "attachments" in shape]).toEqual([id, files]);
    expect([id, "attachments" in body("text", [])]).toEqual([id, files]);
  }
});
