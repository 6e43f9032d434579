// Warnings that say what a peer may have meant, each at most once a minute.

import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { minuteMs, warn, type Warner } from './Warner.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { guessProtocol, type GuessedProtocol, mayBePackets } from '../protocol/guessProtocol.ts'
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

const rawServer = 'a server with raw: true'
const rawClient = 'connect with raw: true'

/** What a WebSocket peer reads in the close frame when its handshake was wrong; at most 123 bytes. */
export const handshakeAdvice =
  "GameMaker's handshake is missing: plain messages need a server with raw: true"

/** A connection could not be made, or its handshake not done. */
export function warnOfFailure(peer: Peer, error: NetworkError): void {
  const { chunk, isReached, stream } = peer
  const isSilent = stream.phase !== 'awaitWelcome' && stream.matched === 0
  if (error === NetworkError.handshakeFailed && chunk !== undefined)
    warnOfHandshake(peer, guessProtocol(chunk.bytes))
  else if (error === NetworkError.timedOut && isReached && isSilent) warnOfHandshake(peer)
}

/** A handshake was wrong, in this way, or did not come. */
function warnOfHandshake(peer: Peer, guess?: GuessedProtocol): void {
  const isClient = peer.role === SocketRole.client
  const part = isClient ? 'greeting' : 'handshake'
  const what = guess
    ? `${names[guess]} instead of GameMaker's ${part}`
    : `no ${part} of GameMaker's`
  warnOf(peer, `${part} ${guess}`, `sent ${what}: ${adviceFor(isClient, guess)}`)
}

function adviceFor(isClient: boolean, guess?: GuessedProtocol): string {
  if (isClient) return `for a raw server ${rawClient}; a WebSocket server needs SocketType.ws`
  if (guess === 'tls') return 'this server does not encrypt; SocketType.wss does'
  if (guess === 'http') return `a page needs SocketType.ws, other programs need ${rawServer}`
  return `a peer without GameMaker's protocol needs ${rawServer}`
}

/** A raw connection has received these bytes: they may be packet mode's. */
export function warnOfPackets(peer: Peer, bytes: Uint8Array, at: number, end: number): void {
  if (!mayBePackets(bytes, at) || peer.hasWarnedOfMixedModes) return
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
    `sent ${count} bytes that are no packet and were dropped: does it use raw functions?`,
  )
}

/** The connection ends, since a message of the peer was above the limit. */
export function warnOfTooLarge(peer: Peer, bytesMax: number): void {
  warnOf(peer, 'tooLarge', `sent a message above messageBytesMax, ${bytesMax}: disconnected`)
}

function warnOf({ host, ip, port }: Peer, kind: string, message: string): void {
  warn(host.warner, kind, `${ip}:${port} ${message}`, minuteMs)
}
