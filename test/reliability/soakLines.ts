// What the servers of the long soak serve, and what goes over it.

import { SocketType } from 'bitecs-networking'

/** One way to a server. */
export interface Line {
  readonly type: SocketType
  readonly isRaw?: boolean
  readonly isReliable?: boolean
  /** The test destroys its server and makes it again on the same port, so only peers of faults use it. */
  readonly isRestarted?: boolean
}

const names = [
  'TCP',
  'raw TCP',
  'WebSocket',
  'secure WebSocket',
  'UDP',
  'reliable UDP',
  'restarted TCP',
  'restarted WebSocket',
  'restarted UDP',
] as const

export type LineName = (typeof names)[number]

export const lineNames: readonly LineName[] = names

export const lines: Readonly<Record<LineName, Line>> = {
  TCP: { type: SocketType.tcp },
  'raw TCP': { type: SocketType.tcp, isRaw: true },
  WebSocket: { type: SocketType.ws },
  'secure WebSocket': { type: SocketType.wss },
  UDP: { type: SocketType.udp },
  'reliable UDP': { type: SocketType.udp, isReliable: true },
  'restarted TCP': { type: SocketType.tcp, isRestarted: true },
  'restarted WebSocket': { type: SocketType.ws, isRestarted: true },
  'restarted UDP': { type: SocketType.udp, isReliable: true, isRestarted: true },
}

/** Senders of UDP that a server knows: few, so that the table is full after a minute, and what grows later is a leak. */
export const sendersMax = 256

/** The name of a line in a question, which has no spaces. */
export function nameOf(word: string): LineName {
  return word.replaceAll('_', ' ') as LineName
}

export function wordOf(name: LineName): string {
  return name.replaceAll(' ', '_')
}

/** Messages that begin with these numbers are orders to the server; it sends back all others. */
export const orders = { throwError: 0xffff_fff0, removeMe: 0xffff_fff1 } as const

/** What a handler throws when it was ordered to. */
export const orderedError = 'as ordered'

const period = 251
const sizeMax = 2 ** 17
const pattern = Uint8Array.from({ length: sizeMax + period }, (_, index) => index % period)

/** The bytes of a stream from a place on: what is lost, doubled or moved shows. */
export function streamBytes(at: number, size: number): Uint8Array {
  const start = at % period
  return pattern.subarray(start, start + size)
}

/** A message, whose size and bytes follow from its number. Now and then one is long. */
export function messageOf(number: number, isLongAllowed: boolean): Uint8Array {
  const size = isLongAllowed && number % 16 === 7 ? (number * 97) % 30_000 : number % 60
  const bytes = Buffer.alloc(4 + size)
  bytes.writeUInt32LE(number)
  bytes.set(streamBytes(number, size), 4)
  return bytes
}
