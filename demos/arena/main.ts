// `npm start`: the arena. A server for players in browsers, over TCP and over UDP, and bots that play along.
import { type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { startTicks } from 'bitecs-networking'
import { untilStopped } from '../program/untilStopped.ts'
import { type Bot } from './bots/Bot.ts'
import { startBots } from './bots/startBots.ts'
import { type Options, readOptions, usage } from './options.ts'
import { closeArena, createArena, portOf } from './server/createArena.ts'
import { servePages } from './server/servePages.ts'
import { tickArena } from './server/tickArena.ts'
import { ticksPerSecond } from './shared/constants.ts'

try {
  const options = optionsOf(process.argv.slice(2))
  if (options?.help === true) console.log(usage)
  else if (options !== undefined) await run(options)
} catch (error) {
  fail(error)
}

function optionsOf(args: string[]): Options | undefined {
  try {
    return readOptions(args)
  } catch (error) {
    fail(error)
    console.error(`\n${usage}`)
    return undefined
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run({ port, bots: botCount, seconds }: Options): Promise<void> {
  const http = servePages({
    '/': new URL('page/', import.meta.url),
    '/simulation/': new URL('../simulation/page/', import.meta.url),
  })
  const url = `http://localhost:${await listen(http, port)}/`
  const next = (by: number): number => (port === 0 || port + by > 65_535 ? 0 : port + by)
  let bots: Bot[] = []
  try {
    const arena = createArena({
      http,
      tcpPort: next(1),
      udpPort: next(2),
      random: Math.random,
      print: (line) => console.log(line),
    })
    const ports = { tcp: portOf(arena, arena.servers.tcp), udp: portOf(arena, arena.servers.udp) }
    const ticks = startTicks(
      () => {
        tickArena(arena)
        for (const bot of bots) bot.tick()
      },
      { hz: ticksPerSecond },
    )
    try {
      const stopped = untilStopped(seconds)
      console.log(`The arena is open: ${url}`)
      console.log(`TCP port ${ports.tcp}, UDP port ${ports.udp}, ${botCount} bots. Ctrl+C ends.`)
      bots = startBots(botCount, ports, Math.random, (line) => console.error(line))
      await stopped
    } finally {
      for (const bot of bots) bot.close()
      closeArena(arena)
      ticks.stop()
    }
  } finally {
    http.close()
    http.closeAllConnections()
  }
}

/** Gives the port that it listens on. Rejects with a message for the user. */
function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', ({ message, code }: NodeJS.ErrnoException) => {
      const isTaken = code === 'EADDRINUSE'
      const other = `Choose another one: npm start -- --port ${port === 8090 ? 8100 : 8090}`
      reject(new Error(isTaken ? `Port ${port} is taken by another program. ${other}` : message))
    })
    http.listen(port, () => resolve((http.address() as AddressInfo).port))
  })
}
