// obj_chat_server  (TCP chat with history, user list, whispers and nicknames)
//
// set by the test before Create: global.net_port (number or text)
//
// after the script with two clients, "ann" and "bob" (both have left by then):
//   joined_total == 2      left_total == 2      ds_map_size(users) == 0
//   lines_total == 6       whispers_total == 2  nicks_total == 2     lookups_total == 2
//   ds_list_size(history) == 7 (history[| 0] is the message of the day, then the 6 lines; the
//     three of one speaker stand in the order in which he said them)
//   peak_users == 2        bad_packets == 0
//
// habits in this file: a b f g h i j

/// Create
// first byte of a packet
//   from clients: 1 join (json)   2 say (string)   3 whisper (u8 target, u64 length, bytes)
//                 4 nick (string) 5 lookup (u64 index)
//   to clients:   101 welcome (u8 your socket, string json of a ds_map)
//                 102 users (string json)   103 line (u8 speaker, u64 index, string)
//                 104 whisper (u8 from, string)   105 found (u64 index, string)

config = json_parse(@'{"port":"","max":"10","keep":50,"motd":"server: be nice — ¡y diviértete! 🎮"}'); // habit j
config.port = string(global.net_port);

server = network_create_server(network_socket_tcp, config.port, config.max); // habit h (port and max are texts)
if (server < 0) show_debug_message("chat: could not listen on " + config.port);

users   = ds_map_create();  // socket -> struct
history = ds_list_create(); // plain lines "name: text"
ds_list_add(history, config.motd);

sbuf = buffer_create(4096, buffer_vbuffer, true); // habit g, habit a

joined_total   = 0;
left_total     = 0;
lines_total    = 0;
whispers_total = 0;
nicks_total    = 0;
lookups_total  = 0;
bad_packets    = 0;
peak_users     = 0;

broadcast = function() {
    var _size = buffer_tell(sbuf);
    for (var k = ds_map_find_first(users); !is_undefined(k); k = ds_map_find_next(users, k)) {
        network_send_packet(k, sbuf, _size);
    }
};

name_taken = function(_name) {
    for (var k = ds_map_find_first(users); !is_undefined(k); k = ds_map_find_next(users, k)) {
        if (users[? k].name == _name) return true;
    }
    return false;
};

send_users = function() {
    // sort "name|socket" and take it apart again
    var _list = ds_list_create();
    for (var k = ds_map_find_first(users); !is_undefined(k); k = ds_map_find_next(users, k)) {
        ds_list_add(_list, users[? k].name + "|" + string(k));
    }
    ds_list_sort(_list, true); // habit i

    var _out = [];
    for (var i = 0; i < ds_list_size(_list); i++) {
        var _bar  = string_pos("|", _list[| i]);
        var _name = string_copy(_list[| i], 1, _bar - 1);
        array_push(_out, {
            name : _name,
            sock : real(string_delete(_list[| i], 1, _bar)),
            tint : string_copy(md5_string_utf8(_name), 1, 6)
        });
    }
    peak_users = max(peak_users, ds_list_size(_list));
    ds_list_destroy(_list);

    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, 102);
    buffer_write(sbuf, buffer_string, json_stringify({ count : array_length(_out), users : _out }));
    broadcast();
};

welcome_json = function() {
    // the old way, ds_map and ds_list
    var _copy = ds_list_create();
    ds_list_copy(_copy, history);
    var _map = ds_map_create();
    ds_map_add(_map, "motd", config.motd);
    ds_map_add(_map, "count", ds_list_size(_copy));
    ds_map_add_list(_map, "history", _copy);
    var _text = json_encode(_map);
    ds_map_destroy(_map); // takes _copy with it
    return _text;
};

/// Async - Networking
var _type = async_load[? "type"];

if (_type == network_type_connect) {
    show_debug_message("chat: hello socket " + string(async_load[? "socket"]));
    exit;
}

if (_type == network_type_disconnect) {
    var _gone = async_load[? "socket"];
    if (ds_map_exists(users, _gone)) {
        left_total++;
        ds_map_delete(users, _gone);
        send_users();
    }
    exit;
}

if (_type != network_type_data) exit;

var _sock = async_load[? "id"];
var _b = async_load[? "buffer"];
buffer_seek(_b, buffer_seek_start, 0);
var _cmd = buffer_read(_b, buffer_u8);

if (_cmd != 1 && !ds_map_exists(users, _sock)) exit; // not one of ours

switch (_cmd)
{
    case 1: // join
        var _info = json_parse(buffer_read(_b, buffer_string)); // habit j
        while (name_taken(_info.name)) {
            _info.name += "_";
        }
        users[? _sock] = { name : _info.name, lines : 0, away : _info.away };
        joined_total++;
        buffer_seek(sbuf, buffer_seek_start, 0);
        buffer_write(sbuf, buffer_u8, 101);
        buffer_write(sbuf, buffer_u8, _sock); // habit b
        buffer_write(sbuf, buffer_string, welcome_json());
        network_send_packet(_sock, sbuf, buffer_tell(sbuf));
        send_users();
        break;

    case 2: // say
        var _user = users[? _sock];
        var _line = _user.name + ": " + buffer_read(_b, buffer_string);
        ds_list_add(history, _line);
        if (ds_list_size(history) > config.keep) ds_list_delete(history, 0);
        _user.lines++;
        lines_total++;
        buffer_seek(sbuf, buffer_seek_start, 0);
        buffer_write(sbuf, buffer_u8, 103);
        buffer_write(sbuf, buffer_u8, _sock); // habit b
        buffer_write(sbuf, buffer_u64, ds_list_size(history) - 1);
        buffer_write(sbuf, buffer_string, _line);
        broadcast();
        break;

    case 3: // whisper, handed on as it came
        var _to  = buffer_read(_b, buffer_u8);
        var _len = buffer_read(_b, buffer_u64);
        var _at  = buffer_tell(_b);
        if (!ds_map_exists(users, _to) || _at + _len > async_load[? "size"]) {
            bad_packets++;
            break;
        }
        whispers_total++;
        buffer_poke(sbuf, 0, buffer_u8, 104);
        buffer_poke(sbuf, 1, buffer_u8, _sock);
        buffer_copy(_b, _at, _len, sbuf, 2);       // habit f
        network_send_packet(_to, sbuf, _len + 2);  // habit f, habit b: the byte is the socket
        break;

    case 4: // nick
        var _nick = buffer_read(_b, buffer_string);
        if (_nick == "" || name_taken(_nick)) {
            bad_packets++;
            break;
        }
        users[? _sock].name = _nick;
        nicks_total++;
        send_users();
        break;

    case 5: // lookup
        var _index = buffer_read(_b, buffer_u64);
        lookups_total++;
        buffer_seek(sbuf, buffer_seek_start, 0);
        buffer_write(sbuf, buffer_u8, 105);
        buffer_write(sbuf, buffer_u64, _index);
        buffer_write(sbuf, buffer_string, history[| _index]); // habit f
        network_send_packet(_sock, sbuf, buffer_tell(sbuf));
        break;

    default:
        bad_packets++;
        break;
}

/// Clean Up
network_destroy(server);
buffer_delete(sbuf);
ds_map_destroy(users);
ds_list_destroy(history);
