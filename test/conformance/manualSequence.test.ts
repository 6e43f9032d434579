import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_grow,
  buffer_read,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_write,
  ds_map_create,
  ds_map_delete,
  ds_map_find_first,
  ds_map_find_next,
  ds_map_find_value,
  ds_map_set,
  ds_map_size,
  gml_on_networking,
  network_connect_async,
  network_create_server,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_socket_tcp,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
  network_type_non_blocking_connect,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { withGml } from '../lib/withGml.ts'
import { spec } from '../spec.ts'

// What GameMaker's manual shows on its networking pages, statement by statement.

function send_text(socket: number, text: string): number {
  const t_buffer = buffer_create(256, buffer_grow, 1)
  buffer_seek(t_buffer, buffer_seek_start, 0)
  buffer_write(t_buffer, buffer_string, text)
  const sent = network_send_packet(socket, t_buffer, buffer_tell(t_buffer))
  buffer_delete(t_buffer)
  return sent
}

spec("the manual's own sequence", (it) => {
  it(
    'a server on the first free port, three clients, chat, and one turned out',
    withGml(async (game) => {
      // Create of the object that takes the port before us.
      const taken = network_create_server(network_socket_tcp, 0, 1)

      // Create of the server.
      const Type = network_socket_tcp
      let port = game.portOf(taken)
      const firstPort = port
      const MaxClients = 32
      let server = network_create_server(Type, port, MaxClients)
      while (server < 0 && port < 65535) {
        port++
        server = network_create_server(Type, port, MaxClients)
      }
      assert.ok(server >= 0)
      assert.ok(port > firstPort)
      assert.is(game.portOf(server), port)
      const names = ds_map_create()
      const log: string[] = []

      // Create of three clients.
      const clients = ['Ann', 'Bob', 'Cem'].map((name) => {
        const socket = network_create_socket(network_socket_tcp)
        assert.is(network_connect_async(socket, '127.0.0.1', port), socket)
        return { name, socket, heard: [] as string[], isConnected: false }
      })

      // Async - Networking of the server.
      gml_on_networking(() => {
        const n_id = ds_map_find_value(async_load, 'id')
        const type = ds_map_find_value(async_load, 'type')
        if (n_id === server && type === network_type_connect)
          ds_map_set(names, ds_map_find_value(async_load, 'socket'), '?')
        else if (n_id === server && type === network_type_disconnect)
          ds_map_delete(names, ds_map_find_value(async_load, 'socket'))
        else if (type === network_type_data && ds_map_find_value(names, n_id) !== undefined) {
          const t_buffer = ds_map_find_value(async_load, 'buffer') as number
          const text = buffer_read(t_buffer, buffer_string)
          log.push(text)
          const size = ds_map_find_value(async_load, 'size') as number
          let key = ds_map_find_first(names)
          for (let i = 0; i < ds_map_size(names); i++) {
            network_send_packet(key as number, t_buffer, size)
            key = ds_map_find_next(names, key)
          }
          if (text === 'Cem: kick me') network_destroy(n_id as number)
        }
      })

      // Async - Networking of each client.
      for (const client of clients)
        gml_on_networking(() => {
          if (ds_map_find_value(async_load, 'id') !== client.socket) return
          const type = ds_map_find_value(async_load, 'type')
          if (type === network_type_non_blocking_connect)
            client.isConnected = ds_map_find_value(async_load, 'succeeded') === 1
          if (type === network_type_data) {
            const t_buffer = ds_map_find_value(async_load, 'buffer') as number
            buffer_seek(t_buffer, buffer_seek_start, 0)
            client.heard.push(buffer_read(t_buffer, buffer_string))
          }
        })

      await game.until(() => clients.every(({ isConnected }) => isConnected))
      assert.is(ds_map_size(names), 3)

      const [ann, bob, cem] = clients
      assert.is(send_text(ann!.socket, 'Ann: hello'), 23)
      await game.until(() => clients.every(({ heard }) => heard.length === 1))
      send_text(bob!.socket, 'Bob: hi')
      await game.until(() => clients.every(({ heard }) => heard.length === 2))
      send_text(cem!.socket, 'Cem: kick me')
      await game.until(() => ann!.heard.length === 3 && bob!.heard.length === 3)
      const chat = ['Ann: hello', 'Bob: hi', 'Cem: kick me']
      assert.equal(log, chat)
      assert.equal([ann!.heard, bob!.heard], [chat, chat])

      // Cem is told nothing, but cannot send any more, and is no client of the server.
      await game.until(() => send_text(cem!.socket, 'Cem: still here?') < 0)
      send_text(ann!.socket, 'Ann: bye')
      await game.until(() => bob!.heard.length === 4)
      assert.is(log.at(-1), 'Ann: bye')

      // Clean Up.
      network_destroy(server)
      await game.until(() => send_text(ann!.socket, 'anybody?') < 0)
    }),
  )
})
