// What a recording consists of, entry by entry: docs/recording.md describes the same for other readers.

/** How a field of an entry is written. */
export type FieldKind = 'int' | 'signed' | 'float' | 'text' | 'bytes' | 'sent' | 'ints' | 'texts'

/**
 * The fields of each kind of entry, in order. The place of an entry in this list is its code, so new ones come last.
 *
 * Inputs come from the network or the clock: a replay makes them happen. Outputs are what the program did: a replay compares
 * them. `id` numbers what the transports have made, in order: listeners, connections and endpoints alike.
 */
export const entryFields = {
  // Time and the order of ticks.
  time: {},
  tick: {},
  events: { arrivals: 'ints' },
  tickEnd: {},
  timer: { timer: 'int' },
  random: { value: 'float' },
  // Host names of datagrams.
  lookUp: { host: 'text', lookUp: 'int' },
  lookedUp: { lookUp: 'int', error: 'signed', addresses: 'texts' },
  // Streams and messages.
  listen: { id: 'int', type: 'int', port: 'int', host: 'text' },
  connect: { id: 'int', type: 'int', host: 'text', port: 'int', localPort: 'int' },
  accepted: {
    by: 'int',
    id: 'int',
    ip: 'text',
    ports: 'ints',
    abilities: 'int',
    handshakeMs: 'float',
  },
  opened: { id: 'int', ip: 'text', ports: 'ints', abilities: 'int' },
  failed: { id: 'int', error: 'signed' },
  received: { id: 'int', type: 'int', bytes: 'bytes' },
  receivedFrames: { id: 'int', count: 'int', bytes: 'bytes' },
  drained: { id: 'int' },
  alive: { id: 'int' },
  ended: { id: 'int', reason: 'int' },
  listening: { id: 'int', port: 'int' },
  refuses: { id: 'int' },
  rejected: { id: 'int' },
  warned: { id: 'int', message: 'text', kind: 'text' },
  write: { id: 'int', ends: 'ints', types: 'ints', bytes: 'sent' },
  close: { id: 'int', how: 'int' },
  // Datagrams.
  bind: { id: 'int', port: 'int', host: 'text' },
  datagram: { id: 'int', ip: 'text', port: 'int', bytes: 'bytes' },
  undelivered: { id: 'int', error: 'signed' },
  send: { id: 'int', ip: 'text', port: 'int', bytes: 'sent' },
  // Results of the output before, unless they are 0, and what the program asked of an end since it last was told.
  result: { value: 'signed' },
  value: { id: 'int', of: 'int', value: 'int' },
  // The last entry of a recording that was ended.
  end: { ticks: 'int', events: 'int' },
} as const

export type EntryName = keyof typeof entryFields

interface FieldTypes {
  int: number
  signed: number
  float: number
  text: string
  bytes: Uint8Array
  sent: Uint8Array
  ints: readonly number[]
  texts: readonly string[]
}

type FieldsOf<Name extends EntryName> = {
  readonly [
    Field in keyof (typeof entryFields)[Name]
  ]: (typeof entryFields)[Name][Field] extends FieldKind
    ? FieldTypes[(typeof entryFields)[Name][Field]]
    : never
}

/** What is common to all entries. */
interface EntryPlace {
  /** An input that came while the program was running: in a call of a transport, or in a tick. */
  readonly isNested: boolean
  /** Of inputs that were not nested: microseconds since the recording began. */
  readonly timeUs: number
}

export type EntryOf<Name extends EntryName> = { readonly name: Name } & FieldsOf<Name>

/** An entry to write. */
export type NewEntry = { [Name in EntryName]: EntryOf<Name> }[EntryName]

/** An entry that was read. */
export type Entry = NewEntry & EntryPlace

export const entryNames: readonly EntryName[] = Object.keys(entryFields) as EntryName[]

/** Entries that happen to a program. All others are what it did, or what it asked. */
export const inputNames: ReadonlySet<EntryName> = /* @__PURE__ */ new Set<EntryName>([
  'tick',
  'timer',
  'lookedUp',
  'accepted',
  'opened',
  'failed',
  'received',
  'receivedFrames',
  'drained',
  'alive',
  'ended',
  'listening',
  'refuses',
  'rejected',
  'warned',
  'datagram',
  'undelivered',
])

/** What `value` entries are of. */
export const ValueOf = {
  pendingBytes: 0,
  isClosing: 1,
  bytesRead: 2,
  pendingCount: 3,
  /** Whether an endpoint does not reach IPv4 addresses. */
  withoutIpv4: 4,
  withoutIpv6: 5,
} as const
export type ValueOf = (typeof ValueOf)[keyof typeof ValueOf]

/** What a connection can do, as bits of `abilities`. */
export const Ability = {
  ping: 1,
  isClosing: 2,
  bytesRead: 4,
  /** It frames its messages, the same message always alike. */
  framing: 8,
} as const

/** How a program has ended a connection, a listener or an endpoint. */
export const CloseHow = { done: 0, goingAway: 1, full: 2, reset: 3 } as const
