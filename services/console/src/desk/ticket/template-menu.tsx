import type { TicketView } from "@docket/api-contract";
import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { get, post } from "../../api/client.ts";
import { useSession } from "../../api/session.ts";
import { openTo } from "../../app/open-to.ts";
import { useText } from "../../text/use-text.ts";
import { IconChevronDown, IconEdit } from "../../ui/icons.ts";

interface Template {
  readonly templateId: string;
  readonly name: string;
  readonly language: string;
  readonly kind: string;
  readonly active: boolean;
}

interface TemplateMenuProps {
  readonly ticket: TicketView;
  /** the chosen one's text, with what is known of the ticket in its places */
  onFilled(text: string): void;
  onRefused(refusal: unknown): void;
}

const editing = "/admin/templates";

/**
 * Texts that are ready, in the customer's language and in one's own, and for those who keep them the way there; not there where there
 * is neither.
 */
export function TemplateMenu({ ticket, onFilled, onRefused }: TemplateMenuProps): React.ReactNode {
  const { t, language } = useText();
  const { account } = useSession();
  const navigate = useNavigate();
  const templates = useQuery({
    queryKey: ["templates"],
    retry: false,
    staleTime: 300_000,
    queryFn: ({ signal }) => get<{ items: readonly Template[] }>("/templates", { signal }),
  });
  const fitting = (templates.data?.items ?? []).filter(
    ({ active, language: of }) => active && (of === ticket.details["language"] || of === language),
  );
  const fill = async ({ templateId }: Template): Promise<void> => {
    try {
      onFilled((await post<{ text: string }>(`/templates/${templateId}/fill`, { ticket: ticket.number })).text);
    } catch (refusal) {
      onRefused(refusal);
    }
  };
  const mayEdit = openTo(account, editing);
  if (fitting.length === 0 && !mayEdit) return null;
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Button size="compact-xs" variant="default" rightSection={<IconChevronDown size={12} />}>
          {t("composer.templates")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {fitting.map((template) => (
          <Menu.Item key={template.templateId} onClick={() => void fill(template)}>
            {template.name}
          </Menu.Item>
        ))}
        {fitting.length > 0 && mayEdit ? <Menu.Divider /> : null}
        {mayEdit ? (
          <Menu.Item
            leftSection={<IconEdit size={14} aria-hidden />}
            onClick={() => void navigate({ to: editing, search: { ticket: ticket.number } as never })}
          >
            {t("composer.editTemplates")}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
