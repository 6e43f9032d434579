import { parseArgs } from 'node:util'
import { numberIn } from '../program/numberIn.ts'

/** What the command line asks for. */
export interface Options {
  /** Where the page is; TCP and UDP take the next ports that are free. 0: any. */
  readonly port: number
  readonly bots: number
  /** Stops by itself after this time; `undefined`: runs until Ctrl+C. */
  readonly seconds: number | undefined
  readonly help: boolean
}

export const usage = `Usage: npm start -- [options]

  --port N      port of the page (default 8080); TCP and UDP players get the next free ones
  --bots N      bots that play along, 0..16 (default 6), half over TCP and half over UDP
  --seconds N   stop after N seconds (default: run until Ctrl+C)
  --help        show this text`

/** Reads the command line. Throws an error with a message for the user. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8080' },
      bots: { type: 'string', default: '6' },
      seconds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    port: numberIn('port', values.port, 0, 65_535),
    bots: numberIn('bots', values.bots, 0, 16),
    seconds:
      values.seconds === undefined ? undefined : numberIn('seconds', values.seconds, 1, 86_400),
    help: values.help,
  }
}
