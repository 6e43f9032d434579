import { answerStart, greeting } from './handshake.ts'
import { canBeHeader, headerBytes } from './packetHeader.ts'

/** What the beginning of a connection may be, besides what was expected. */
export type GuessedProtocol =
  'greeting' | 'answer' | 'packets' | 'http' | 'tls' | 'json' | 'text' | 'unknown'

/** Bytes that are looked at to see whether they are text. */
const textBytes = 64

const requestLine = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) /

/** Guesses what a peer speaks from the first bytes that it has sent. For warnings only: anything can look like anything. */
export function guessProtocol(bytes: Uint8Array): GuessedProtocol {
  if (startsWith(bytes, greeting)) return 'greeting'
  if (startsWith(bytes, answerStart)) return 'answer'
  if (bytes.length >= headerBytes && canBeHeader(bytes, 0, headerBytes)) return 'packets'
  // A record of the type handshake, of a version 3.x (RFC 8446 section 5.1).
  if (bytes[0] === 0x16 && bytes[1] === 3) return 'tls'
  const beginning = bytes.subarray(0, textBytes)
  if (beginning.length === 0 || beginning.some((byte) => isControl(byte))) return 'unknown'
  const text = new TextDecoder().decode(beginning)
  if (requestLine.test(text)) return 'http'
  return /^\s*[[{]/.test(text) ? 'json' : 'text'
}

/** Whether what begins at `at` may be packet mode's: its greeting, its answer, or a packet. Cheaper than a guess. */
export function mayBePackets(bytes: Uint8Array, at: number): boolean {
  const first = (bytes[at]! << 8) | bytes[at + 1]!
  return first === 0x474d || first === 0xbeba || first === 0xdec0
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}

/** Text has none of these, but for tabs, line ends, and the NUL behind a text of GameMaker's. */
function isControl(byte: number): boolean {
  return byte < 0x20 && ![0, 9, 10, 13].includes(byte)
}
