// What functions with options must refuse, for `options.test.ts`.

import {
  type ConnectOptions,
  type NetworkConfig,
  type RawOptions,
  type ServerOptions,
  type SocketConfig,
  type TicksOptions,
} from 'bitecs-networking'

/** A row for each option: values that it does not take, by what its message expects. */
type WrongValues<Options> = {
  readonly [Name in keyof Options]-?: readonly [expected: string, ...values: readonly unknown[]]
}

const aBoolean = ['true or false', 1, 'true', null, {}] as const
const anInteger = ['an integer in', '1', null, true, {}, 5n] as const
const aFunction = ['a function', 'warn', null, {}] as const
const aPolicy = ["'discard', 'raw' or 'close'", 'drop', null, 1, {}] as const
const aProtocol = ['a sub-protocol name without spaces', 'a b', null, 5, {}] as const
const aPem = ['a text or bytes in PEM', 5, null, {}, [1]] as const
const aClock = ['a Clock', null, 5, {}, { now() {} }, 'clock'] as const

const serverOptions: WrongValues<ServerOptions> = {
  maxClients: anInteger,
  raw: aBoolean,
  host: ['an address', '', 5, null, {}],
  messageBytesMax: anInteger,
  malformed: aPolicy,
  certificate: ['an object such as { cert, key }', 5, null, 'pem'],
  http: ['a server of node:http or node:https', null, 5, {}],
  path: [
    "a path that begins with '/' and has no query",
    'game',
    '',
    null,
    5,
    '/game?x',
    '/ga me',
    'http://host/game',
  ],
  origins: ["an array such as ['https://example.org']", 'https://example.org', [5], null],
  protocol: aProtocol,
}

const connectOptions: WrongValues<ConnectOptions> = {
  raw: aBoolean,
  async: aBoolean,
  timeoutMs: anInteger,
  protocol: aProtocol,
  ca: aPem,
}

const rawOptions: WrongValues<RawOptions> = {
  size: ['a number of bytes', '1', null, {}, 5n],
  type: ['MessageType.binary or MessageType.text', 3, null, 'text', {}],
}

const worldSettings: WrongValues<NetworkConfig> = {
  connectTimeoutMs: anInteger,
  handshakeTimeoutMs: anInteger,
  badMessages: ["'report', 'disconnect' or 'throw'", 'ignore', true, null, 5],
  nonBlocking: aBoolean,
  clientDisconnectEvents: aBoolean,
  malformed: aPolicy,
  clientMessageBytesMax: anInteger,
  acceptedMessageBytesMax: anInteger,
  clientSendQueueBytesMax: anInteger,
  acceptedSendQueueBytesMax: anInteger,
  writeStallMs: anInteger,
  queuedEventsMax: anInteger,
  queuedBytesMax: anInteger,
  eventsPerTickMax: anInteger,
  endsPerTickMax: anInteger,
  eventsPerSocketMax: anInteger,
  pingIntervalMs: anInteger,
  pongTimeoutMs: anInteger,
  webSocketProtocol: aProtocol,
  datagramsPerSenderMax: anInteger,
  sendersMax: anInteger,
  datagramQueueBytesMax: anInteger,
  reliableMessageBytesMax: anInteger,
  gameId: anInteger,
  clock: aClock,
  random: aFunction,
  warn: aFunction,
}

const socketSettings: WrongValues<SocketConfig> = {
  avoidTimeWait: aBoolean,
  messageBytesMax: anInteger,
  malformed: aPolicy,
  readTimeoutMs: anInteger,
  writeStallMs: anInteger,
  reliable: ["true, false or 'ordered'", 'yes', 1, null, {}],
  multicast: aBoolean,
}

const ticksOptions: WrongValues<TicksOptions> = {
  hz: ['a number', '60', null, {}, true],
  catchUpMax: anInteger,
  onError: aFunction,
  warn: aFunction,
  clock: ['a Clock', null, 5, {}, { now() {} }],
}

/** Integers that are out of range, of each function. */
export const outOfRange: Record<string, Record<string, readonly number[]>> = {
  createServer: { maxClients: [-1, 1.5, 2 ** 31 + 1], messageBytesMax: [-1, 0.5, 2 ** 31] },
  connectSocket: { timeoutMs: [0, -1, 1.5, 2 ** 31, Infinity, Number.NaN] },
  sendRaw: { size: [-1, 1.5, Number.NaN] },
  'setNetworkConfig of a socket': {
    messageBytesMax: [-1, 1.5, Infinity, 2 ** 31],
    readTimeoutMs: [-1, 1.5, Infinity],
    writeStallMs: [0, -1, 1.5, Infinity],
  },
  'setNetworkConfig of a world': {
    connectTimeoutMs: [0, Infinity],
    eventsPerTickMax: [0, 1.5, -Infinity],
    pingIntervalMs: [0],
    gameId: [2 ** 31, -(2 ** 31) - 1, 0.5],
  },
  startTicks: { hz: [0, -1, 1_001, Number.NaN, Infinity], catchUpMax: [0, 1.5] },
}

/** Unknown names, by the name that was meant. */
export const misspelt: Record<string, Record<string, string>> = {
  createServer: { maxClient: 'maxClients', RAW: 'raw', maleformed: 'malformed', origin: 'origins' },
  connectSocket: { timeout: 'timeoutMs', asynch: 'async', protocols: 'protocol' },
  sendRaw: { sise: 'size', typ: 'type' },
  'setNetworkConfig of a socket': {
    avoidTimewait: 'avoidTimeWait',
    readTimeout: 'readTimeoutMs',
    writeStallMS: 'writeStallMs',
    realiable: 'reliable',
  },
  'setNetworkConfig of a world': {
    pingInterval: 'pingIntervalMs',
    eventPerTickMax: 'eventsPerTickMax',
    webSocketProtocoll: 'webSocketProtocol',
    connectTimeout: 'connectTimeoutMs',
  },
  startTicks: { hertz: 'hz', catchupMax: 'catchUpMax', clok: 'clock' },
}

/** The table of each function. */
export const wrongValues: Record<string, Record<string, readonly [string, ...unknown[]]>> = {
  createServer: serverOptions,
  connectSocket: connectOptions,
  sendRaw: rawOptions,
  'setNetworkConfig of a socket': socketSettings,
  'setNetworkConfig of a world': worldSettings,
  startTicks: ticksOptions,
}

/** Required options, so that a call has only the fault that is looked for. */
export const needed: Record<string, object> = { startTicks: { hz: 60 } }
