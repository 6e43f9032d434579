import * as assert from 'uvu/assert'
import { type StreamPeer } from './RawPeer.ts'

// What GameMaker sends (docs/protocol.md), by hand.

/** "GM:Studio-Connect" and NUL. */
export const greeting = '474d3a53747564696f2d436f6e6e65637400'
/** CAFEBABE DEADB00B 16, without the game id. */
export const answerStart = 'bebafeca0bb0adde10000000'
/** The answer with game id 0. */
export const answer = 'bebafeca0bb0adde1000000000000000'
/** DEAFBEAD F00DBEEB 12. */
export const welcome = 'adbeafdeebbe0df00c000000'

/** A packet with "hello". */
export const helloPacket = 'dec0adde0c0000000500000068656c6c6f'
export const hello = '68656c6c6f'
export const emptyPacket = 'dec0adde0c00000000000000'

/** A packet around payload bytes in hex. */
export function packet(payload: string): string {
  return `dec0adde0c000000${u32(payload.length / 2)}${payload}`
}

/** A little-endian u32 in hex. */
export function u32(value: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes.toString('hex')
}

/** Plays a GameMaker client up to the first packet. */
export async function joinServer(peer: StreamPeer): Promise<void> {
  assert.is(await peer.take(18), greeting)
  peer.send(answer)
  assert.is(await peer.take(12), welcome)
}

/** Plays a GameMaker server up to the first packet. */
export async function welcomeClient(peer: StreamPeer): Promise<void> {
  peer.send(greeting)
  assert.is(await peer.take(16), answer)
  peer.send(welcome)
}
