import { describe, expect, it } from "vitest";
import { isTimeForm, timeReader } from "./times.ts";

const at = (text: string, forms: string[], zone = "UTC"): string | null => {
  const found = timeReader(forms, zone)(text);
  return found === null ? null : new Date(found).toISOString();
};

describe("times of other systems", () => {
  it.each([
    ["29/2/2016 01:16", "d/M/yyyy HH:mm", "UTC", "2016-02-29T01:16:00.000Z"],
    ["05.03.24 9:07:08", "dd.MM.yy H:mm:ss", "Europe/Moscow", "2024-03-05T06:07:08.000Z"],
    ["Mar 5, 2024 12:30 AM", "MMM d, yyyy h:mm a", "America/New_York", "2024-03-05T05:30:00.000Z"],
    ["5 March 2024 at 18:00", "d MMM yyyy 'at' HH:mm", "UTC", "2024-03-05T18:00:00.000Z"],
    ["5/Mär/24 9:10 AM", "d/MMM/yy h:mm a", "UTC", "2024-03-05T09:10:00.000Z"],
    ["5 мая 2024, 9:05", "d MMM yyyy, H:mm", "Europe/Moscow", "2024-05-05T06:05:00.000Z"],
    ["5. juillet 2024", "d. MMMM yyyy", "UTC", "2024-07-05T00:00:00.000Z"],
    ["Tue Mar 05 18:00:00 2024", "EEE MMM dd HH:mm:ss yyyy", "UTC", "2024-03-05T18:00:00.000Z"],
    ["2024-03-05 18:00:00 UTC", "iso", "Asia/Omsk", "2024-03-05T18:00:00.000Z"],
    ["2024-03-05 9:00", "iso", "UTC", "2024-03-05T09:00:00.000Z"],
    ["2024-03-05T18:00:00+0300", "yyyy-MM-dd'T'HH:mm:ssZ", "UTC", "2024-03-05T15:00:00.000Z"],
    ["2024-03-05 18:00:00,250", "iso", "Asia/Omsk", "2024-03-05T12:00:00.250Z"],
    ["2024-03-05", "iso", "Europe/Moscow", "2024-03-04T21:00:00.000Z"],
    ["1709661600", "epoch-seconds", "Asia/Omsk", "2024-03-05T18:00:00.000Z"],
    ["1709661600,5", "epoch-seconds", "UTC", "2024-03-05T18:00:00.500Z"],
    ["1709661600123", "epoch-milliseconds", "UTC", "2024-03-05T18:00:00.123Z"],
    ["45356.75", "excel", "Europe/Moscow", "2024-03-05T15:00:00.000Z"],
  ])("%s as %s in %s", (text, form, zone, instant) => {
    expect(isTimeForm(form)).toBe(true);
    expect(at(text, [form], zone)).toBe(instant);
  });

  it.each([
    ["31/4/2024 10:00", "d/M/yyyy HH:mm"],
    ["29/2/2023 10:00", "d/M/yyyy HH:mm"],
    ["1/1/2024 25:00", "d/M/yyyy HH:mm"],
    ["1/1/2024", "d/M/yyyy HH:mm"],
    ["", "iso"],
    ["soon", "iso"],
    ["5 Nonember 2024", "d MMM yyyy"],
    ["5 jui 2024", "d MMM yyyy"],
    ["1e9", "epoch-seconds"],
  ])("%s is none as %s", (text, form) => {
    expect(at(text, [form])).toBeNull();
  });

  it("tries several forms in their order", () => {
    expect(at("05/03/2024", ["iso", "MM/dd/yyyy", "dd/MM/yyyy"])).toBe("2024-05-03T00:00:00.000Z");
    expect(at("25/03/2024", ["iso", "MM/dd/yyyy", "dd/MM/yyyy"])).toBe("2024-03-25T00:00:00.000Z");
  });

  it("knows a form that can tell no date", () => {
    for (const form of ["HH:mm", "yyyy", "quarterly", "yyyy-MM"]) expect(isTimeForm(form)).toBe(false);
  });
});
