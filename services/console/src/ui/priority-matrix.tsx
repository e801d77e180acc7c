import { useText } from "../text/use-text.ts";
import css from "./priority-matrix.module.css";
import { allPriorities, mayHave, ticketTypes, type Priority, type TicketType } from "./ticket-types.ts";

interface MatrixProps {
  /** what the whole is called */
  readonly name: string;
  /** over the column of types */
  readonly corner: string;
  readonly caption?: string;
  /** said where no ticket can be */
  readonly never?: string;
  /** the fields of one cell */
  children(type: TicketType, priority: Priority): React.ReactNode;
}

/** Type by priority, with fields in every cell that R §3.3 knows. It scrolls sideways by itself where it is too wide. */
export function PriorityMatrix({ name, corner, caption, never, children }: MatrixProps): React.ReactNode {
  const { term } = useText();
  return (
    <div className={css["frame"]} tabIndex={0} role="region" aria-label={name}>
      <table className={css["matrix"]}>
        {caption === undefined ? null : <caption>{caption}</caption>}
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {allPriorities.map((priority) => (
              <th key={priority} scope="col">
                {term("priority", priority)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ticketTypes.map((type) => (
            <tr key={type}>
              <th scope="row">{term("ticketType", type)}</th>
              {allPriorities.map((priority) =>
                mayHave(type, priority) ? (
                  <td key={priority}>
                    <div
                      role="group"
                      className={css["cell"]}
                      aria-label={`${term("ticketType", type)}, ${term("priority", priority)}`}
                    >
                      {children(type, priority)}
                    </div>
                  </td>
                ) : (
                  <td key={priority} className={css["never"]}>
                    {never}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
