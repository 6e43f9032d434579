// `npm run demo:chat`: a server world and several client worlds in one process, joined by real TCP connections,
// ticking at 60 Hz. Prints each Networking event as it is dispatched.
import { createInterface } from 'node:readline'
import { startTicks } from 'bitecs-networking'
import { untilStopped } from '../program/untilStopped.ts'
import { ChatClient } from './ChatClient.ts'
import { ChatServer } from './ChatServer.ts'
import { type Options, readOptions, usage } from './options.ts'
import { printEvent, printHeading } from './printEvent.ts'

const hz = 60
/** How many ticks the server has to hear that its clients are gone. */
const farewellTicks = 60
const lines = ['hello', 'how is the ping?', 'sockets are entities', 'see you next tick']

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(usage)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`\n${usage}`)
  process.exitCode = 1
}

async function run(options: Options): Promise<void> {
  let tick = 0
  const server = new ChatServer(options.port, (asyncLoad) => printEvent('server', tick, asyncLoad))
  const clients = Array.from(
    { length: options.listen ? 0 : options.clients },
    (_, index) => new ChatClient((asyncLoad) => printEvent(`client ${index + 1}`, tick, asyncLoad)),
  )
  const [you, ...bots] = clients
  const stopped = untilStopped(options.seconds)
  introduce(options, server.port)

  const ticks = startTicks(
    (number) => {
      tick = number
      server.tick()
      for (const client of clients) client.tick()
      for (const [index, bot] of bots.entries())
        if (tick % (2 * hz) === ((index + 1) * hz) / 2)
          bot.say(lines[(Math.floor(tick / hz) + index) % lines.length]!)
    },
    { hz },
  )
  const input = createInterface({ input: process.stdin })
  input.on('line', (line) => {
    if (line.trim() === '') return
    if (you === undefined) server.say(line)
    else you.say(line)
  })
  try {
    await Promise.all(clients.map((client) => client.connect(server.port)))
    you?.say('hello, server')
    await stopped
    console.log('\nleaving')
    for (const client of clients) client.leave()
    const last = tick + farewellTicks
    await until(() => server.clients === 0 || tick >= last)
  } finally {
    input.close()
    process.stdin.pause()
    server.close()
    ticks.stop()
  }
  console.log(`${ticks.ticks} ticks, ${ticks.overruns} overruns, ${ticks.skipped} skipped`)
}

function introduce({ clients, listen }: Options, port: number): void {
  const what = listen ? 'a server' : `a server and ${clients} clients over TCP`
  console.log(`bitecs-networking chat: ${what}, ${hz} ticks a second, port ${port}`)
  if (listen)
    console.log(`A GameMaker game connects with network_connect(socket, "<this machine>", ${port})`)
  console.log('Type a line to send it as a packet; Ctrl-C to leave.\n')
  printHeading()
}

/** Looks every turn of the event loop whether a condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => void setImmediate(resolve))
}
