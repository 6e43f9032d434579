// obj_position_sync_server  (WebSocket, the server decides where everybody stands)
//
// set by the test before Create: global.net_port (number or text)
//
// after the script with two clients, "ann" and "bob":
//   state == "finished"         moves_total == 10        corrections == 2
//   echoes_total == 20          snapshots_sent == 1      ds_map_size(players) == 2
//   first player to say hello:  x == 156, y == -35, angle == 112.5, seq == 5
//   second player:              x == 356, y == -35, angle == 112.5, seq == 5
//   order is sorted: order[| 0] < order[| 1]
//
// habits in this file: a b f g h i j

/// Create
// client -> server
#macro PS_HELLO 1       // string name
#macro PS_MOVE 2        // u8 seq, s16 x, s16 y, f32 angle, u8 jumping
#macro PS_DONE 3        // u64 tick of the last echo
// server -> client
#macro PS_WELCOME 11    // u8 your socket, s16 x, s16 y, string level as json
#macro PS_JOIN 12       // u8 socket, s16 x, s16 y, f32 angle, string name
#macro PS_GO 13         // u64 tick
#macro PS_POS 14        // u8 socket, u8 seq, s16 x, s16 y, f32 angle, u8 corrected, u64 tick
#macro PS_SNAPSHOT 15   // u64 offset of the table, string level name, table: u8 count, count * (u8, s16, s16, f32)
#macro PS_LEFT 16       // u8 socket

level_text = @'{"name":"meadow","width":1000,"max_step":16,"wanted":2,"slots":"16"}';
level = json_parse(level_text); // habit j

port_text = string(global.net_port);
server = network_create_server(network_socket_ws, port_text, level.slots); // habit h
if (server < 0) {
    show_debug_message("sync: port " + port_text + " is taken");
}

players = ds_map_create();
order   = ds_list_create();
sbuf    = buffer_create(512, buffer_vbuffer, 1); // habit g

state          = "waiting";
tick           = 0;
moves_total    = 0;
corrections    = 0;
echoes_total   = 0;
snapshots_sent = 0;

send_all = function(_except) {
    for (var i = 0; i < ds_list_size(order); i++) {
        if (order[| i] == _except) continue;
        network_send_packet(order[| i], sbuf, buffer_tell(sbuf));
    }
};

write_join = function(_sock) {
    var _p = players[? _sock];
    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, PS_JOIN);
    buffer_write(sbuf, buffer_u8, _sock); // habit b
    buffer_write(sbuf, buffer_s16, _p.x);
    buffer_write(sbuf, buffer_s16, _p.y);
    buffer_write(sbuf, buffer_f32, _p.angle);
    buffer_write(sbuf, buffer_string, _p.name);
};

send_snapshot = function() {
    ds_list_sort(order, true); // habit i
    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, PS_SNAPSHOT);
    buffer_write(sbuf, buffer_u64, 0);            // filled in below
    buffer_write(sbuf, buffer_string, level.name);
    var _ofs = int64(buffer_tell(sbuf));
    buffer_poke(sbuf, 1, buffer_u64, _ofs);
    buffer_write(sbuf, buffer_u8, ds_list_size(order));
    for (var i = 0; i < ds_list_size(order); i++) {
        var _p = players[? order[| i]];
        buffer_write(sbuf, buffer_u8, order[| i]);
        buffer_write(sbuf, buffer_s16, _p.x);
        buffer_write(sbuf, buffer_s16, _p.y);
        buffer_write(sbuf, buffer_f32, _p.angle);
    }
    var _size = int64(buffer_tell(sbuf));
    for (var i = 0; i < ds_list_size(order); i++) {
        network_send_packet(order[| i], sbuf, _size); // habit f: the size is an int64
    }
    snapshots_sent++;
};

/// Step
tick++;

/// Async - Networking
switch (async_load[? "type"])
{
    case network_type_connect:
        show_debug_message("sync: socket " + string(async_load[? "socket"]) + " from " + async_load[? "ip"]);
        break;

    case network_type_disconnect:
        var _gone = async_load[? "socket"];
        var _place = ds_list_find_index(order, _gone);
        if (_place < 0) exit;
        ds_list_delete(order, _place);
        ds_map_delete(players, _gone);
        buffer_seek(sbuf, buffer_seek_start, 0);
        buffer_write(sbuf, buffer_u8, PS_LEFT);
        buffer_write(sbuf, buffer_u8, _gone);
        send_all(noone);
        break;

    case network_type_data:
        var _sock = async_load[? "id"];
        var _b = async_load[? "buffer"];
        buffer_seek(_b, buffer_seek_start, 0);
        var _kind = buffer_read(_b, buffer_u8);

        if (_kind == PS_HELLO) {
            if (ds_map_exists(players, _sock)) exit;
            players[? _sock] = {
                name  : buffer_read(_b, buffer_string),
                x     : 100 + 200 * ds_list_size(order),
                y     : 40,
                angle : 0,
                seq   : 0,
                done  : false
            };
            var _new = players[? _sock];
            buffer_seek(sbuf, buffer_seek_start, 0);
            buffer_write(sbuf, buffer_u8, PS_WELCOME);
            buffer_write(sbuf, buffer_u8, _sock); // habit b
            buffer_write(sbuf, buffer_s16, _new.x);
            buffer_write(sbuf, buffer_s16, _new.y);
            buffer_write(sbuf, buffer_string, level_text);
            network_send_packet(_sock, sbuf, buffer_tell(sbuf));

            // the old ones to the new one, the new one to the old ones
            for (var i = 0; i < ds_list_size(order); i++) {
                write_join(order[| i]);
                network_send_packet(_sock, sbuf, buffer_tell(sbuf));
            }
            ds_list_add(order, _sock);
            write_join(_sock);
            send_all(_sock);

            if (state == "waiting" && ds_list_size(order) >= level.wanted) {
                state = "running";
                buffer_seek(sbuf, buffer_seek_start, 0);
                buffer_write(sbuf, buffer_u8, PS_GO);
                buffer_write(sbuf, buffer_u64, tick);
                send_all(noone);
            }
            exit;
        }

        if (!ds_map_exists(players, _sock)) exit;
        var _p = players[? _sock];

        if (_kind == PS_MOVE) {
            var _seq     = buffer_read(_b, buffer_u8);
            var _want_x  = buffer_read(_b, buffer_s16);
            var _want_y  = buffer_read(_b, buffer_s16);
            var _angle   = buffer_read(_b, buffer_f32);
            var _jumping = buffer_read(_b, buffer_u8);
            if (_seq <= _p.seq) exit;
            moves_total++;

            // nobody is faster than max_step
            var _reach = level.max_step + 4 * _jumping;
            var _x = clamp(_want_x, _p.x - _reach, _p.x + _reach);
            var _y = clamp(_want_y, _p.y - _reach, _p.y + _reach);
            var _corrected = (_x != _want_x || _y != _want_y);
            corrections += _corrected; // habit a: true counts as 1
            _p.x = clamp(_x, -level.width, level.width);
            _p.y = _y;
            _p.angle = _angle;
            _p.seq = _seq;

            buffer_seek(sbuf, buffer_seek_start, 0);
            buffer_write(sbuf, buffer_u8, PS_POS);
            buffer_write(sbuf, buffer_u8, _sock); // habit b
            buffer_write(sbuf, buffer_u8, _seq);
            buffer_write(sbuf, buffer_s16, _p.x);
            buffer_write(sbuf, buffer_s16, _p.y);
            buffer_write(sbuf, buffer_f32, _p.angle);
            buffer_write(sbuf, buffer_u8, _corrected); // habit a
            buffer_write(sbuf, buffer_u64, tick);
            send_all(noone);
            echoes_total += ds_list_size(order);
        }

        if (_kind == PS_DONE) {
            _p.done = true;
            for (var i = 0; i < ds_list_size(order); i++) {
                if (!players[? order[| i]].done) exit;
            }
            if (state == "running") {
                state = "finished";
                send_snapshot();
            }
        }
        break;
}

/// Clean Up
network_destroy(server);
buffer_delete(sbuf);
ds_map_destroy(players);
ds_list_destroy(order);
