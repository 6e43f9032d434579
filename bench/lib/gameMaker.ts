// GameMaker's TCP bytes written by hand, so that the baselines and the generator share no code with the library.

/** Server to client, first: `GM:Studio-Connect` and a zero. */
export const greeting: Buffer = Buffer.from('GM:Studio-Connect\0', 'latin1')

/** Client to server: 0xCAFEBABE, 0xDEADB00B, 16, game id 0. */
export const answer: Buffer = words(0xcafebabe, 0xdeadb00b, 16, 0)

/** The part of the answer that is checked: everything but the game id. */
export const answerCheckedBytes = 12

/** Server to client, last: 0xDEAFBEAD, 0xF00DBEEB, 12. */
export const done: Buffer = words(0xdeafbead, 0xf00dbeeb, 12)

export const headerBytes = 12
export const magic = 0xdeadc0de

/** Writes the header of a packet: magic, header size, payload length. */
export function writeHeader(view: DataView, at: number, payloadBytes: number): void {
  view.setUint32(at, magic, true)
  view.setUint32(at + 4, headerBytes, true)
  view.setUint32(at + 8, payloadBytes, true)
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}
