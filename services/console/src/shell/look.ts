export type Density = "compact" | "normal" | "roomy";
const key = "docket.density";

export const densityAtHand = (): Density => {
  const kept = localStorage.getItem(key);
  return kept === "compact" || kept === "roomy" ? kept : "normal";
};

export function setDensity(density: Density): void {
  localStorage.setItem(key, density);
  document.documentElement.dataset["density"] = density;
}

/** Before the first drawing: colours and row height as they were chosen on this machine, so that nothing flashes. */
export function applyLook(): void {
  const root = document.documentElement;
  const chosen = localStorage.getItem("mantine-color-scheme-value");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset["mantineColorScheme"] = dark ? "dark" : "light";
  root.dataset["density"] = densityAtHand();
}
