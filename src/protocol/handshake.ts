// The handshake of packet mode (docs/protocol.md, "Handshake"). The server speaks first.
//
//   step  direction         bytes  content
//   1     server -> client  18     ASCII "GM:Studio-Connect" and NUL
//   2     client -> server  16     u32 CAFEBABE, u32 DEADB00B, u32 16, i32 game id
//   3     server -> client  12     u32 DEAFBEAD, u32 F00DBEEB, u32 12
//
// All integers are little-endian. The game id is any number; nothing checks it.

import { viewOf } from '../buffer/BufferMemory.ts'

/** Step 1. */
export const greeting: Uint8Array = Uint8Array.from('GM:Studio-Connect\0', (letter) =>
  letter.charCodeAt(0),
)

/** Bytes of step 2. */
export const answerBytes = 16

/** Step 2 without its last word. */
export const answerStart: Uint8Array = createAnswer(0).subarray(0, 12)

/** Step 3. */
export const welcome: Uint8Array = wordsOf(0xdeafbead, 0xf00dbeeb, 12)

/** Step 2. */
export function createAnswer(gameId: number): Uint8Array {
  return wordsOf(0xcafebabe, 0xdeadb00b, 16, gameId)
}

function wordsOf(...words: number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = viewOf(bytes)
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, true)
  return bytes
}
