import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_read,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u16,
  buffer_u64,
  buffer_u8,
  buffer_vbuffer,
  buffer_write,
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_empty,
  ds_list_find_value,
  ds_list_size,
  ds_list_sort,
  ds_map_create,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_set,
  gml_on_networking,
  gml_step,
  json_parse,
  json_stringify,
  network_config_use_non_blocking_socket,
  network_connect,
  network_connect_raw,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_send_raw,
  network_set_config,
  network_socket_udp,
} from 'bitecs-networking/gml'
import { UP_HELLO, UP_PING, UP_REPORT, UP_WELCOME, UP_PONG, UP_ACK } from './udp_ping.macros.mjs'

const alarm = [-1]

// Create
const my_name = global.player_name
const raw_mode = global.udp_raw
const port_text = String(global.net_port)

let state = 'hello'
let number = -1
let settings = undefined
let summary = undefined
let sent = 0
let got = 0
let lost = 0
let stamps_ok = 0
let rtt_median = -1
const sent_at = [] // by index of the ping
const waiting = []
const rtt_of = []
const rtt_list = ds_list_create()
const links = ds_map_create() // own socket -> struct; a server browser would have many

network_set_config(network_config_use_non_blocking_socket, false) // habit a
const socket = network_create_socket(network_socket_udp)
ds_map_set(links, socket, { host: global.net_host, pongs: 0 })

const cbuf = buffer_create(256, buffer_vbuffer, true) // habit g, habit a
buffer_write(cbuf, buffer_u8, UP_HELLO)
buffer_write(cbuf, buffer_u8, socket) // habit b
buffer_write(cbuf, buffer_string, my_name)

if (raw_mode) {
  network_connect_raw(socket, global.net_host, port_text) // habit e, habit h
  network_send_raw(socket, cbuf, buffer_tell(cbuf)) // habit c
} else {
  network_connect(socket, global.net_host, port_text) // habit e, habit h
  network_send_packet(socket, cbuf, buffer_tell(cbuf)) // habit c
}
alarm[0] = 30 // again if nobody answers

const begin_packet = function (_kind) {
  buffer_seek(cbuf, buffer_seek_start, 0)
  buffer_write(cbuf, buffer_u8, _kind)
  buffer_write(cbuf, buffer_u8, socket) // habit b
}

const send = function () {
  if (raw_mode) return network_send_raw(socket, cbuf, buffer_tell(cbuf))
  return network_send_packet(socket, cbuf, buffer_tell(cbuf))
}

const send_hello = function () {
  begin_packet(UP_HELLO)
  buffer_write(cbuf, buffer_string, my_name)
  send()
}

const send_ping = function () {
  const _now = BigInt(Math.trunc(performance.now()))
  sent_at[sent] = _now
  waiting[sent] = true
  rtt_of[sent] = -1
  begin_packet(UP_PING)
  buffer_write(cbuf, buffer_u64, sent)
  buffer_write(cbuf, buffer_u64, _now)
  buffer_write(cbuf, buffer_u8, sent === settings.pings - 1) // habit a
  send()
  sent++
}

const send_report = function () {
  begin_packet(UP_REPORT)
  buffer_write(cbuf, buffer_u16, sent)
  buffer_write(cbuf, buffer_u16, got)
  buffer_write(cbuf, buffer_u16, lost)
  buffer_write(cbuf, buffer_string, json_stringify({ name: my_name, median: rtt_median }))
  send()
}

// Alarm 0
function alarm_0() {
  switch (state) {
    case 'hello':
      send_hello()
      alarm[0] = 30
      break

    case 'pinging':
      send_ping()
      if (sent < settings.pings) alarm[0] = settings.every
      else state = 'draining'
      break

    case 'reporting':
      send_report()
      alarm[0] = 20 // until the server says that everybody is through
      break
  }
}

// Step
function step() {
  if (state !== 'pinging' && state !== 'draining') return

  let _open = 0
  for (let i = 0; i < sent; i++) {
    if (!waiting[i]) continue
    if (BigInt(Math.trunc(performance.now())) - sent_at[i] > settings.timeout) {
      waiting[i] = false
      lost++
    }
    _open += waiting[i] // habit a
  }

  if (state === 'draining' && _open === 0) {
    ds_list_sort(rtt_list, true) // habit i
    if (!ds_list_empty(rtt_list))
      rtt_median = ds_list_find_value(rtt_list, Math.trunc(ds_list_size(rtt_list) / 2))
    state = 'reporting'
    alarm[0] = 1
  }
}

// Async - Networking
gml_on_networking(() => {
  if (ds_map_find_value(async_load, 'id') !== socket) return
  const _b = ds_map_find_value(async_load, 'buffer') // habit d
  buffer_seek(_b, buffer_seek_start, 0)
  const _kind = buffer_read(_b, buffer_u8)
  const _link = ds_map_find_value(links, buffer_read(_b, buffer_u8)) // habit b
  if (_link === undefined) return

  switch (_kind) {
    case UP_WELCOME:
      if (state !== 'hello') return // the second answer to a second hello
      number = buffer_read(_b, buffer_u8)
      settings = json_parse(buffer_read(_b, buffer_string)) // habit j
      state = 'pinging'
      alarm[0] = settings.every
      break

    case UP_PONG: {
      const _index = buffer_read(_b, buffer_u64)
      const _stamp = buffer_read(_b, buffer_u64)
      if (!waiting[_index]) return // habit f: came after we gave it up
      waiting[_index] = false
      if (_stamp === sent_at[_index]) stamps_ok++ // habit f
      rtt_of[_index] = BigInt(Math.trunc(performance.now())) - _stamp
      ds_list_add(rtt_list, rtt_of[_index])
      _link.pongs++
      got++
      break
    }

    case UP_ACK:
      if (state !== 'reporting') return
      if (buffer_read(_b, buffer_u8)) {
        summary = json_parse(buffer_read(_b, buffer_string)) // habit j
        state = 'done'
        alarm[0] = -1
        console.log(my_name + ': ' + String(got) + ' of ' + String(sent) + ' came back')
      }
      break
  }
})

const steps = setInterval(() => {
  gml_step()
  if (alarm[0] > 0 && --alarm[0] === 0) {
    alarm[0] = -1
    alarm_0()
  }
  step()
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  network_destroy(socket)
  buffer_delete(cbuf)
  ds_list_destroy(rtt_list)
  ds_map_destroy(links)
})
