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
const badMagic = 'ffffffff0c0000000500000068656c6c6f'
const zeros = '00000000'.repeat(4)
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
  ...[badMagic, zeros, 'ffffffff'].map((bytes) => ({
    number: 'W11',
    what: `${bytes.length / 2} bytes that are no packet are discarded by default`,
    steps: once(helloPacket + bytes, hello),
    discarded: bytes.length / 2,
  })),
  ...['dec0addf0c0000000500000068656c6c6f', zeros].map((bytes) => ({
    number: 'W11',
    what: `${bytes.length / 2} bytes that are no packet are one message with the policy raw`,
    malformed: 'raw' as const,
    steps: once(helloPacket + bytes, hello, bytes),
  })),
  ...[badMagic, zeros, 'ffffffff'].map((bytes) => ({
    number: 'W12',
    what: `${bytes.length / 2} bytes that are no packet end the connection with the policy close`,
    malformed: 'close' as const,
    steps: once(helloPacket + bytes, hello),
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
    what: 'a packet of exactly 4 MiB is taken',
    steps: once(packet(fourMebibyte), fourMebibyte),
  },
  ...[16, 13].map((size) => ({
    number: 'W14',
    what: `the end of the stream after ${size} bytes of a packet is no data`,
    steps: once(helloPacket + helloPacket.slice(0, size * 2), hello),
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
