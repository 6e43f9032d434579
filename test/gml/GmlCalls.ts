import * as gml from 'bitecs-networking/gml'

/** What an argument of a function is. */
export type Argument =
  | 'buffer'
  | 'map'
  | 'list'
  | 'socket'
  | 'count'
  /** A position in a list: a large one makes the list as long. */
  | 'index'
  | 'type'
  | 'kind'
  | 'base'
  | 'value'
  | 'key'
  | 'text'
  | 'file'
  | 'host'
  | 'port'
  | 'socketType'
  | 'config'

/** What a function's result is a handle of, if it is one. */
export type HandleKind = 'buffer' | 'map' | 'list' | 'socket'

export interface GmlCall {
  readonly name: string
  readonly run: (...values: never[]) => unknown
  readonly takes: readonly Argument[]
  readonly makes?: HandleKind
}

function calls(
  table: Readonly<Record<string, readonly [string, HandleKind?]>>,
): readonly GmlCall[] {
  const all = gml as unknown as Record<string, (...values: never[]) => unknown>
  return Object.entries(table).map(([name, [takes, makes]]) => {
    const run = all[name]
    if (run === undefined) throw new Error(`the gml face has no ${name}`)
    const words = takes === '' ? [] : (takes.split(' ') as Argument[])
    return makes === undefined ? { name, run, takes: words } : { name, run, takes: words, makes }
  })
}

/** Every function that takes handles, with what it takes. */
export const gmlCalls: readonly GmlCall[] = calls({
  buffer_create: ['count kind count', 'buffer'],
  buffer_delete: ['buffer'],
  buffer_exists: ['buffer'],
  buffer_write: ['buffer type value'],
  buffer_read: ['buffer type'],
  buffer_peek: ['buffer count type'],
  buffer_poke: ['buffer count type value'],
  buffer_seek: ['buffer base count'],
  buffer_tell: ['buffer'],
  buffer_get_size: ['buffer'],
  buffer_get_used_size: ['buffer'],
  buffer_set_used_size: ['buffer count'],
  buffer_get_type: ['buffer'],
  buffer_get_alignment: ['buffer'],
  buffer_get_address: ['buffer'],
  buffer_resize: ['buffer count'],
  buffer_fill: ['buffer count type value count'],
  buffer_copy: ['buffer count count buffer count'],
  buffer_copy_stride: ['buffer count count count count buffer count count'],
  buffer_md5: ['buffer count count'],
  buffer_sha1: ['buffer count count'],
  buffer_crc32: ['buffer count count'],
  buffer_base64_encode: ['buffer count count'],
  buffer_base64_decode: ['text', 'buffer'],
  buffer_base64_decode_ext: ['buffer text count'],
  buffer_compress: ['buffer count count', 'buffer'],
  buffer_decompress: ['buffer', 'buffer'],
  buffer_load: ['file', 'buffer'],
  buffer_load_ext: ['buffer file count'],
  buffer_load_partial: ['buffer file count count count'],
  ds_map_create: ['', 'map'],
  ds_map_destroy: ['map'],
  ds_map_exists: ['map key'],
  ds_map_add: ['map key value'],
  ds_map_set: ['map key value'],
  ds_map_replace: ['map key value'],
  ds_map_delete: ['map key'],
  ds_map_clear: ['map'],
  ds_map_copy: ['map map'],
  ds_map_size: ['map'],
  ds_map_empty: ['map'],
  ds_map_find_value: ['map key'],
  ds_map_find_first: ['map'],
  ds_map_find_last: ['map'],
  ds_map_find_next: ['map key'],
  ds_map_find_previous: ['map key'],
  ds_map_keys_to_array: ['map'],
  ds_map_values_to_array: ['map'],
  ds_map_add_list: ['map key list'],
  ds_map_add_map: ['map key map'],
  ds_map_replace_list: ['map key list'],
  ds_map_replace_map: ['map key map'],
  ds_map_is_list: ['map key'],
  ds_map_is_map: ['map key'],
  ds_map_write: ['map'],
  ds_map_read: ['map text'],
  ds_map_secure_save_buffer: ['map buffer'],
  ds_map_secure_load_buffer: ['buffer', 'map'],
  ds_exists: ['map count'],
  ds_list_create: ['', 'list'],
  ds_list_destroy: ['list'],
  ds_list_add: ['list value'],
  ds_list_set: ['list index value'],
  ds_list_delete: ['list count'],
  ds_list_size: ['list'],
  ds_list_find_value: ['list count'],
  ds_list_find_index: ['list value'],
  ds_list_clear: ['list'],
  ds_list_copy: ['list list'],
  ds_list_empty: ['list'],
  ds_list_insert: ['list count value'],
  ds_list_replace: ['list count value'],
  ds_list_sort: ['list count'],
  ds_list_shuffle: ['list'],
  ds_list_mark_as_list: ['list count'],
  ds_list_mark_as_map: ['list count'],
  ds_list_is_list: ['list count'],
  ds_list_is_map: ['list count'],
  ds_list_write: ['list'],
  ds_list_read: ['list text'],
  json_encode: ['map'],
  json_decode: ['text', 'map'],
  network_create_socket: ['socketType', 'socket'],
  network_create_server: ['socketType port count', 'socket'],
  network_destroy: ['socket'],
  network_connect: ['socket host port'],
  network_connect_raw: ['socket host port'],
  network_connect_async: ['socket host port'],
  network_connect_raw_async: ['socket host port'],
  network_send_packet: ['socket buffer count'],
  network_send_raw: ['socket buffer count'],
  network_send_udp: ['socket host port buffer count'],
  network_send_udp_raw: ['socket host port buffer count'],
  network_set_timeout: ['socket count count'],
  network_set_config: ['config socket count'],
  event_perform_async: ['count map'],
  gml_entity: ['socket'],
})
