import {
  gml_step,
  network_config_connect_timeout,
  network_connect_raw_async,
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
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { greeting, hello, helloPacket } from '../lib/gameMaker.ts'
import { answerCases, welcomeCases } from '../lib/handshakeCases.ts'
import { packetCases } from '../lib/packetCases.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, type GmlGame } from '../lib/withGml.ts'
import { conformance, type ConformanceCase } from './conformance.ts'
import { playAnswers, playPackets, playWelcomes, reaching } from './playWire.ts'

const hi = '6869'
const hiDatagram = 'dec0adde0c000000020000006869'

function playedBy<Wanted extends Pick<ConformanceCase, 'number' | 'what'>>(
  play: (game: GmlGame, wanted: Wanted) => Promise<void>,
  wanted: Wanted,
): ConformanceCase {
  const { number, what } = wanted
  return { number, what, run: (game) => play(game, wanted) }
}

const cases: ConformanceCase[] = [
  ...packetCases.map((wanted) => playedBy(playPackets, wanted)),
  ...answerCases.map((wanted) => playedBy(playAnswers, wanted)),
  // The game id is GameMaker's own.
  ...welcomeCases
    .filter(({ gameId }) => gameId === undefined)
    .map((wanted) => playedBy(playWelcomes, wanted)),
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
      const peer = await game.net.peer(game.portOf(game.server()))
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
      const far = await game.net.datagrams()
      assert.is(network_send_udp(socket, '127.0.0.1', far.port, bufferOf(hi), 2), 14)
      assert.is((await far.take()).hex, hiDatagram)
    },
  },
  {
    number: 'W18',
    what: 'a datagram is delivered without its header, if it has one',
    run: async (game) => {
      const socket = network_create_server(network_socket_udp, 0, 4)
      const far = await game.net.datagrams()
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
      const far = await game.net.datagrams()
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
      const far = await game.net.datagrams()
      assert.is(network_send_udp_raw(socket, '127.0.0.1', far.port, bufferOf(hi), 2), 2)
      assert.is((await far.take()).hex, hi)
    },
  },
  {
    number: 'W21',
    what: 'data over UDP has the own socket as id and the sender as ip and port, where an answer goes',
    run: async (game) => {
      const socket = network_create_socket(network_socket_udp)
      const far = await game.net.datagrams()
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
      const peer = await game.net.peer(game.portOf(game.rawServer()))
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
      const listener = await game.net.listen()
      const client = network_create_socket(network_socket_tcp)
      network_connect_raw_async(client, '127.0.0.1', listener.port)
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
