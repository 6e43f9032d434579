import {
  gml_setting,
  gml_step,
  network_config_connect_timeout,
  network_connect,
  network_connect_raw,
  network_create_server,
  network_create_socket,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_send_udp_raw,
  network_set_config,
  network_socket_tcp,
  network_socket_udp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import {
  answer,
  answerStart,
  emptyPacket,
  greeting,
  hello,
  helloPacket,
  packet,
  u32,
  welcome,
} from '../lib/gameMaker.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, type GmlGame } from '../lib/withGml.ts'
import { conformance, type ConformanceCase } from './conformance.ts'

interface Joined {
  readonly server: number
  readonly client: number
  readonly peer: RawPeer
}

/** A server with one GameMaker client whose connect event is past and forgotten. */
async function joined(game: GmlGame): Promise<Joined> {
  const server = game.server()
  const peer = await game.join(game.portOf(server))
  await game.until(() => game.events.length === 1)
  const client = game.events[0]!['socket'] as number
  game.events.length = 0
  return { server, client, peer }
}

/** A client that is connecting, and the peer it has reached. */
async function reaching(game: GmlGame): Promise<{ client: number; peer: RawPeer }> {
  const listener = await game.listen()
  const client = network_create_socket(network_socket_tcp)
  assert.is(network_connect(client, '127.0.0.1', listener.port), client)
  return { client, peer: await listener.accept() }
}

/** Waits until a packet that is sent after all else has arrived. */
async function settled(game: GmlGame, peer: RawPeer): Promise<string[]> {
  peer.send(packet('ff'))
  await game.until(() => game.messages.at(-1) === 'ff')
  return game.messages.slice(0, -1)
}

const everyCut = (hex: string): number[] =>
  Array.from({ length: hex.length / 2 - 1 }, (_, at) => at + 1)

const hi = '6869'
const hiDatagram = 'dec0adde0c000000020000006869'

const cases: ConformanceCase[] = [
  {
    number: 'W1',
    what: 'the handshake may be cut after every byte, in both directions',
    run: async (game) => {
      const server = game.server()
      const peer = await game.peer(game.portOf(server))
      assert.is(await peer.take(18), greeting)
      await peer.sendCut(answer, everyCut(answer))
      assert.is(await peer.take(12), welcome)
      await game.until(() => game.of(network_type_connect).length === 1)
      const { client, peer: host } = await reaching(game)
      await host.sendCut(greeting, everyCut(greeting))
      assert.is(await host.take(16), answer)
      await host.sendCut(welcome, everyCut(welcome))
      await game.until(() => game.events.length === 2)
      assert.equal(
        [game.events[1]!['type'], game.events[1]!['id'], game.events[1]!['succeeded']],
        [network_type_non_blocking_connect, client, 1],
      )
    },
  },
  {
    number: 'W2',
    what: 'a packet may be cut at each of its inner places',
    run: async (game) => {
      const { peer } = await joined(game)
      for (const cut of everyCut(helloPacket)) await peer.sendCut(helloPacket, [cut])
      await game.until(() => game.messages.length === 16)
      assert.equal(game.messages, Array(16).fill(hello))
    },
  },
  {
    number: 'W3',
    what: 'three packets in one chunk, and two and a half and the rest, are three events in order',
    run: async (game) => {
      const { peer } = await joined(game)
      const three = packet('01') + packet('0203') + packet('040506')
      peer.send(three)
      await game.until(() => game.messages.length === 3)
      await peer.sendCut(three, [13 + 14 + 7])
      await game.until(() => game.messages.length === 6)
      assert.equal(game.messages, ['01', '0203', '040506', '01', '0203', '040506'])
    },
  },
  {
    number: 'W4',
    what: 'answer and first packet in one chunk are connect, then data',
    run: async (game) => {
      const peer = await game.peer(game.portOf(game.server()))
      peer.send(answer + helloPacket)
      await game.until(() => game.events.length === 2)
      assert.equal(
        game.events.map(({ type }) => type),
        [network_type_connect, network_type_data],
      )
    },
  },
  {
    number: 'W5',
    what: 'the last handshake bytes and a packet in one chunk are connect, then data',
    run: async (game) => {
      const { peer } = await reaching(game)
      peer.send(greeting)
      assert.is(await peer.take(16), answer)
      peer.send(welcome + helloPacket)
      await game.until(() => game.events.length === 2)
      assert.equal(
        game.events.map(({ type, hex }) => [type, hex]),
        [
          [network_type_non_blocking_connect, undefined],
          [network_type_data, hello],
        ],
      )
    },
  },
  {
    number: 'W6',
    what: 'any fourth word of the answer is accepted',
    run: async (game) => {
      const port = game.portOf(game.server())
      for (const gameId of ['00000000', '2a000000', 'ffffffff', '8a30b111']) {
        const peer = await game.peer(port)
        assert.is(await peer.take(18), greeting)
        peer.send(answerStart + gameId)
        assert.is(await peer.take(12), welcome)
      }
      await game.until(() => game.of(network_type_connect).length === 4)
    },
  },
  {
    number: 'W7',
    what: 'a wrong first, second or third word of the answer closes without an event',
    run: async (game) => {
      const port = game.portOf(game.server())
      for (const wrong of [0, 4, 8]) {
        const bytes = Buffer.from(answer, 'hex')
        bytes[wrong]! ^= 1
        const peer = await game.peer(port)
        assert.is(await peer.take(18), greeting)
        peer.send(bytes)
        await game.until(() => peer.isClosed || peer.hasEnded)
      }
      assert.equal(game.events, [])
    },
  },
  {
    number: 'W8',
    what: 'a payload that looks like a header stays whole',
    run: async (game) => {
      const { peer } = await joined(game)
      const payload = 'dec0adde0c00000001000000'
      peer.send(packet(payload))
      assert.equal(await settled(game, peer), [payload])
    },
  },
  {
    number: 'W9',
    what: 'an empty payload between two packets is an event',
    run: async (game) => {
      const { peer } = await joined(game)
      peer.send(helloPacket + emptyPacket + helloPacket)
      await game.until(() => game.messages.length === 3)
      assert.equal(game.messages, [hello, '', hello])
      assert.is(game.events[1]!['size'], 0)
    },
  },
  {
    number: 'W10',
    what: 'a header of 11 or 13 bytes is never data',
    run: async (game) => {
      for (const size of [11, 13]) {
        game.events.length = 0
        const { client, peer } = await joined(game)
        peer.send(`dec0adde${u32(size)}${u32(5)}${hello}`)
        await game.until(() => game.discardedBytes(client) === 17)
        assert.equal(await settled(game, peer), [])
      }
    },
  },
  {
    number: 'W11',
    what: 'bad magic delivers nothing and warns once',
    run: async (game) => {
      const { peer } = await joined(game)
      peer.send('00000000'.repeat(4))
      await game.until(() => game.warnings.length === 1)
      assert.equal(await settled(game, peer), [])
      assert.is(game.warnings.length, 1)
    },
  },
  {
    number: 'W11',
    what: 'with the setting raw bad magic is one data event, as in the HTML5 runner',
    run: async (game) => {
      gml_setting('malformed', 'raw')
      const { peer } = await joined(game)
      peer.send('00000000'.repeat(4))
      await game.until(() => game.messages.length === 1)
      assert.equal(game.messages, ['00000000'.repeat(4)])
    },
  },
  {
    number: 'W12',
    what: 'with the setting close bad magic ends the connection',
    run: async (game) => {
      gml_setting('malformed', 'close')
      const { client, peer } = await joined(game)
      peer.send('00000000'.repeat(4))
      await game.until(() => peer.isClosed || peer.hasEnded)
      await game.until(() => game.of(network_type_disconnect).length === 1)
      assert.is(game.events[0]!['socket'], client)
      assert.is(game.events.length, 1)
    },
  },
  {
    number: 'W13',
    what: 'a length above the limit ends the connection before anything is allocated',
    run: async (game) => {
      const { peer } = await joined(game)
      const before = process.memoryUsage().arrayBuffers
      peer.send(`dec0adde0c000000${u32(4 * 1024 * 1024 + 1)}`)
      await game.until(() => game.of(network_type_disconnect).length === 1)
      assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20)
      assert.equal(game.messages, [])
    },
  },
  {
    number: 'W14',
    what: 'an end in the middle of a packet is no data, but a disconnect',
    run: async (game) => {
      const { peer } = await joined(game)
      peer.send(helloPacket.slice(0, 26))
      peer.end()
      await game.until(() => game.events.length === 1)
      assert.is(game.events[0]!['type'], network_type_disconnect)
    },
  },
  {
    number: 'W15',
    what: 'a server that stays silent fails the connection after the time limit',
    run: async (game) => {
      network_set_config(network_config_connect_timeout, 50)
      const { client } = await reaching(game)
      await game.until(() => game.events.length === 1)
      const { type, id, succeeded } = game.events[0]!
      assert.equal([type, id, succeeded], [network_type_non_blocking_connect, client, 0])
    },
  },
  {
    number: 'W16',
    what: 'a client that never answers has no event, and its connection is closed',
    run: async (game) => {
      game.limitHandshakes(50)
      const peer = await game.peer(game.portOf(game.server()))
      assert.is(await peer.take(18), greeting)
      await game.until(() => peer.isClosed || peer.hasEnded)
      await turns()
      gml_step()
      assert.equal(game.events, [])
    },
  },
  {
    number: 'W17',
    what: 'network_send_udp puts 12 bytes before the payload',
    run: async (game) => {
      const socket = network_create_socket(network_socket_udp)
      const far = await game.datagrams()
      assert.is(network_send_udp(socket, '127.0.0.1', far.port, bufferOf(hi), 2), 14)
      assert.is((await far.take()).hex, hiDatagram)
    },
  },
  {
    number: 'W18',
    what: 'a datagram is delivered without its header, if it has one',
    run: async (game) => {
      const socket = network_create_server(network_socket_udp, 0, 4)
      const far = await game.datagrams()
      far.send(hiDatagram, game.portOf(socket))
      far.send(hi, game.portOf(socket))
      await game.until(() => game.messages.length === 2)
      assert.equal(game.messages, [hi, hi])
    },
  },
  {
    number: 'W19',
    what: 'a datagram with the magic and a wrong length is delivered whole',
    run: async (game) => {
      const socket = network_create_socket(network_socket_udp)
      const far = await game.datagrams()
      const wrong = 'dec0adde0c000000030000006869'
      far.send(wrong, game.portOf(socket))
      await game.until(() => game.messages.length === 1)
      assert.equal(game.messages, [wrong])
    },
  },
  {
    number: 'W20',
    what: 'network_send_udp_raw sends the payload alone',
    run: async (game) => {
      const socket = network_create_socket(network_socket_udp)
      const far = await game.datagrams()
      assert.is(network_send_udp_raw(socket, '127.0.0.1', far.port, bufferOf(hi), 2), 2)
      assert.is((await far.take()).hex, hi)
    },
  },
  {
    number: 'W21',
    what: 'data over UDP has the own socket as id and the sender as ip and port, where an answer goes',
    run: async (game) => {
      const socket = network_create_socket(network_socket_udp)
      const far = await game.datagrams()
      far.send(hi, game.portOf(socket))
      await game.until(() => game.events.length === 1)
      const { id, ip, port } = game.events[0]!
      assert.equal([id, ip, port], [socket, '127.0.0.1', far.port])
      network_send_udp_raw(socket, ip as string, port as number, bufferOf('01'), 1)
      assert.is((await far.take()).hex, '01')
    },
  },
  {
    number: 'W22',
    what: 'network_send_packet on a raw connection sends 12 + n bytes',
    run: async (game) => {
      const peer = await game.peer(game.portOf(game.rawServer()))
      await game.until(() => game.of(network_type_connect).length === 1)
      const client = game.events[0]!['socket'] as number
      network_send_packet(client, bufferOf(hello), 5)
      assert.is(await peer.take(17, gml_step), helloPacket)
    },
  },
  {
    number: 'W23',
    what: 'two raw sends over TCP are one stream of bytes',
    run: async (game) => {
      const listener = await game.listen()
      const client = network_create_socket(network_socket_tcp)
      network_connect_raw(client, '127.0.0.1', listener.port)
      const peer = await listener.accept()
      await game.until(() => game.events.length === 1)
      assert.is(network_send_raw(client, bufferOf(hello), 5), 5)
      assert.is(network_send_raw(client, bufferOf(hi), 2), 2)
      assert.is(await peer.take(7, gml_step), hello + hi)
      peer.send(hello)
      peer.send(hi)
      await game.until(() => game.messages.join('') === hello + hi)
    },
  },
]

conformance('the wire, by independent implementations', 'W', [1, 23], cases)
