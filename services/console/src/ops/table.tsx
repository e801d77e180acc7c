import css from "./ops.module.css";

interface TableProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly React.ReactNode[])[];
  readonly none: string;
}

/** A titled table of plain rows; says so when there are none. */
export function Table({ title, heads, rows, none }: TableProps): React.ReactNode {
  return (
    <section className={css["section"]} aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className={css["quiet"]}>{none}</p>
      ) : (
        <div className={css["frame"]} tabIndex={0} role="region" aria-label={title}>
          <table className={css["table"]}>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, index) => (
                <tr key={index}>
                  {cells.map((cell, place) => (
                    <td key={heads[place]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
