import { setNetworkConfig } from 'bitecs-networking'
import {
  gml_setting,
  network_config_websocket_protocol,
  network_connect,
  network_connect_async,
  network_connect_raw,
  network_create_server,
  network_create_socket,
  network_create_socket_ext,
  network_resolve,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_set_config,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../../lib/gameMaker.ts'
import { freePort } from '../../lib/freePort.ts'
import { turns } from '../../lib/until.ts'
import { withNames } from '../../lib/withNames.ts'
import { bufferOf, gmlSpec } from '../../lib/withGml.ts'

gmlSpec('a UDP socket after network_connect', (it) => {
  it('sends packets and bytes to that address', async (game) => {
    const peer = await game.net.datagrams()
    for (const connect of [network_connect, network_connect_raw]) {
      const udp = network_create_socket(network_socket_udp)
      assert.is(connect(udp, '127.0.0.1', peer.port), udp)
      assert.is(network_send_packet(udp, bufferOf(hello), 5), 17)
      assert.is(network_send_raw(udp, bufferOf(hello), 5), 5)
      const got = [await peer.take(), await peer.take()]
      assert.equal(
        got.map(({ hex }) => hex),
        [helloPacket, hello],
      )
    }
    assert.equal(game.events, [])
    assert.equal(game.warnings, [])
  })

  it('sends to another after connecting again, and hears everybody', async (game) => {
    const server = network_create_server(network_socket_udp, 0, 0)
    const peer = await game.net.datagrams()
    const udp = network_create_socket(network_socket_udp)
    network_connect(udp, '127.0.0.1', peer.port)
    assert.is(network_connect(udp, 'localhost', game.portOf(server)), udp)
    assert.is(network_send_packet(udp, bufferOf(hello), 5), 17)
    await game.until(() => game.of(network_type_data).length === 1)
    const { id, ip, port } = game.events[0]!
    assert.equal([id, ip, port], [server, '127.0.0.1', game.portOf(udp)])
    peer.send(hello, game.portOf(udp))
    await game.until(() => game.of(network_type_data).length === 2)
    assert.equal([game.events[1]!['id'], game.events[1]!['port']], [udp, peer.port])
  })

  it('may be connected again at once, without a warning', async (game) => {
    const peer = await game.net.datagrams()
    const udp = network_create_socket(network_socket_udp)
    for (const [host, port] of [
      ['127.0.0.1', 9],
      ['name.example', 9],
      ['127.0.0.1', peer.port],
    ] as const)
      assert.is(network_connect(udp, host, port), udp)
    network_send_packet(udp, bufferOf(hello), 5)
    assert.is((await peer.take()).hex, helloPacket)
    await turns(5)
    assert.equal(game.warnings, [])
  })

  it('sends to a name however often network_resolve was asked for it', async (game) => {
    const peer = await game.net.datagrams()
    const asked: ((addresses: string[]) => void)[] = []
    await withNames(
      () => new Promise((resolve) => asked.push(resolve)),
      async () => {
        for (let step = 0; step < 100; step++) assert.is(network_resolve('name.example'), '')
        const udp = network_create_socket(network_socket_udp)
        assert.is(network_connect(udp, 'name.example', peer.port), udp)
        assert.is(network_send_packet(udp, bufferOf(hello), 5), 17)
        assert.is(asked.length, 1)
        asked[0]!(['127.0.0.1'])
        assert.is((await peer.take()).hex, helloPacket)
        assert.is(network_resolve('name.example'), '127.0.0.1')
      },
    )
    assert.equal(game.warnings, [])
  })

  it('has an event after network_connect_async only', async (game) => {
    const udp = network_create_socket(network_socket_udp)
    assert.is(network_connect_async(udp, '127.0.0.1', 9), udp)
    await game.until(() => game.of(network_type_non_blocking_connect).length === 1)
    assert.equal([game.events[0]!['id'], game.events[0]!['succeeded']], [udp, 1])
  })

  it('sends nothing before it, nor from a server, nor to port 0', (game) => {
    const udp = network_create_socket(network_socket_udp)
    const server = network_create_server(network_socket_udp, 0, 0)
    const buffer = bufferOf(hello)
    assert.is(network_send_packet(udp, buffer, 5), -1)
    assert.is(network_send_raw(udp, buffer, 5), -1)
    assert.is(network_connect(server, '127.0.0.1', 9), -1)
    assert.is(network_send_packet(server, buffer, 5), -1)
    for (const port of [0, -1, 65_536, NaN]) assert.is(network_connect(udp, '127.0.0.1', port), -1)
    assert.is(network_connect(udp, '', 9), -1)
    assert.is(network_send_packet(udp, buffer, 5), -1)
    network_set_config(network_config_websocket_protocol, 'mine')
    assert.is(network_connect(udp, '127.0.0.1', 9), udp)
    assert.is(network_send_udp(udp, '127.0.0.1', game.portOf(server), buffer, 5), 17)
  })

  it('is not connected to a name that there is not, with a warning', async (game) => {
    setNetworkConfig(game.world, {})
    const udp = network_create_socket(network_socket_udp)
    assert.is(network_connect(udp, 'no-such-name.invalid', 9), udp)
    await game.until(() => game.warnings.some((text) => text.includes('could not connect')))
    assert.is(network_send_packet(udp, bufferOf(hello), 5), -1)
  })
})

gmlSpec('network_create_socket_ext', (it) => {
  for (const [name, type] of Object.entries({ tcp: network_socket_tcp, ws: network_socket_ws }))
    it(`binds its port when it connects, over ${name}`, async (game) => {
      gml_setting('event_port', 'peer')
      const server = network_create_server(type, 0, 4)
      const port = await freePort()
      const client = network_create_socket_ext(type, port)
      assert.is(network_connect(client, '127.0.0.1', game.portOf(server)), client)
      network_send_packet(client, bufferOf(hello), 5)
      await game.until(() => game.messages.length === 1)
      assert.is(game.of(network_type_connect)[0]!['port'], port)
    })
})
