// What one socket sends in one tick, built in one buffer and handed over in one write.
import { type Socket } from 'node:net'

const firstBytes = 4096
const noBytes = Buffer.alloc(0)
/** Below this a loop of moves is faster than a call into the copy of the engine. */
const shortBytes = 128

/** `bytes` up to `used` wait to be sent. */
export interface Outbox {
  readonly socket: Socket
  bytes: Buffer
  view: DataView
  used: number
}

/** Makes an empty outbox, which has no memory before it is used. */
export function createOutbox(socket: Socket): Outbox {
  return { socket, bytes: noBytes, view: viewOf(noBytes), used: 0 }
}

/** Makes room for so many bytes more. */
export function reserve(outbox: Outbox, bytes: number): void {
  const needed = outbox.used + bytes
  if (needed > outbox.bytes.length) grow(outbox, needed)
}

/** Copies a payload. */
export function copyBytes(
  from: DataView,
  start: number,
  to: DataView,
  toStart: number,
  bytes: number,
): void {
  if (bytes > shortBytes) {
    const source = new Uint8Array(from.buffer, from.byteOffset + start, bytes)
    new Uint8Array(to.buffer, to.byteOffset + toStart, bytes).set(source)
    return
  }
  let done = 0
  for (; done + 4 <= bytes; done += 4)
    to.setInt32(toStart + done, from.getInt32(start + done, true), true)
  for (; done < bytes; done++) to.setUint8(toStart + done, from.getUint8(start + done))
}

/** Sends everything in one write. */
export function flushOutbox(outbox: Outbox): void {
  const { socket, bytes, used } = outbox
  outbox.used = 0
  socket.write(bytes.subarray(0, used))
  // When the system took everything at once the bytes are ours again, otherwise the socket keeps them.
  if (socket.writableLength > 0) replaceBytes(outbox, Buffer.allocUnsafeSlow(bytes.length))
}

/** A view of the bytes of a buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function grow(outbox: Outbox, needed: number): void {
  const bytes = Buffer.allocUnsafeSlow(Math.max(firstBytes, needed, outbox.bytes.length * 2))
  outbox.bytes.copy(bytes, 0, 0, outbox.used)
  replaceBytes(outbox, bytes)
}

function replaceBytes(outbox: Outbox, bytes: Buffer): void {
  outbox.bytes = bytes
  outbox.view = viewOf(bytes)
}
