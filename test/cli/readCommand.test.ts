import * as assert from 'uvu/assert'
import { CliError } from '../../src/cli/CliError.ts'
import { type Command } from '../../src/cli/Command.ts'
import { readCommand } from '../../src/cli/readCommand.ts'
import { presets } from '../../src/simulation.ts'
import { spec } from '../spec.ts'

function read(line: string): Command {
  return readCommand(line === '' ? [] : line.split(' '))
}

function errorOf(line: string): CliError {
  try {
    read(line)
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
  throw new Error(`took ${line}`)
}

const shared = {
  raw: false,
  text: false,
  hexInput: false,
  lineEnd: '',
  hex: false,
  json: false,
  conditions: undefined,
  seconds: undefined,
  count: undefined,
}
const server = {
  name: 'listen',
  type: 'tcp',
  port: 6510,
  host: undefined,
  maxClients: undefined,
  path: undefined,
  origins: undefined,
  cert: undefined,
  key: undefined,
  echo: false,
  ...shared,
}
const client = {
  name: 'connect',
  type: 'tcp',
  host: 'localhost',
  port: 6510,
  path: '',
  timeoutMs: undefined,
  waitMs: 500,
  ca: undefined,
  ...shared,
}

const simulation = {
  name: 'simulate',
  file: 'game.mjs',
  seed: undefined,
  seeds: undefined,
  ticks: undefined,
  reports: [],
  replay: undefined,
}

const commands: [line: string, expected: object][] = [
  ['--help', { name: 'help', topic: undefined }],
  ['-h', { name: 'help', topic: undefined }],
  ['listen --help', { name: 'help', topic: 'listen' }],
  ['connect -h --fast', { name: 'help', topic: 'connect' }],
  ['--version', { name: 'version' }],
  ['simulate --help', { name: 'help', topic: 'simulate' }],
  ['simulate game.mjs', simulation],
  [
    'simulate game.mjs --seed 0 --ticks 90 --report a.html --report b.json',
    { ...simulation, seed: 0, ticks: 90, reports: ['a.html', 'b.json'] },
  ],
  ['simulate game.mjs --seeds 1000', { ...simulation, seeds: 1_000 }],
  ['simulate game.mjs --replay f.json', { ...simulation, replay: 'f.json' }],
  ['listen', server],
  ['listen udp', { ...server, type: 'udp' }],
  ['listen 80', { ...server, port: 80 }],
  ['listen WS 0', { ...server, type: 'ws', port: 0 }],
  ['--json listen tcp 65535', { ...server, port: 65_535, json: true }],
  [
    'listen --raw --line-end crlf --hex --echo --max-clients 3 --host=[::1] --seconds 2 --count 9',
    {
      ...server,
      raw: true,
      lineEnd: '\r\n',
      hex: true,
      echo: true,
      maxClients: 3,
      host: '::1',
      seconds: 2,
      count: 9,
    },
  ],
  [
    'listen wss 1 --cert a --key b --path /p --origin https://a --origin https://b --text',
    {
      ...server,
      type: 'wss',
      port: 1,
      cert: 'a',
      key: 'b',
      path: '/p',
      origins: ['https://a', 'https://b'],
      text: true,
    },
  ],
  ['listen --raw --line-end lf', { ...server, raw: true, lineEnd: '\n' }],
  [
    'listen --conditions latency=100,jitter=30,loss=0.02',
    { ...server, conditions: { latencyMs: 100, jitterMs: 30, loss: 0.02 } },
  ],
  [
    'connect tcp://localhost:6510 --conditions satellite,bandwidth=1000,latency=1.5',
    {
      ...client,
      conditions: { ...presets.satellite, bytesPerSecond: 1_000, latencyMs: 1.5 },
    },
  ],
  ['listen --conditions perfect', { ...server, conditions: {} }],
  ['listen --hex-input', { ...server, hexInput: true }],
  ['connect tcp://localhost:6510', client],
  ['connect tcp localhost 6510', client],
  ['connect localhost:6510', client],
  [
    'connect udp 10.0.0.1 1 --wait 0',
    { ...client, type: 'udp', host: '10.0.0.1', port: 1, waitMs: 0 },
  ],
  ['connect tcp://[::1]:6510', { ...client, host: '::1' }],
  ['connect tcp ::1 6510', { ...client, host: '::1' }],
  ['connect tcp [::1] 6510', { ...client, host: '::1' }],
  ['connect ws://localhost', { ...client, type: 'ws', port: 0 }],
  ['connect ws://localhost:6510/a?b=1', { ...client, type: 'ws', path: '/a?b=1' }],
  ['connect ws localhost/a 6510', { ...client, type: 'ws', path: '/a' }],
  [
    'connect wss://h:1 --ca f --timeout 7',
    { ...client, type: 'wss', host: 'h', port: 1, ca: 'f', timeoutMs: 7 },
  ],
]

const listenHelp = 'try: bitecs-networking listen --help'
const help = 'try: bitecs-networking --help'
const types = 'types are tcp, udp, ws, wss'
const targets = 'connect needs type://host:port, such as tcp://localhost:6510'

const conditionsHint =
  'it takes perfect, lan, wifi, lte, 3g, satellite, and latency=N,jitter=N,loss=N,duplicate=N,reorder=N,corrupt=N,bandwidth=N,mtu=N'

/** What cannot be meant, what is said of it, and the hint. */
const mistakes: [line: string, message: string, hint?: string][] = [
  ['', 'a command is needed', help],
  ['serve', 'unknown command "serve"', help],
  ['--fast', 'bitecs-networking has no option --fast', help],
  ['listen --fast', 'listen has no option --fast', listenHelp],
  ['listen -x', 'listen has no option -x', listenHelp],
  ['listen --wait 5', 'listen has no option --wait', listenHelp],
  ['connect tcp://a:1 --echo', 'connect has no option --echo'],
  [
    'connect wss://a:1 --insecure',
    'there is no --insecure',
    'trust the certificate of your server, or of its authority, with --ca FILE',
  ],
  ['simulate', 'a file is missing', 'try: bitecs-networking simulate --help'],
  ['simulate a b', 'unexpected argument "b"'],
  ['simulate a --json', 'simulate has no option --json'],
  ['simulate a --seeds 0', '--seeds must be a whole number in 1..2147483647, got "0"'],
  ['simulate a --report b.pdf', '--report must end with .html, .json or .txt, got "b.pdf"'],
  [
    'simulate a --replay f --seed 1',
    '--replay has a seed: neither --seed nor --seeds goes with it',
  ],
  ['listen --seed 1', 'listen has no option --seed', listenHelp],
  ['listen --json=yes', '--json takes no value, got "yes"'],
  ['listen --host', '--host needs a value: --host ADDRESS'],
  ['listen --host --json', '--host needs a value: --host ADDRESS'],
  ['listen --host=', '--host needs a value: --host ADDRESS'],
  ['listen --count 1 --count 2', '--count is given twice'],
  ['listen sctp', 'unknown type "sctp"', types],
  ['listen toString', 'unknown type "toString"', types],
  ['listen tcp 65536', 'port must be a whole number in 0..65535, got "65536"'],
  ['listen tcp x', 'port must be a whole number in 0..65535, got "x"'],
  ['listen tcp 1.5', 'port must be a whole number in 0..65535, got "1.5"'],
  ['listen tcp 0x10', 'port must be a whole number in 0..65535, got "0x10"'],
  ['listen tcp 1 2', 'unexpected argument "2"'],
  ['listen 1 2', 'unexpected argument "2"'],
  ['listen --seconds 0', '--seconds must be a whole number in 1..86400, got "0"'],
  ['listen --count 0', '--count must be a whole number in 1..2147483647, got "0"'],
  ['listen --max-clients x', '--max-clients must be a whole number in 0..2147483647, got "x"'],
  ['listen --line-end cr --raw', '--line-end must be lf or crlf, got "cr"'],
  ['listen --line-end lf', '--line-end needs --raw'],
  ['listen --conditions dialup', '--conditions: has no "dialup"', conditionsHint],
  ['listen --conditions lte,wifi', '--conditions: has no "wifi"', conditionsHint],
  ['listen --conditions toString=1', '--conditions: has no "toString=1"'],
  ['listen --conditions loss=2', '--conditions: loss must be in 0..1, got 2'],
  ['listen --conditions latency=1.2.3', '--conditions: latency must be in 0..3600000, got NaN'],
  ['listen --conditions mtu=1', '--conditions: mtu must be in 68..Infinity, got 1'],
  ['listen --conditions lte,', '--conditions: has no ""'],
  ['listen --raw --text', '--text with --raw is for ws and wss'],
  [
    'listen --text --hex-input',
    '--hex-input sends lines as they are: neither --text nor --line-end goes with it',
  ],
  ['listen udp --max-clients 1', '--max-clients is not for udp'],
  ['listen --path /a', '--path is for ws and wss'],
  ['listen ws --path a', '--path must begin with / and have no ?, # or space'],
  ['listen ws --path /a?b', '--path must begin with / and have no ?, # or space'],
  ['listen --origin https://a', '--origin is for ws and wss'],
  ['listen ws --cert a --key b', '--cert and --key are for wss'],
  ['listen wss --cert a', 'wss needs --cert FILE and --key FILE'],
  ['connect', 'a target is missing', targets],
  ['connect tcp', 'host and port are missing', targets],
  ['connect tcp localhost', 'host and port are missing', targets],
  ['connect localhost', 'unknown type "localhost"', types],
  ['connect localhost:6510/path', '"localhost:6510/path" is no target', targets],
  ['connect http://a:1', 'unknown type "http"', types],
  ['connect tcp://localhost', '"tcp://localhost" has no port', targets],
  ['connect tcp://localhost:0', 'port must be a whole number in 1..65535, got "0"'],
  ['connect tcp://localhost:70000', 'port must be a whole number in 1..65535, got "70000"'],
  ['connect tcp localhost 0', 'port must be a whole number in 1..65535, got "0"'],
  [
    'connect tcp://::1:6510',
    '"tcp://::1:6510" is no target',
    'an IPv6 address needs brackets: tcp://[::1]:6510',
  ],
  [
    'connect ws://ann:secret@localhost:6510',
    '"ws://ann:secret@localhost:6510" is no target',
    'connect needs type://host:port, such as tcp://localhost:6510',
  ],
  ['connect tcp://a:1/path', '"tcp://a:1/path" is no target', targets],
  ['connect ws://u@a:1', '"ws://u@a:1" is no target', targets],
  ['connect tcp a:1 2', '"a:1" is no host', targets],
  ['connect tcp://a:1 2', 'unexpected argument "2"'],
  ['connect tcp a 1 2', 'unexpected argument "2"'],
  ['connect tcp://a:1 --timeout 0', '--timeout must be a whole number in 1..2147483647, got "0"'],
  ['connect tcp://a:1 --wait -1', '--wait needs a value: --wait MS'],
  ['connect tcp://a:1 --wait=-1', '--wait must be a whole number in 0..2147483647, got "-1"'],
  ['connect ws://a:1 --ca f', '--ca is for wss'],
  ['connect udp://a:1 --timeout 5', '--timeout is not for udp'],
]

spec('cli/readCommand', (it) => {
  for (const [line, expected] of commands)
    it(`reads "${line}"`, () => assert.equal(read(line), expected))

  for (const [line, message, hint] of mistakes)
    it(`refuses "${line}"`, () => {
      const error = errorOf(line)
      assert.is(error.message, message)
      if (hint !== undefined) assert.is(error.hint, hint)
      assert.is(error.exitCode, 2)
    })

  it('escapes what it quotes', () => {
    try {
      readCommand(['\x1b[31m'])
      assert.unreachable()
    } catch (error) {
      assert.is((error as Error).message, 'unknown command "\\u001b[31m"')
    }
  })
})
