/** What one measurement gave, beside its yardstick and its aim. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** the bare thing that was measured in the same run; in the same unit */
  readonly yardstick?: { readonly what: string; readonly value: number };
  readonly aims?: readonly Aim[];
  readonly note?: string;
}

/** A bound on the value, or on value : yardstick. */
export interface Aim {
  readonly of: "value" | "ratio";
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Takes an empty folder of its own, which is removed afterwards. `quick` asks for a tenth of the work. */
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

export interface BenchOptions {
  readonly folder: string;
  readonly quick: boolean;
  /** how long a measurement that watches something over time goes on; what is usual when left out */
  readonly minutes?: number;
  /** a folder for processor profiles of what the measured processes cannot write themselves */
  readonly profile?: string;
  readonly say: (line: string) => void;
}

export const ratioOf = ({ value, yardstick }: Figure): number | undefined =>
  yardstick === undefined ? undefined : value / yardstick.value;

export function isMet(figure: Figure, { of, atLeast, atMost }: Aim): boolean {
  const seen = of === "value" ? figure.value : (ratioOf(figure) ?? Number.NaN);
  return (atLeast === undefined || seen >= atLeast) && (atMost === undefined || seen <= atMost);
}

/** The figures as a Markdown table, which a terminal shows as well. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ["what", "measured", "yardstick in the same run", "ratio", "aim", ""];
  const rows = figures.map((figure) => {
    const ratio = ratioOf(figure);
    const aims = figure.aims ?? [];
    return [
      figure.what + (figure.note === undefined ? "" : ` (${figure.note})`),
      inUnit(figure.value, figure.unit),
      figure.yardstick === undefined ? "-" : `${figure.yardstick.what}: ${inUnit(figure.yardstick.value, figure.unit)}`,
      ratio === undefined ? "-" : ratio.toFixed(2),
      aims.length === 0 ? "-" : aims.map((aim) => textOf(aim, figure.unit)).join(", "),
      aims.length === 0 ? "" : aims.every((aim) => isMet(figure, aim)) ? "met" : "MISSED",
    ];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n");
}

function textOf({ of, atLeast, atMost }: Aim, unit: string): string {
  const bound = (value: number): string => (of === "ratio" ? `${value}x` : inUnit(value, unit));
  return [
    ...(atLeast === undefined ? [] : [`>= ${bound(atLeast)}`]),
    ...(atMost === undefined ? [] : [`<= ${bound(atMost)}`]),
  ].join(" ");
}

function inUnit(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString("en-US", { maximumFractionDigits: digits })} ${unit}`;
}

/** The value below which a share of all values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
