import { parseArgs } from 'node:util'
import { numberIn } from '../program/numberIn.ts'

/** What the command line asks for. */
export interface Options {
  readonly port: number
  /** Stops by itself after this time; `undefined`: runs until Ctrl-C. */
  readonly seconds: number | undefined
  readonly help: boolean
}

export const usage = `Usage: npm run demo:gamemaker -- [options]

  --port N      first port to try (default 6510)
  --seconds N   stop after N seconds (default: run until Ctrl-C)
  --help        show this text

A server for the GameMaker object in demos/gamemaker/client.`

/** Reads the command line. Throws an error with a message for the user. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '6510' },
      seconds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    port: numberIn('port', values.port, 1, 65_535),
    seconds:
      values.seconds === undefined ? undefined : numberIn('seconds', values.seconds, 1, 86_400),
    help: values.help,
  }
}
