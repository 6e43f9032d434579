// obj_udp_ping_server  (UDP, answers pings and loses some of them on purpose)
//
// set by the test before Create: global.net_port (number or text)
//                                global.udp_raw (true: without GameMaker's header, false: with it;
//                                the same on all sides, the results are the same both ways)
//
// after the script with two clients, "ann" and "bob":
//   ds_map_size(peers) == 2     pings_seen == 20      pings_dropped == 4     bad_stamps == 0
//   reports == 2                lost_total == 4       got_total == 16
//   peer_names[| 0] == "ann", peer_names[| 1] == "bob"
//   strangers == 0
//
// habits in this file: a b e f g h i j  (e: the clients connect their UDP sockets)

/// Create
// client -> server
#macro UP_HELLO 1      // u8 my socket, string name
#macro UP_PING 2       // u8 my socket, u64 index, u64 time, u8 last one
#macro UP_REPORT 3     // u8 my socket, u16 sent, u16 got, u16 lost, string json
// server -> client
#macro UP_WELCOME 11   // u8 your socket, u8 number, string json
#macro UP_PONG 12      // u8 your socket, u64 index, u64 your time, u64 my time
#macro UP_ACK 13       // u8 your socket, u8 all done, string json

settings_text = @'{"pings":10,"every":6,"timeout":1000,"drop_every":5,"wanted":2,"max":"32"}';
settings = json_parse(settings_text); // habit j
raw_mode = global.udp_raw;

if (raw_mode) {
    server = network_create_server_raw(network_socket_udp, string(global.net_port), settings.max); // habit h
} else {
    server = network_create_server(network_socket_udp, string(global.net_port), settings.max);     // habit h
}
if (server < 0) show_debug_message("ping: no port for us");

peers      = ds_map_create();  // "ip:port" -> struct
peer_names = ds_list_create();
sbuf       = buffer_create(512, buffer_vbuffer, true); // habit g, habit a

pings_seen    = 0;
pings_dropped = 0;
bad_stamps    = 0;
reports       = 0;
lost_total    = 0;
got_total     = 0;
strangers     = 0;

begin_reply = function(_kind, _peer) {
    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, _kind);
    buffer_write(sbuf, buffer_u8, _peer.sock); // habit b: it finds its own link by this
};

reply = function(_peer) {
    if (raw_mode) return network_send_udp_raw(server, _peer.ip, _peer.port, sbuf, buffer_tell(sbuf));
    return network_send_udp(server, _peer.ip, _peer.port, sbuf, buffer_tell(sbuf)); // habit f: the port is an int64
};

/// Async - Networking
if (async_load[? "id"] != server) exit;
if (async_load[? "type"] != network_type_data) exit;

var _ip   = async_load[? "ip"];
var _port = async_load[? "port"];
var _key  = _ip + ":" + string(_port);
var _b    = async_load[? "buffer"];
buffer_seek(_b, buffer_seek_start, 0);
var _kind = buffer_read(_b, buffer_u8);
var _from = buffer_read(_b, buffer_u8);

if (_kind == UP_HELLO) {
    // may come more than once
    if (!ds_map_exists(peers, _key)) {
        peers[? _key] = {
            ip        : _ip,
            port      : int64(_port),
            sock      : _from,
            number    : ds_map_size(peers),
            name      : buffer_read(_b, buffer_string),
            last_time : int64(-1),
            reported  : false
        };
        ds_list_add(peer_names, peers[? _key].name);
        ds_list_sort(peer_names, true); // habit i
    }
    var _new = peers[? _key];
    begin_reply(UP_WELCOME, _new);
    buffer_write(sbuf, buffer_u8, _new.number);
    buffer_write(sbuf, buffer_string, settings_text);
    reply(_new);
    exit;
}

var _peer = peers[? _key];
if (is_undefined(_peer)) {
    strangers++;
    exit;
}

switch (_kind)
{
    case UP_PING:
        var _index = buffer_read(_b, buffer_u64);
        var _stamp = buffer_read(_b, buffer_u64);
        var _last  = buffer_read(_b, buffer_u8);
        pings_seen++;
        if (_stamp < _peer.last_time) bad_stamps++;
        _peer.last_time = _stamp;

        // a bad line, for testing
        if (_index mod settings.drop_every == settings.drop_every - 1) {
            pings_dropped++;
            if (_last) show_debug_message("ping: that was the last of " + _peer.name);
            exit;
        }
        begin_reply(UP_PONG, _peer);
        buffer_write(sbuf, buffer_u64, _index);
        buffer_write(sbuf, buffer_u64, _stamp);
        buffer_write(sbuf, buffer_u64, int64(current_time));
        reply(_peer);
        break;

    case UP_REPORT:
        var _sent = buffer_read(_b, buffer_u16);
        var _got  = buffer_read(_b, buffer_u16);
        var _lost = buffer_read(_b, buffer_u16);
        var _info = json_parse(buffer_read(_b, buffer_string)); // habit j
        if (!_peer.reported) {
            // a report may be sent again when our answer got lost
            _peer.reported = true;
            reports++;
            got_total  += _got;
            lost_total += _lost;
            show_debug_message("ping: " + _info.name + " lost " + string(_lost) + " of " + string(_sent));
        }
        var _names = [];
        for (var i = 0; i < ds_list_size(peer_names); i++) {
            array_push(_names, peer_names[| i]);
        }
        begin_reply(UP_ACK, _peer);
        buffer_write(sbuf, buffer_u8, reports >= settings.wanted); // habit a
        buffer_write(sbuf, buffer_string, json_stringify({ names : _names, lost : lost_total }));
        reply(_peer);
        break;
}

/// Clean Up
network_destroy(server);
buffer_delete(sbuf);
ds_map_destroy(peers);
ds_list_destroy(peer_names);
