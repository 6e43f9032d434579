import { type BitReader, readBits } from '../bits/BitReader.ts'
import { type BitWriter, writeBits } from '../bits/BitWriter.ts'
import { readVu, vuBits, writeVu } from '../bits/vu.ts'
import { generationOf, netIdOf, slotMask, slotOf } from './netId.ts'

/** Writes a net id: the slot, and 12 bits of generation. */
export function writeNetId(writer: BitWriter, netId: number): void {
  writeVu(writer, slotOf(netId))
  writeBits(writer, generationOf(netId), 12)
}

/** Reads a net id. The reader fails at a slot that cannot be. */
export function readNetId(reader: BitReader): number {
  const slot = readVu(reader)
  const generation = readBits(reader, 12)
  if (slot <= slotMask && (slot > 0 || generation === 0)) return netIdOf(slot, generation)
  reader.failed = true
  return 0
}

export function netIdBits(netId: number): number {
  return vuBits(slotOf(netId)) + 12
}
