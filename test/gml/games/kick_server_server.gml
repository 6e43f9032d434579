// obj_kick_server_server  (TCP, a referee that throws out liars and flooders)
//
// set by the test before Create: global.net_port (number or text)
//
// after the script with two clients, "ann" (global.play_style "fair") and "bob" ("cheat"); bob
// comes back twice:
//   state == "open"           connects_total == 4      joined_total == 3
//   kicked_total == 2         denied_total == 1        ds_list_size(bans) == 2 (one was in the settings)
//   lies == 1                 oversize == 1            floods == 1
//   ds_map_size(clients) == 1 (ann)                    ds_list_size(kick_queue) == 0
//   clients[? ann's socket].points == 60, .strikes == 0
//   kick_log[| 0] == "bob: cheating", kick_log[| 1] == "bob: flood"
//
// habits in this file: a b f g h i j

/// Create
//   from clients: 1 hello (string name)   2 answer (u8 my socket, string piece)
//                 3 score (u8 my socket, u32 total)   4 chat (string)
//   to clients:  11 denied (string why)   12 challenge (u8 your socket, string token, u64 where)
//                13 welcome (u8 your socket, string json)   14 joined (u8 socket, string name)
//                15 go   16 accepted (u8 socket, u32 total)   17 warning (string)
//                18 kicked (string why, u8 for good)   19 someone was kicked (u8 socket, string why)

settings = json_parse(@'{"max_clients":"4","max_players":3,"needed":2,"flood_limit":20,"flood_window":1000,"packet_limit":512,"message_limit":"2048","kick_delay":10,"max_gain":10,"bans":["da39a3ee5e6b4b0d3255bfef95601890afd80709"]}'); // habit j

server = network_create_server(network_socket_tcp, string(global.net_port), settings.max_clients); // habit h
if (server < 0) show_debug_message("referee: port in use");

clients    = ds_map_create();   // socket -> struct
kicks_of   = ds_map_create();   // ban key -> how often
bans       = ds_list_create();  // sha1 of "ip/name"
kick_queue = ds_list_create();  // sockets that get destroyed by the alarm
kick_log   = ds_list_create();

for (var i = 0; i < array_length(settings.bans); i++) {
    ds_list_add(bans, settings.bans[i]);
}

sbuf = buffer_create(1024, buffer_vbuffer, true); // habit g, habit a

state          = "waiting";
connects_total = 0;
joined_total   = 0;
kicked_total   = 0;
denied_total   = 0;
lies           = 0;
oversize       = 0;
floods         = 0;

start = function(_kind) {
    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, _kind);
};

send_to = function(_sock) {
    return network_send_packet(_sock, sbuf, buffer_tell(sbuf));
};

send_players = function(_except) {
    var _keys = ds_map_keys_to_array(clients);
    for (var i = 0; i < array_length(_keys); i++) {
        var _c = clients[? _keys[i]];
        if (_c.joined && !_c.doomed && _keys[i] != _except) send_to(_keys[i]);
    }
};

count_players = function() {
    var _n = 0;
    var _keys = ds_map_keys_to_array(clients);
    for (var i = 0; i < array_length(_keys); i++) {
        var _c = clients[? _keys[i]];
        _n += (_c.joined && !_c.doomed); // habit a
    }
    return _n;
};

// the message has to leave before the socket dies, so it dies a few steps later
doom = function(_sock) {
    clients[? _sock].doomed = true;
    ds_list_add(kick_queue, _sock);
    if (alarm[0] < 0) alarm[0] = settings.kick_delay;
};

forget = function(_sock) {
    ds_map_delete(clients, _sock);
    var _q = ds_list_find_index(kick_queue, _sock);
    if (_q >= 0) ds_list_delete(kick_queue, _q);
};

kick = function(_sock, _why) {
    var _c = clients[? _sock];
    var _times = kicks_of[? _c.key];
    if (is_undefined(_times)) _times = 0;
    _times++;
    kicks_of[? _c.key] = _times;

    var _for_good = (_times >= 2);
    if (_for_good) {
        ds_list_add(bans, _c.key);
        ds_list_sort(bans, true); // habit i
    }
    kicked_total++;
    ds_list_add(kick_log, _c.name + ": " + _why);
    show_debug_message("referee: kick " + _c.name + " (" + _why + ")");

    start(18);
    buffer_write(sbuf, buffer_string, _why);
    buffer_write(sbuf, buffer_u8, _for_good); // habit a
    send_to(_sock);

    start(19);
    buffer_write(sbuf, buffer_u8, _sock);     // habit b
    buffer_write(sbuf, buffer_string, _why);
    send_players(_sock);

    doom(_sock);
};

deny = function(_sock, _why) {
    denied_total++;
    start(11);
    buffer_write(sbuf, buffer_string, _why);
    send_to(_sock);
    doom(_sock);
};

strike = function(_sock, _why) {
    var _c = clients[? _sock];
    _c.strikes++;
    if (_c.strikes >= 2) {
        kick(_sock, "cheating");
        return;
    }
    start(17);
    buffer_write(sbuf, buffer_string, _why);
    send_to(_sock);
};

/// Alarm 0
// throw them out
while (ds_list_size(kick_queue) > 0) {
    var _sock = kick_queue[| 0];
    network_destroy(_sock);
    forget(_sock); // no disconnect event comes for those we close ourselves
}

/// Async - Networking
switch (async_load[? "type"])
{
    case network_type_connect:
        var _new = async_load[? "socket"];
        connects_total++;
        network_set_config(network_config_message_size_limit, _new, settings.message_limit); // habit h
        clients[? _new] = {
            name    : "",
            key     : "",
            ip      : async_load[? "ip"],
            joined  : false,
            doomed  : false,
            points  : 0,
            strikes : 0,
            count   : 0,
            since   : current_time,
            token   : sha1_string_utf8("salt" + string(connects_total)),
            where   : int64(3 + connects_total)
        };
        break;

    case network_type_disconnect:
        var _gone = async_load[? "socket"];
        if (ds_map_exists(clients, _gone)) {
            show_debug_message("referee: " + clients[? _gone].name + " is gone");
            forget(_gone);
        }
        break;

    case network_type_data:
        var _sock = async_load[? "id"];
        var _size = async_load[? "size"];
        var _c = clients[? _sock];
        if (is_undefined(_c)) exit;
        if (_c.doomed) exit; // may say what it likes

        // flooding?
        if (current_time - _c.since > settings.flood_window) {
            _c.since = current_time;
            _c.count = 0;
        }
        _c.count++;
        if (_c.count > settings.flood_limit) {
            floods++;
            kick(_sock, "flood");
            exit;
        }

        // too long for anything we know?
        if (_size > settings.packet_limit) {
            oversize++;
            strike(_sock, "too long");
            exit;
        }

        var _b = async_load[? "buffer"];
        buffer_seek(_b, buffer_seek_start, 0);
        switch (buffer_read(_b, buffer_u8))
        {
            case 1: // hello
                _c.name = buffer_read(_b, buffer_string);
                _c.key  = sha1_string_utf8(_c.ip + "/" + _c.name);
                if (ds_list_find_index(bans, _c.key) >= 0) {
                    deny(_sock, "banned");
                    exit;
                }
                if (count_players() >= settings.max_players) {
                    deny(_sock, "full");
                    exit;
                }
                start(12);
                buffer_write(sbuf, buffer_u8, _sock); // habit b
                buffer_write(sbuf, buffer_string, _c.token);
                buffer_write(sbuf, buffer_u64, _c.where);
                send_to(_sock);
                break;

            case 2: // answer
                var _says  = buffer_read(_b, buffer_u8);
                var _piece = buffer_read(_b, buffer_string);
                if (_says != _sock || _piece != string_copy(_c.token, _c.where, 6)) { // habit b, habit f
                    deny(_sock, "wrong answer");
                    exit;
                }
                // who is here already
                var _list = [];
                var _keys = ds_map_keys_to_array(clients);
                for (var i = 0; i < array_length(_keys); i++) {
                    var _o = clients[? _keys[i]];
                    if (_o.joined && !_o.doomed) array_push(_list, { sock : _keys[i], name : _o.name });
                }
                _c.joined = true;
                joined_total++;
                start(13);
                buffer_write(sbuf, buffer_u8, _sock);
                buffer_write(sbuf, buffer_string, json_stringify({ players : _list, gain : settings.max_gain }));
                send_to(_sock);

                start(14);
                buffer_write(sbuf, buffer_u8, _sock);
                buffer_write(sbuf, buffer_string, _c.name);
                send_players(_sock);

                if (state == "open") {
                    start(15);
                    send_to(_sock);
                } else if (count_players() >= settings.needed) {
                    state = "open";
                    start(15);
                    send_players(noone);
                }
                break;

            case 3: // score
                var _from  = buffer_read(_b, buffer_u8);
                var _total = buffer_read(_b, buffer_u32);
                if (!_c.joined) exit;
                if (_from != _sock || _total < _c.points || _total - _c.points > settings.max_gain) {
                    lies++;
                    strike(_sock, "that cannot be");
                    exit;
                }
                _c.points = _total;
                start(16);
                buffer_write(sbuf, buffer_u8, _sock);
                buffer_write(sbuf, buffer_u32, _c.points);
                send_to(_sock);
                break;

            case 4: // chat, nobody listens
                show_debug_message(_c.name + ": " + buffer_read(_b, buffer_string));
                break;
        }
        break;
}

/// Clean Up
network_destroy(server);
buffer_delete(sbuf);
ds_map_destroy(clients);
ds_map_destroy(kicks_of);
ds_list_destroy(bans);
ds_list_destroy(kick_queue);
ds_list_destroy(kick_log);
