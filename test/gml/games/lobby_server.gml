// obj_lobby_server  (TCP lobby, one running game = the host)
//
// set by the test before Create: global.net_port (number or text)
//
// after the script with two clients, "ann" and "bob" (clients read global.player_name):
//   state == "results"            matches_started == 1      matches_finished == 1
//   ds_map_size(players) == 2     ds_list_size(seats) == 2  hits_total == 6
//   players[? each socket].points == 30, .ready and .loaded true
//   winner_name == "bob"  (a tie goes to the last name of the alphabet)
//   match_seed == 20240614        bad_seeds == 0
//
// habits in this file: a b f g h i j

/// Create

// what travels in the first byte; enums are project wide, the client uses this one too
enum LOBBY
{
    // client -> server
    JOIN = 1,       // string name
    READY,          // u8 ready
    LOADED,         // u64 seed, u8 loaded
    HIT,            // u8 socket of the target
    // server -> client
    WELCOME = 20,   // u8 your socket, string title
    ROSTER,         // u8 count, count * (u8 socket, string name, u8 ready)
    START,          // u64 seed, string json
    GO,             // -
    SCORE,          // u8 shooter, u8 target, u16 points of the shooter
    RESULTS         // u8 count, count * string, best first
}

settings = json_parse(@'{"title":"Friday night","slots":"8","min_players":2,"countdown":30,"hits":3,"maps":["dunes","docks","harbour","mines"]}'); // habit j

server = network_create_server(network_socket_tcp, string(global.net_port), settings.slots); // habit h (both)
if (server < 0) {
    show_debug_message("lobby: cannot open port " + string(global.net_port));
}

players = ds_map_create();   // socket -> struct
seats   = ds_list_create();  // sockets of those who told a name, in that order
sbuf    = buffer_create(1024, buffer_vbuffer, true); // habit g, habit a

state            = "lobby";
matches_started  = 0;
matches_finished = 0;
hits_total       = 0;
bad_seeds        = 0;
match_seed       = int64(0);
winner_name      = "";

begin_packet = function(_kind) {
    buffer_seek(sbuf, buffer_seek_start, 0);
    buffer_write(sbuf, buffer_u8, _kind);
};

send_all = function() {
    for (var i = 0; i < ds_list_size(seats); i++) {
        network_send_packet(seats[| i], sbuf, buffer_tell(sbuf));
    }
};

send_roster = function() {
    begin_packet(LOBBY.ROSTER);
    buffer_write(sbuf, buffer_u8, ds_list_size(seats));
    for (var i = 0; i < ds_list_size(seats); i++) {
        var _s = seats[| i];
        var _p = players[? _s];
        buffer_write(sbuf, buffer_u8, _s);          // habit b
        buffer_write(sbuf, buffer_string, _p.name);
        buffer_write(sbuf, buffer_u8, _p.ready);    // habit a
    }
    send_all();
};

everyone = function(_what) {
    if (ds_list_size(seats) < settings.min_players) return false;
    for (var i = 0; i < ds_list_size(seats); i++) {
        var _p = players[? seats[| i]];
        if (_what == "ready" && !_p.ready) return false;
        if (_what == "loaded" && !_p.loaded) return false;
    }
    return true;
};

finish_match = function() {
    // "0030|ann": sorts by points first and by name second
    var _board = ds_list_create();
    for (var i = 0; i < ds_list_size(seats); i++) {
        var _p = players[? seats[| i]];
        ds_list_add(_board, string_replace_all(string_format(_p.points, 4, 0), " ", "0") + "|" + _p.name);
    }
    ds_list_sort(_board, false); // habit i

    begin_packet(LOBBY.RESULTS);
    buffer_write(sbuf, buffer_u8, ds_list_size(_board));
    for (var i = 0; i < ds_list_size(_board); i++) {
        buffer_write(sbuf, buffer_string, _board[| i]);
    }
    send_all();

    winner_name = string_delete(_board[| 0], 1, 5);
    ds_list_destroy(_board);
    matches_finished++;
    state = "results";
    show_debug_message("lobby: match over, winner " + winner_name);
};

/// Alarm 0
// the countdown ran out
if (state != "countdown") exit;

matches_started++;
match_seed = int64(20240613 + matches_started);
hits_total = 0;
state = "loading";

var _names = ds_list_create();
for (var i = 0; i < ds_list_size(seats); i++) {
    var _p = players[? seats[| i]];
    _p.points = 0;
    _p.loaded = false;
    ds_list_add(_names, _p.name);
}
ds_list_sort(_names, true); // habit i

var _array = [];
for (var i = 0; i < ds_list_size(_names); i++) {
    array_push(_array, _names[| i]);
}
ds_list_destroy(_names);

begin_packet(LOBBY.START);
buffer_write(sbuf, buffer_u64, match_seed);
buffer_write(sbuf, buffer_string, json_stringify({
    map   : settings.maps[match_seed & 3], // habit f: an int64 picks from the array
    names : _array,
    hits  : settings.hits
}));
send_all();

/// Async - Networking
var _type = async_load[? "type"];

switch (_type)
{
    case network_type_connect:
        if (async_load[? "id"] != server) exit;
        var _new = async_load[? "socket"];
        players[? _new] = { name : "", ready : false, loaded : false, points : 0 };
        show_debug_message("lobby: " + string(async_load[? "ip"]) + " on socket " + string(_new));
        break;

    case network_type_disconnect:
        var _gone = async_load[? "socket"];
        if (!ds_map_exists(players, _gone)) exit;
        ds_map_delete(players, _gone);
        var _seat = ds_list_find_index(seats, _gone);
        if (_seat >= 0) ds_list_delete(seats, _seat);
        if (state == "countdown") {
            alarm[0] = -1;
            state = "lobby";
        }
        send_roster();
        break;

    case network_type_data:
        var _sock = async_load[? "id"];
        if (!ds_map_exists(players, _sock)) exit;
        var _me = players[? _sock];
        var _b = async_load[? "buffer"];
        buffer_seek(_b, buffer_seek_start, 0);

        switch (buffer_read(_b, buffer_u8))
        {
            case LOBBY.JOIN:
                _me.name = buffer_read(_b, buffer_string);
                ds_list_add(seats, _sock);
                begin_packet(LOBBY.WELCOME);
                buffer_write(sbuf, buffer_u8, _sock); // habit b
                buffer_write(sbuf, buffer_string, settings.title);
                network_send_packet(_sock, sbuf, buffer_tell(sbuf));
                send_roster();
                break;

            case LOBBY.READY:
                if (state != "lobby" && state != "countdown") break;
                _me.ready = (buffer_read(_b, buffer_u8) == 1);
                send_roster();
                if (everyone("ready")) {
                    state = "countdown";
                    alarm[0] = settings.countdown;
                } else {
                    state = "lobby";
                    alarm[0] = -1;
                }
                break;

            case LOBBY.LOADED:
                if (state != "loading") break;
                if (buffer_read(_b, buffer_u64) != match_seed) {
                    bad_seeds++;
                    break;
                }
                _me.loaded = bool(buffer_read(_b, buffer_u8));
                if (everyone("loaded")) {
                    state = "playing";
                    begin_packet(LOBBY.GO);
                    send_all();
                }
                break;

            case LOBBY.HIT:
                if (state != "playing") break;
                var _target = buffer_read(_b, buffer_u8);
                if (!ds_map_exists(players, _target) || _target == _sock) break; // habit b: the byte is a key of the map
                hits_total++;
                _me.points += 10;
                begin_packet(LOBBY.SCORE);
                buffer_write(sbuf, buffer_u8, _sock);
                buffer_write(sbuf, buffer_u8, _target);
                buffer_write(sbuf, buffer_u16, _me.points);
                send_all();
                if (hits_total >= settings.hits * ds_list_size(seats)) {
                    finish_match();
                }
                break;
        }
        break;
}

/// Clean Up
network_destroy(server);
buffer_delete(sbuf);
ds_map_destroy(players);
ds_list_destroy(seats);
