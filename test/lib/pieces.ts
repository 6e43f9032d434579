import { type StreamPeer } from './RawPeer.ts'
import { turns } from './until.ts'

/** Bytes in hex, in pieces that arrive one by one. */
export type Pieces = readonly string[]

/** Hex in pieces, cut before each of these bytes. */
export function cut(hex: string, cuts: readonly number[]): Pieces {
  const places = [0, ...cuts, hex.length / 2]
  return places.slice(1).map((to, at) => hex.slice(places[at]! * 2, to * 2))
}

/** Every place inside some bytes. */
export const everyCut = (hex: string): number[] =>
  Array.from({ length: hex.length / 2 - 1 }, (_, at) => at + 1)

/** Cut at each place alone, and at all of them. */
export function cuttings(hex: string): Pieces[] {
  const places = everyCut(hex)
  return [...places.map((place) => [place]), places].map((cuts) => cut(hex, cuts))
}

/** Sends pieces in hex that arrive one by one. */
export async function sendPieces(peer: StreamPeer, pieces: Pieces): Promise<void> {
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) await turns()
    peer.send(piece)
  }
}
