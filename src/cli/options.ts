import { type CommandName } from './Command.ts'

const listening = ['listen'] as const
const connecting = ['connect'] as const
const talking = ['listen', 'connect'] as const
const simulating = ['simulate'] as const

/** An option as the parser and the help text know it. */
export interface Option {
  /** What its value is called; without it the option is a switch. */
  readonly value?: string
  readonly multiple?: boolean
  readonly short?: string
  /** The only commands that have it. */
  readonly only?: readonly CommandName[]
  readonly help: string
}

export type OptionName =
  | 'host'
  | 'max-clients'
  | 'echo'
  | 'path'
  | 'origin'
  | 'cert'
  | 'key'
  | 'timeout'
  | 'wait'
  | 'ca'
  | 'raw'
  | 'text'
  | 'hex-input'
  | 'line-end'
  | 'conditions'
  | 'hex'
  | 'html'
  | 'json'
  | 'seconds'
  | 'count'
  | 'seed'
  | 'seeds'
  | 'ticks'
  | 'report'
  | 'replay'
  | 'help'
  | 'version'

/** Every option, in the order of the help text. */
export const options: Readonly<Record<OptionName, Option>> = {
  host: {
    only: listening,
    value: 'ADDRESS',
    help: 'listen on this address only, such as 127.0.0.1 (default: all)',
  },
  'max-clients': {
    only: listening,
    value: 'N',
    help: 'turn away connections above this number (not udp)',
  },
  echo: { only: listening, help: 'send each message back to who has sent it' },
  path: { only: listening, value: 'PATH', help: 'ws, wss: the path that clients must ask for' },
  origin: {
    only: listening,
    value: 'ORIGIN',
    multiple: true,
    help: 'ws, wss: let in pages of this origin only; may be given again',
  },
  cert: { only: listening, value: 'FILE', help: 'wss: the certificate chain, in PEM' },
  key: { only: listening, value: 'FILE', help: 'wss: its private key, in PEM' },
  timeout: {
    only: connecting,
    value: 'MS',
    help: 'how long connecting may take (default 4000; not udp)',
  },
  wait: {
    only: connecting,
    value: 'MS',
    help: 'when the input has ended, end after this much silence (default 500)',
  },
  ca: {
    only: connecting,
    value: 'FILE',
    help: 'wss: trust these certificates too, in PEM',
  },
  raw: { only: talking, help: 'raw mode: no handshake and no packet headers' },
  text: { only: talking, help: 'send lines without the NUL; with --raw over ws: as text messages' },
  'hex-input': { only: talking, help: 'lines are bytes in hex, sent as they are' },
  'line-end': {
    only: talking,
    value: 'END',
    help: 'with --raw: lf or crlf behind each line (default: none)',
  },
  conditions: {
    only: talking,
    value: 'LINE',
    help: 'play over a bad line: lte, or latency=100,loss=0.02',
  },
  hex: { only: talking, help: 'print every payload as a hex dump' },
  html: {
    only: ['inspect'],
    value: 'FILE',
    help: 'write a page with plots',
  },
  json: {
    only: ['listen', 'connect', 'replay', 'inspect'],
    help: 'print one JSON object a line: events on stdout, errors on stderr',
  },
  seconds: { only: talking, value: 'N', help: 'end after N seconds' },
  count: { only: talking, value: 'N', help: 'end after N data events' },
  seed: { only: simulating, value: 'N', help: 'the seed, instead of that of FILE' },
  seeds: {
    only: simulating,
    value: 'N',
    help: 'run N seeds until one fails, then make its faults as few as they can be',
  },
  ticks: { only: simulating, value: 'N', help: 'run N ticks at most, instead of those of FILE' },
  report: {
    only: simulating,
    value: 'FILE',
    multiple: true,
    help: 'write the report to a file in .html, .json or .txt; may be given again',
  },
  replay: {
    only: simulating,
    value: 'FILE',
    help: 'run the seed and the faults of a run that failed: FILE.failure.json',
  },
  help: { short: 'h', help: 'show this text' },
  version: { help: 'show the version' },
}

/** The options of a command, or those that need none. */
export function optionsOf(command: CommandName | undefined): [OptionName, Option][] {
  const all = Object.entries(options) as [OptionName, Option][]
  return all.filter(([name, { only }]) =>
    command === undefined
      ? name === 'help' || name === 'version'
      : only === undefined || only.includes(command),
  )
}
