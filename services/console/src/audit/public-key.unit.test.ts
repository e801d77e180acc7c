import { expect, it } from "vitest";
import { keyOfText } from "./public-key.ts";

const hex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const pem = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
`;

it("takes a public key as 64 hex digits or as PEM, on one line too, and nothing else", () => {
  expect(keyOfText(` ${hex.toUpperCase()} `)).toBe(hex);
  expect(keyOfText(pem)).toBe(hex);
  expect(keyOfText(pem.replaceAll("\n", " "))).toBe(hex);
  for (const bad of ["", "abc", hex.slice(1), pem.replace("MCow", "****"), pem.replace("11qYAYKx", "")])
    expect(keyOfText(bad)).toBeNull();
});
