import { NetworkError } from 'bitecs-networking'
import {
  answer,
  answerStart,
  emptyPacket,
  greeting,
  hello,
  helloPacket,
  welcome,
} from './gameMaker.ts'
import { cut, cuttings, everyCut, type Pieces } from './pieces.ts'

// The cases W1 and W4 to W7 of docs/protocol.md, as tables. Whoever plays one says at which end, by which transport and by which
// face of the package.

/** What a server does with what a client sends in the handshake. */
export interface AnswerCase {
  readonly number: string
  readonly what: string
  /** Each by a connection of its own. */
  readonly answers: readonly Pieces[]
  /** The client does not wait for the greeting. */
  readonly isEarly?: boolean
  /** What it sends when it is welcomed. */
  readonly afterwards?: string
  /** It leaves at once. */
  readonly leaves?: boolean
  /** What is received of it; `undefined` if it is turned away. */
  readonly messages: readonly string[] | undefined
  readonly gameId?: number
}

export const answerCases: readonly AnswerCase[] = [
  {
    number: 'W1',
    what: 'the answer may be cut after every byte',
    answers: cuttings(answer),
    afterwards: helloPacket,
    messages: [hello],
  },
  {
    number: 'W4',
    what: 'the answer and the first packet in one chunk are connect, then data',
    answers: [[answer + helloPacket]],
    isEarly: true,
    messages: [hello],
  },
  {
    number: 'W4',
    what: 'a client that answers, sends and leaves at once has all three events',
    answers: [[answer + helloPacket + helloPacket]],
    isEarly: true,
    leaves: true,
    messages: [hello, hello],
  },
  ...(
    [
      ['00000000', 0],
      ['2a000000', 42],
      ['ffffffff', -1],
      ['8a30b111', 296_824_970],
    ] as const
  ).map(([word, gameId]) => ({
    number: 'W6',
    what: `the game id ${gameId} is taken`,
    answers: [[answerStart + word]],
    isEarly: true,
    messages: [],
    gameId,
  })),
  ...(
    [
      ['first', 'bebafecb0bb0adde1000000000000000'],
      ['second', 'bebafeca0bb0addf1000000000000000'],
      ['third', 'bebafeca0bb0adde1100000000000000'],
      ['first (in its first byte)', 'bfbafeca0bb0adde1000000000000000'],
      ['second (in its first byte)', 'bebafeca0ab0adde1000000000000000'],
      ['first (big-endian)', 'cafebabedeadb00b0000001000000000'],
      ['every (HTTP)', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex')],
      ['every (a packet)', helloPacket],
    ] as const
  ).map(([which, bytes]) => ({
    number: 'W7',
    what: `an answer whose ${which} word is wrong is closed, without an event`,
    answers: [[bytes]],
    messages: undefined,
  })),
]

/** What a client does with what a server sends in the handshake. */
export interface WelcomeCase {
  readonly number: string
  readonly what: string
  /** Before and after the client has answered; each by a connection of its own. */
  readonly servers: readonly (readonly [before: Pieces, after: Pieces])[]
  /** The server leaves then. */
  readonly leaves?: boolean
  /** What it sends when the client is connected. */
  readonly afterwards?: string
  readonly gameId?: number
  /** What the client sends; `''` if nothing, `undefined` if it cannot be known. */
  readonly answer: string | undefined
  /** What is received; an error if the attempt fails. */
  readonly messages: readonly string[] | NetworkError
}

export const welcomeCases: readonly WelcomeCase[] = [
  {
    number: 'W1',
    what: 'greeting and welcome may be cut after every byte',
    servers: [
      ...everyCut(greeting).map((at) => [cut(greeting, [at]), [welcome]] as const),
      ...everyCut(welcome).map((at) => [[greeting], cut(welcome, [at])] as const),
      [cut(greeting, everyCut(greeting)), cut(welcome, everyCut(welcome))],
    ],
    afterwards: helloPacket,
    answer,
    messages: [hello],
  },
  {
    number: 'W5',
    what: 'the welcome and a packet in one chunk are connect, then data',
    servers: [[[greeting], [welcome + helloPacket]]],
    answer,
    messages: [hello],
  },
  {
    number: 'W5',
    what: 'greeting, welcome and packets in one chunk do as well',
    servers: [[[greeting + welcome + helloPacket + emptyPacket], []]],
    answer,
    messages: [hello, ''],
  },
  ...(
    [
      [42, '2a000000'],
      [-1, 'ffffffff'],
      [296_824_970, '8a30b111'],
    ] as const
  ).map(([gameId, word]) => ({
    number: 'W6',
    what: `the game id ${gameId} is sent as it was set`,
    servers: [[[greeting], [welcome]] as const],
    gameId,
    answer: answerStart + word,
    messages: [],
  })),
  ...(
    [
      ['greeting without its NUL', '474d3a53747564696f2d436f6e6e65637401'],
      ['greeting in lower case', '676d3a73747564696f2d636f6e6e65637400'],
      ['packet', helloPacket],
      ['web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex')],
    ] as const
  ).map(([what, bytes]) => ({
    number: 'W7',
    what: `a ${what} instead of the greeting fails the attempt`,
    servers: [[[bytes], []] as const],
    answer: '',
    messages: NetworkError.handshakeFailed,
  })),
  ...(
    [
      ['first', 'adbeafdfebbe0df00c000000'],
      ['second', 'adbeafdeebbe0df10c000000'],
      ['third', 'adbeafdeebbe0df00d000000'],
    ] as const
  ).map(([which, bytes]) => ({
    number: 'W7',
    what: `a welcome whose ${which} word is wrong fails the attempt`,
    servers: [[[greeting], [bytes + helloPacket]] as const],
    answer,
    messages: NetworkError.handshakeFailed,
  })),
  ...['', greeting.slice(0, 20), greeting].map((bytes) => ({
    number: 'W7',
    what: `a server that leaves after ${bytes.length / 2} bytes of the handshake fails the attempt`,
    servers: [[bytes === '' ? [] : [bytes], []] as const],
    leaves: true,
    answer: undefined,
    messages: NetworkError.connectionClosed,
  })),
]
