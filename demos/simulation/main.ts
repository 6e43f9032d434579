// `npm run demo:simulation`: ten minutes of the arena with 200 bots on a bad line, and a report of them.
import { writeFileSync } from 'node:fs'
import { reportHtml, reportText, simulate } from 'bitecs-networking/simulation'
import { arenaSimulation } from './arenaSimulation.ts'
import { type Options, readOptions, usage } from './options.ts'

const options = optionsOf(process.argv.slice(2))
if (options?.help === true) console.log(usage)
else if (options !== undefined) await run(options)

function optionsOf(args: string[]): Options | undefined {
  try {
    return readOptions(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(`\n${usage}`)
    process.exitCode = 1
    return undefined
  }
}

async function run({ report: path, ...game }: Options): Promise<void> {
  const { report, cost } = await simulate({
    ...arenaSimulation(game),
    wallClock: () => performance.now(),
  })
  console.log(reportText(report, cost))
  writeFileSync(path, reportHtml(report, cost))
  console.log(`\nThe report is in ${path}`)
}
