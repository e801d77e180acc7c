import { runChecks } from "./checks/run-checks.ts";
import { runVerb } from "./verb.ts";

const usage = `npm run acceptance   or   scripts/docket acceptance

Tells the main job end to end: the same processes as npm start, on empty folders, with the manual clock, real mail and real
sockets; then again with each process killed by -9 at random moments. Also part of npm test.

  --help   this text
`;

await runVerb({ usage }, () => runChecks(["e2e"], ["scripts/acceptance/"]));
