// The replies of one socket in one tick, built in one buffer and handed over in one write.
import { type Socket } from 'node:net'
import { headerBytes, writeHeader } from './gameMaker.ts'

const firstBytes = 4096
/** Below this a loop of byte moves is faster than a call into the copy of the engine. */
const shortBytes = 64

/** `bytes` up to `used` wait to be sent. */
export interface Outbox {
  socket: Socket
  bytes: Buffer
  view: DataView
  used: number
}

/** Makes an empty outbox. */
export function createOutbox(socket: Socket): Outbox {
  const bytes = Buffer.allocUnsafeSlow(firstBytes)
  return { socket, bytes, view: viewOf(bytes), used: 0 }
}

/** Adds one packet whose payload is `from`, `start` to `end`. */
export function pushPacket(outbox: Outbox, from: Buffer, start: number, end: number): void {
  const payloadBytes = end - start
  const needed = outbox.used + headerBytes + payloadBytes
  if (needed > outbox.bytes.length) grow(outbox, needed)
  const { bytes, used } = outbox
  writeHeader(outbox.view, used, payloadBytes)
  let at = used + headerBytes
  if (payloadBytes < shortBytes) for (let i = start; i < end; i++) bytes[at++] = from[i] ?? 0
  else from.copy(bytes, at, start, end)
  outbox.used = needed
}

/** Sends everything in one write. */
export function flushOutbox(outbox: Outbox): void {
  const { socket, bytes, used } = outbox
  outbox.used = 0
  socket.write(bytes.subarray(0, used))
  // When the system took everything at once the bytes are ours again, otherwise the socket keeps them.
  if (socket.writableLength > 0) replaceBytes(outbox, Buffer.allocUnsafeSlow(bytes.length))
}

function grow(outbox: Outbox, needed: number): void {
  const bytes = Buffer.allocUnsafeSlow(Math.max(needed, outbox.bytes.length * 2))
  outbox.bytes.copy(bytes, 0, 0, outbox.used)
  replaceBytes(outbox, bytes)
}

function replaceBytes(outbox: Outbox, bytes: Buffer): void {
  outbox.bytes = bytes
  outbox.view = viewOf(bytes)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
