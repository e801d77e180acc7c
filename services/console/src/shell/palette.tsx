import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import type { TicketRow } from "@docket/api-contract";
import { get } from "../api/client.ts";
import { useSession, worksOnTickets } from "../api/session.ts";
import { allActions, onActions } from "../keys/registry.ts";
import { useText } from "../text/use-text.ts";
import { closeOverlay } from "./overlays.ts";
import { fits } from "./palette-match.ts";
import css from "./shell.module.css";

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly keys: string;
  readonly off?: string | undefined;
  run(): void;
}

/**
 * Everything that can be done here, and every ticket by number or words: Ctrl-K, type, Enter. A dialog of the browser's own, in the
 * first script: its field has the focus before the next key comes, however busy the machine is, and what had it before has it back.
 */
export function Palette(): React.ReactNode {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const list = useId();
  const navigate = useNavigate();
  const { account } = useSession();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const actions = useSyncExternalStore(onActions, allActions);
  const wanted = text.trim();
  const found = useQuery({
    queryKey: ["palette", wanted],
    queryFn: ({ signal }) =>
      get<{ items: readonly TicketRow[] }>("/tickets", {
        query: /^[a-z]{1,4}-\d+$/iu.test(wanted) ? { number: wanted.toUpperCase(), limit: 5 } : { q: wanted, limit: 7 },
        signal,
      }),
    enabled:
      wanted.length >= 3 && (worksOnTickets(account) || account.role === "requester" || account.role === "auditor"),
    staleTime: 5_000,
  });
  const choices: Choice[] = [
    ...actions
      .filter(({ keysOnly, unlisted }) => keysOnly !== true && unlisted !== true)
      .map(({ id, title, plain, group, keys, off, run }) => ({
        id,
        title: plain ?? t(title),
        hint: t(group),
        keys: keys?.[0] ?? "",
        off,
        run,
      }))
      .filter(({ title, hint }) => fits(`${title} ${hint}`, wanted)),
    ...(found.data?.items ?? []).map(({ ticketId, number, subject }) => ({
      id: ticketId,
      title: `${number} ${subject}`,
      hint: t("palette.ticket"),
      keys: "",
      run: () => void navigate({ to: "/tickets/$ticket", params: { ticket: number } as never }),
    })),
  ];
  const current = Math.min(at, choices.length - 1);
  const choose = (choice: Choice | undefined): void => {
    if (choice === undefined || choice.off !== undefined) return;
    closeOverlay();
    choice.run();
  };
  return (
    <dialog
      ref={dialog}
      className={css["paletteDialog"]}
      aria-modal="true"
      aria-label={t("palette.open")}
      onCancel={(event) => {
        event.preventDefault();
        closeOverlay();
      }}
      onClose={closeOverlay}
      onClick={(event) => (event.target === event.currentTarget ? closeOverlay() : undefined)}
    >
      <input
        className={css["paletteField"]}
        data-mantine-stop-propagation="true"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={choices[current] === undefined ? undefined : `${list}-${current}`}
        aria-label={t("palette.open")}
        placeholder={t("palette.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setAt((current + (event.key === "ArrowDown" ? 1 : -1) + choices.length) % Math.max(1, choices.length));
          } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
            event.preventDefault();
            choose(choices[current]);
          }
        }}
      />
      <ul className={css["palette"]} role="listbox" id={list} aria-label={t("palette.open")}>
        {choices.map((choice, index) => (
          <li
            key={choice.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === current}
            aria-disabled={choice.off !== undefined}
            ref={index === current ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            onMouseMove={() => setAt(index)}
            onClick={() => choose(choice)}
          >
            <span>{choice.title}</span>
            <span className={css["paletteHint"]}>
              {choice.off ?? choice.hint}{" "}
              {choice.keys === "" ? null : <kbd>{choice.keys.replace("mod+", "Ctrl ")}</kbd>}
            </span>
          </li>
        ))}
      </ul>
      {choices.length === 0 ? (
        <p className={css["paletteNone"]}>{found.isFetching ? t("state.loading") : t("palette.none")}</p>
      ) : null}
    </dialog>
  );
}
