type Shade = readonly [number, number, number];

/** `#3453c4` as red, green and blue, 0 to 255 each; what is written otherwise counts as black. */
function shadeOf(hex: string): Shade {
  const [, red, green, blue] = /^#(..)(..)(..)$/u.exec(hex) ?? [];
  const part = (digits: string | undefined): number => Number.parseInt(digits ?? "0", 16);
  return [part(red), part(green), part(blue)];
}

/** The colour that lies so far (0 to 1) from one to another, both as `#rrggbb`. */
export function mixed(from: string, to: string, share: number): string {
  const [first, last] = [shadeOf(from), shadeOf(to)];
  const part = (index: 0 | 1 | 2): string =>
    Math.round(first[index] + (last[index] - first[index]) * share)
      .toString(16)
      .padStart(2, "0");
  return `#${part(0)}${part(1)}${part(2)}`;
}

/** How bright a colour is, 0 to 1 (relative luminance of WCAG 2.2). */
function brightness(hex: string): number {
  const [red, green, blue] = shadeOf(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever is read better on a colour. */
export const inkOn = (hex: string): string => (brightness(hex) > 0.179 ? "#000000" : "#ffffff");
