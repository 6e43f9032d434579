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
  ds_list_find_value,
  ds_list_size,
  ds_list_sort,
  ds_map_create,
  ds_map_destroy,
  ds_map_exists,
  ds_map_find_value,
  ds_map_set,
  ds_map_size,
  gml_on_networking,
  gml_step,
  json_parse,
  json_stringify,
  network_create_server,
  network_create_server_raw,
  network_destroy,
  network_send_udp,
  network_send_udp_raw,
  network_socket_udp,
  network_type_data,
} from 'bitecs-networking/gml'
import { UP_HELLO, UP_WELCOME, UP_PING, UP_PONG, UP_REPORT, UP_ACK } from './udp_ping.macros.mjs'

// Create
const settings_text = '{"pings":10,"every":6,"timeout":1000,"drop_every":5,"wanted":2,"max":"32"}'
const settings = json_parse(settings_text) // habit j
const raw_mode = global.udp_raw

let server
if (raw_mode) {
  server = network_create_server_raw(network_socket_udp, String(global.net_port), settings.max) // habit h
} else {
  server = network_create_server(network_socket_udp, String(global.net_port), settings.max) // habit h
}
if (server < 0) console.log('ping: no port for us')

const peers = ds_map_create() // "ip:port" -> struct
const peer_names = ds_list_create()
const sbuf = buffer_create(512, buffer_vbuffer, true) // habit g, habit a

let pings_seen = 0
let pings_dropped = 0
let bad_stamps = 0
let reports = 0
let lost_total = 0
let got_total = 0
let strangers = 0

const begin_reply = function (_kind, _peer) {
  buffer_seek(sbuf, buffer_seek_start, 0)
  buffer_write(sbuf, buffer_u8, _kind)
  buffer_write(sbuf, buffer_u8, _peer.sock) // habit b: it finds its own link by this
}

const reply = function (_peer) {
  if (raw_mode) return network_send_udp_raw(server, _peer.ip, _peer.port, sbuf, buffer_tell(sbuf))
  return network_send_udp(server, _peer.ip, _peer.port, sbuf, buffer_tell(sbuf)) // habit f: the port is an int64
}

// Async - Networking
gml_on_networking(() => {
  if (ds_map_find_value(async_load, 'id') !== server) return
  if (ds_map_find_value(async_load, 'type') !== network_type_data) return

  const _ip = ds_map_find_value(async_load, 'ip')
  const _port = ds_map_find_value(async_load, 'port')
  const _key = _ip + ':' + String(_port)
  const _b = ds_map_find_value(async_load, 'buffer')
  buffer_seek(_b, buffer_seek_start, 0)
  const _kind = buffer_read(_b, buffer_u8)
  const _from = buffer_read(_b, buffer_u8)

  if (_kind === UP_HELLO) {
    // may come more than once
    if (!ds_map_exists(peers, _key)) {
      ds_map_set(peers, _key, {
        ip: _ip,
        port: BigInt(_port),
        sock: _from,
        number: ds_map_size(peers),
        name: buffer_read(_b, buffer_string),
        last_time: BigInt(-1),
        reported: false,
      })
      ds_list_add(peer_names, ds_map_find_value(peers, _key).name)
      ds_list_sort(peer_names, true) // habit i
    }
    const _new = ds_map_find_value(peers, _key)
    begin_reply(UP_WELCOME, _new)
    buffer_write(sbuf, buffer_u8, _new.number)
    buffer_write(sbuf, buffer_string, settings_text)
    reply(_new)
    return
  }

  const _peer = ds_map_find_value(peers, _key)
  if (_peer === undefined) {
    strangers++
    return
  }

  switch (_kind) {
    case UP_PING: {
      const _index = buffer_read(_b, buffer_u64)
      const _stamp = buffer_read(_b, buffer_u64)
      const _last = buffer_read(_b, buffer_u8)
      pings_seen++
      if (_stamp < _peer.last_time) bad_stamps++
      _peer.last_time = _stamp

      // a bad line, for testing
      if (_index % BigInt(settings.drop_every) === BigInt(settings.drop_every - 1)) {
        pings_dropped++
        if (_last) console.log('ping: that was the last of ' + _peer.name)
        return
      }
      begin_reply(UP_PONG, _peer)
      buffer_write(sbuf, buffer_u64, _index)
      buffer_write(sbuf, buffer_u64, _stamp)
      buffer_write(sbuf, buffer_u64, BigInt(Math.trunc(performance.now())))
      reply(_peer)
      break
    }

    case UP_REPORT: {
      const _sent = buffer_read(_b, buffer_u16)
      const _got = buffer_read(_b, buffer_u16)
      const _lost = buffer_read(_b, buffer_u16)
      const _info = json_parse(buffer_read(_b, buffer_string)) // habit j
      if (!_peer.reported) {
        // a report may be sent again when our answer got lost
        _peer.reported = true
        reports++
        got_total += _got
        lost_total += _lost
        console.log('ping: ' + _info.name + ' lost ' + String(_lost) + ' of ' + String(_sent))
      }
      const _names = []
      for (let i = 0; i < ds_list_size(peer_names); i++) {
        _names.push(ds_list_find_value(peer_names, i))
      }
      begin_reply(UP_ACK, _peer)
      buffer_write(sbuf, buffer_u8, reports >= settings.wanted) // habit a
      buffer_write(sbuf, buffer_string, json_stringify({ names: _names, lost: lost_total }))
      reply(_peer)
      break
    }
  }
})

const steps = setInterval(() => {
  gml_step()
}, 1000 / 60)

// Clean Up
process.once('SIGINT', () => {
  clearInterval(steps)
  network_destroy(server)
  buffer_delete(sbuf)
  ds_map_destroy(peers)
  ds_list_destroy(peer_names)
})
