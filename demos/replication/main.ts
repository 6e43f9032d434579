// `npm run demo:replication`: squares that players in browsers move by clicking, replicated from one server.
import { type AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { servePages } from '../arena/server/servePages.ts'
import { numberIn } from '../program/numberIn.ts'
import { untilStopped } from '../program/untilStopped.ts'
import { serveGame } from './serveGame.ts'

const usage = `Usage: npm run demo:replication -- [options]

  --port N      port of the page (default 8070; 0: any)
  --seconds N   stop after N seconds (default: run until Ctrl+C)
  --help        show this text`

interface Options {
  readonly port: number
  readonly seconds: number | undefined
  readonly help: boolean
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(usage)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`\n${usage}`)
  process.exitCode = 1
}

/** Throws an error with a message for the user. */
function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8070' },
      seconds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { port, seconds, help } = values
  return {
    port: numberIn('port', port, 0, 65_535),
    seconds: seconds === undefined ? undefined : numberIn('seconds', seconds, 1, 86_400),
    help,
  }
}

async function run({ port, seconds }: Options): Promise<void> {
  const http = servePages({ '/': new URL('page/', import.meta.url) })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(port, resolve)
  })
  const stop = serveGame(http)
  try {
    const stopped = untilStopped(seconds)
    const { port } = http.address() as AddressInfo
    console.log(`Open http://localhost:${port}/ in two browsers and click. Ctrl+C ends.`)
    await stopped
  } finally {
    stop()
    http.close()
    http.closeAllConnections()
  }
}
