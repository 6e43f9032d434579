// Warnings that say what a peer may have meant, each at most once a minute.

import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { minuteMs, warn, type Warner } from './Warner.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { guessProtocol, type GuessedProtocol } from '../protocol/guessProtocol.ts'
import { type ByteStream } from '../protocol/ByteStream.ts'

/** What is needed of a connection to warn of its peer. */
interface Peer {
  readonly host: { readonly warner: Warner }
  readonly role: SocketRole
  readonly ip: string
  readonly isReached: boolean
  readonly port: number
  readonly stream: ByteStream
  /** What is being read. */
  readonly chunk: BufferMemory | undefined
  hasWarnedOfMixedModes: boolean
}

const names: Readonly<Record<GuessedProtocol, string>> = {
  greeting: "GameMaker's greeting",
  answer: "a GameMaker client's answer",
  packets: "GameMaker's packets",
  http: 'an HTTP request',
  tls: 'TLS',
  json: 'JSON',
  text: 'plain text',
  unknown: 'other bytes',
}

const rawServer = 'a server with raw: true (network_create_server_raw)'
const rawClient = 'connect with raw: true (network_connect_raw)'

/** What a WebSocket peer reads in the close frame when its handshake was wrong; at most 123 bytes. */
export const handshakeAdvice =
  "GameMaker's handshake is missing: plain messages need a server with raw: true"

/** A connection could not be made, or its handshake not done. */
export function warnOfFailure(peer: Peer, error: NetworkError): void {
  if (error === NetworkError.handshakeFailed && peer.chunk !== undefined)
    warnOfHandshake(peer, peer.chunk.bytes)
  else if (error === NetworkError.timedOut && isGreetingMissing(peer))
    warnOf(
      peer,
      'greeting silence',
      `sent no greeting of GameMaker's: for a raw server ${rawClient}; a WebSocket server needs SocketType.ws`,
    )
}

/** A client has reached a server, which has sent nothing. */
function isGreetingMissing({ role, stream, isReached }: Peer): boolean {
  const isSilent = stream.phase === 'awaitGreeting' && stream.matched === 0
  return role === SocketRole.client && isSilent && isReached
}

/** A handshake was wrong, beginning with these bytes. */
function warnOfHandshake(peer: Peer, bytes: Uint8Array): void {
  const guess = guessProtocol(bytes)
  const isClient = peer.role === SocketRole.client
  const part = isClient ? 'greeting' : 'handshake'
  const advice = isClient ? `for a raw server ${rawClient}` : adviceFor(guess)
  warnOf(peer, `${part} ${guess}`, `sent ${names[guess]} instead of GameMaker's ${part}: ${advice}`)
}

function adviceFor(guess: GuessedProtocol): string {
  if (guess === 'tls') return 'this server does not encrypt; SocketType.wss does'
  if (guess === 'http') return `a page needs SocketType.ws, others need ${rawServer}`
  return `others need ${rawServer}`
}

/** A raw connection has received these bytes: they may be packet mode's. */
export function warnOfPackets(peer: Peer, bytes: Uint8Array, at: number, end: number): void {
  const first = bytes[at]
  // Most messages are neither, and this is asked for each.
  if ((first !== 0xde && first !== 0xbe && first !== 0x47) || peer.hasWarnedOfMixedModes) return
  const guess = guessProtocol(bytes.subarray(at, end))
  if (guess !== 'greeting' && guess !== 'answer' && guess !== 'packets') return
  peer.hasWarnedOfMixedModes = true
  warnOf(
    peer,
    `raw ${guess}`,
    `sent ${names[guess]} over a raw connection: leave out raw: true here, or use raw functions there`,
  )
}

/** Bytes that are not a packet were dropped. */
export function warnOfDiscarded(peer: Peer, count: number): void {
  warnOf(
    peer,
    'malformed',
    `sent ${count} bytes that are no packet, dropped: does it use raw functions?`,
  )
}

function warnOf({ host, ip, port }: Peer, kind: string, message: string): void {
  warn(host.warner, kind, `${ip}:${port} ${message}`, minuteMs)
}
