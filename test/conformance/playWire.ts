import { DisconnectReason, Socket } from 'bitecs-networking'
import {
  gml_entity,
  gml_setting,
  network_connect_async,
  network_create_socket,
  network_socket_tcp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { greeting, packet, welcome } from '../lib/gameMaker.ts'
import { type AnswerCase, type WelcomeCase } from '../lib/handshakeCases.ts'
import { type PacketCase } from '../lib/packetCases.ts'
import { sendPieces } from '../lib/pieces.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { type GmlGame } from '../lib/withGml.ts'

function typesOf({ events }: GmlGame): unknown[] {
  return events.map(({ type }) => type)
}

/** A client that is connecting, and the peer it has reached. */
export async function reaching(game: GmlGame): Promise<{ client: number; peer: RawPeer }> {
  const listener = await game.net.listen()
  const client = network_create_socket(network_socket_tcp)
  assert.is(network_connect_async(client, '127.0.0.1', listener.port), client)
  return { client, peer: await listener.accept() }
}

/** Plays a case of packets with a server of the gml face. */
export async function playPackets(game: GmlGame, wanted: PacketCase): Promise<void> {
  const { malformed, steps, leaves, discarded = 0, reason } = wanted
  if (malformed !== undefined) gml_setting('malformed', malformed)
  const { client, peer } = await game.joined()
  const memory = process.memoryUsage().arrayBuffers
  const expected: string[] = []
  for (const { sends, messages } of steps) {
    expected.push(...messages)
    await sendPieces(peer, sends)
    await game.until(() => game.messages.length >= expected.length)
  }
  if (leaves !== undefined) peer[leaves]()
  if (reason === undefined) {
    await game.until(() => game.discardedBytes(client) === discarded)
    peer.send(packet('ff'))
    await game.until(() => game.messages.length > expected.length)
    expected.push('ff')
    assert.is(game.warnings.length, discarded > 0 ? 1 : 0)
  } else {
    await game.until(() => game.of(network_type_disconnect).length === 1)
    if (leaves === undefined) await game.until(() => peer.isClosed || peer.hasEnded)
    assert.is(game.events.at(-1)!['socket'], client)
  }
  if (reason === DisconnectReason.tooLarge)
    assert.ok(process.memoryUsage().arrayBuffers - memory < 2 ** 20)
  assert.equal(game.messages, expected)
  for (const { hex, size } of game.of(network_type_data)) assert.is(size, hex!.length / 2)
  const data = expected.map(() => network_type_data)
  const last = reason === undefined ? [] : [network_type_disconnect]
  assert.equal(typesOf(game), [network_type_connect, ...data, ...last])
}

/** Plays a case of a handshake with a server of the gml face. */
export async function playAnswers(game: GmlGame, wanted: AnswerCase): Promise<void> {
  const { answers, isEarly = false, afterwards = '', leaves = false, messages, gameId } = wanted
  const port = game.portOf(game.server())
  for (const pieces of answers) {
    game.events.length = 0
    const peer = await game.net.peer(port)
    const begun = isEarly ? '' : await peer.take(18)
    await sendPieces(peer, pieces)
    if (leaves) peer.end()
    if (messages === undefined) {
      await game.until(() => peer.isClosed || peer.hasEnded)
      assert.is(begun, greeting)
      assert.equal(game.events, [])
      continue
    }
    if (!leaves) assert.is(begun + (await peer.take(isEarly ? 30 : 12)), greeting + welcome)
    if (afterwards !== '') peer.send(afterwards)
    const last = leaves ? [network_type_disconnect] : []
    const types = [network_type_connect, ...messages.map(() => network_type_data), ...last]
    await game.until(() => game.events.length >= types.length)
    assert.equal(typesOf(game), types)
    assert.equal(game.messages, messages)
    const entity = gml_entity(game.events[0]!['socket'] as number)
    if (gameId !== undefined) assert.is(Socket(game.world).gameId[entity], gameId)
  }
}

/** Plays a case of a handshake with a client of the gml face. */
export async function playWelcomes(game: GmlGame, wanted: WelcomeCase): Promise<void> {
  const { servers, leaves = false, afterwards = '', answer, messages } = wanted
  for (const [before, after] of servers) {
    game.events.length = 0
    const { client, peer } = await reaching(game)
    await sendPieces(peer, before)
    if (leaves) peer.end()
    if (answer !== undefined && answer !== '') assert.is(await peer.take(16), answer)
    await sendPieces(peer, after)
    if (afterwards !== '') peer.send(afterwards)
    const hasFailed = typeof messages === 'number'
    const received = hasFailed ? [] : messages
    await game.until(() => game.events.length >= received.length + 1)
    const types = [network_type_non_blocking_connect, ...received.map(() => network_type_data)]
    assert.equal(typesOf(game), types)
    const { id, succeeded } = game.events[0]!
    assert.equal([id, succeeded], [client, hasFailed ? 0 : 1])
    assert.equal(game.messages, received)
  }
}
