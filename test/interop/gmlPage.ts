// A page's program in GameMaker's words: what gmlChromium.long.test.ts has a real browser run. It is bundled as a user's bundler
// does it.
import {
  async_load,
  buffer_base64_encode,
  buffer_compress,
  buffer_crc32,
  buffer_create,
  buffer_decompress,
  buffer_get_size,
  buffer_grow,
  buffer_load,
  buffer_md5,
  buffer_read,
  buffer_sha1,
  buffer_string,
  buffer_tell,
  buffer_write,
  ds_map_find_value,
  ds_map_keys_to_array,
  gml_on_networking,
  gml_step,
  json_decode,
  network_connect_async,
  network_create_server,
  network_create_socket,
  network_send_packet,
  network_socket_tcp,
  network_socket_ws,
  network_type_data,
  network_type_non_blocking_connect,
  os_is_network_connected,
} from 'bitecs-networking/gml'

/** What the page can play. All of it can pass through JSON. */
interface GmlPageCases {
  /** Connects, says hello, and gives what it heard: the types, the echoed text, the keys, `async_load` after all. */
  echo(url: string, port: number): Promise<GmlEcho>
  /** What the functions give that need libraries in a browser, and those that cannot be there. */
  contents(): GmlContents
}

export interface GmlEcho {
  readonly returned: number
  readonly socket: number
  readonly types: readonly number[]
  readonly text: string
  readonly keys: readonly string[]
  readonly loads: readonly number[]
  readonly after: number
}

export interface GmlContents {
  readonly md5: string | undefined
  readonly sha1: string | undefined
  readonly crc32: number | undefined
  readonly base64: string
  readonly again: string
  readonly packed: boolean
  readonly decoded: unknown
  readonly tcp: readonly number[]
  readonly file: string
  readonly isConnected: boolean
}

function echo(url: string, port: number): Promise<GmlEcho> {
  const socket = network_create_socket(network_socket_ws)
  const types: number[] = []
  const loads: number[] = []
  const returned = network_connect_async(socket, url, port)
  return new Promise((resolve) => {
    const timer = setInterval(gml_step, 1000 / 60)
    gml_on_networking(() => {
      if (ds_map_find_value(async_load, 'id') !== socket) return
      const type: number = ds_map_find_value(async_load, 'type')
      types.push(type)
      loads.push(async_load)
      if (type === network_type_non_blocking_connect) {
        const buffer = buffer_create(64, buffer_grow, 1)
        buffer_write(buffer, buffer_string, 'hello from a page')
        network_send_packet(socket, buffer, buffer_tell(buffer))
      }
      if (type !== network_type_data) return
      clearInterval(timer)
      const text = buffer_read(ds_map_find_value(async_load, 'buffer'), buffer_string)
      const keys = ds_map_keys_to_array(async_load) as string[]
      setTimeout(() => {
        resolve({ returned, socket, types, text, keys, loads, after: async_load })
      })
    })
  })
}

function contents(): GmlContents {
  const buffer = buffer_create(1, buffer_grow, 1)
  for (let count = 0; count < 100; count++) buffer_write(buffer, buffer_string, 'hello')
  const size = 6 * 100
  const packed = buffer_compress(buffer, 0, size)
  let file = ''
  try {
    buffer_load('file.bin')
  } catch (error) {
    file = String(error)
  }
  return {
    md5: buffer_md5(buffer, 0, 5) as string | undefined,
    sha1: buffer_sha1(buffer, 0, 5) as string | undefined,
    crc32: buffer_crc32(buffer, 0, 5),
    base64: String(buffer_base64_encode(buffer, 0, 5)),
    again: buffer_read(buffer_decompress(packed), buffer_string),
    packed: packed >= 0 && buffer_get_size(packed) < size / 4,
    decoded: ds_map_find_value(json_decode('{"a":7}'), 'a'),
    tcp: [
      network_create_socket(network_socket_tcp),
      network_create_server(network_socket_ws, 0, 4),
    ],
    file,
    isConnected: os_is_network_connected(),
  }
}

const cases: GmlPageCases = { echo, contents }
Object.assign(globalThis, { cases })
