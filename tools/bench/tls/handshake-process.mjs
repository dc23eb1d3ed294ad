// Full handshakes, both ends in this process. Argument: rounds. Prints, as JSON, the CPU microseconds of
// each subject's handshake in each round.
import process from 'node:process';
import { HANDSHAKES } from './handshake-subjects.mjs';

const rounds = Number(process.argv[2]);
const WARM_UP = 2000;
const BATCH = 40;

/** CPU microseconds, of all threads, so that compiling and garbage collection count. */
async function measure(shakeHands, count) {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += 1) await shakeHands();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const subjects = Object.entries(HANDSHAKES);
const results = Object.fromEntries(subjects.map(([key]) => [key, []]));
for (const [, shakeHands] of subjects) await measure(shakeHands, WARM_UP);
for (let round = 0; round < rounds; round += 1) {
  for (const [key, shakeHands] of subjects) results[key].push(await measure(shakeHands, BATCH));
}
process.stdout.write(JSON.stringify(results));
process.exit(0);
