/** What can be written: which command it becomes, where its text goes, and whether files go with it. */
export const modes = [
  {
    id: "reply",
    command: "comment",
    files: true,
    body: (text: string, attachments: unknown) => ({ text, visibility: "public", attachments }),
  },
  {
    id: "note",
    command: "comment",
    files: true,
    body: (text: string, attachments: unknown) => ({ text, visibility: "internal", attachments }),
  },
  {
    id: "answer",
    command: "answer-customer",
    files: true,
    body: (answer: string, attachments: unknown) => ({ answer, attachments }),
  },
  { id: "question", command: "ask-customer", files: false, body: (question: string) => ({ question }) },
  { id: "solution", command: "resolve", files: false, body: (solution: string) => ({ solution }) },
] as const;
export type ModeId = (typeof modes)[number]["id"];
