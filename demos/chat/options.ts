import { parseArgs } from 'node:util'
import { numberIn } from '../program/numberIn.ts'

/** What the command line asks for. */
export interface Options {
  readonly port: number
  readonly clients: number
  /** Stops by itself after this time; `undefined`: runs until Ctrl-C. */
  readonly seconds: number | undefined
  /** A server alone, for clients from elsewhere. */
  readonly listen: boolean
  readonly help: boolean
}

export const usage = `Usage: npm run demo:chat -- [options]

  --port N      first port to try (default 6510)
  --clients N   chat clients in this process, at least 1 (default 3)
  --seconds N   stop after N seconds (default: run until Ctrl-C)
  --listen      be a server alone, for GameMaker games and other programs
  --help        show this text

Type a line and press Enter to send it as a packet.`

/** Reads the command line. Throws an error with a message for the user. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '6510' },
      clients: { type: 'string', default: '3' },
      seconds: { type: 'string' },
      listen: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    port: numberIn('port', values.port, 0, 65_535),
    clients: numberIn('clients', values.clients, 1, 1_000),
    seconds:
      values.seconds === undefined ? undefined : numberIn('seconds', values.seconds, 1, 86_400),
    listen: values.listen,
    help: values.help,
  }
}
