import type { Page } from "playwright-core";

/** Gives a file to an element as the clipboard or the pointer does. */
export async function give(
  page: Page,
  selector: string,
  way: "paste" | "drop",
  name: string,
  type: string,
): Promise<void> {
  await page.evaluate(
    `(() => {
      const files = new DataTransfer();
      files.items.add(new File([${JSON.stringify(`${name}: строка журнала`)}], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }));
      const event = ${way === "paste" ? "new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })" : "new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })"};
      document.querySelector(${JSON.stringify(selector)}).dispatchEvent(event);
    })()`,
  );
}
