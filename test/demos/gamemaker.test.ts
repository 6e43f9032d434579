import { createWorld, query, type World } from 'bitecs'
import { closeNetwork, Socket, SocketType } from 'bitecs-networking'
import { gml_bind } from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { clean_up, create, type Ports, step } from '../../demos/gamemaker/server.ts'
import {
  annHearsGone,
  annJoins,
  annKicks,
  annPlays,
  annTalks,
  bobHearsAnn,
  bobHearsGone,
  bobJoins,
  bobLeaves,
  bothPlay,
  head,
  play,
  type ScriptStep,
  serverEnds,
  wholeScript,
} from '../lib/gameMakerScript.ts'
import { type GameWire, overTcp, overUdp, overWebSocket, type Wire } from '../lib/GameWire.ts'
import { argumentsOfWrites, bytesOfReads, bytesOfWrites, GmlSource } from '../lib/gmlSource.ts'
import { mulberry32 } from '../lib/random.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { RawListener } from '../lib/RawListener.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

// No GameMaker runs here. The script is what its games put on the wire and take from it.

/** The demo's server, and the games that play with it. */
class Room {
  readonly world: World = createWorld()
  readonly output: string[] = []
  readonly random = mulberry32(1)
  readonly ports: Ports
  now = 0
  isOpen = true
  readonly #games = new Map<string, GameWire>()
  readonly #all: GameWire[] = []

  constructor(firstPort = 0) {
    gml_bind(this.world)
    this.ports = create(firstPort, {
      show_debug_message: (text) => this.output.push(text),
      current_time: () => this.now,
      irandom: (n) => Math.floor(this.random() * (n + 1)),
    })
  }

  portOf(type: number): number {
    const { type: types, localPort } = Socket(this.world)
    const server = query(this.world, [Socket]).find((socket) => types[socket] === type)
    return localPort[server!]!
  }

  get step(): () => void {
    return this.isOpen ? step : () => {}
  }

  async connect(who: string, wire: Wire): Promise<GameWire> {
    const type =
      wire === overTcp ? SocketType.tcp : wire === overUdp ? SocketType.udp : SocketType.ws
    const game = await wire(this.portOf(type), this.step)
    this.#games.set(who, game)
    this.#all.push(game)
    return game
  }

  game(who: string): GameWire {
    return this.#games.get(who)!
  }

  async run(script: readonly ScriptStep[]): Promise<void> {
    for (const { who, does, hex } of script) {
      if (does === 'hears') await this.game(who).hears(hex, this.step)
      else this.game(who).send(hex)
    }
  }

  end(): void {
    if (this.isOpen) clean_up()
    this.isOpen = false
  }

  close(): void {
    this.end()
    for (const game of this.#all) game.leave()
    closeNetwork(this.world)
  }
}

function inRoom(run: (room: Room) => Promise<void>): () => Promise<void> {
  return async () => {
    const room = new Room()
    try {
      await run(room)
    } finally {
      room.close()
    }
  }
}

const wires: [name: string, wire: Wire][] = [
  ['TCP', overTcp],
  ['UDP', overUdp],
  ['WebSocket', overWebSocket],
]

spec('the GameMaker demo :: its client', (it) => {
  const source = new GmlSource('demos/gamemaker/client')

  it('has the lines that the script stands for', () => {
    for (const { file, lines } of [head, ...wholeScript.map(({ gml }) => gml)])
      assert.ok(source.has(file, lines), `${file} has not\n${lines.join('\n')}`)
  })

  it('has no other lines that write or read bytes', () => {
    const known = new Set(
      [head, ...wholeScript.map(({ gml }) => gml)].flatMap(({ lines }) => lines),
    )
    const unknown = source.lines.filter(
      (line) => /buffer_(write|read)\(/.test(line) && !known.has(line),
    )
    assert.equal(unknown, [])
  })

  it('writes and reads the bytes of the script', () => {
    for (const { does, gml, values, hex } of wholeScript) {
      const payload =
        does === 'sends'
          ? bytesOfWrites(gml.lines, values)
          : bytesOfReads([...head.lines, ...gml.lines], values)
      assert.is(hex.slice(24), payload, gml.lines.join('\n'))
      assert.is(hex.slice(0, 16), 'dec0adde0c000000')
      assert.is(Buffer.from(hex, 'hex').readUInt32LE(8), payload.length / 2)
    }
  })

  it('has the ids of the script', () => {
    for (const { does, gml, values } of wholeScript) {
      const [id] =
        does === 'sends'
          ? argumentsOfWrites(gml.lines)
          : gml.lines.flatMap((line) => /^case (\w+):/.exec(line)?.[1] ?? [])
      assert.is(source.value(id!), values[0], id)
    }
  })

  it('sends with the functions that make these bytes', () => {
    assert.ok(
      source.has('Create_0.gml', [
        'if (NET_TYPE == network_socket_udp)',
        '{',
        'network_send_udp(socket, NET_ADDRESS, NET_PORT, message, buffer_tell(message));',
        '}',
        'else',
        '{',
        'network_send_packet(socket, message, buffer_tell(message));',
        '}',
      ]),
    )
  })

  it('calls only functions of GameMaker', () => {
    const own = ['send_message']
    const plain = [
      'draw_text',
      'is_undefined',
      'keyboard_check',
      'keyboard_check_pressed',
      'string',
    ]
    const language = ['function', 'if', 'show_debug_message', 'switch', 'while']
    const network = ['connect_async', 'create_socket', 'destroy', 'send_packet', 'send_udp']
    const buffer = ['create', 'delete', 'read', 'seek', 'tell', 'write']
    const map = ['create', 'delete', 'destroy', 'find_first', 'find_next']
    const known = [
      ...own,
      ...plain,
      ...language,
      ...network.map((name) => `network_${name}`),
      ...buffer.map((name) => `buffer_${name}`),
      ...map.map((name) => `ds_map_${name}`),
    ]
    assert.equal(source.calls, known.sort())
  })

  it('closes what it opens', () => {
    for (const [file, lines] of source.files)
      for (const pair of ['{}', '()', '[]']) {
        const code = lines.join('').replaceAll(/"[^"]*"/g, '')
        const count = (sign: string): number => code.split(sign).length
        assert.is(count(pair[0]!), count(pair[1]!), `${file} ${pair}`)
      }
  })
})

spec('the GameMaker demo :: its server', (it) => {
  for (const [name, wire] of wires) {
    it(
      `${name} :: two games play, the host kicks the other, the server ends`,
      inRoom(async (room) => {
        const ann = await room.connect('Ann', wire)
        const bob = await room.connect('Bob', wire)
        await room.run([...play, ...annKicks, ...bobHearsGone, ...annHearsGone])
        await bob.ends(room.step)
        await room.run(annTalks)
        room.end()
        await room.run(serverEnds)
        await ann.ends(room.step)
        assert.equal([ann.rest, bob.rest], ['', ''])
        assert.equal(room.output, [
          'Ann joins as player 1 from 127.0.0.1',
          'Ann: ok',
          'Bob joins as player 2 from 127.0.0.1',
          'Ann: hé, Bob',
          'Bob: hi',
          'Bob is kicked by Ann',
          'Ann: alone',
        ])
      }),
    )

    it(
      `${name} :: a game leaves, and its number goes to the next`,
      inRoom(async (room) => {
        const ann = await room.connect('Ann', wire)
        const bob = await room.connect('Bob', wire)
        await room.run(play)
        // Over UDP only a message can say so.
        if (wire === overUdp) await room.run([...bobLeaves, ...bobHearsGone])
        else bob.leave()
        await room.run(annHearsGone)
        assert.is(room.output.at(-1), 'Bob has left')
        const next = await room.connect('Bob', wire)
        await room.run([...bobJoins, ...bothPlay])
        assert.equal([ann.rest, next.rest], ['', ''])
      }),
    )

    for (const [what, payload] of [
      ['an unknown id', '63'],
      ['a move that is too short', '032c01ec'],
      ['a kick that is too short', '0401'],
      ['nothing at all', ''],
    ] as const)
      it(
        `${name} :: ${what} costs only who sent it`,
        inRoom(async (room) => {
          const ann = await room.connect('Ann', wire)
          const bob = await room.connect('Bob', wire)
          await room.run(play)
          bob.send(`dec0adde0c0000000${payload.length / 2}000000${payload}`)
          await room.run([...bobHearsGone, ...annHearsGone])
          await bob.ends(room.step)
          await room.run(annTalks)
          assert.equal([ann.rest, bob.rest], ['', ''])
          assert.ok(room.output.includes('Bob does not speak our language'))
        }),
      )
  }

  it(
    'TCP, UDP and WebSocket meet in one room',
    inRoom(async (room) => {
      const ann = await room.connect('Ann', overTcp)
      const bob = await room.connect('Bob', overWebSocket)
      await room.run([...play, ...annKicks, ...bobHearsGone, ...annHearsGone])
      await bob.ends(room.step)
      const next = await room.connect('Bob', overUdp)
      await room.run([...bobJoins, ...bothPlay])
      assert.equal([ann.rest, next.rest], ['', ''])
    }),
  )

  it(
    'who joins again is answered, and nobody else hears of it',
    inRoom(async (room) => {
      const ann = await room.connect('Ann', overUdp)
      const bob = await room.connect('Bob', overUdp)
      await room.run([...play, ...annJoins, ...annTalks, ...bobHearsAnn])
      assert.equal([ann.rest, bob.rest], ['', ''])
    }),
  )

  it(
    'who does not join is turned out over TCP, and is nobody over UDP',
    inRoom(async (room) => {
      const tcp = await room.connect('tcp', overTcp)
      const udp = await room.connect('Ann', overUdp)
      for (const game of [tcp, udp]) game.send('dec0adde0c00000004000000026f6b00')
      await tcp.hears('dec0adde0c000000030000000f0100', room.step)
      await tcp.ends(room.step)
      await room.run([...annJoins, ...annPlays])
      assert.equal(room.output, ['Ann joins as player 1 from 127.0.0.1', 'Ann: ok'])
    }),
  )

  it(
    'an address over UDP gets no more than it sent until it has sent back a number',
    inRoom(async (room) => {
      await room.connect('Bob', overTcp)
      const stranger = await RawDatagrams.bind()
      try {
        const say = (hex: string): void => stranger.send(hex, room.portOf(SocketType.udp))
        // A name of one letter leaves no room for the answer; then "ab".
        say('dec0adde0c00000003000000016100')
        say('dec0adde0c0000000400000001616200')
        const { hex } = await stranger.take(room.step)
        assert.match(hex, /^dec0adde0c0000000400000010.{6}$/)
        // A wrong number is the only try.
        const right = `dec0adde0c0000000400000006${hex.slice(26)}`
        say(`${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`)
        say(right)
        say('dec0adde0c0000000400000001616200')
        const next = (await stranger.take(room.step)).hex
        assert.equal([next.slice(0, 26), next !== hex], [hex.slice(0, 26), true])
        assert.equal([room.output, stranger.received], [[], []])
        say(`dec0adde0c0000000400000006${next.slice(26)}`)
        say('dec0adde0c0000000400000001616200')
        assert.is((await stranger.take(room.step)).hex, 'dec0adde0c000000030000000b0200')
      } finally {
        stranger.close()
      }
    }),
  )

  it(
    'who is silent over UDP, or before it joins, is forgotten after 10 s',
    inRoom(async (room) => {
      await room.connect('Ann', overTcp)
      await room.connect('Bob', overUdp)
      await room.run(play)
      const silent = await room.connect('silent', overTcp)
      room.now = 10_000
      await room.run([...annTalks, ...bobHearsAnn])
      room.now = 10_001
      await silent.hears('dec0adde0c000000030000000f0300', room.step)
      await silent.ends(room.step)
      await room.run([...bobHearsGone, ...annHearsGone, ...annTalks])
      assert.is(room.output.at(-2), 'Bob is silent')
    }),
  )

  it(
    'a message above 1024 bytes ends the connection of who sent it',
    inRoom(async (room) => {
      await room.connect('Ann', overTcp)
      const bob = await room.connect('Bob', overTcp)
      await room.run(play)
      bob.send('dec0adde0c00000001040000')
      await room.run(annHearsGone)
      await bob.ends(room.step)
      await room.run(annTalks)
    }),
  )

  it(
    'names and texts are cut and cannot command the terminal',
    inRoom(async (room) => {
      const ann = await room.connect('Ann', overTcp)
      // ESC, "[31m", 20 times "n" and NUL
      ann.send(`dec0adde0c0000001b000000011b5b33316d${'6e'.repeat(20)}00`)
      await room.run(annJoins.slice(1))
      assert.equal(room.output, [`[31m${'n'.repeat(12)} joins as player 1 from 127.0.0.1`])
      ann.send(`dec0adde0c000000fe00000002${'e282ac'.repeat(84)}00`)
      await until(() => room.output.length === 2, room.step)
      ann.send(`dec0adde0c000000fc03000002${'61'.repeat(1018)}00`)
      await until(() => room.output.length === 3, room.step)
      const [, euros, letters] = room.output.map((line) => line.split(': ')[1])
      assert.equal([euros, letters], ['€'.repeat(84), 'a'.repeat(200)])
    }),
  )

  it(
    'has room for 32 games',
    inRoom(async (room) => {
      for (let index = 0; index < 32; index++)
        await room.connect(String(index), index % 2 === 0 ? overTcp : overWebSocket)
      const late = await room.connect('late', overTcp)
      await late.ends(room.step)
      const ann = await room.connect('Ann', overUdp)
      const [asks] = annJoins
      ann.send(asks!.hex)
      room.game('0').leave()
      // It asks until somebody has left, as the client does.
      await until(() => {
        ann.send(asks!.hex)
        return room.output.length > 0
      }, room.step)
      assert.equal(room.output, ['Ann joins as player 1 from 127.0.0.1'])
    }),
  )

  it('takes the next port when one is taken', async () => {
    const other = await RawListener.listen()
    const room = new Room(other.port)
    try {
      assert.ok(room.ports.tcp > other.port)
      assert.ok(room.ports.ws > room.ports.tcp)
      assert.equal(
        [SocketType.tcp, SocketType.udp, SocketType.ws].map((type) => room.portOf(type)),
        [room.ports.tcp, room.ports.udp, room.ports.ws],
      )
    } finally {
      room.close()
      other.close()
    }
  })
})
