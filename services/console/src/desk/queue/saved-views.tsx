import { Button, Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { get, patch, remove } from "../../api/client.ts";
import { useText } from "../../text/use-text.ts";
import { IconChevronDown } from "../../ui/icons.ts";
import { laterPart } from "../../ui/later-part.ts";
import { BeginButton, usePast } from "../../ui/only-now.tsx";

const NameView = laterPart(() => import("./name-view.tsx").then(({ NameView }) => NameView));

export interface SavedView {
  readonly viewId: string;
  readonly name: string;
  readonly queue: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly q: string | null;
  readonly sort: string | null;
  readonly columns: readonly string[] | null;
  readonly shared: boolean;
  readonly own: boolean;
  readonly owner: { readonly accountId: string; readonly name: string };
  readonly revision: number;
}

export function useSavedViews(enabled = true): readonly SavedView[] {
  const views = useQuery({
    queryKey: ["views"],
    enabled,
    staleTime: 60_000,
    retry: false,
    queryFn: ({ signal }) => get<{ items: readonly SavedView[] }>("/views", { signal }),
  });
  return views.data?.items ?? none;
}
const none: readonly SavedView[] = [];

export const useSavedView = (viewId: string | null): SavedView | undefined =>
  useSavedViews(viewId !== null).find((view) => view.viewId === viewId);

interface SaveViewProps {
  readonly queue: string;
  readonly filters: Readonly<Record<string, string>>;
  readonly q: string;
  readonly sort: string | undefined;
  readonly columns: readonly string[];
  readonly saved: SavedView | undefined;
}

/** Keeps the list as it stands under a name, for oneself or for all; changes or drops the one that is shown. */
export function SaveView({ queue, filters, q, sort, columns, saved }: SaveViewProps): React.ReactNode {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const content = { queue, filter: filters, q: q === "" ? null : q, sort: sort ?? null, columns };
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ["views"] });
  const past = usePast();
  const down = <IconChevronDown size={13} />;
  // all that is in the menu changes something
  if (past !== undefined)
    return (
      <BeginButton variant="default" rightSection={down}>
        {t("views.menu")}
      </BeginButton>
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={down} data-writes>
            {t("views.menu")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setNaming(true)}>{t("views.saveAs")}</Menu.Item>
          {saved === undefined || !saved.own ? null : (
            <>
              <Menu.Item
                onClick={() =>
                  void patch(`/views/${saved.viewId}`, { ...content, revision: saved.revision }).then(refresh)
                }
              >
                {t("views.update", { name: saved.name })}
              </Menu.Item>
              <Menu.Item
                onClick={() =>
                  void remove(`/views/${saved.viewId}`).then(async () => {
                    await refresh();
                    await navigate({
                      to: "/queues/$view",
                      params: { view: saved.queue } as never,
                      search: {} as never,
                    });
                  })
                }
              >
                {t("views.drop", { name: saved.name })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming ? (
        <Suspense fallback={null}>
          <NameView content={content} onClose={() => setNaming(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
