import * as main from 'bitecs-networking'
import * as gml from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** As running GameMaker runners tell them. */
const numbers: Readonly<Record<string, number>> = {
  network_socket_tcp: 0,
  network_socket_udp: 1,
  network_socket_bluetooth: 2,
  network_socket_ws: 6,
  network_socket_wss: 7,
  network_type_connect: 1,
  network_type_disconnect: 2,
  network_type_data: 3,
  network_type_non_blocking_connect: 4,
  network_type_up: 5,
  network_type_up_failed: 6,
  network_type_down: 7,
  network_config_connect_timeout: 0,
  network_config_use_non_blocking_socket: 1,
  network_config_enable_reliable_udp: 2,
  network_config_disable_reliable_udp: 3,
  network_config_avoid_time_wait: 4,
  network_config_websocket_protocol: 5,
  network_config_enable_multicast: 6,
  network_config_disable_multicast: 7,
  network_config_message_size_limit: 8,
  network_send_binary: 1,
  network_send_text: 2,
  network_connect_none: 0,
  network_connect_blocking: 1,
  network_connect_nonblocking: 2,
  network_connect_active: 2,
  network_connect_passive: 3,
  buffer_fixed: 0,
  buffer_grow: 1,
  buffer_wrap: 2,
  buffer_fast: 3,
  buffer_vbuffer: 4,
  buffer_u8: 1,
  buffer_s8: 2,
  buffer_u16: 3,
  buffer_s16: 4,
  buffer_u32: 5,
  buffer_s32: 6,
  buffer_f16: 7,
  buffer_f32: 8,
  buffer_f64: 9,
  buffer_bool: 10,
  buffer_string: 11,
  buffer_u64: 12,
  buffer_text: 13,
  buffer_seek_start: 0,
  buffer_seek_relative: 1,
  buffer_seek_end: 2,
  buffer_error_general: -1,
  buffer_error_out_of_space: -2,
  buffer_error_invalid_type: -4,
  ev_other: 7,
  ev_async_web: 62,
  ev_async_dialog: 63,
  ev_async_web_networking: 68,
  ev_async_social: 70,
  ev_async_save_load: 72,
  ev_async_system_event: 75,
  ds_type_map: 1,
  ds_type_list: 2,
  ds_type_stack: 3,
  ds_type_queue: 4,
  ds_type_grid: 5,
  ds_type_priority: 6,
  noone: -4,
  async_load: -1,
}

/** Where the main face has the same numbers. */
const families: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['network_socket_', main.SocketType],
  ['buffer_', main.BufferKind],
  ['buffer_', main.BufferType],
  ['buffer_seek_', main.SeekBase],
  ['network_send_', main.MessageType],
]

spec('constants of the gml face', (it) => {
  it('are all there, with the numbers of GameMaker', () => {
    const found = Object.fromEntries(
      Object.entries(gml).filter(([, value]) => typeof value === 'number'),
    )
    assert.equal(found, numbers)
  })

  it('are the numbers of the main face', () => {
    for (const [prefix, family] of families)
      for (const [name, value] of Object.entries(family))
        if (name !== 'memory') assert.is(numbers[`${prefix}${name}`], value, prefix + name)
  })
})
