import {
  gml_entity,
  gml_setting,
  network_config_avoid_time_wait,
  network_config_connect_timeout,
  network_config_enable_reliable_udp,
  network_config_message_size_limit,
  network_config_use_non_blocking_socket,
  network_config_websocket_protocol,
  network_connect,
  network_connect_async,
  network_connect_raw,
  network_connect_raw_async,
  network_create_server,
  network_create_socket,
  network_create_socket_ext,
  network_destroy,
  network_resolve,
  network_send_broadcast,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_set_config,
  network_set_timeout,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_type_disconnect,
  os_is_network_connected,
} from 'bitecs-networking/gml'
import { networkInterfaces } from 'node:os'
import * as assert from 'uvu/assert'
import { hello, helloPacket } from '../../lib/gameMaker.ts'
import { throws } from '../../lib/throws.ts'
import { turns } from '../../lib/until.ts'
import { bufferOf, gmlSpec } from '../../lib/withGml.ts'

gmlSpec('the network functions of the gml face', (it) => {
  const noSuch = [-1, -4, 1e9, 0.5]

  it('give -1 for a socket that does not exist, or throw by the native profile', () => {
    const buffer = bufferOf(hello)
    const calls: Record<string, (socket: number) => unknown> = {
      network_connect: (socket) => network_connect(socket, 'localhost', 1),
      network_connect_raw: (socket) => network_connect_raw(socket, 'localhost', 1),
      network_connect_async: (socket) => network_connect_async(socket, 'localhost', 1),
      network_connect_raw_async: (socket) => network_connect_raw_async(socket, 'localhost', 1),
      network_send_packet: (socket) => network_send_packet(socket, buffer, 5),
      network_send_raw: (socket) => network_send_raw(socket, buffer, 5),
      network_send_udp: (socket) => network_send_udp(socket, '127.0.0.1', 9, buffer, 5),
      network_send_broadcast: (socket) => network_send_broadcast(socket, 9, buffer, 5),
    }
    for (const [name, call] of Object.entries(calls)) {
      for (const socket of noSuch) {
        gml_setting('unknown_socket', 'result')
        assert.is(call(socket), -1, name)
        gml_setting('unknown_socket', 'error')
        throws(() => call(socket), RangeError, new RegExp(`^${name}: there is no socket ${socket}`))
      }
      for (const wrong of [undefined, NaN, 'zero', null])
        throws(
          () => call(wrong as never),
          TypeError,
          new RegExp(`^${name}: socket must be the handle`),
        )
    }
    gml_setting('unknown_socket', 'result')
    assert.is(network_destroy(1e9), undefined)
    network_set_timeout(1e9, 0, 0)
    network_set_config(network_config_avoid_time_wait, 1e9)
    assert.is(gml_entity(1e9), -1)
  })

  it('give -1 for what cannot be sent, and send nothing', async (game) => {
    const server = game.server()
    const client = network_create_socket(network_socket_tcp)
    const buffer = bufferOf(hello)
    assert.is(network_send_packet(client, buffer, 5), -1)
    network_connect_async(client, '127.0.0.1', game.portOf(server))
    assert.is(network_send_packet(client, buffer, 5), -1)
    assert.is(network_connect(client, '127.0.0.1', game.portOf(server)), -1)
    await game.until(() => game.events.length === 2)
    for (const size of [6, -1, NaN, Infinity])
      assert.is(network_send_packet(client, buffer, size), -1)
    for (const none of noSuch) assert.is(network_send_packet(client, none, 0), -1)
    assert.is(network_send_packet(server, buffer, 5), -1)
    assert.is(network_send_udp(client, '127.0.0.1', 9, buffer, 5), -1)
    const udp = network_create_socket(network_socket_udp)
    assert.is(network_send_packet(udp, buffer, 5), -1)
    assert.is(network_send_udp(udp, '', 9, buffer, 5), -1)
    for (const port of [0, -1, 65_536, NaN])
      assert.is(network_send_udp(udp, '127.0.0.1', port, buffer, 5), -1)
    assert.is(network_send_broadcast(udp, 0, buffer, 5), -1)
    assert.is(network_send_packet(client, buffer, 2.9), 14)
    await game.until(() => game.messages.length === 1)
    assert.equal(game.messages, ['6865'])
  })

  it('give -1 for types and ports that there are not, with a warning', async (game) => {
    for (const type of [2, 3, 100, -1, NaN]) assert.is(network_create_socket(type), -1)
    for (const port of [-1, 65_536, NaN])
      assert.is(network_create_server(network_socket_tcp, port, 4), -1)
    await turns()
    assert.ok(
      game.warnings.some((text) => text.includes('network_create_socket: there is no socket type')),
      game.warnings.join(),
    )
    throws(
      () => network_create_server('tcp' as never, 1, 1),
      TypeError,
      /^network_create_server: type must be a number, got "tcp"/,
    )
    throws(
      () => network_create_socket_ext(1, undefined as never),
      TypeError,
      /^network_create_socket_ext: port must be a number/,
    )
    const client = network_create_socket(network_socket_tcp)
    for (const port of [0, -1, 65_536, NaN])
      assert.is(network_connect(client, 'localhost', port), -1)
    assert.is(network_connect(client, '', 6510), -1)
    throws(
      () => network_connect(client, 5 as never, 6510),
      TypeError,
      /^network_connect: url must be a string, got 5/,
    )
  })

  it('network_create_socket_ext binds UDP to the port it is given', async (game) => {
    const first = network_create_socket_ext(network_socket_udp, 0)
    const port = game.portOf(first)
    assert.is(network_create_socket_ext(network_socket_udp, port), -1)
    network_destroy(first)
    await turns()
    const again = network_create_socket_ext(network_socket_udp, port)
    assert.ok(again >= 0)
    assert.is(game.portOf(again), port)
  })

  it('max_client turns away, unless the setting ignores it', async (game) => {
    const full = game.server(1)
    await game.net.join(game.portOf(full))
    await game.until(() => game.events.length === 1)
    const turnedAway = await game.net.peer(game.portOf(full))
    await game.until(() => turnedAway.isClosed || turnedAway.hasEnded)
    assert.is(turnedAway.size, 0)
    gml_setting('max_client', 'ignored')
    const open = game.server(0)
    await game.net.join(game.portOf(open))
    await game.until(() => game.events.length === 2)
  })

  it('a socket whose connection has failed or ended can be connected again', async (game) => {
    const listener = await game.net.listen()
    const client = network_create_socket(network_socket_tcp)
    network_connect_raw_async(client, '127.0.0.1', listener.port)
    const peer = await listener.accept()
    await game.until(() => game.events.length === 1)
    peer.close()
    await game.until(() => network_send_raw(client, bufferOf(hello), 5) === -1)
    assert.is(network_connect_raw_async(client, '127.0.0.1', listener.port), client)
    await game.until(() => game.events.length === 2)
    assert.equal([game.events[1]!['id'], game.events[1]!['succeeded']], [client, 1])
  })

  it('network_resolve knows addresses and localhost at once, names later', async () => {
    assert.is(network_resolve('192.0.2.7'), '192.0.2.7')
    assert.is(network_resolve('2001:db8::1'), '2001:db8::1')
    assert.is(network_resolve('localhost'), '127.0.0.1')
    assert.is(network_resolve('fe80::1%eth0'), 'fe80::1%eth0')
    assert.is(network_resolve(''), '')
    for (const none of ['http://192.0.2.7', 'a:b', '[::1]', '1.2.3.999'])
      assert.is(network_resolve(none), '', none)
    assert.is(network_resolve('no-such-name.invalid'), '')
    throws(() => network_resolve(5 as never), TypeError, /^network_resolve: url must be a string/)
  })

  it('network_set_config reaches the world and its sockets', async (game) => {
    assert.is(network_set_config(network_config_use_non_blocking_socket, 1), undefined)
    const server = game.server()
    network_set_config(network_config_message_size_limit, server, 4)
    network_set_config(network_config_avoid_time_wait, server)
    const peer = await game.net.join(game.portOf(server))
    peer.send(helloPacket)
    await game.until(() => game.of(network_type_disconnect).length === 1)
    assert.equal(game.messages, [])
    network_set_config(network_config_enable_reliable_udp, server)
    await turns()
    assert.ok(game.warnings.some((text) => text.includes('no such setting')))
    throws(
      () => network_set_config(99, 1),
      RangeError,
      /^network_set_config: there is no network_config_ constant 99/,
    )
    throws(
      () => network_set_config(network_config_connect_timeout, -1),
      RangeError,
      /^network_set_config: value1 must be in/,
    )
    throws(
      () => network_set_config(network_config_connect_timeout, 'x'),
      TypeError,
      /^network_set_config: value1 must be a number/,
    )
    throws(
      () => network_set_config(network_config_message_size_limit, server),
      TypeError,
      /^network_set_config: value2/,
    )
    throws(
      () => network_set_config(network_config_websocket_protocol, server),
      TypeError,
      /^network_set_config: value2/,
    )
  })

  it('a WebSocket client offers the sub-protocol it was given', async (game) => {
    const listener = await game.net.listen()
    for (const ofSocket of [true, false]) {
      const client = network_create_socket(network_socket_ws)
      if (ofSocket) network_set_config(network_config_websocket_protocol, client, 'mine.v1')
      else network_set_config(network_config_websocket_protocol, 'mine.v2')
      network_connect_async(client, '127.0.0.1', listener.port)
      const peer = await listener.accept()
      let request = ''
      await game.until(() => {
        request += Buffer.from(peer.takeAll(), 'hex').toString()
        return request.includes('\r\n\r\n')
      })
      assert.match(
        request,
        ofSocket ? /sec-websocket-protocol: mine\.v1/i : /sec-websocket-protocol: mine\.v2/i,
      )
    }
  })

  it('a sub-protocol is checked when it is set, and only a WebSocket client takes one', async (game) => {
    const client = network_create_socket(network_socket_ws)
    throws(
      () => network_set_config(network_config_websocket_protocol, client, 'a b'),
      TypeError,
      /^network_set_config: value2 must be a sub-protocol/,
    )
    throws(
      () => network_set_config(network_config_websocket_protocol, 'a b'),
      TypeError,
      /^network_set_config: value1 must be a sub-protocol/,
    )
    const other = network_create_socket(network_socket_tcp)
    network_set_config(network_config_websocket_protocol, other, 'mine')
    await turns()
    assert.match(game.warnings.join(), /network_set_config: a socket of this type has no such/)
  })

  it('the name that a UDP socket was connected to is nobody’s ip', async (game) => {
    gml_setting('event_ip', 'given')
    const udp = network_create_socket(network_socket_udp)
    assert.is(network_connect(udp, 'localhost', 9), udp)
    assert.is(network_send_udp(udp, '127.0.0.1', game.portOf(udp), bufferOf(hello), 5), 17)
    await game.until(() => game.messages.length === 1)
    assert.is(game.events[0]!['ip'], '127.0.0.1')
  })

  it('network_set_timeout ends a peer that does not finish its packet', async (game) => {
    const peer = await game.net.join(game.portOf(game.server()))
    await game.until(() => game.events.length === 1)
    const client = game.events[0]!['socket'] as number
    network_set_timeout(client, 30, 0)
    peer.send(helloPacket.slice(0, 20))
    await game.until(() => game.of(network_type_disconnect).length === 1)
    throws(
      () => network_set_timeout(client, -1, 0),
      RangeError,
      /^network_set_timeout: read_timeout must be in/,
    )
  })

  it('os_is_network_connected tells what the interfaces tell', () => {
    const isUp = Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.internal === false)
    assert.is(os_is_network_connected(), isUp)
    assert.is(os_is_network_connected(0), isUp)
  })
})
