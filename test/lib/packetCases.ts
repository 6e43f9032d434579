import { DisconnectReason, type ServerOptions } from 'bitecs-networking'
import { emptyPacket, hello, helloPacket, packet } from './gameMaker.ts'
import { cut, cuttings, type Pieces } from './pieces.ts'

// The cases W2, W3 and W8 to W14 of docs/protocol.md, as a table. Whoever plays one says at which end, by which transport and by which
// face of the package.

/** Something that is sent when all before it has been received. */
interface PacketStep {
  readonly sends: Pieces
  /** The messages that it makes. */
  readonly messages: readonly string[]
}

/** What becomes of bytes that a peer sends, once the handshake is done. */
export interface PacketCase {
  readonly number: string
  readonly what: string
  readonly malformed?: ServerOptions['malformed']
  readonly steps: readonly PacketStep[]
  /** What the peer does after the steps. */
  readonly leaves?: 'end' | 'reset'
  /** How many bytes were no packet. */
  readonly discarded?: number
  /** Why the connection ends. It stays if there is no reason. */
  readonly reason?: DisconnectReason
  /** The limit that it is about is another at the other end. */
  readonly only?: 'server' | undefined
}

const once = (bytes: string, ...messages: string[]): PacketStep[] => [{ sends: [bytes], messages }]

const three = packet('01') + packet('0203') + packet('040506')
const threeMessages = ['01', '0203', '040506']

/** Bytes that are no packet, and what they follow in their chunk. */
const garbage: readonly (readonly [first: string, bytes: string, what: string])[] = [
  [
    helloPacket,
    'ffffffff0c0000000500000068656c6c6f',
    '17 bytes with a wrong magic behind a packet',
  ],
  ['', 'dec0addf0c0000000500000068656c6c6f', '17 bytes with another wrong magic'],
  ['', '00000000'.repeat(4), '16 zeros'],
  ['', 'ffffffff', '4 bytes that are no packet'],
  [helloPacket, 'ffffffff', '4 bytes that are no packet behind one'],
]

/** Bytes behind a packet, or first of all. */
const after = (first: string, bytes: string, ...messages: string[]): PacketStep[] =>
  once(first + bytes, ...(first === '' ? [] : [hello]), ...messages)

const likeHeader = 'dec0adde0c00000001000000'
const fourMebibyte = '07'.repeat(4 * 1024 * 1024)

export const packetCases: readonly PacketCase[] = [
  {
    number: 'W2',
    what: 'a packet may be cut at each of its inner places',
    steps: cuttings(helloPacket).map((sends) => ({ sends, messages: [hello] })),
  },
  {
    number: 'W3',
    what: 'three packets in one chunk; two and a half, then the rest',
    steps: [
      { sends: [three], messages: threeMessages },
      { sends: cut(three, [13 + 14 + 7]), messages: threeMessages },
    ],
  },
  {
    number: 'W8',
    what: 'a payload that looks like a header is a payload',
    steps: once(packet(likeHeader) + helloPacket, likeHeader, hello),
  },
  {
    number: 'W9',
    what: 'an empty packet between two others is an event of size 0',
    steps: once(helloPacket + emptyPacket + helloPacket, hello, '', hello),
  },
  ...['0b', '0d', '00'].flatMap((size): PacketCase[] => {
    const steps = once(`dec0adde${size}0000000500000068656c6c6f`)
    const what = `a header size of ${Number.parseInt(size, 16)}`
    return [
      { number: 'W10', what: `${what} is discarded by default`, steps, discarded: 17 },
      {
        number: 'W10',
        what: `${what} ends the connection with the policy close`,
        malformed: 'close',
        steps,
        discarded: 17,
        reason: DisconnectReason.malformed,
      },
    ]
  }),
  ...garbage.map(([first, bytes, what]) => ({
    number: 'W11',
    what: `${what} are discarded by default`,
    steps: after(first, bytes),
    discarded: bytes.length / 2,
  })),
  ...garbage.map(([first, bytes, what]) => ({
    number: 'W11',
    what: `${what} are one message with the policy raw`,
    malformed: 'raw' as const,
    steps: after(first, bytes, bytes),
  })),
  ...garbage.map(([first, bytes, what]) => ({
    number: 'W12',
    what: `${what} end the connection with the policy close`,
    malformed: 'close' as const,
    steps: after(first, bytes),
    discarded: bytes.length / 2,
    reason: DisconnectReason.malformed,
  })),
  ...(
    [
      ['4 MiB + 1', '01004000', 'server'],
      ['64 MiB + 1', '01000004', undefined],
      ['4 GiB - 1', 'ffffffff', undefined],
    ] as const
  ).map(([claim, size, only]) => ({
    number: 'W13',
    what: `a packet of ${claim} ends the connection before memory is taken for it`,
    steps: once(`${helloPacket}dec0adde0c000000${size}68656c6c6f`, hello),
    discarded: 17,
    reason: DisconnectReason.tooLarge,
    only,
  })),
  {
    number: 'W13',
    what: 'a header that claims 4 GiB - 1 ends the connection, alone as well',
    steps: once('dec0adde0c000000ffffffff'),
    discarded: 12,
    reason: DisconnectReason.tooLarge,
  },
  {
    number: 'W13',
    what: 'a packet of exactly 4 MiB is taken',
    steps: once(packet(fourMebibyte), fourMebibyte),
  },
  ...(
    [
      [helloPacket, 16],
      [helloPacket, 13],
      ['', 13],
    ] as const
  ).map(([first, size]) => ({
    number: 'W14',
    what: `the end after ${size} bytes of a ${first === '' ? 'first' : 'second'} packet is no data`,
    steps: [
      {
        sends: [first + helloPacket.slice(0, size * 2)],
        messages: first === '' ? [] : [hello],
      },
    ],
    leaves: 'end' as const,
    discarded: size,
    reason: DisconnectReason.closed,
  })),
  {
    number: 'W14',
    what: 'a reset is the end, with its reason',
    steps: [],
    leaves: 'reset',
    reason: DisconnectReason.reset,
  },
]
