// What every message begins with: the tag "beR" and a version, the kind of the message, and in datagrams a session.

/** The first four bytes of a message of this version. */
export const tag = 0x01_52_65_62

export const MessageKind = {
  hello: 1,
  welcome: 2,
  refused: 3,
  snapshot: 4,
  ack: 5,
  challenge: 6,
  bye: 7,
} as const

/** Bytes of a message at most. */
export const messageBytesMax: number = 1 << 18
