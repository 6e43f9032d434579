import { createWorld, deleteWorld, observe, onAdd } from 'bitecs'
import { Connected, setNetworkConfig } from 'bitecs-networking'
import {
  buffer_delete,
  buffer_poke,
  buffer_u8,
  gml_bind,
  gml_entity,
  gml_setting,
  gml_step,
  network_config_use_non_blocking_socket,
  network_connect,
  network_connect_async,
  network_connect_raw,
  network_create_server,
  network_create_server_raw,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_send_raw,
  network_set_config,
  network_socket_tcp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket, welcomeClient } from '../../lib/gameMaker.ts'
import { turns } from '../../lib/until.ts'
import { bufferOf, type GmlGame, gmlSpec } from '../../lib/withGml.ts'

// The lines behind network_connect, which GameMaker runs when the socket is connected.

const types = { tcp: network_socket_tcp, ws: network_socket_ws }

function messagesAt(game: GmlGame, client: number): unknown[] {
  return game
    .of(network_type_data)
    .filter(({ id }) => id !== client)
    .map(({ hex }) => hex)
}

gmlSpec('what is sent right after network_connect', (it) => {
  for (const [name, type] of Object.entries(types)) {
    it(`arrives in order before what follows, over ${name}`, async (game) => {
      const server = network_create_server(type, 0, 4)
      const client = network_create_socket(type)
      assert.is(network_connect(client, '127.0.0.1', game.portOf(server)), client)
      const header = name === 'tcp' ? 12 : 0
      const buffer = bufferOf('0102')
      assert.is(network_send_packet(client, buffer, 2), 2 + header)
      assert.is(network_send_packet(client, bufferOf('03'), 1), 1 + header)
      assert.is(network_send_packet(client, buffer, 0), header)
      await game.until(() => messagesAt(game, client).length === 3)
      assert.is(network_send_packet(client, bufferOf('04'), 1), 1 + header)
      await game.until(() => messagesAt(game, client).length === 4)
      assert.equal(messagesAt(game, client), ['0102', '03', '', '04'])
      assert.equal(game.of(network_type_non_blocking_connect), [])
      assert.is(game.of(network_type_connect).length, 1)
      assert.equal(game.warnings, [])
    })

    it(`arrives as it is over a raw ${name} connection`, async (game) => {
      const server = network_create_server_raw(type, 0, 4)
      const client = network_create_socket(type)
      assert.is(network_connect_raw(client, '127.0.0.1', game.portOf(server)), client)
      assert.is(network_send_raw(client, bufferOf(hello), 5), 5)
      await game.until(() => messagesAt(game, client).join('').length === 10)
      assert.is(messagesAt(game, client).join(''), hello)
    })

    it(`stays in order with what is sent in each turn until it is connected, over ${name}`, async (game) => {
      const server = network_create_server(type, 0, 4)
      const client = network_create_socket(type)
      network_connect(client, '127.0.0.1', game.portOf(server))
      const sent: string[] = []
      while (messagesAt(game, client).length === 0 && sent.length < 10_000) {
        const hex = sent.length.toString(16).padStart(4, '0')
        assert.ok(network_send_packet(client, bufferOf(hex), 2) > 0)
        sent.push(hex)
        await turns(1)
        if (sent.length % 7 === 0) gml_step()
      }
      await game.until(() => messagesAt(game, client).length === sent.length)
      assert.equal(messagesAt(game, client), sent)
    })
  }

  it('leaves with the end of the handshake, not before', async (game) => {
    const listener = await game.net.listen()
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', listener.port)
    network_send_packet(client, bufferOf(hello), 5)
    const peer = await listener.accept()
    await welcomeClient(peer)
    assert.is(await peer.take(17), helloPacket)
  })

  it('is a copy: the buffer may be changed at once', async (game) => {
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', game.portOf(server))
    const buffer = bufferOf('01')
    network_send_packet(client, buffer, 1)
    buffer_poke(buffer, 0, buffer_u8, 9)
    buffer_delete(buffer)
    await game.until(() => game.messages.length === 1)
    assert.equal(game.messages, ['01'])
  })

  it('is kept within the limit of the send queue', async (game) => {
    setNetworkConfig(game.world, { clientSendQueueBytesMax: 1_000 })
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', game.portOf(server))
    const buffer = bufferOf('00'.repeat(100))
    const results = Array.from({ length: 12 }, () => network_send_packet(client, buffer, 100))
    const taken = results.filter((result) => result === 112).length
    assert.equal(results, [...Array(taken).fill(112), ...Array(12 - taken).fill(-1)])
    assert.ok(taken >= 7 && taken <= 9, `${taken}`)
    await game.until(() => game.messages.length === taken)
  })

  it('of one message is kept whatever its size', async (game) => {
    setNetworkConfig(game.world, { clientSendQueueBytesMax: 100 })
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', game.portOf(server))
    const buffer = bufferOf('07'.repeat(5_000))
    assert.is(network_send_packet(client, buffer, 5_000), 5_012)
    assert.is(network_send_packet(client, buffer, 1), -1)
    await game.until(() => game.messages.length === 1)
    assert.is(game.messages[0], '07'.repeat(5_000))
  })

  it('is lost with a warning if nothing listens there, and sends give -1', async (game) => {
    const port = await game.net.refusingPort()
    const client = network_create_socket(network_socket_tcp)
    assert.is(network_connect(client, '127.0.0.1', port), client)
    const buffer = bufferOf(hello)
    assert.is(network_send_packet(client, buffer, 5), 17)
    await game.until(() => game.warnings.length > 0)
    assert.match(
      game.warnings[0]!,
      /network_connect: could not connect to 127\.0\.0\.1:\d+ \(refused\): sends on it return -1/,
    )
    assert.is(network_send_packet(client, buffer, 5), -1)
    assert.equal(game.events, [])
    // It can be connected again, and nothing of before is sent.
    const server = game.server()
    assert.is(network_connect(client, '127.0.0.1', game.portOf(server)), client)
    network_send_packet(client, bufferOf('08'), 1)
    await game.until(() => game.messages.length > 0)
    assert.equal(game.messages, ['08'])
  })

  it('is lost in silence if the socket is destroyed before', async (game) => {
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', game.portOf(server))
    network_send_packet(client, bufferOf(hello), 5)
    network_destroy(client)
    assert.is(gml_entity(client), -1)
    const peer = await game.net.join(game.portOf(server))
    peer.send(helloPacket)
    await game.until(() => game.messages.length === 1)
    assert.equal(game.warnings, [])
  })

  it('is lost with its world, which an observer may delete when the socket is connected', async (game) => {
    const server = game.server()
    const port = game.portOf(server)
    const world = createWorld()
    let isDeleted = false
    const remove = observe(world, onAdd(Connected), () => {
      remove()
      isDeleted = true
      deleteWorld(world)
    })
    gml_bind(world)
    const client = network_create_socket(network_socket_tcp)
    network_connect(client, '127.0.0.1', port)
    assert.is(network_send_packet(client, bufferOf(hello), 5), 17)
    gml_bind(game.world)
    await game.until(() => isDeleted)
    await turns(5)
    assert.is(gml_entity(client), -1)
    assert.equal(game.messages, [])
  })

  it('is refused after network_connect_async, and where the settings say so', async (game) => {
    const server = game.server()
    const buffer = bufferOf(hello)
    const begin = (connect: typeof network_connect): number => {
      const client = network_create_socket(network_socket_tcp)
      assert.is(connect(client, '127.0.0.1', game.portOf(server)), client)
      return network_send_packet(client, buffer, 5)
    }
    const outcomes = (): number => game.of(network_type_non_blocking_connect).length
    assert.is(begin(network_connect_async), -1)
    await game.until(() => outcomes() === 1)
    gml_setting('early_sends', 'refused')
    assert.is(begin(network_connect), -1)
    gml_setting('early_sends', 'kept')
    gml_setting('connect_event', 'always')
    assert.is(begin(network_connect), 17)
    await game.until(() => outcomes() === 2)
    gml_setting('connect_event', 'non_blocking')
    network_set_config(network_config_use_non_blocking_socket, 1)
    assert.is(begin(network_connect), -1)
    await game.until(() => outcomes() === 3)
    network_set_config(network_config_use_non_blocking_socket, 0)
    assert.is(begin(network_connect), 17)
    await game.until(() => game.messages.length === 2 && game.of(network_type_connect).length === 5)
    assert.is(outcomes(), 3)
  })
})
