import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { persistently } from "./persistently.ts";

/**
 * A part of a screen that loads when it is first drawn, persistently: a lost connection must not take away what stands on the
 * screen, and a part that failed to load would.
 */
export const laterPart = <Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> => lazy(async () => ({ default: await persistently(load) }));

const settledMs = 1_000;

/**
 * Resolves a moment after the first screen stands with what it shows, or as soon as somebody moves or types. What is not needed to
 * see it loads after that.
 */
export const firstScreen: Promise<void> = new Promise((resolve) => {
  const signs = ["pointermove", "pointerdown", "keydown"] as const;
  let since: number | undefined;
  const done = (): void => {
    clearInterval(timer);
    for (const sign of signs) removeEventListener(sign, done);
    resolve();
  };
  const timer = setInterval(() => {
    const main = document.querySelector("main");
    if (main === null || main.childElementCount === 0 || main.querySelector("[data-loading]") !== null) return;
    since ??= performance.now();
    if (performance.now() - since >= settledMs) done();
  }, 100);
  for (const sign of signs) addEventListener(sign, done);
});

/** A part that can wait until the first screen stands; until then its place is held. */
export const idlePart = <Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> =>
  laterPart(() => firstScreen.then(load));
