// npm run hindsight -- FOLDER [--cases FILE] [--json FILE] [--only NAME] [--every N]: replays real histories, each migration
// (or one of N) as a pull request on top of those before it, at default settings and without proof. FOLDER holds one folder for each history with
// its SQL files in order of name, and a manifest.json that tells where they stood. It prints how loud the histories would
// have been, and, with cases (what the projects themselves added later), how much was asked for in time. Findings are
// written as JSON lines.
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadHarness } from './load-harness.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ cases: { type: 'string' }, json: { type: 'string' }, every: { type: 'string', default: '1' } },
    only: { type: 'string', multiple: true },
  },
});
const [folder] = positionals;
const every = Number(values.every);
if (!folder || !existsSync(folder) || !(every >= 1)) {
  process.stderr.write(
    'usage: npm run hindsight -- FOLDER [--cases FILE] [--json FILE] [--only NAME] [--every N]\n',
  );
  process.exit(2);
}

const harness = await loadHarness('hindsight', [
  './history.ts',
  './replay.ts',
  './claimed.ts',
  './recall.ts',
  './noise.ts',
]);
const cases = values.cases ? JSON.parse(readFileSync(values.cases, 'utf8')) : [];
const out = values.json && createWriteStream(values.json);
const everything = { judged: [], claimed: [], repositories: new Set() };

for (const name of readdirSync(folder).sort()) {
  if (values.only && !values.only.includes(name)) continue;
  const history = harness.readHistory(join(folder, name));
  const judged = await judgeAll(history);
  const claimed = judged.flatMap((one) => harness.claimedBy(one, history.repository));
  for (const claim of claimed) out?.write(`${JSON.stringify(claim)}\n`);
  tellNoise(history.repository, judged);
  everything.judged.push(...judged);
  everything.claimed.push(...claimed);
  everything.repositories.add(history.repository);
}
tellNoise('all', everything.judged, true);
if (cases.length > 0) tellRecall();
out?.end();

async function judgeAll(history) {
  const kept = mkdtempSync(join(tmpdir(), 'tablewarden-hindsight-'));
  try {
    const judged = [];
    for await (const one of harness.replay(history, { kept, every })) judged.push(one);
    return judged;
  } finally {
    rmSync(kept, { recursive: true, force: true, maxRetries: 3 });
  }
}

function tellNoise(name, judged, withRules = false) {
  const { migrations, loud, withError, withNote, warnings, notes, byRule } = harness.noiseOf(judged);
  const share = (number) => `${number} (${((100 * number) / Math.max(1, migrations)).toFixed(1)} %)`;
  line(
    `${name}: ${migrations} migrations; with a warning or error ${share(loud)}, with an error ${share(withError)}, ` +
      `with a note ${share(withNote)}; ${rate(warnings, migrations)} warnings and ${rate(notes, migrations)} notes each`,
  );
  if (withRules) for (const [rule, number] of byRule) line(`  ${String(number).padStart(5)}  ${rule}`);
}

function tellRecall() {
  const kinds = new Map();
  for (const one of cases) {
    if (!everything.repositories.has(one.repo)) continue;
    const said = everything.claimed.filter((claim) => claim.repo === one.repo);
    const fates = kinds.get(one.kind) ?? { number: 0, caught: 0, loose: 0, late: 0, missed: 0 };
    fates.number++;
    fates[harness.fateOf(one, said)]++;
    kinds.set(one.kind, fates);
  }
  for (const [kind, { number, caught, loose, late, missed }] of [...kinds].sort())
    line(
      `${kind}: ${number} cases, ${caught} asked for in time (${((100 * caught) / number).toFixed(1)} %), ` +
        `${loose} as an index of another kind, ${late} late, ${missed} missed`,
    );
}

function rate(number, of) {
  return (number / Math.max(1, of)).toFixed(2);
}

function line(text) {
  process.stdout.write(`${text}\n`);
}
