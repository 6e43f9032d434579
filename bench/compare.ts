// `npm run bench:compare REV`: the library of a revision against that of the working tree, workload by workload.
//
// It fails only when a byte was wrong or a process died: a speed is never a pass condition.
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { checkOutRevision, resolveRevision } from './lib/compare/checkOutRevision.ts'
import { compareWorkload } from './lib/compare/compareWorkload.ts'
import { formatComparison, formatHead } from './lib/compare/formatComparison.ts'
import { compareUsage, parseCompareOptions } from './lib/compare/parseCompareOptions.ts'
import { workloadList } from './lib/compare/workloadList.ts'
import { chooseByName } from './lib/optionValues.ts'

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

// `exit` removes the folder of the revision, and the processes under test end with this one.
for (const [signal, number] of Object.entries(signals))
  process.on(signal, () => process.exit(128 + number))

try {
  await compare()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function compare(): Promise<void> {
  const options = parseCompareOptions(process.argv.slice(2))
  const workloads = chooseByName(workloadList, options.only, compareUsage)
  const tree = fileURLToPath(new URL('../..', import.meta.url))
  const commit = await resolveRevision(tree, options.revision)
  const sides = { revision: await checkOutRevision(tree, commit), tree }
  const shortCommit = commit.slice(0, 9)
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, load average ` +
      `${loadavg()[0]?.toFixed(1)}\n${shortCommit} against the working tree, ${options.rounds} rounds`,
  )
  console.log(`\n${formatHead(shortCommit)}`)
  let failures = 0
  for (const workload of workloads)
    try {
      console.log(formatComparison(workload, await compareWorkload(workload, sides, options)))
    } catch (error) {
      failures++
      console.error(`${workload.name} failed: ${error instanceof Error ? error.message : ''}`)
    }
  if (failures > 0) throw new Error(`\n${failures} of ${workloads.length} workloads failed`)
  console.log(`
Ratio: speed of the working tree ÷ speed of ${shortCommit}, median of the rounds; above 1 the tree is faster. The
95 % interval of that median is exact, by the binomial order statistics of the rounds. slower: all of it below 0.97;
faster: above 1.03; same: between them; not told: it reaches over a limit. Every byte came back right.`)
}
