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
  switch (bytes[at]) {
    case 0x47:
      return bytes[at + 1] === 0x4d
    case 0xbe:
      return bytes[at + 1] === 0xba
    case 0xde:
      return bytes[at + 1] === 0xc0
    default:
      return false
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte)
}

/** Text has none of these, but for tabs, line ends, and the NUL behind a text of GameMaker's. */
function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13
}
