// Changes one letter of one event in the file of an event store that does not run: what a dishonest administrator might do.
import { DatabaseSync } from "node:sqlite";

const [, , file] = process.argv;
const database = new DatabaseSync(file);
const row = database
  .prepare(
    `select e.position, e.frame from events e join types t on t.id = e.type
     where t.name = cast('TicketRegistered' as blob) order by e.position limit 1`,
  )
  .get();
const frame = Buffer.from(row.frame);
const at = frame.indexOf('"contractId":"') + '"contractId":"'.length;
frame[at] = frame[at] === 0x78 ? 0x79 : 0x78;
database.prepare("update events set frame = ? where position = ?").run(frame, row.position);
database.close();
process.stdout.write("changed one letter of a TicketRegistered\n");
