/** What can be written: which command it becomes, and where its text goes. */
export const modes = [
  {
    id: "reply",
    command: "comment",
    body: (text: string, attachments: unknown) => ({ text, visibility: "public", attachments }),
  },
  {
    id: "note",
    command: "comment",
    body: (text: string, attachments: unknown) => ({ text, visibility: "internal", attachments }),
  },
  {
    id: "answer",
    command: "answer-customer",
    body: (answer: string, attachments: unknown) => ({ answer, attachments }),
  },
  { id: "question", command: "ask-customer", body: (question: string) => ({ question }) },
  { id: "solution", command: "resolve", body: (solution: string) => ({ solution }) },
] as const;
export type ModeId = (typeof modes)[number]["id"];
