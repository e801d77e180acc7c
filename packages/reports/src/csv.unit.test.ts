import { expect, test } from "vitest";
import { csvHeader, csvLine } from "./csv.ts";

test.each([
  [["plain", 1, null], "plain,1,\r\n"],
  [["a,b", 'say "x"', "two\nlines"], '"a,b","say ""x""","two\nlines"\r\n'],
  [["=1+1", "+7", "-x", "@a", "\tx", "\rx"], "'=1+1,'+7,'-x,'@a,'\tx,\"'\rx\"\r\n"],
  [[-5, 1.5], "-5,1.5\r\n"],
])("%j", (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});

test("a header names the columns", () => {
  expect(
    csvHeader([
      { name: "month", type: "text" },
      { name: "tickets", type: "number" },
    ]),
  ).toBe("month,tickets\r\n");
});
