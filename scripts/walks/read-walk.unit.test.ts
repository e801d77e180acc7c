import { expect, it } from "vitest";
import { missingLine, readWalk } from "./read-walk.ts";

const page = `# Walk

\`\`\`sh
echo one
echo two
\`\`\`

\`\`\`text
one
\`\`\`

\`\`\`json
{}
\`\`\`

\`\`\`sh exit=1
false
\`\`\`
`;

it("takes the commands of a page with what they are to say", () => {
  expect(readWalk(page)).toEqual([
    { line: 4, commands: "echo one\necho two", exit: 0, expected: ["one"] },
    { line: 17, commands: "false", exit: 1, expected: undefined },
  ]);
  expect(() => readWalk("```sh\necho")).toThrow("line 1");
  expect(() => readWalk("```text\none\n```")).toThrow("line 1");
});

it("finds the line that an output does not show, in order", () => {
  const output = "3 events of 2 streams\nchecked in 12 ms\nall is well\n";
  expect(missingLine(["3 events of 2 streams", "checked in ... ms"], output)).toBeUndefined();
  expect(missingLine(["...", "all is well"], output)).toBeUndefined();
  expect(missingLine(["all is well"], output)).toBe("all is well");
  expect(missingLine(["...", "all is well", "...", "3 events of 2 streams"], output)).toBe("3 events of 2 streams");
  expect(missingLine(["3 events of 2 (streams)"], output)).toBe("3 events of 2 (streams)");
});
