// What players send to the server. The first byte tells what it is; numbers are little-endian, as GameMaker's buffers have
// them, texts end with a zero byte.
//
// | id | kind  | then                                        |
// |----|-------|---------------------------------------------|
// | 1  | join  | u8 version, u32 proof, string name          |
// | 2  | steer | u8 bits (`SteerBit`)                        |
// | 3  | say   | string text                                 |
// | 4  | ping  | u32 token                                   |
// | 5  | watch | u8 1 to get the log of Networking events, 0 |
import {
  BufferType,
  type NetworkBuffer,
  seekBuffer,
  SeekBase,
  writeBuffer,
} from 'bitecs-networking'
import { MessageReader } from './MessageReader.ts'

export type ClientMessage =
  | {
      readonly kind: 'join'
      readonly version: number
      /** What the server asked for with `prove`; 0 before, and where there is a connection. */
      readonly proof: number
      readonly name: string
    }
  | { readonly kind: 'steer'; readonly bits: number }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'ping'; readonly token: number }
  | { readonly kind: 'watch'; readonly wanted: boolean }

const ids = { join: 1, steer: 2, say: 3, ping: 4, watch: 5 } as const

/** Writes a message from the start of a buffer that grows. Its size is then what `tellBuffer` gives. */
export function writeClientMessage(buffer: NetworkBuffer, message: ClientMessage): void {
  seekBuffer(buffer, SeekBase.start, 0)
  writeBuffer(buffer, BufferType.u8, ids[message.kind])
  switch (message.kind) {
    case 'join':
      writeBuffer(buffer, BufferType.u8, message.version)
      writeBuffer(buffer, BufferType.u32, message.proof)
      writeBuffer(buffer, BufferType.string, message.name)
      break
    case 'steer':
      writeBuffer(buffer, BufferType.u8, message.bits)
      break
    case 'say':
      writeBuffer(buffer, BufferType.string, message.text)
      break
    case 'ping':
      writeBuffer(buffer, BufferType.u32, message.token)
      break
    case 'watch':
      writeBuffer(buffer, BufferType.u8, message.wanted ? 1 : 0)
  }
}

/** Reads a message; `undefined` for bytes that are none. */
export function readClientMessage(buffer: NetworkBuffer): ClientMessage | undefined {
  const reader = new MessageReader(buffer)
  const message = readAny(reader)
  return reader.failed ? undefined : message
}

function readAny(reader: MessageReader): ClientMessage | undefined {
  switch (reader.u8()) {
    case ids.join:
      return { kind: 'join', version: reader.u8(), proof: reader.u32(), name: reader.string() }
    case ids.steer:
      return { kind: 'steer', bits: reader.u8() }
    case ids.say:
      return { kind: 'say', text: reader.string() }
    case ids.ping:
      return { kind: 'ping', token: reader.u32() }
    case ids.watch:
      return { kind: 'watch', wanted: reader.u8() !== 0 }
    default:
      return undefined
  }
}
