// GameMaker's functions and constants under their own names, for code that comes from GameMaker. docs/porting.md tells how
// to use them, and which settings choose where GameMaker's sources disagree.

export * from './gml/constants.ts'

export { async_load } from './gml/event/async_load.ts'
export { gml_bind, gml_entity } from './gml/binding.ts'
export { type AsyncHandler } from './gml/handlerList.ts'
export { event_perform_async, gml_on_networking, gml_step } from './gml/event/networkingEvent.ts'
export { gml_on_save_load } from './gml/event/saveLoadEvent.ts'
export { gml_profile, gml_setting, type GmlProfile, type GmlSettings } from './gml/settings.ts'

export {
  network_create_server,
  network_create_server_raw,
  network_create_socket,
  network_create_socket_ext,
  network_destroy,
} from './gml/network/networkCreate.ts'
export {
  network_connect,
  network_connect_async,
  network_connect_raw,
  network_connect_raw_async,
  network_resolve,
} from './gml/network/networkConnect.ts'
export {
  network_send_broadcast,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_send_udp_raw,
} from './gml/network/networkSend.ts'
export {
  network_set_config,
  network_set_timeout,
  os_is_network_connected,
} from './gml/network/networkSetConfig.ts'

export { ds_exists } from './gml/ds/dsExists.ts'
export { json_decode, json_encode } from './gml/ds/jsonFunctions.ts'
export { json_parse, json_stringify, type JsonFilter } from './gml/ds/jsonStructs.ts'
export {
  ds_list_add,
  ds_list_clear,
  ds_list_copy,
  ds_list_create,
  ds_list_delete,
  ds_list_destroy,
  ds_list_empty,
  ds_list_find_index,
  ds_list_find_value,
  ds_list_insert,
  ds_list_replace,
  ds_list_set,
  ds_list_size,
} from './gml/ds/dsListFunctions.ts'
export { ds_list_shuffle, ds_list_sort } from './gml/ds/dsListOrder.ts'
export {
  ds_list_is_list,
  ds_list_is_map,
  ds_list_mark_as_list,
  ds_list_mark_as_map,
} from './gml/ds/dsListOwned.ts'
export { ds_list_read, ds_list_write } from './gml/ds/dsListText.ts'
export {
  ds_map_add,
  ds_map_clear,
  ds_map_copy,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_empty,
  ds_map_exists,
  ds_map_find_first,
  ds_map_find_last,
  ds_map_find_next,
  ds_map_find_previous,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_replace,
  ds_map_set,
  ds_map_size,
  ds_map_values_to_array,
} from './gml/ds/dsMapFunctions.ts'
export {
  ds_map_add_list,
  ds_map_add_map,
  ds_map_is_list,
  ds_map_is_map,
  ds_map_replace_list,
  ds_map_replace_map,
} from './gml/ds/dsMapOwned.ts'
export {
  ds_map_secure_load,
  ds_map_secure_load_buffer,
  ds_map_secure_save,
  ds_map_secure_save_buffer,
} from './gml/ds/dsMapSecure.ts'
export { ds_map_read, ds_map_write } from './gml/ds/dsMapText.ts'
export { string_byte_at, string_byte_length, string_set_byte_at } from './gml/stringBytes.ts'
export {
  base64_decode,
  base64_encode,
  md5_string_unicode,
  md5_string_utf8,
  sha1_string_unicode,
  sha1_string_utf8,
} from './gml/stringEncodings.ts'
export { type GmlRead } from './gml/buffer/bufferReadWrite.ts'
export { type GmlNumber } from './gml/GmlNumber.ts'
export { type GmlValue } from './gml/GmlValue.ts'
export {
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_seek,
  buffer_tell,
  buffer_write,
} from './gml/buffer/bufferReadWrite.ts'
export {
  buffer_async_group_begin,
  buffer_async_group_end,
  buffer_async_group_option,
  buffer_load_async,
  buffer_save_async,
} from './gml/buffer/bufferAsync.ts'
export {
  buffer_base64_decode,
  buffer_base64_decode_ext,
  buffer_base64_encode,
  buffer_compress,
  buffer_crc32,
  buffer_decompress,
  buffer_md5,
  buffer_sha1,
} from './gml/buffer/bufferContent.ts'
export { buffer_copy, buffer_copy_stride, buffer_fill } from './gml/buffer/bufferCopying.ts'
export {
  buffer_load,
  buffer_load_ext,
  buffer_load_partial,
  buffer_save,
  buffer_save_ext,
} from './gml/buffer/bufferFiles.ts'
export { buffer_create, buffer_delete, buffer_exists } from './gml/buffer/bufferCreation.ts'
export {
  buffer_get_address,
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_get_used_size,
  buffer_resize,
  buffer_set_used_size,
  buffer_sizeof,
} from './gml/buffer/bufferProperties.ts'
