import { readdirSync, readFileSync } from "node:fs";

/** Processor time that a process has used so far, in ms; 0 where /proc does not exist. */
export function cpuMs(pid: number | undefined): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ");
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The same with what its children had used that have ended (Postgres's parallel workers). */
export function cpuWithEndedMs(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ");
  return fields === undefined ? 0 : cpuMs(pid) + (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Resident memory of a process in MB; 0 where /proc does not exist. */
export const residentMb = (pid: number): number => kilobytes(`/proc/${pid}/status`, "VmRSS") / 1024;

/** Memory of a process in MB, what it shares with others divided among them. */
export const proportionalMb = (pid: number): number => kilobytes(`/proc/${pid}/smaps_rollup`, "Pss") / 1024;

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(read(`/proc/${entry}/stat`).split(") ")[1]?.split(" ")[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const family = [pid];
  for (const each of family) family.push(...(parents.get(each) ?? []));
  return family;
}

export const commandLineOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();

function kilobytes(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(read(file))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
