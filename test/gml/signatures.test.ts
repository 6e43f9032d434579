import * as gml from 'bitecs-networking/gml'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** GameMaker's functions with the names of their arguments, as its manual has them. */
const signatures: Readonly<Record<string, string>> = {
  base64_decode: 'string',
  base64_encode: 'string',
  buffer_async_group_begin: 'groupname',
  buffer_async_group_end: '',
  buffer_async_group_option: 'option, value',
  buffer_base64_decode: 'string',
  buffer_base64_decode_ext: 'buffer, string, offset',
  buffer_base64_encode: 'buffer, offset, size',
  buffer_compress: 'buffer, offset, size',
  buffer_copy: 'src_buffer, src_offset, size, dest_buffer, dest_offset',
  buffer_copy_stride:
    'src_buffer, src_offset, src_size, src_stride, src_count, dest_buffer, dest_offset, dest_stride',
  buffer_crc32: 'buffer, offset, size',
  buffer_create: 'size, type, alignment',
  buffer_decompress: 'buffer',
  buffer_delete: 'buffer',
  buffer_exists: 'buffer',
  buffer_fill: 'buffer, offset, type, value, size',
  buffer_get_address: 'buffer',
  buffer_get_alignment: 'buffer',
  buffer_get_size: 'buffer',
  buffer_get_type: 'buffer',
  buffer_get_used_size: 'buffer',
  buffer_load: 'filename',
  buffer_load_async: 'buffer, filename, offset, size',
  buffer_load_ext: 'buffer, filename, offset',
  buffer_load_partial: 'buffer, filename, offset, src_len, dest_offset',
  buffer_md5: 'buffer, offset, size',
  buffer_peek: 'buffer, offset, type',
  buffer_poke: 'buffer, offset, type, value',
  buffer_read: 'buffer, type',
  buffer_resize: 'buffer, newsize',
  buffer_save: 'buffer, filename',
  buffer_save_async: 'buffer, filename, offset, size',
  buffer_save_ext: 'buffer, filename, offset, size',
  buffer_seek: 'buffer, base, offset',
  buffer_set_used_size: 'buffer, size',
  buffer_sha1: 'buffer, offset, size',
  buffer_sizeof: 'type',
  buffer_tell: 'buffer',
  buffer_write: 'buffer, type, value',
  ds_exists: 'ind, type',
  ds_list_add: 'id, ...val',
  ds_list_clear: 'id',
  ds_list_copy: 'id, source',
  ds_list_create: '',
  ds_list_delete: 'id, pos',
  ds_list_destroy: 'id',
  ds_list_empty: 'id',
  ds_list_find_index: 'id, val',
  ds_list_find_value: 'id, pos',
  ds_list_insert: 'id, pos, val',
  ds_list_is_list: 'id, pos',
  ds_list_is_map: 'id, pos',
  ds_list_mark_as_list: 'id, pos',
  ds_list_mark_as_map: 'id, pos',
  ds_list_read: 'id, str, legacy',
  ds_list_replace: 'id, pos, val',
  ds_list_set: 'id, pos, val',
  ds_list_shuffle: 'id',
  ds_list_size: 'id',
  ds_list_sort: 'id, ascend',
  ds_list_write: 'id',
  ds_map_add: 'id, key, val',
  ds_map_add_list: 'id, key, value',
  ds_map_add_map: 'id, key, value',
  ds_map_clear: 'id',
  ds_map_copy: 'id, source',
  ds_map_create: '',
  ds_map_delete: 'id, key',
  ds_map_destroy: 'id',
  ds_map_empty: 'id',
  ds_map_exists: 'id, key',
  ds_map_find_first: 'id',
  ds_map_find_last: 'id',
  ds_map_find_next: 'id, key',
  ds_map_find_previous: 'id, key',
  ds_map_find_value: 'id, key',
  ds_map_is_list: 'id, key',
  ds_map_is_map: 'id, key',
  ds_map_keys_to_array: 'id, array',
  ds_map_read: 'id, str, legacy',
  ds_map_replace: 'id, key, val',
  ds_map_replace_list: 'id, key, value',
  ds_map_replace_map: 'id, key, value',
  ds_map_secure_load: 'filename',
  ds_map_secure_load_buffer: 'buffer',
  ds_map_secure_save: 'map, filename',
  ds_map_secure_save_buffer: 'id, buffer',
  ds_map_set: 'id, key, val',
  ds_map_size: 'id',
  ds_map_values_to_array: 'id, array',
  ds_map_write: 'id',
  event_perform_async: 'type, ds_map',
  json_decode: 'string',
  json_encode: 'map, prettify',
  json_parse: 'json, filter_func, inhibit_string_convert',
  json_stringify: 'val, prettify, filter_func',
  md5_string_unicode: 'string',
  md5_string_utf8: 'string',
  network_connect: 'socket, url, port',
  network_connect_async: 'socket, url, port',
  network_connect_raw: 'socket, url, port',
  network_connect_raw_async: 'socket, url, port',
  network_create_server: 'type, port, max_client',
  network_create_server_raw: 'type, port, max_client',
  network_create_socket: 'type',
  network_create_socket_ext: 'type, port',
  network_destroy: 'socket',
  network_resolve: 'url',
  network_send_broadcast: 'socket, port, bufferid, size',
  network_send_packet: 'socket, bufferid, size',
  network_send_raw: 'socket, bufferid, size, options',
  network_send_udp: 'socket, url, port, bufferid, size',
  network_send_udp_raw: 'socket, url, port, bufferid, size',
  network_set_config: 'config_value, value1, value2',
  network_set_timeout: 'socket, read_timeout, write_timeout',
  os_is_network_connected: 'attempt_connection',
  sha1_string_unicode: 'string',
  sha1_string_utf8: 'string',
  string_byte_at: 'str, index',
  string_byte_length: 'string',
  string_set_byte_at: 'str, pos, byte',
}

/** A function with the comment before it, its name and its arguments. */
const declaration = /(\*\/\n)?^export function ([a-z0-9_]+)(?:<[^(]*>)?\(([^)]*(?:\(\)[^)]*)*)\)/gm

/** What the sources declare: the first declaration of each name, and whether it has a doc comment. */
function declared(): Map<string, { readonly names: string; readonly isDocumented: boolean }> {
  const folder = join('src', 'gml')
  const found = new Map<string, { names: string; isDocumented: boolean }>()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => name.endsWith('.ts')))
    for (const [, comment, name, list] of readFileSync(join(folder, file), 'utf8').matchAll(
      declaration,
    ))
      if (!found.has(name!))
        found.set(name!, { names: namesIn(list!), isDocumented: comment !== undefined })
  return found
}

function namesIn(list: string): string {
  return [...list.matchAll(/(?:^|,|\n)\s*((?:\.\.\.)?\w+)\??:/g)].map(([, name]) => name).join(', ')
}

const functions = Object.entries(gml).flatMap(([name, value]) =>
  typeof value === 'function' ? [name] : [],
)

spec('signatures of the gml face', (it) => {
  it("has all of GameMaker's functions, and gml_ ones of its own", () => {
    const own = functions.filter((name) => name.startsWith('gml_'))
    assert.equal(functions.toSorted(), [...Object.keys(signatures), ...own].toSorted())
    assert.is(Object.keys(signatures).filter((name) => name.startsWith('network_')).length, 17)
  })

  it("names arguments as GameMaker's manual does", () => {
    const all = declared()
    for (const [name, expected] of Object.entries(signatures))
      assert.is(all.get(name)?.names, expected, name)
  })

  it('documents every function', () => {
    const all = declared()
    for (const name of functions) assert.ok(all.get(name)?.isDocumented, name)
  })
})
