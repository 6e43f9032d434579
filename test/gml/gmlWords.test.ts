import { createWorld } from 'bitecs'
import {
  closeNetwork,
  createSocket,
  createVirtualClock,
  sendPacket,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import {
  gml_bind,
  gml_entity,
  gml_on_networking,
  network_connect,
  network_connect_async,
  network_create_server,
  network_create_socket,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_set_config,
  network_config_message_size_limit,
  network_socket_tcp,
  network_socket_ws,
  network_type_disconnect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { packet } from '../lib/gameMaker.ts'
import { turns } from '../lib/until.ts'
import { bufferOf, gmlSpec } from '../lib/withGml.ts'

gmlSpec('warnings of the gml face', (it) => {
  it('name sockets by their ids and functions by GameMaker’s names', async (game) => {
    // So that entities and ids are different numbers.
    for (let i = 0; i < 3; i++) createSocket(game.world, SocketType.tcp)
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    assert.is.not(gml_entity(client), client)
    const buffer = bufferOf('01')
    assert.is(network_send_packet(client, buffer, 1), -1)
    assert.is(network_send_raw(server, buffer, 1), -1)
    assert.is(network_send_udp(client, '127.0.0.1', 9, buffer, 1), -1)
    await turns()
    assert.equal(game.warnings, [
      `bitecs-networking: network_send_packet: nothing was sent, socket ${client} is not connected yet; network_connect comes first`,
      `bitecs-networking: network_send_raw: nothing was done, socket ${server} is a server: its clients have ids of their own, the key socket of their connect events`,
      `bitecs-networking: network_send_udp: nothing was done, socket ${client} is not a UDP socket: use network_send_packet or network_send_raw`,
    ])
  })

  it('say that a message above the limit has ended a connection', async (game) => {
    const { client, peer } = await game.joined()
    const { localPort } = peer
    network_set_config(network_config_message_size_limit, client, 100)
    peer.send(packet('00'.repeat(101)))
    await game.until(() => game.of(network_type_disconnect).length === 1)
    assert.equal(game.warnings, [
      `bitecs-networking: 127.0.0.1:${localPort} sent a message above network_config_message_size_limit, 100: disconnected`,
    ])
  })

  it('say so of a message over WebSocket', async (game) => {
    const server = network_create_server(network_socket_ws, 0, 4)
    network_set_config(network_config_message_size_limit, server, 100)
    const client = network_create_socket(network_socket_ws)
    network_connect(client, '127.0.0.1', game.portOf(server))
    network_send_packet(client, bufferOf('00'.repeat(200)), 200)
    await game.until(() => game.of(network_type_disconnect).length === 1)
    assert.is(game.warnings.filter((text) => text.includes('limit, 100: disconnected')).length, 1)
  })

  it('say which handler is async in GameMaker’s words', async (game) => {
    const server = game.server()
    gml_on_networking((async () => {}) as never)
    await game.net.join(game.portOf(server))
    await game.until(() => game.warnings.length > 0)
    assert.match(
      game.warnings[0]!,
      /^bitecs-networking: gml_on_networking: .* async_load and its buffer end/,
    )
  })

  it('are the main face’s in a world that the gml face has not touched', async () => {
    const warnings: string[] = []
    const world = createWorld()
    setNetworkConfig(world, { warn: (text) => warnings.push(text) })
    const socket = createSocket(world, SocketType.tcp)
    sendPacket(world, socket, 'early')
    await turns()
    assert.match(
      warnings[0]!,
      /^bitecs-networking: sendPacket: nothing was sent, socket \d+ .* await connectSocket/,
    )
    closeNetwork(world)
  })

  it('of events that no step takes ask for gml_step', async () => {
    const warnings: string[] = []
    const world = createWorld()
    const before = gml_bind(world)!
    const clock = createVirtualClock()
    setNetworkConfig(world, { warn: (text) => warnings.push(text), clock })
    const client = network_create_socket(network_socket_tcp)
    network_connect_async(client, '127.0.0.1', 1)
    for (let round = 0; round < 500 && warnings.length === 0; round++) {
      await turns()
      clock.advance(100)
    }
    assert.match(warnings[0] ?? '', /events? waits?: gml_step\(\) has not run for 5 s/)
    closeNetwork(world)
    gml_bind(before)
  })
})
