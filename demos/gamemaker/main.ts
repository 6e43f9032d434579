// `npm run demo:gamemaker`: a server for GameMaker games, written with GameMaker's functions. Prints what happens.
import { randomInt } from 'node:crypto'
import { startTicks } from 'bitecs-networking'
import { untilStopped } from '../program/untilStopped.ts'
import { type Options, readOptions, usage } from './options.ts'
import { clean_up, create, step } from './server.ts'

const hz = 60

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(usage)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`\n${usage}`)
  process.exitCode = 1
}

async function run({ port, seconds }: Options): Promise<void> {
  const ports = create(port, {
    show_debug_message: (text) => console.log(text),
    current_time: () => performance.now(),
    irandom: (n) => randomInt(n + 1),
  })
  const stopped = untilStopped(seconds)
  console.log(`bitecs-networking server for GameMaker games, ${hz} steps a second`)
  console.log(`  network_socket_tcp  port ${ports.tcp}`)
  console.log(`  network_socket_udp  port ${ports.udp}`)
  console.log(`  network_socket_ws   port ${ports.ws}`)
  console.log('Ctrl-C to leave.\n')
  const ticks = startTicks(stepSafely, { hz })
  try {
    await stopped
  } finally {
    ticks.stop()
    clean_up()
  }
  console.log('the server has ended')
}

/** One step. An error in it costs no other step. */
function stepSafely(): void {
  try {
    step()
  } catch (error) {
    console.error(error)
  }
}
