import { noBytes } from '../constants/noBytes.ts'
import { canBeHeader, headerBytes } from './packetHeader.ts'

/**
 * A packet of which only the beginning has arrived. Its memory grows with what is there, never with what
 * the header announces, so a false length costs nothing.
 */
export interface PacketAssembly {
  bytes: Uint8Array
  /** Bytes that are there. */
  size: number
}

/** Memory for a packet's beginning that a short claim may take at once. */
const firstBytes = 4096

/** Of every assembly that is empty, as most are. */

export function createAssembly(): PacketAssembly {
  return { bytes: noBytes, size: 0 }
}

/** Appends `count` bytes; `total` is the packet's size with its header, or the header's while unknown. */
export function append(
  assembly: PacketAssembly,
  from: Uint8Array,
  at: number,
  count: number,
  total: number,
): void {
  const needed = assembly.size + count
  if (needed > assembly.bytes.length) {
    const room = Math.min(total, Math.max(needed, assembly.bytes.length * 2, firstBytes))
    const bytes = new Uint8Array(room)
    bytes.set(assembly.bytes.subarray(0, assembly.size))
    assembly.bytes = bytes
  }
  assembly.bytes.set(from.subarray(at, at + count), assembly.size)
  assembly.size = needed
}

/** Whether what is there can be the beginning of a packet. */
export function isPlausible(assembly: PacketAssembly): boolean {
  return canBeHeader(assembly.bytes, 0, Math.min(assembly.size, headerBytes))
}

/** Payload bytes that the assembled header announces. Twelve bytes must be there. */
export function announcedSize({ bytes }: PacketAssembly): number {
  return (bytes[8]! | (bytes[9]! << 8) | (bytes[10]! << 16) | (bytes[11]! << 24)) >>> 0
}

/** Hands the memory over and starts again. */
export function takeBytes(assembly: PacketAssembly): Uint8Array {
  if (assembly.size === 0) return noBytes
  const bytes = assembly.bytes.subarray(0, assembly.size)
  assembly.bytes = noBytes
  assembly.size = 0
  return bytes
}
